import Synchronization
import TidingsCore

/// What the feeds of one daemon must know of each other: who has which address, and which domains have asked for a pause.
///
/// A server that answers 429 means whoever comes, not one URL: all feeds of its registrable domain wait (RFC 6585 §4 leaves the
/// scope to the server; publishers count by client).
package final class FeedRegistry: Sendable {
    private struct State {
        var names: [String: String] = [:]
        var pauses: [String: Int64] = [:]
    }
    private let state = Mutex(State())

    package init() {}

    /// The feeds that are configured now, by their addresses.
    func configure(_ feeds: [FeedSettings]) {
        let names = feeds.map { (Self.canonical($0.url), $0.name) }
        state.withLock { $0.names = Dictionary(names) { first, _ in first } }
    }

    /// The configured feed at `url`, however its address is written.
    func name(at url: String) -> String? { state.withLock { $0.names[Self.canonical(url)] } }

    /// `domain` is left alone until then, in milliseconds since 1970.
    func pause(_ domain: String, until milliseconds: Int64) {
        state.withLock { $0.pauses[domain] = max($0.pauses[domain] ?? 0, milliseconds) }
    }

    /// Until when `domain` is to be left alone; nil if it is not.
    func pause(of domain: String, now: Int64) -> Int64? {
        state.withLock { state in
            guard let until = state.pauses[domain] else { return nil }
            // A time that lies too far ahead was set by another clock: see `PollState.forcedPoll`.
            if until > now, until - now <= PollPlan.retryAfterMilliseconds.upperBound { return until }
            state.pauses[domain] = nil
            return nil
        }
    }

    private static func canonical(_ url: String) -> String { CanonicalURL.of(url) ?? url }
}
