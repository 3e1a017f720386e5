/// Runs the work of one actor (for events, timers, requests) one at a time, in the order of arrival, although each part suspends.
struct Turn {
    private var isHeld = false
    private var queue: [CheckedContinuation<Void, Never>] = []

    /// Gets the turn if it is free. Returns whether it was.
    mutating func takeIfFree() -> Bool {
        if isHeld { return false }
        isHeld = true
        return true
    }

    mutating func wait(_ continuation: CheckedContinuation<Void, Never>) { queue.append(continuation) }

    /// Gives the turn to the next waiter, or frees it.
    mutating func giveUp() {
        if queue.isEmpty { isHeld = false } else { queue.removeFirst().resume() }
    }
}
