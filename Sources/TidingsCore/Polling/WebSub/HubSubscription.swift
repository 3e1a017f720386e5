/// The subscription to a feed at its hub (W3C WebSub), as one step follows another. Pure: the caller supplies the time and the random
/// numbers, sends the requests and stores the result.
///
/// Times are milliseconds since 1970.
package struct HubSubscription: Equatable, Sendable {
    /// The hubs that the feed names; the first is asked first.
    package private(set) var links: HubLinks
    /// The hub that is asked, one of them.
    package internal(set) var hub: String
    /// The last part of the callback's path. Only the hub learns it.
    package let token: String
    /// What the hub signs pushes with.
    let key: String
    /// When the hub was asked, as long as it has not verified that.
    package internal(set) var askedAt: Int64?
    /// Until when the hub has promised to push; nil if it has promised nothing.
    package internal(set) var leaseEnd: Int64?
    /// When the hub is to be asked next: for the first time, again, or for a longer lease.
    package internal(set) var nextRequest: Int64
    package internal(set) var failures = 0
    /// Why there is no subscription, or no longer one.
    package internal(set) var problem: String?
    package var trust = PushTrust()

    /// What is asked for. Hubs may grant more or less.
    package static let wantedLeaseSeconds: Int64 = 10 * 86_400
    static let leaseMilliseconds = 5 * minuteMilliseconds...366 * dayMilliseconds
    /// For so long a hub may take to verify what it was asked.
    static let verificationMilliseconds = hourMilliseconds
    private static let retryBaseMilliseconds = hourMilliseconds
    private static let retryCeilingMilliseconds = 4 * dayMilliseconds
    /// What a hub says is shown to a person.
    private static let problemLimit = 200

    /// - Parameters:
    ///   - token: unguessable, of characters that a URL has as they are.
    ///   - key: unguessable, of less than 200 bytes (WebSub §5.1).
    package init(_ links: HubLinks, token: String, key: String, now: Int64) {
        self.links = links
        hub = links.hubs[0]
        self.token = token
        self.key = key
        nextRequest = now
    }

    init(_ links: HubLinks, hub: String, token: String, key: String, nextRequest: Int64) {
        self.links = links
        self.hub = hub
        self.token = token
        self.key = key
        self.nextRequest = nextRequest
    }

    /// What others are told of a subscription. It can be shown, and not go on.
    package init?(hub: String, isAsked: Bool, leaseEnd: Int64?, nextRequest: Int64, problem: String?, trust: PushTrust) {
        guard let links = HubLinks(header: ([hub], nil), document: ([], nil), asked: "") else { return nil }
        self.init(links, hub: hub, token: "", key: "", nextRequest: nextRequest)
        askedAt = isAsked ? 0 : nil
        self.leaseEnd = leaseEnd
        self.problem = problem
        self.trust = trust
    }

    package var topic: String { links.topic }

    /// The secret of the subscription; nil where it would go over the network for everybody to read (WebSub §5.1).
    package var secret: String? { URI(hub).webScheme == "https" ? key : nil }

    package enum Standing: String, Sendable { case new, asked, subscribed, failing }

    package func standing(now: Int64) -> Standing {
        if isLive(now: now) { return .subscribed }
        if askedAt != nil { return .asked }
        return problem == nil ? .new : .failing
    }

    /// Whether the hub has promised to push now.
    package func isLive(now: Int64) -> Bool {
        // No lease is longer than its limit: a later end was written by another clock.
        leaseEnd.map { $0 > now && $0 <= now + Self.leaseMilliseconds.upperBound } ?? false
    }

    /// Whether the daily poll is enough.
    package func sparesPolls(now: Int64) -> Bool { isLive(now: now) && trust.sparesPolls }

    /// Takes what the feed names now.
    /// - Returns: false if this needs another subscription.
    package mutating func adopt(_ new: HubLinks) -> Bool {
        guard new.topic == topic, new.hubs.contains(hub) else { return false }
        links = new
        return true
    }

    // MARK: what happens

    /// The request is sent now. To be stored before: the hub may verify it before it answers.
    package mutating func ask(now: Int64) {
        askedAt = now
        nextRequest = now + Self.verificationMilliseconds
    }

    /// - Returns: whether the hub has not verified in time what it was asked, which is a failure.
    package mutating func giveUpWaiting(now: Int64, jitter: Double) -> Bool {
        guard let asked = askedAt, now >= asked + Self.verificationMilliseconds || now < asked else { return false }
        fail("the hub has accepted the subscription, and not verified it at the callback", now: now, jitter: jitter)
        return true
    }

    /// The request cannot be sent now.
    package mutating func postpone(until milliseconds: Int64) {
        askedAt = nil
        nextRequest = milliseconds
    }

    /// - Returns: whether the hub's promise has just ended.
    package mutating func endLease(now: Int64) -> Bool {
        guard leaseEnd != nil, !isLive(now: now) else { return false }
        leaseEnd = nil
        return true
    }

    /// When there is something to do next.
    package var nextEvent: Int64 { min(nextRequest, leaseEnd ?? nextRequest) }

    /// The hub has not accepted the request, or denies the subscription.
    package mutating func fail(_ message: String, now: Int64, jitter: Double) {
        askedAt = nil
        failures += 1
        problem = String(message.unicodeScalars.prefix(Self.problemLimit))
        let pause = PollPause.backOff(from: Self.retryBaseMilliseconds, failures: failures, ceiling: Self.retryCeilingMilliseconds)
        nextRequest = now + PollPlan.delayed(pause.milliseconds, by: PollPlan.backOffJitter * jitter)
        // Another hub of the feed may do better; a lease that still runs is the present one's.
        guard !isLive(now: now), links.hubs.count > 1, let index = links.hubs.firstIndex(of: hub) else { return }
        hub = links.hubs[(index + 1) % links.hubs.count]
        trust = PushTrust()
    }

    /// The hub denies the subscription (WebSub §5.2), also one that it had granted.
    package mutating func deny(_ reason: String?, topic: String, now: Int64, jitter: Double) -> Bool {
        guard topic == self.topic else { return false }
        leaseEnd = nil
        fail("the hub denies the subscription" + (reason.map { ": \($0)" } ?? ""), now: now, jitter: jitter)
        return true
    }

    /// The hub asks whether this is wanted (WebSub §5.3).
    /// - Parameter leaseSeconds: nil if it does not say for how long.
    /// - Returns: whether it is.
    package mutating func verify(topic: String, leaseSeconds: Int64?, now: Int64, jitter: Double) -> Bool {
        guard topic == self.topic, askedAt != nil || isLive(now: now) else { return false }
        let granted = min(max(leaseSeconds ?? Self.wantedLeaseSeconds, 0), Self.leaseMilliseconds.upperBound / 1000) * 1000
        let lease = max(granted, Self.leaseMilliseconds.lowerBound)
        if !isLive(now: now) { trust.begin() }
        askedAt = nil
        failures = 0
        problem = nil
        leaseEnd = now + granted
        // Early enough for some more tries, and not all at the same time.
        nextRequest = now + Int64(Double(lease) * (0.7 + 0.1 * jitter))
        return true
    }
}
