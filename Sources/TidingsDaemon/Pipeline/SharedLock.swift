import Glibc

/// A lock that many threads can hold shared or one thread exclusively (pthread_rwlock_t). It is for work that never suspends,
/// because waiting for it blocks the thread. A waiting exclusive locker goes before later shared lockers, so a thread must not lock
/// it twice.
@safe final class SharedLock: Sendable {
    private nonisolated(unsafe) let lock: UnsafeMutablePointer<pthread_rwlock_t>

    init() {
        unsafe lock = .allocate(capacity: 1)
        var attributes = pthread_rwlockattr_t()
        unsafe pthread_rwlockattr_init(&attributes)
        defer { unsafe pthread_rwlockattr_destroy(&attributes) }
        // By default "a thread may hold multiple read locks", and overlapping readers can keep a writer waiting for ever
        // (pthread_rwlockattr_setkind_np(3)).
        unsafe pthread_rwlockattr_setkind_np(&attributes, Int32(PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP))
        // It fails only without memory, which ends a Swift program anyway (pthread_rwlock_init(3p)).
        let code = unsafe pthread_rwlock_init(lock, &attributes)
        precondition(code == 0, "no lock can be made")
    }

    deinit {
        unsafe pthread_rwlock_destroy(lock)
        unsafe lock.deallocate()
    }

    func lock(alone: Bool) {
        if alone { unsafe pthread_rwlock_wrlock(lock) } else { unsafe pthread_rwlock_rdlock(lock) }
    }

    func unlock() { unsafe pthread_rwlock_unlock(lock) }
}
