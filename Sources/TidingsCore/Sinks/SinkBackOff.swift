/// How long a sink waits after failures in a row: a second, then twice as long each time, up to a ceiling.
package enum SinkBackOff {
    package static let firstMilliseconds: Int64 = 1000
    /// The ceiling for a webhook, whose receiver may be down for days.
    package static let webhookCeilingMilliseconds: Int64 = 3_600_000
    /// The ceiling for a program on this machine, which a person may be mending just now.
    package static let commandCeilingMilliseconds: Int64 = 300_000
    /// What a receiver may ask for with Retry-After at most, so that none can switch itself off by mistake.
    static let askedCeilingMilliseconds: Int64 = 86_400_000
    /// That part of the pause is left to chance, so that sinks that failed together do not come back together.
    private static let chance = 0.2

    /// Milliseconds to wait.
    /// - Parameters:
    ///   - failures: in a row, from 1.
    ///   - jitter: by chance, from 0 to 1.
    ///   - asked: milliseconds that the receiver asks for; they hold if they are longer.
    package static func pause(afterFailures failures: Int, ceiling: Int64, jitter: Double, asked: Int64? = nil) -> Int64 {
        let doublings = min(max(failures - 1, 0), 30)
        let pause = min(firstMilliseconds << doublings, ceiling)
        let shortened = pause - Int64(Double(pause) * chance * min(max(jitter, 0), 1))
        return max(shortened, min(asked ?? 0, askedCeilingMilliseconds))
    }

    /// Milliseconds from `now` that a Retry-After field asks for (RFC 9110 §10.2.3: seconds, or an HTTP-date); nil if it is neither.
    package static func asked(by retryAfter: String, now: Int64) -> Int64? {
        deltaSeconds(trimmed(retryAfter.utf8)).map { $0 * 1000 } ?? httpDate(retryAfter).map { $0 - now }
    }
}
