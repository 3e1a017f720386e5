import Testing

@testable import TidingsCore

@Suite("The subscription at a hub")
struct HubSubscriptionTests {
    private static let topic = "https://harbour.example/feed"
    private static let hub = "https://hub.example/"
    private static let second: Int64 = 1000

    private static func links(_ hubs: [String] = [hub], topic: String = topic) throws -> HubLinks {
        try #require(HubLinks(header: (hubs, topic), document: ([], nil), asked: topic))
    }

    private static func subscription(_ hubs: [String] = [hub]) throws -> HubSubscription {
        HubSubscription(try links(hubs), token: "token", key: "key", now: 0)
    }

    @Test("the header field counts before the document, and what is no address of the web not at all")
    func links() {
        func links(_ header: [String], _ document: [String], _ selfOfDocument: String? = nil) -> HubLinks? {
            HubLinks(header: (header, nil), document: (document, selfOfDocument), asked: "https://asked.example/feed")
        }
        #expect(links([], []) == nil)
        #expect(links(["ftp://hub.example/", "/hub", "https://user:word@hub.example/"], []) == nil)
        #expect(links(["https://one.example/"], ["https://two.example/"])?.hubs == ["https://one.example/"])
        let found = links([], ["https://two.example/", "https://two.example/", "http://three.example/"], "https://self.example/feed")
        #expect(found?.hubs == ["https://two.example/", "http://three.example/"])
        #expect(found?.topic == "https://self.example/feed")
        #expect(links([], ["https://two.example/"], "feed.xml")?.topic == "https://asked.example/feed")
        #expect(links((0..<9).map { "https://\($0).example/" }, [])?.hubs.count == 4)
    }

    @Test("a subscription that was verified lasts as long as the hub says, and is renewed before")
    func verified() throws {
        var subscription = try Self.subscription()
        #expect(subscription.standing(now: 0) == .new)
        expect(!subscription.verify(topic: Self.topic, leaseSeconds: 100, now: 0, jitter: 0), "nobody has asked")
        subscription.ask(now: 0)
        #expect(subscription.standing(now: 0) == .asked)
        expect(!subscription.verify(topic: "https://other.example/", leaseSeconds: 100, now: 0, jitter: 0))
        expect(subscription.verify(topic: Self.topic, leaseSeconds: 1000, now: 5, jitter: 0.5))
        #expect(subscription.standing(now: 5) == .subscribed)
        #expect(subscription.leaseEnd == 5 + 1000 * Self.second)
        #expect(subscription.nextRequest == 5 + 750 * Self.second)
        expect(subscription.verify(topic: Self.topic, leaseSeconds: nil, now: 9, jitter: 0), "hubs renew by themselves")
        #expect(subscription.leaseEnd == 9 + HubSubscription.wantedLeaseSeconds * Self.second)
        let end = try #require(subscription.leaseEnd)
        expect(!subscription.endLease(now: end - 1))
        expect(subscription.endLease(now: end))
        expect(!subscription.endLease(now: end + 1), "it ends once")
        #expect(!subscription.isLive(now: end))
    }

    @Test("no lease makes the hub be asked all the time, and none lasts for ever", arguments: [
        (Int64(0), Int64(0), Int64(210)), (-5, 0, 210), (1, 1, 210), (600, 600, 420), (.max, 366 * 86_400, 22_135_680),
    ] as [(Int64, Int64, Int64)])
    func leases(given: Int64, granted: Int64, renewal: Int64) throws {
        var subscription = try Self.subscription()
        subscription.ask(now: 0)
        expect(subscription.verify(topic: Self.topic, leaseSeconds: given, now: 0, jitter: 0))
        #expect(subscription.leaseEnd == granted * Self.second)
        #expect(subscription.nextRequest == renewal * Self.second)
    }

    @Test("a hub that refuses, or verifies nothing, is asked ever more rarely, and the next one in turn")
    func failures() throws {
        var subscription = try Self.subscription(["https://one.example/", "http://two.example/"])
        #expect(subscription.secret == "key")
        subscription.ask(now: 0)
        expect(!subscription.giveUpWaiting(now: hourMilliseconds - 1, jitter: 0))
        expect(subscription.giveUpWaiting(now: hourMilliseconds, jitter: 0))
        #expect(subscription.standing(now: hourMilliseconds) == .failing)
        #expect(subscription.nextRequest == 2 * hourMilliseconds)
        #expect(subscription.hub == "http://two.example/")
        #expect(subscription.secret == nil, "a secret is not sent for everybody to read")
        var pauses: [Int64] = []
        for _ in 0..<8 {
            subscription.ask(now: 0)
            subscription.fail("HTTP status 500", now: 0, jitter: 0)
            pauses.append(subscription.nextRequest / hourMilliseconds)
        }
        #expect(pauses == [2, 4, 8, 16, 32, 64, 96, 96])
        expect(!subscription.verify(topic: Self.topic, leaseSeconds: 60, now: 0, jitter: 0), "what was given up is not verified")
    }

    @Test("a lease that runs outlives a failed renewal, and not a denial")
    func denied() throws {
        var subscription = try Self.subscription(["https://one.example/", "https://two.example/"])
        subscription.ask(now: 0)
        expect(subscription.verify(topic: Self.topic, leaseSeconds: 86_400, now: 0, jitter: 0))
        subscription.ask(now: 10)
        subscription.fail("HTTP status 503", now: 20, jitter: 0)
        #expect(subscription.isLive(now: 30))
        #expect(subscription.hub == "https://one.example/")
        expect(!subscription.deny("no", topic: "https://other.example/", now: 30, jitter: 0))
        expect(subscription.deny("go away", topic: Self.topic, now: 30, jitter: 0))
        #expect(!subscription.isLive(now: 30))
        #expect(subscription.problem == "the hub denies the subscription: go away")
        #expect(subscription.hub == "https://two.example/")
    }

    @Test("what the feed names now is taken over as long as hub and topic stay")
    func adoption() throws {
        var subscription = try Self.subscription()
        expect(subscription.adopt(try Self.links(["https://new.example/", Self.hub])))
        #expect(subscription.hub == Self.hub)
        expect(!subscription.adopt(try Self.links(["https://new.example/"])))
        expect(!subscription.adopt(try Self.links(topic: "https://moved.example/feed")))
    }

    @Test("a clock that is set back makes no lease last longer")
    func clock() throws {
        var subscription = try Self.subscription()
        subscription.ask(now: 400 * dayMilliseconds)
        expect(subscription.verify(topic: Self.topic, leaseSeconds: 86_400, now: 400 * dayMilliseconds, jitter: 0))
        #expect(!subscription.isLive(now: 0))
        expect(subscription.endLease(now: 0))
    }

    @Test("it comes back from the ledger as it was")
    func roundTrip() throws {
        var subscription = try Self.subscription(["https://one.example/", "https://two.example/"])
        #expect(HubSubscription(json: subscription.json) == subscription)
        subscription.ask(now: 5)
        subscription.fail("HTTP status 500: \"no\"", now: 6, jitter: 0.3)
        #expect(HubSubscription(json: subscription.json) == subscription)
        subscription.ask(now: 7)
        expect(subscription.verify(topic: Self.topic, leaseSeconds: 99, now: 8, jitter: 0.9))
        for found in [false, true] {
            _ = subscription.trust.polled(found: found, begun: 9, now: 10)
            #expect(HubSubscription(json: subscription.json) == subscription)
        }
        subscription.trust.push(now: 11)
        #expect(HubSubscription(json: subscription.json) == subscription)
        #expect(HubSubscription(json: "{}") == nil)
        #expect(HubSubscription(json: "no JSON") == nil)
    }
}

@Suite("Whether a hub can be trusted to tell of all news")
struct PushTrustTests {
    private enum Event: Equatable {
        case push, nothing, news
        /// News that the hub has missed, which is told.
        case miss
        /// Such news, when it is known already that the hub misses some.
        case anotherMiss
        case hour, start
    }

    /// Each event a minute after the one before.
    @Test("polls are spared from the first push that brings something, until a poll finds what no push had told of", arguments: [
        ("nothing is known", [.nothing, .nothing], false),
        ("what came before the subscription could not be told", [.news, .nothing], false),
        ("a push with news", [.nothing, .push, .news, .nothing], true),
        ("a push whose news are not there yet", [.nothing, .push, .nothing, .nothing], false),
        ("… until they are", [.nothing, .push, .nothing, .news], true),
        ("a push about nothing", [.nothing, .push, .news, .push, .nothing, .hour, .nothing], true),
        ("a push about nothing, before any with news", [.nothing, .push, .nothing, .hour, .nothing], false),
        ("a hub that misses", [.nothing, .push, .news, .miss, .nothing], false),
        ("a hub that misses again and again", [.nothing, .miss, .anotherMiss, .anotherMiss, .nothing], false),
        ("a hub that is only slower than a poll", [.nothing, .miss, .push, .nothing, .hour, .nothing], true),
        ("a hub that is much slower", [.nothing, .miss, .hour, .push, .nothing, .hour, .nothing], false),
        ("a hub that comes back", [.nothing, .push, .news, .miss, .push, .news], true),
        ("a start of the daemon", [.nothing, .push, .news, .start], false),
        ("a start of the daemon, and a poll", [.nothing, .push, .news, .start, .news], true),
    ] as [(String, [Event], Bool)])
    private func sparing(name: String, events: [Event], expected: Bool) {
        var trust = PushTrust()
        var now: Int64 = 0
        for event in events {
            now += minuteMilliseconds
            switch event {
            case .push: trust.push(now: now)
            case .nothing: expect(!trust.polled(found: false, begun: now - 10, now: now), "\(name)")
            case .news, .anotherMiss: expect(!trust.polled(found: true, begun: now - 10, now: now), "\(name)")
            case .miss: expect(trust.polled(found: true, begun: now - 10, now: now), "\(name)")
            case .hour: now += hourMilliseconds
            case .start: trust.begin()
            }
        }
        #expect(trust.sparesPolls == expected, "\(name)")
    }

    @Test("a push during a poll is still owed one")
    func during() {
        var trust = PushTrust()
        _ = trust.polled(found: false, begun: 0, now: 1)
        trust.push(now: 100)
        expect(!trust.polled(found: true, begun: 50, now: 150))
        #expect(!trust.sparesPolls)
        expect(!trust.polled(found: true, begun: 150, now: 200))
        #expect(trust.sparesPolls)
    }

    @Test("a feed that is left to its hub is polled once a day, whatever it says of its pace")
    func daily() {
        var settings = PollSettings(everyMilliseconds: minuteMilliseconds)
        let outcome = PollOutcome.read(
            status: 200, validators: Validators(), hints: PollHints(cacheControl: "max-age=60"), counts: DocumentCounts(items: 9, fresh: 9))
        func pause() -> (Int64, PollReason) {
            let next = PollPlan.next(
                after: outcome, to: PollRequest(), state: PollState(nextPoll: 0), settings: settings, now: 1_000_000_000_000, jitter: 0)
            return (next.nextPoll - 1_000_000_000_000, next.dueReason)
        }
        #expect(pause() == (minuteMilliseconds, .interval))
        settings.isPushed = true
        #expect(pause() == (dayMilliseconds, .hub))
    }
}

/// `#expect` takes no call that changes what it is called on.
private func expect(_ holds: Bool, _ comment: Comment? = nil, sourceLocation: SourceLocation = #_sourceLocation) {
    #expect(holds, comment, sourceLocation: sourceLocation)
}
