import Glibc

/// A lock that many hold together or one holds alone (pthread_rwlock_t). For work that never suspends: who takes it blocks a thread.
/// Who wants it alone comes before those that come later to share it, so that it must not be taken twice by one thread.
@safe final class SharedLock: Sendable {
    private nonisolated(unsafe) let lock: UnsafeMutablePointer<pthread_rwlock_t>

    init() {
        unsafe lock = .allocate(capacity: 1)
        var attributes = pthread_rwlockattr_t()
        unsafe pthread_rwlockattr_init(&attributes)
        defer { unsafe pthread_rwlockattr_destroy(&attributes) }
        // By default "a thread may hold multiple read locks", and a steady coming and going of readers keeps a writer out for ever
        // (pthread_rwlockattr_setkind_np(3)).
        unsafe pthread_rwlockattr_setkind_np(&attributes, Int32(PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP))
        // Fails for want of memory only, which ends a Swift program anyway (pthread_rwlock_init(3p)).
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
