import Testing

@testable import TidingsCore

private let pair = Validators(etag: #"W/"old""#, lastModified: "Thu, 19 Feb 2026 10:00:00 GMT")

private func state(failures: Int = 0, throttles: Int = 0, _ sourceState: SourceState = .ok) -> PollState {
    var state = PollState(nextPoll: now)
    state.validators = pair
    state.consecutiveFailures = failures
    state.consecutiveThrottles = throttles
    state.sourceState = sourceState
    return state
}

private func next(_ outcome: PollOutcome, _ state: PollState = state(), jitter: Double = 0) -> PollState {
    var feed = Feed(state)
    feed.jitter = jitter
    feed.poll(outcome)
    return feed.state
}

@Suite struct PollPlanTests {
    @Test("failures delay", arguments: [
        (.failed(isTransient: true), 1, 15 * minute),
        (.failed(isTransient: true), 2, 30 * minute),
        (.failed(isTransient: true), 3, hour),
        (.failed(isTransient: true), 9, 64 * hour),
        (.failed(isTransient: true), 10, 4 * day),
        (.failed(isTransient: false), 10_000, 4 * day),
        (.answered(500, "1"), 2, 30 * minute),
        (.unreadable(status: 200), 2, 30 * minute),
        (.answered(404), 1, 6 * hour),
        (.answered(410), 2, 12 * hour),
        (.answered(401), 20, 4 * day),
        (.answered(403), 1, 6 * hour),
        (.answered(403), 20, 4 * day),
    ] as [(PollOutcome, Int, Int64)])
    func failuresDelay(outcome: PollOutcome, failures: Int, expected: Int64) {
        let after = next(outcome, state(failures: failures - 1))
        #expect(after.consecutiveFailures == failures)
        #expect(after.nextPoll - now == expected)
        #expect(after.dueReason == .backOff)
    }

    @Test func notModifiedThatWasNotAskedForTakesTheValidators() {
        let after = next(.answered(304))
        #expect(after.validators.isEmpty)
        #expect(after.sourceState == .failing)
        #expect(after.nextPoll - now == 15 * minute)
        #expect(after.dueReason == .backOff)
        #expect(next(.answered(404)).validators == pair, "no other answer does")
    }

    @Test("429 and 503 delay and are no failures", arguments: [
        (429, "120", 1, 15 * minute, 2 * minute, .interval),  // a floor: the interval is longer
        (503, "7200", 1, 2 * hour, 2 * hour, .retryAfter),
        (429, "7200", 1, 2 * hour, 2 * hour, .retryAfter),
        (429, "0", 1, 15 * minute, minute, .interval),
        (503, "0", 1, 15 * minute, minute, .interval),
        (503, " 3600 ", 40, hour, hour, .retryAfter),
        (503, "Fri, 20 Feb 2026 13:00:00 GMT", 1, 3 * hour, 3 * hour, .retryAfter),
        (429, "Friday, 20-Feb-26 13:00:00 GMT", 1, 3 * hour, 3 * hour, .retryAfter),
        (429, "Fri, 20 Feb 1926 13:00:00 GMT", 1, 15 * minute, minute, .interval),
        (429, "Sat, 20 Feb 2126 13:00:00 GMT", 1, day, day, .retryAfter),
        (429, "99999999999999999999", 1, day, day, .retryAfter),
        (503, "3153600000", 1, day, day, .retryAfter),
        (503, "Sat, 01 Jan 2126 00:00:00 GMT", 1, day, day, .retryAfter),
        (503, "Thu, 01 Jan 1970 00:00:00 GMT", 1, 15 * minute, minute, .interval),
        (429, "-5", 1, 15 * minute, nil, .backOff),
        (503, "-5", 1, 15 * minute, nil, .backOff),
        (503, "soon", 1, 15 * minute, nil, .backOff),
        (503, nil, 1, 15 * minute, nil, .backOff),
        (429, nil, 1, 15 * minute, nil, .backOff),
        (429, "soon", 2, 30 * minute, nil, .backOff),
        (503, nil, 3, hour, nil, .backOff),
        (503, nil, 10_000, day, nil, .backOff),
    ] as [(Int, String?, Int, Int64, Int64?, PollReason)])
    func throttling(
        status: Int, retryAfter: String?, throttles: Int, delay: Int64, notBefore: Int64?, reason: PollReason
    ) {
        let after = next(.answered(status, retryAfter), state(failures: 2, throttles: throttles - 1))
        #expect(after.nextPoll - now == delay)
        #expect(after.notBefore.map { $0 - now } == notBefore)
        #expect(after.throttledUntil == after.notBefore ?? after.nextPoll)
        #expect(after.dueReason == reason)
        #expect(after.consecutiveFailures == 2)
        #expect(after.consecutiveThrottles == throttles)
        #expect(after.sourceState == .ok)
    }

    @Test("a source turns", arguments: [
        ("one failure that may pass", .ok, 0, .timedOut, .ok),
        ("two of them", .ok, 1, .timedOut, .ok),
        ("three of them", .ok, 2, .timedOut, .failing),
        ("three server errors", .ok, 2, .answered(502), .failing),
        ("one failure that lasts", .ok, 0, .failed(isTransient: false), .failing),
        ("not found", .ok, 0, .answered(404), .failing),
        ("no feed", .ok, 0, .unreadable(status: 200), .failing),
        ("a lesser failure does not turn it back", .failing, 1, .timedOut, .failing),
        ("too many requests does not turn it", .ok, 5, .answered(429), .ok),
        ("nor back", .failing, 5, .answered(503, "60"), .failing),
        ("a success does", .failing, 50, .notModified, .ok),
        ("and brings it back from the dead", .gone, 50, .notModified, .ok),
    ] as [(String, SourceState, Int, PollOutcome, SourceState)])
    func sourceTurns(name: String, from: SourceState, failures: Int, outcome: PollOutcome, to: SourceState) {
        #expect(next(outcome, state(failures: failures, from)).sourceState == to, "\(name)")
    }

    @Test func aSuccessMakesAllGood() {
        var before = state(failures: 7, throttles: 3, .gone)
        before.failure = "timeout"
        before.absence = NotFoundStreak(status: 410, count: 5)
        before.notBefore = now - 1
        let validators = Validators(etag: #"W/"new""#)
        let after = next(.read(validators, DocumentCounts(items: 20, fresh: 20)), before)
        var expected = PollState(nextPoll: now + 15 * minute)
        expected.dueReason = .interval
        expected.lastAttempt = now
        expected.lastSuccess = now
        expected.lastStatus = 200
        expected.validators = validators
        expected.pace.lastFresh = now
        expected.pace.documentItems = 20
        #expect(after == expected)
    }

    @Test("why the last poll failed is kept until one succeeds", arguments: [
        (.failed(isTransient: true, failure: "dns"), "dns"),
        (.rejected(status: 403, retryAfter: nil, failure: "challenge"), "challenge"),
        (.rejected(status: 503, retryAfter: nil, failure: "challenge"), "challenge"),
        (.unreadable(status: 200, failure: "empty"), "empty"),
        (.answered(404), nil),
        (.notModified, nil),
    ] as [(PollOutcome, String?)])
    func failureIsKept(outcome: PollOutcome, expected: String?) {
        var before = state()
        before.failure = "tls"
        #expect(next(outcome, before).failure == expected)
    }

    @Test("the old pair of validators stays", arguments: [
        .notModified, .read(nil), .unreadable(status: 200), .timedOut, .answered(410), .answered(429), .abandoned,
    ] as [PollOutcome])
    func validatorsStay(outcome: PollOutcome) {
        #expect(next(outcome).validators == pair)
    }

    @Test func aPollThatWasGivenUpChangesNothing() {
        #expect(next(.abandoned, state(failures: 2, throttles: 1)) == state(failures: 2, throttles: 1))
    }

    @Test func jitterOnlyDelaysAndIsInEachDelay() {
        #expect(next(.notModified, jitter: 0.5).nextPoll - now == 15 * minute + 45_000)
        #expect(next(.timedOut, state(failures: 50), jitter: 0.5).nextPoll - now == 4 * day + day / 2)
        #expect(next(.answered(429, "86400"), jitter: 0.999).nextPoll - now > day)
    }

    @Test func aRequestOfAPersonWaitsOnlyForRetryAfter() {
        let failing = next(.timedOut, state(failures: 50))
        #expect(failing.forcedPoll(now: now) == now)
        let throttled = next(.answered(429, "600"))
        #expect(throttled.forcedPoll(now: now) == now + 10 * minute)
        #expect(throttled.forcedPoll(now: now + hour) == now + hour)
        #expect(throttled.forcedPoll(now: now - 10 * day) == now - 10 * day)  // the clock was set back
    }

    @Test("a domain that was told to wait holds back a feed", arguments: [
        ("that is due sooner", 5 * minute, nil, now + hour, hour + 7 * minute + minute / 2, hour),
        ("and not one that is due later", 2 * hour, nil, now + hour, 2 * hour, hour),
        ("but not for more than a day", minute, nil, now + 30 * day, day + 3 * hour, day),
        ("nor does it shorten a longer wait", 3 * hour, 2 * hour, now + hour, 3 * hour, 2 * hour),
        ("nor wait for what is over", minute, nil, now - hour, minute, nil),
        ("and a short wait is spread over seconds all the same", 0, nil, now + 1000, 8500, 1000),
    ] as [(String, Int64, Int64?, Int64, Int64, Int64?)])
    func domains(name: String, delay: Int64, notBefore: Int64?, until: Int64, expected: Int64, floor: Int64?) {
        var before = state()
        before.nextPoll = now + delay
        before.notBefore = notBefore.map { now + $0 }
        let after = PollPlan.throttled(before, until: until, now: now, jitter: 0.5)
        #expect(after.nextPoll - now == expected, "\(name)")
        #expect(after.notBefore.map { $0 - now } == floor, "\(name)")
        #expect((after.dueReason == .retryAfter) == (after.nextPoll != before.nextPoll), "\(name)")
    }

    @Test func aPollOnItsWayDoesNotForgetThatItsDomainWasToldToWait() {
        var feed = Feed(state())
        feed.state = PollPlan.throttled(feed.state, until: now + 2 * hour, now: now, jitter: 0)
        feed.poll(.notModified)
        #expect(feed.state.notBefore == now + 2 * hour)
        #expect(feed.delay == 2 * hour)
        #expect(feed.state.dueReason == .retryAfter)
        feed.poll(after: 2 * hour, .notModified)
        #expect(feed.state.notBefore == nil)
    }

    @Test("after a start", arguments: [
        ("a new feed comes at once where it is the only one", nil, 1, 0, 0, .start),
        ("one of many gets its place", nil, 1000, 0.5, 25_000, .start),
        ("one that is due too", now - day, 1000, 0.5, 25_000, .start),
        ("one that is not due keeps its time", now + hour, 1000, 0.5, hour, .ttl),
        ("so does one that is gone", now + 9 * day, 1000, 0.5, 9 * day, .ttl),
        ("a time by a clock that ran ahead is not kept", now + 30 * day, 1, 0, 0, .start),
    ] as [(String, Int64?, Int, Double, Int64, PollReason)])
    func starts(name: String, nextPoll: Int64?, feeds: Int, jitter: Double, expected: Int64, reason: PollReason) {
        var state = nextPoll.map { PollState(nextPoll: $0) }
        state?.dueReason = .ttl
        let first = PollPlan.started(state, settings: settings, feeds: feeds, now: now, jitter: jitter)
        #expect(first.nextPoll - now == expected, "\(name)")
        #expect(first.dueReason == reason, "\(name)")
    }

    @Test("a clock that is set back does not stop polling", arguments: [
        ("by a step of the time service", 30_000, nil, 15 * minute + 30_000),
        ("by a day", day, nil, 0),
        ("by a year", 365 * day, nil, 0),
        ("by an hour, while the server asked for two", hour, 2 * hour, 3 * hour),
        ("by a year, while the server asked for two hours", 365 * day, 2 * hour, 0),
    ] as [(String, Int64, Int64?, Int64)])
    func clockSetBack(name: String, step: Int64, retryAfter: Int64?, expected: Int64) {
        var feed = Feed(state())
        feed.poll(retryAfter.map { .answered(429, "\($0 / 1000)") } ?? .notModified)
        feed.now -= step
        #expect(PollPlan.due(feed.state, settings, now: feed.now) - feed.now == expected, "\(name)")
        let started = PollPlan.started(feed.state, settings: settings, feeds: 1, now: feed.now, jitter: 0)
        #expect(started.nextPoll - feed.now == expected, "\(name)")
        // One poll puts it right.
        feed.poll(.notModified)
        feed.state.notBefore = nil
        feed.poll(.notModified)
        #expect(PollPlan.due(feed.state, settings, now: feed.now) - feed.now == 15 * minute, "\(name)")
    }
}
