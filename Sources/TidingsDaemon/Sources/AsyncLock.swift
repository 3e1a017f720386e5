/// A lock that one actor holds over suspensions: the work for its events, timers and requests runs one at a time, in the order of
/// arrival. A part of the actor's state, which the actor itself protects.
struct AsyncLock {
    private var isHeld = false
    private var waiters: [CheckedContinuation<Void, Never>] = []

    /// Holds the lock if it is free.
    /// - Returns: whether it was.
    mutating func lockIfFree() -> Bool {
        if isHeld { return false }
        isHeld = true
        return true
    }

    /// Resumes `waiter` when it holds the lock.
    mutating func lock(resuming waiter: CheckedContinuation<Void, Never>) { waiters.append(waiter) }

    /// Hands the lock to the next waiter, or frees it.
    mutating func unlock() {
        if waiters.isEmpty { isHeld = false } else { waiters.removeFirst().resume() }
    }
}
