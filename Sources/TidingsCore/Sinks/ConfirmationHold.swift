/// Keeps changes for a while that a sink has confirmed, because what it fills may lose them: a broker that acknowledges before it has
/// synced, or that a person sets back to an older state.
package struct ConfirmationHold: Equatable, Sendable {
    /// The longest that a sink may ask for: a week.
    package static let limitMilliseconds: Int64 = 7 * 86_400_000
    /// So many times within the hold it is noted what was confirmed then.
    private static let samplesInHold: Int64 = 60

    private let milliseconds: Int64
    /// What was confirmed, and when; the oldest first.
    private var samples: [(at: Int64, confirmed: Int64)] = []
    /// The changes up to this one need not be kept.
    private var passed: Int64

    /// - Parameters:
    ///   - milliseconds: how long a change is kept after it was confirmed.
    ///   - passed: what `pass` has given before, also in a life of the daemon before.
    package init(milliseconds: Int64, passed: Int64) {
        self.milliseconds = min(max(milliseconds, 0), Self.limitMilliseconds)
        self.passed = passed
    }

    /// Takes what is confirmed now.
    /// - Returns: the change up to which nothing need be kept any more.
    package mutating func pass(_ confirmed: Int64, at now: Int64) -> Int64 {
        // The sink has lost what it had; or the clock was set back.
        for index in samples.indices {
            samples[index].confirmed = min(samples[index].confirmed, confirmed)
            samples[index].at = min(samples[index].at, now)
        }
        if samples.last.map({ now - $0.at >= milliseconds / Self.samplesInHold }) ?? true { samples.append((now, confirmed)) }
        while let first = samples.first, now - first.at >= milliseconds {
            passed = max(passed, first.confirmed)
            samples.removeFirst()
        }
        passed = min(passed, confirmed)
        return passed
    }

    package static func == (left: ConfirmationHold, right: ConfirmationHold) -> Bool {
        left.milliseconds == right.milliseconds && left.passed == right.passed && left.samples.elementsEqual(right.samples, by: ==)
    }
}
