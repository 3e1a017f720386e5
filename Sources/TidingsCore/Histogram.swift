import Synchronization

/// How often something took how long: durations counted in buckets from 0.5 ms to 10 s. Whoever measures adds to it, and `/metrics`
/// shows it. It reads no clock.
package struct Histogram: Equatable, Sendable {
    /// The upper bounds of the buckets in microseconds, each included. What is longer than the last falls into a bucket without a bound.
    /// They are a contract: monitors have the sums of many days by them.
    package static let boundsMicroseconds: [Int64] = [
        500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000, 2_500_000, 5_000_000, 10_000_000,
    ]

    /// One count for each bound, and one for what is longer than all. A duration is counted once, in the first bucket that it fits into.
    package private(set) var counts = [Int64](repeating: 0, count: boundsMicroseconds.count + 1)
    package private(set) var sumMicroseconds: Int64 = 0

    package init() {}

    /// - Parameter duration: less than nothing counts as nothing.
    package mutating func add(_ duration: Duration) {
        let (seconds, attoseconds) = duration.components
        let microseconds = max(0, min(seconds, 1 << 40) * 1_000_000 + attoseconds / 1_000_000_000_000)
        let bucket = Self.boundsMicroseconds.firstIndex { microseconds <= $0 } ?? Self.boundsMicroseconds.count
        counts[bucket] += 1
        sumMicroseconds &+= microseconds
    }
}

/// A histogram that one thread adds to while others read it. One lock, held for some nanoseconds, a few hundred times a second at most.
package final class SharedHistogram: Sendable {
    private let histogram = Mutex(Histogram())

    package init() {}

    package func add(_ duration: Duration) { histogram.withLock { $0.add(duration) } }

    package var value: Histogram { histogram.withLock { $0 } }
}
