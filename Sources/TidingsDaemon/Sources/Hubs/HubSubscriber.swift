import Logging
import Synchronization
import TidingsCore
import TidingsFetch
import TidingsServer
import TidingsStore
import TidingsSystem

/// Asks the hubs of feeds to tell of their news (W3C WebSub). What is told is a hint: it makes the daemon look at the feed, and the
/// feed's document says what is new. `HubSubscription` says when to ask, and `PushTrust` how much is left for polls.
package final class HubSubscriber: Sendable {
    private struct Entry {
        let feed: FeedSource
        var subscription: HubSubscription?
        /// Whether a request to the hub is under way.
        var isAsking = false
    }

    private struct State {
        var entries: [SourceID: Entry] = [:]
        var sources: [String: SourceID] = [:]
    }

    /// What a hub answers says nothing that counts.
    private static let answerLimitBytes = 64 << 10
    private static let redirectLimit = 3
    /// When the ledger cannot be written, it is tried again.
    private static let storePauseMilliseconds = minuteMilliseconds

    private let state = Mutex(State())
    /// Below it are the callbacks; with a slash at its end.
    private let publicURL: String
    private let fetcher: Fetcher
    private let fetch: FetchSettings
    private let committer: Committer
    private let database: String
    private let logger: Logger
    private let alarm = Alarm()
    private let isReachable = Alarm()

    init(
        publicURL: String, fetcher: Fetcher, fetch: FetchSettings, committer: Committer, database: String, logger: Logger
    ) {
        self.publicURL = publicURL
        self.fetcher = fetcher
        self.fetch = fetch
        self.committer = committer
        self.database = database
        self.logger = logger
    }

    // MARK: feeds

    /// Replaces the configured feeds. Whoever is gone has no subscription any more.
    func configure(_ feeds: [FeedSource]) async throws {
        let isFirst = state.withLock { $0.entries.isEmpty }
        let stored = isFirst ? try LedgerReader(path: database).hubSubscriptions() : [:]
        let gone = state.withLock { state in
            var entries: [SourceID: Entry] = [:]
            for feed in feeds {
                var entry = Entry(feed: feed)
                entry.subscription = state.entries[feed.id]?.subscription ?? stored[feed.id]
                // While the daemon was down, nothing could be told.
                if isFirst { entry.subscription?.trust.begin() }
                entry.isAsking = state.entries[feed.id]?.isAsking ?? false
                entries[feed.id] = entry
            }
            let gone = Set(state.entries.keys).union(stored.keys).subtracting(entries.keys)
            state.entries = entries
            state.sources = Dictionary(
                entries.compactMap { id, entry in entry.subscription.map { ($0.token, id) } }, uniquingKeysWith: { first, _ in first })
            return gone
        }
        for id in gone { await store(id) }
        alarm.ring()
    }

    /// Whether a poll that began at `began` and has found something new or not leaves the feed to its hub.
    func sparesPolls(of feed: FeedSource, after found: Bool, began: Int64, now: Int64) -> Bool {
        guard var subscription = subscription(of: feed.id) else { return false }
        _ = subscription.trust.polled(found: found, begun: began, now: now)
        return subscription.sparesPolls(now: now)
    }

    /// A poll has ended, and all that is to be kept of it is durable.
    /// - Parameter found: whether it found something new.
    func polled(_ feed: FeedSource, found: Bool, began: Int64) async {
        let now = wallClockMilliseconds()
        let (hasChanged, missing) = change(feed.id) { subscription in
            let before = subscription.trust
            let isMiss = subscription.trust.polled(found: found, begun: began, now: now) && subscription.isLive(now: now)
            return (subscription.trust != before, isMiss ? subscription.hub : nil)
        } ?? (false, nil)
        if hasChanged { await store(feed.id) }
        guard let hub = missing else { return }
        feed.logger.notice(
            "a poll found what the hub had not told of; the feed is polled as often as without it",
            metadata: [LogKey.hub: "\(URI(hub).host ?? "?")"])
    }

    /// A document of the feed was read to its end.
    /// - Parameter links: nil if it names no hub.
    func note(_ links: HubLinks?, of feed: FeedSource) async {
        let now = wallClockMilliseconds()
        let (hasChanged, isLost) = state.withLock { state -> (Bool, Bool) in
            guard var entry = state.entries[feed.id], entry.feed === feed else { return (false, false) }
            let before = entry.subscription
            if let links, var known = before, known.adopt(links) {
                entry.subscription = known
            } else {
                entry.subscription = links.map { HubSubscription($0, token: randomWord(), key: randomWord(), now: now) }
                if let token = before?.token { state.sources[token] = nil }
                if let token = entry.subscription?.token { state.sources[token] = feed.id }
            }
            state.entries[feed.id] = entry
            let isLost = before?.token != entry.subscription?.token && before?.sparesPolls(now: now) == true
            return (entry.subscription != before, isLost)
        }
        guard hasChanged else { return }
        await store(feed.id)
        if isLost { look(at: feed) }
        alarm.ring()
    }

    /// When a feed is to be polled first that is left to its hub: it may have told of news while the daemon was down.
    func firstPoll(of feed: FeedSource, planned: Int64, now: Int64, jitter: Double) -> Int64 {
        guard let subscription = subscription(of: feed.id), subscription.isLive(now: now) else { return planned }
        return min(planned, now + Int64(jitter * Double(feed.settings.pollSettings.everyMilliseconds)))
    }

    private func look(at feed: FeedSource) { feed.request(PassWish()) { _ in } }

    // MARK: requests to hubs

    /// From now on hubs can reach the callbacks.
    package func begin() { isReachable.ring() }

    /// Asks hubs when it is time, until the task is cancelled.
    func run() async {
        await isReachable.wait()
        await withDiscardingTaskGroup { group in
            while !Task.isCancelled {
                for id in takeDue() { group.addTask { await self.ask(id) } }
                await alarm.wait(until: nextDue())
            }
            group.cancelAll()
        }
    }

    /// The feeds whose hub is to be asked now. Those whose hub has let its promise end are polled as before.
    private func takeDue() -> [SourceID] {
        let now = wallClockMilliseconds()
        var due: [SourceID] = []
        var lost: [FeedSource] = []
        state.withLock { state in
            for (id, entry) in state.entries {
                guard var subscription = entry.subscription else { continue }
                if subscription.endLease(now: now) { lost.append(entry.feed) }
                if !entry.isAsking, subscription.nextRequest <= now {
                    state.entries[id]?.isAsking = true
                    due.append(id)
                }
                state.entries[id]?.subscription = subscription
            }
        }
        for feed in lost {
            feed.logger.notice("the subscription at the hub has ended; the feed is polled as often as without it")
            look(at: feed)
        }
        return due
    }

    private func nextDue() -> ContinuousClock.Instant? {
        let next = state.withLock { state in
            state.entries.values.lazy.filter { !$0.isAsking }.compactMap { $0.subscription?.nextEvent }.min()
        }
        return next.map { .now + .milliseconds(max(0, $0 - wallClockMilliseconds())) }
    }

    /// One request for a subscription, or for a longer one.
    private func ask(_ id: SourceID) async {
        defer {
            state.withLock { $0.entries[id]?.isAsking = false }
            alarm.ring()
        }
        let asked = wallClockMilliseconds()
        let jitter = Double.random(in: 0..<1)
        let isAsked = change(id) { subscription in
            if subscription.giveUpWaiting(now: asked, jitter: jitter) { return false }
            subscription.ask(now: asked)
            return true
        }
        guard let isAsked, let (feed, subscription) = entry(of: id) else { return }
        guard isAsked else { return await tell(feed, of: subscription) }
        // Before the request: the hub may come back before it answers.
        guard await store(id) else {
            _ = change(id) { $0.postpone(until: asked + Self.storePauseMilliseconds) }
            return
        }
        guard let problem = await request(subscription, of: feed) else { return }
        let failed = change(id) { subscription -> HubSubscription? in
            // It may have been verified, denied or replaced meanwhile.
            guard subscription.askedAt == asked else { return nil }
            subscription.fail(problem, now: wallClockMilliseconds(), jitter: jitter)
            return subscription
        }
        if let failed = failed ?? nil { await tell(feed, of: failed) }
    }

    /// Stores and logs a failure.
    private func tell(_ feed: FeedSource, of failed: HubSubscription) async {
        await store(feed.id)
        // As long as the hub still pushes, it is only late with a longer promise.
        guard failed.failures == 1, !failed.isLive(now: wallClockMilliseconds()) else { return }
        feed.logger.warning(
            "no subscription at the hub; it is tried again, and the feed is polled", metadata: [
                LogKey.hub: "\(URI(failed.hub).host ?? "?")", LogKey.reason: "\(failed.problem ?? "")",
            ])
    }

    /// Sends the request (WebSub §5.1).
    /// - Returns: why it was not accepted; nil if it was, or the daemon stops.
    private func request(_ subscription: HubSubscription, of feed: FeedSource) async -> String? {
        var form = [
            ("hub.mode", "subscribe"), ("hub.topic", subscription.topic), ("hub.callback", publicURL + "websub/" + subscription.token),
            ("hub.lease_seconds", String(HubSubscription.wantedLeaseSeconds)),
        ]
        if let secret = subscription.secret { form.append(("hub.secret", secret)) }
        var request = FetchRequest(
            url: subscription.hub, userAgent: feed.settings.userAgent ?? feed.context.userAgent, fetch: fetch,
            maxBodyBytes: Self.answerLimitBytes, allowsPrivateNetwork: feed.settings.allowsPrivateNetwork, proxy: feed.settings.proxy)
        request.headers = [HeaderField("Content-Type", "application/x-www-form-urlencoded")]
        request.post = Array(form.map { "\($0)=\(percentEncoded($1))" }.joined(separator: "&").utf8)
        do throws(FetchError) {
            for _ in 0...Self.redirectLimit {
                let answer = try await fetcher.fetch(request)
                if (200..<300).contains(answer.status) { return nil }
                guard [307, 308].contains(answer.status), let target = answer.headers["Location"] else {
                    let said = String(decoding: answer.body.prefix(200), as: UTF8.self).split(whereSeparator: \.isNewline).first
                    return "the hub answers with HTTP status \(answer.status)" + (said.map { ": \($0)" } ?? "")
                }
                let next = URI.resolve(target, against: answer.finalURL)
                // The secret is not for everybody to read.
                if subscription.secret != nil, URI(next).webScheme != "https" { return "the hub redirects from https to http" }
                request.url = next
            }
            return "the hub redirects again and again"
        } catch {
            return error.reason == .cancelled ? nil : error.problem
        }
    }

    // MARK: what is kept

    private func entry(of id: SourceID) -> (FeedSource, HubSubscription)? {
        state.withLock { state in
            guard let entry = state.entries[id], let subscription = entry.subscription else { return nil }
            return (entry.feed, subscription)
        }
    }

    private func subscription(of id: SourceID) -> HubSubscription? { entry(of: id)?.1 }

    /// Changes the subscription of a feed; nil if it has none.
    private func change<Value>(_ id: SourceID, _ body: (inout HubSubscription) -> Value) -> Value? {
        state.withLock { state in
            guard var subscription = state.entries[id]?.subscription else { return nil }
            defer { state.entries[id]?.subscription = subscription }
            return body(&subscription)
        }
    }

    /// Has the ledger keep what there is now of the subscription of a feed.
    @discardableResult
    private func store(_ id: SourceID) async -> Bool {
        do {
            // Asked for there, so that of two calls the later one writes what is newer.
            try await committer.maintain { ledger in try ledger.putHubSubscription(self.subscription(of: id), of: id) }
            return true
        } catch {
            committer.noteFailure(error)
            logger.warning("a subscription was not stored", metadata: [LogKey.reason: "\(error)"])
            return false
        }
    }
}

/// 32 unguessable characters that a URL has as they are.
private func randomWord() -> String {
    var random = SystemRandomNumberGenerator()
    return hex((0..<16).map { _ in UInt8.random(in: 0...255, using: &random) })
}

// MARK: hubs

extension HubSubscriber: HubCallbacks {
    package func answer(_ question: HubQuestion, at token: String) async -> Bool {
        guard let (id, feed) = source(at: token) else { return false }
        let now = wallClockMilliseconds()
        let jitter = Double.random(in: 0..<1)
        switch question {
        case .isWanted(let topic, let leaseSeconds):
            let isNew = change(id) { subscription -> Bool? in
                let wasLive = subscription.isLive(now: now)
                return subscription.verify(topic: topic, leaseSeconds: leaseSeconds, now: now, jitter: jitter) ? !wasLive : nil
            }
            guard let isNew = isNew ?? nil else { return false }
            await store(id)
            alarm.ring()
            if isNew {
                feed.logger.info("subscribed at the hub")
                // What was published between the last poll and now was told to nobody.
                look(at: feed)
            }
            return true
        case .denied(let topic, let reason):
            let denied = change(id) { subscription in
                subscription.deny(reason, topic: topic, now: now, jitter: jitter) ? subscription : nil
            }
            guard let denied = denied ?? nil else { return false }
            await tell(feed, of: denied)
            alarm.ring()
            look(at: feed)
            return true
        }
    }

    package func signing(at token: String) -> HubSigning {
        guard let (id, _) = source(at: token), let subscription = subscription(of: id) else { return .unknown }
        return subscription.secret.map(HubSigning.secret) ?? .none
    }

    package func pushed(at token: String) async {
        guard let (id, feed) = source(at: token) else { return }
        let now = wallClockMilliseconds()
        // Not stored: whoever pushes again and again is not to write again and again, and after a start each feed is polled soon.
        _ = change(id) { $0.trust.push(now: now) }
        look(at: feed)
    }

    private func source(at token: String) -> (SourceID, FeedSource)? {
        state.withLock { state in
            state.sources[token].flatMap { id in state.entries[id].map { (id, $0.feed) } }
        }
    }
}
