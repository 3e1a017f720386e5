/// So many an hour, evenly, and at most a minute's worth at once.
package struct HourlyBudget: Sendable {
    package typealias Instant = ContinuousClock.Instant

    private let interval: Duration
    private let burst: Duration
    /// When all that was taken would have been taken if it had come evenly.
    private var even: Instant

    package init(perHour: Int, now: Instant = .now) {
        precondition(perHour > 0)
        interval = .seconds(3600) / perHour
        burst = max(.zero, .seconds(60) - interval)
        even = now
    }

    /// When the next one may be taken.
    package var next: Instant { even - burst }

    package mutating func take(at now: Instant) { even = max(even, now) + interval }
}
