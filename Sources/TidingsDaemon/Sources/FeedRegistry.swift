import Synchronization
import TidingsCore

/// Facts that all feeds of the daemon share: which feed has which address, which domains have asked for a pause, and whether there is a
/// network.
///
/// A 429 response is about the client, not about one URL, so all feeds of the registrable domain wait. (RFC 6585 §4 leaves the
/// scope to the server; publishers count by client.)
package final class FeedRegistry: Sendable {
    private struct State {
        var names: [String: String] = [:]
        var pauses: [String: Int64] = [:]
        var hasNetwork = false
        var hasToldOfNoNetwork = false
    }
    private let state = Mutex(State())

    package init() {}

    /// Replaces the configured feeds.
    func configure(_ feeds: [FeedSettings]) {
        let names = feeds.map { (Self.canonical($0.url), $0.name) }
        state.withLock { $0.names = Dictionary(names) { first, _ in first } }
    }

    /// The name of the configured feed at `url`. URLs are compared by canonical URL.
    func name(at url: String) -> String? { state.withLock { $0.names[Self.canonical(url)] } }

    /// Pauses `domain` until `milliseconds` since 1970. An earlier pause that ends later stays.
    func pause(_ domain: String, until milliseconds: Int64) {
        state.withLock { $0.pauses[domain] = max($0.pauses[domain] ?? 0, milliseconds) }
    }

    /// The end of the pause of `domain`, in milliseconds since 1970; nil if there is none.
    func pause(of domain: String, now: Int64) -> Int64? {
        state.withLock { state in
            guard let until = state.pauses[domain] else { return nil }
            // An end too far in the future means that the clock was set back since: see `PollState.forcedPoll`.
            if until > now, until - now <= PollPlan.retryAfterMilliseconds.upperBound { return until }
            state.pauses[domain] = nil
            return nil
        }
    }

    /// Whether a feed has had an answer since the daemon started.
    var hasNetwork: Bool { state.withLock { $0.hasNetwork } }

    /// Notes an answer.
    /// - Returns: whether it is the first.
    func noteNetwork() -> Bool {
        state.withLock { state in
            defer { state.hasNetwork = true }
            return !state.hasNetwork
        }
    }

    /// Whether the absence of a network is still to be told: once is enough for all feeds.
    func tellsOfNoNetwork() -> Bool {
        state.withLock { state in
            defer { state.hasToldOfNoNetwork = true }
            return !state.hasToldOfNoNetwork
        }
    }

    private static func canonical(_ url: String) -> String { CanonicalURL.of(url) ?? url }
}
