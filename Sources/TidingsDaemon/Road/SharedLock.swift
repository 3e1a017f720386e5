import Glibc

/// A lock that many hold together or one holds alone (pthread_rwlock_t). For work that never suspends: who takes it blocks a thread.
@safe final class SharedLock: Sendable {
    private nonisolated(unsafe) let lock: UnsafeMutablePointer<pthread_rwlock_t>

    init() {
        unsafe lock = .allocate(capacity: 1)
        // Fails for want of memory only, which ends a Swift program anyway (pthread_rwlock_init(3p)).
        let code = unsafe pthread_rwlock_init(lock, nil)
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
