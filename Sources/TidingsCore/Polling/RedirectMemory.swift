/// Where a feed has moved permanently, once that is certain.
///
/// A 301 is "permanent" only by the server's word, which is often a mistake of an afternoon: a maintenance page, a
/// captive portal, an expired domain. So a target is believed only after it was the same, and a feed, on several polls
/// over several days. It is forgotten when it fails repeatedly, because a person wrote the address in the settings.
/// Temporary redirects (302, 303, 307) are followed each time and never remembered.
package struct RedirectMemory: Equatable, Sendable {
    static let successesBeforeMove = 3
    static let timeBeforeMoveMilliseconds = 3 * dayMilliseconds
    static let failuresBeforeReturn = 3

    /// A target that is not believed yet.
    package struct Candidate: Equatable, Sendable {
        package var target: String
        package var firstSeen: Int64
        package var successes: Int
    }

    /// The address to ask instead of the one in the settings.
    package var movedTo: String?
    package var candidate: Candidate?

    package init() {}

    /// Learns from a success. `target` is where its permanent redirect led, if there was one.
    mutating func confirm(_ target: String?, now: Int64) {
        guard let target else { return candidate = nil }
        var seen = Candidate(target: target, firstSeen: now, successes: 1)
        // A first time in the future was written by another clock: the days are counted again.
        if let candidate, candidate.target == target, candidate.firstSeen <= now {
            seen = Candidate(target: target, firstSeen: candidate.firstSeen, successes: candidate.successes + 1)
        }
        candidate = seen
        let age = now - seen.firstSeen
        if seen.successes >= Self.successesBeforeMove, age >= Self.timeBeforeMoveMilliseconds {
            movedTo = target
            candidate = nil
        }
    }
}
