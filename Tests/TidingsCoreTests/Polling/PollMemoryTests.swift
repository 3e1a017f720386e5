import Testing

@testable import TidingsCore

private let pair = Validators(etag: #"W/"a""#, lastModified: "Thu, 19 Feb 2026 10:00:00 GMT")
private let first = DocumentCounts(items: 20, fresh: 20)
private let edited = DocumentCounts(items: 20, fresh: 0, edited: 1)
private let same = DocumentCounts(items: 20, fresh: 0)

@Suite struct ValidatorTests {
    @Test func thePairIsSentVerbatimAndLeftOutOnceIn8To16Hours() {
        for (jitter, pause) in [(0.0, 8 * hour), (0.5, 12 * hour), (0.999, 16 * hour - 28_800)] {
            var feed = Feed()
            feed.jitter = jitter
            #expect(feed.request == PollRequest())
            feed.poll(.read(pair, first))
            #expect(feed.request == PollRequest(validators: pair))
            feed.poll(after: pause - 1, .notModified)
            #expect(!feed.request.isUnconditional)
            feed.now += 1
            #expect(feed.request.isUnconditional)
            feed.poll(.timedOut)
            #expect(feed.request.isUnconditional)  // it is still owed
            feed.poll(.read(pair, nil))
            #expect(!feed.request.isUnconditional)
        }
    }

    @Test func aPersonWhoWantsEverythingGetsTheDocument() {
        var feed = Feed()
        feed.poll(.read(pair, first))
        #expect(PollPlan.request(feed.state, now: now, readsEverything: true) == PollRequest())
    }

    @Test func aClockThatWasSetBackDoesNotPutOffTheNextWholeDocument() {
        var feed = Feed()
        feed.poll(.read(pair, first))
        feed.now -= 30 * day
        #expect(feed.request.isUnconditional)
    }

    @Test("a pair lies", arguments: [
        ("where an edit came under the same pair", pair, pair, edited, 1),
        ("or a fresh item", pair, pair, DocumentCounts(items: 20, fresh: 1), 1),
        ("or under the same ETag, whatever the date", pair, Validators(etag: pair.etag), edited, 1),
        ("or under the same date, where there is no ETag",
         Validators(lastModified: "x"), Validators(etag: "new", lastModified: "x"), edited, 1),
        ("not where counters changed and no item did", pair, pair, same, 0),
        ("not where the bytes are the same", pair, pair, nil, 0),
        ("not where the ETag changed", pair, Validators(etag: "b", lastModified: pair.lastModified), edited, 0),
        ("not where there is none", Validators(), Validators(), edited, 0),
        ("not by a document that was partial", pair, nil, edited, 0),
    ] as [(String, Validators, Validators?, DocumentCounts?, Int)])
    func lies(name: String, old: Validators, new: Validators?, counts: DocumentCounts?, expected: Int) {
        var feed = Feed()
        feed.poll(.read(old, first))
        feed.poll(after: 8 * hour, .read(new, counts))
        #expect(feed.state.trust.validatorLies == expected, "\(name)")
    }

    @Test func aServerThatWasAskedWithValidatorsAndAnsweredHidNothing() {
        var feed = Feed()
        feed.poll(.read(pair, first))
        feed.poll(.read(pair, edited))
        #expect(feed.state.trust.validatorLies == 0)
    }

    @Test func validatorsThatLiedTwiceAreNotSentForAMonth() {
        var feed = Feed()
        feed.poll(.read(pair, first))
        feed.poll(after: 8 * hour, .read(pair, edited))
        #expect(!feed.request.isUnconditional)
        feed.poll(after: 8 * hour, .read(pair, edited))
        #expect(feed.request.isUnconditional)
        feed.poll(after: 30 * day - 1, .read(pair, edited))
        #expect(feed.request.isUnconditional)
        feed.now += 1
        #expect(!feed.request.isUnconditional)
        feed.poll(after: 8 * hour, .read(pair, edited))
        #expect(feed.state.trust.validatorLies == 1)
        #expect(!feed.request.isUnconditional)
    }
}

@Suite struct RedirectTests {
    private static let target = "https://new.example/feed"

    @Test("a permanent redirect is believed", arguments: [
        ("after three polls over three days", [(0, target), (1, target), (72, target)], target),
        ("not after two", [(0, target), (200, target)], nil),
        ("not within three days", [(0, target), (24, target), (48, target), (71, target)], nil),
        ("not when one poll went without", [(0, target), (30, nil), (72, target), (73, target)], nil),
        ("not when it led elsewhere between", [(0, target), (30, "https://b.example/"), (72, target)], nil),
        ("after three days of its own", [(0, "https://b.example/"), (1, target), (30, target), (73, target)], target),
    ] as [(String, [(Int64, String?)], String?)])
    func believed(name: String, polls: [(hour: Int64, target: String?)], expected: String?) {
        var feed = Feed()
        for poll in polls {
            feed.now = now + poll.hour * hour
            feed.poll(.notModified(hints: PollHints(), permanentTarget: poll.target))
        }
        #expect(feed.request.url == expected, "\(name)")
    }

    @Test func failuresSayNothingAboutARedirect() {
        var feed = Feed()
        feed.poll(.read(movedTo: Self.target))
        feed.poll(after: day, .timedOut)
        feed.poll(after: day, .read(movedTo: Self.target))
        feed.poll(after: day, .read(movedTo: Self.target))
        #expect(feed.request.url == Self.target)
    }

    @Test func aClockThatWasSetBackCountsTheDaysAgain() {
        var feed = Feed()
        feed.poll(.read(movedTo: Self.target))
        feed.poll(after: -30 * day, .read(movedTo: Self.target))
        feed.poll(after: 2 * day, .read(movedTo: Self.target))
        #expect(feed.request.url == nil)
        feed.poll(after: day, .read(movedTo: Self.target))
        #expect(feed.request.url == Self.target)
    }

    private func movedFeed() -> Feed {
        var feed = Feed()
        for _ in 0..<4 { feed.poll(after: day, .read(pair, same, movedTo: Self.target)) }
        return feed
    }

    @Test func aFeedMovesOnFromWhereItMovedTo() {
        var feed = movedFeed()
        feed.poll(.read(pair))
        #expect(feed.request.url == Self.target)
        for _ in 0..<4 { feed.poll(after: day, .read(pair, movedTo: "https://newer.example/")) }
        #expect(feed.request.url == "https://newer.example/")
    }

    @Test("a target that fails three times is left for the address in the settings", arguments: [
        .timedOut, .answered(404), .answered(410), .answered(500), .unreadable(status: 200),
    ] as [PollOutcome])
    func targetFails(outcome: PollOutcome) {
        var feed = movedFeed()
        feed.poll(outcome)
        feed.poll(.answered(503))  // "later" is neither
        feed.poll(outcome)
        #expect(feed.request == PollRequest(url: Self.target, validators: pair))
        feed.poll(outcome)
        // Soon, and without the validators of another document.
        #expect(feed.request == PollRequest())
        #expect(feed.delay == 15 * minute)
        #expect(feed.state.sourceState == .failing)
    }

    @Test func aSuccessBetweenKeepsTheTarget() {
        var feed = movedFeed()
        for outcome in [PollOutcome.timedOut, .timedOut, .notModified, .timedOut, .timedOut] { feed.poll(outcome) }
        #expect(feed.request.url == Self.target)
    }
}

@Suite struct GoneTests {
    @Test("a feed is gone", arguments: [
        ("after 410 three times", [410, 410, 410], true),
        ("not after two", [410, 410], false),
        ("after 404 eight times", [404, 404, 404, 404, 404, 404, 404, 404], true),
        ("not after seven", [404, 404, 404, 404, 404, 404, 404], false),
        ("not when another answer stood between", [410, 410, 500, 410], false),
        ("nor when it said later", [410, 410, 429, 410, 410], false),
        ("nor when it was there", [410, 410, 304, 410, 410], false),
        ("each answer counts by itself", [404, 404, 404, 404, 404, 404, 410, 410, 404], false),
        ("no answer is neither proof nor doubt", [410, 0, 410, 0, 410], true),
        ("it stays so, whatever else fails", [410, 410, 410, 500, 0, 429], true),
        ("until it is there again", [410, 410, 410, 304], false),
    ] as [(String, [Int], Bool)])
    func gone(name: String, statuses: [Int], isGone: Bool) {
        var feed = Feed()
        for status in statuses {
            switch status {
            case 0: feed.poll(.timedOut)
            case 304: feed.poll(.notModified)
            default: feed.poll(.answered(status))
            }
        }
        #expect((feed.state.sourceState == .gone) == isGone, "\(name)")
        // It is never dropped.
        if isGone {
            #expect(feed.delay == 8 * day, "\(name)")
            #expect(feed.state.dueReason == .gone, "\(name)")
        } else {
            #expect(feed.delay <= 4 * day, "\(name)")
        }
    }
}

@Suite struct PollStateTests {
    /// As the version before wrote it.
    private static let older = """
        {"nextPoll":1771581600000,"notBefore":1771578000000,"lastAttempt":1771577000000,"lastSuccess":1771576000000,\
        "lastStatus":404,"validators":{"etag":"\\"x\\""},"consecutiveFailures":2,"consecutiveThrottles":1,\
        "sourceState":"failing"}
        """

    @Test func aStateOfTheVersionBeforeIsRead() throws {
        var expected = PollState(nextPoll: 1_771_581_600_000)
        expected.dueReason = .interval
        expected.notBefore = 1_771_578_000_000
        expected.lastAttempt = 1_771_577_000_000
        expected.lastSuccess = 1_771_576_000_000
        expected.lastStatus = 404
        expected.validators = Validators(etag: #""x""#)
        expected.consecutiveFailures = 2
        expected.consecutiveThrottles = 1
        expected.sourceState = .failing
        #expect(PollState(json: Self.older, nextPoll: expected.nextPoll) == expected)
        let least = try #require(PollState(json: #"{"later":{"than":["this"]}}"#, nextPoll: 5))
        #expect(least.sourceState == .ok && least.validators.isEmpty)
    }

    @Test func aStateIsWrittenWholeAndSmall() throws {
        var feed = Feed()
        feed.settings.maximumMilliseconds = 3 * day
        let hints = PollHints(feed: FeedHints(timeToLiveSeconds: 60, skips: SkipTimes(hours: [3], days: [6, 7])))
        feed.poll(.read(status: 200, validators: pair, hints: hints, counts: first, permanentTarget: "https://a.example/"))
        feed.poll(after: 20 * hour, .read(pair, edited, movedTo: "https://a.example/"))
        feed.poll(.rejected(status: 410, retryAfter: nil, failure: "gone"))
        feed.poll(.rejected(status: 503, retryAfter: "60", failure: "challenge"))
        #expect(PollState(json: feed.state.json, nextPoll: feed.state.nextPoll) == feed.state)
        #expect(feed.state.json.utf8.count < 1000)
    }
}
