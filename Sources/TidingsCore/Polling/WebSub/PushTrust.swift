/// Whether the hub of a feed can be trusted to tell of all news, as far as polls have shown.
///
/// A push is a hint, and many feeds name a hub that nobody tells anything. So a feed is polled as ever until a push has brought
/// something new. From then on it is polled once a day, until a poll finds what no push has told of.
///
/// Times are milliseconds since 1970.
package struct PushTrust: Equatable, Sendable {
    /// Why the next poll that finds something new says nothing against the hub.
    enum Expectation: Equatable, Sendable {
        /// A push has come, and no poll has found its news yet: caches may still hide them.
        case push(since: Int64)
        /// The subscription has begun, or the daemon: what was published before could not be told.
        case start
    }

    /// Whether the last news came by a push.
    package internal(set) var isProven = false
    package internal(set) var lastPush: Int64?
    /// How often a poll has found what no push had told of.
    package internal(set) var misses = 0
    var lastMiss: Int64?
    var expectation: Expectation? = .start

    /// For so long after a push its news may not be there yet, and a poll may have been faster than a push.
    static let patienceMilliseconds = hourMilliseconds

    package init() {}

    /// As others are told of it.
    package init(isProven: Bool, lastPush: Int64?, misses: Int) {
        self.isProven = isProven
        self.lastPush = lastPush
        self.misses = misses
    }

    /// Whether only a daily poll is needed besides pushes.
    package var sparesPolls: Bool { isProven && expectation == nil }

    /// What was published while nothing could be told is no miss.
    package mutating func begin() { expectation = .start }

    /// A push has come.
    package mutating func push(now: Int64) {
        lastPush = now
        expectation = .push(since: now)
        // A poll was faster than the hub.
        if let miss = lastMiss, now - miss < Self.patienceMilliseconds {
            lastMiss = nil
            misses = max(0, misses - 1)
            isProven = true
        }
    }

    /// A poll that began at `begun` has read the feed, and has found something new or not.
    /// - Returns: whether it is the first to find out that the hub does not tell of all.
    package mutating func polled(found: Bool, begun: Int64, now: Int64) -> Bool {
        switch expectation {
        case .push(let since):
            if found { isProven = true }
            // A push during the poll is followed by another one.
            if since <= begun, found || now - since > Self.patienceMilliseconds { expectation = nil }
            return false
        case .start:
            expectation = nil
            return false
        case nil:
            guard found else { return false }
            defer { isProven = false }
            misses += 1
            lastMiss = now
            return isProven || misses == 1
        }
    }
}
