/// Lets the causes of one actor (events, timers, requests) run one at a time although each suspends in the middle: first come,
/// first served.
struct Turn {
    private var isTaken = false
    private var queue: [CheckedContinuation<Void, Never>] = []

    /// Whether the turn was free; it is taken now.
    mutating func takeIfFree() -> Bool {
        if isTaken { return false }
        isTaken = true
        return true
    }

    mutating func wait(_ continuation: CheckedContinuation<Void, Never>) { queue.append(continuation) }

    /// Hands the turn to the next who waits.
    mutating func giveUp() {
        if queue.isEmpty { isTaken = false } else { queue.removeFirst().resume() }
    }
}
