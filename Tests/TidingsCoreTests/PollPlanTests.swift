import Testing

@testable import TidingsCore

private let now: Int64 = 1_771_581_600_000  // 2026-02-20T10:00:00Z
private let minute: Int64 = 60_000
private let hour: Int64 = 3_600_000
private let day: Int64 = 86_400_000

/// Every 15 minutes, within a minute and a day.
private let settings = PollSettings()

private func state(failures: Int = 0, throttles: Int = 0, _ sourceState: SourceState = .ok) -> PollState {
    var state = PollState(nextPoll: now)
    state.validators = Validators(etag: #""old""#, lastModified: "Thu, 19 Feb 2026 10:00:00 GMT")
    state.consecutiveFailures = failures
    state.consecutiveThrottles = throttles
    state.sourceState = sourceState
    return state
}

private func next(_ outcome: PollOutcome, _ state: PollState = state(), jitter: Double = 0) -> PollState {
    PollPlan.next(after: outcome, state: state, settings: settings, now: now, jitter: jitter)
}

@Suite struct PollPlanTests {
    @Test("a feed that answers waits for the longest of what is asked, within bounds", arguments: [
        ("nothing asked", PollHints(), 15 * minute),
        ("max-age is longer", PollHints(cacheControl: "public, max-age=3600"), hour),
        ("max-age is shorter", PollHints(cacheControl: "max-age=60"), 15 * minute),
        ("max-age is a year", PollHints(cacheControl: "max-age=31536000"), day),
        ("max-age is beyond numbers", PollHints(cacheControl: "max-age=99999999999999999999"), day),
        ("no-cache takes max-age's word", PollHints(cacheControl: "max-age=3600, no-cache"), 15 * minute),
        ("no-store takes Expires' word", PollHints(cacheControl: "no-store", expires: tomorrow, date: today), 15 * minute),
        ("Expires counts from Date", PollHints(expires: "Fri, 20 Feb 2026 12:00:00 GMT", date: today), 2 * hour),
        ("Expires without Date says nothing", PollHints(expires: tomorrow), 15 * minute),
        ("Expires is invalid", PollHints(expires: "-1", date: today), 15 * minute),
        ("max-age goes before Expires", PollHints(cacheControl: "max-age=0", expires: tomorrow, date: today), 15 * minute),
        ("ttl is longer", PollHints(timeToLiveSeconds: 7200), 2 * hour),
        ("ttl is nonsense", PollHints(timeToLiveSeconds: -5), 15 * minute),
        ("ttl is beyond numbers", PollHints(timeToLiveSeconds: .max), day),
        ("the longest wins", PollHints(cacheControl: "max-age=3600", timeToLiveSeconds: 7200), 2 * hour),
    ])
    func intervals(name: String, hints: PollHints, expected: Int64) {
        #expect(next(.notModified(hints: hints)).nextPoll - now == expected, "\(name)")
        #expect(next(.read(status: 200, validators: nil, hints: hints)).nextPoll - now == expected, "\(name)")
    }

    @Test("failures delay", arguments: [
        (.failed(isTransient: true), 1, 15 * minute),
        (.failed(isTransient: true), 2, 30 * minute),
        (.failed(isTransient: true), 3, hour),
        (.failed(isTransient: true), 9, 64 * hour),
        (.failed(isTransient: true), 10, 4 * day),
        (.failed(isTransient: false), 10_000, 4 * day),
        (.rejected(status: 500, retryAfter: "1"), 2, 30 * minute),
        (.unreadable(status: 200), 2, 30 * minute),
        (.rejected(status: 404, retryAfter: nil), 1, 6 * hour),
        (.rejected(status: 410, retryAfter: nil), 2, 12 * hour),
        (.rejected(status: 401, retryAfter: nil), 20, 4 * day),
    ] as [(PollOutcome, Int, Int64)])
    func failuresDelay(outcome: PollOutcome, failures: Int, expected: Int64) {
        let after = next(outcome, state(failures: failures - 1))
        #expect(after.consecutiveFailures == failures)
        #expect(after.nextPoll - now == expected)
    }

    @Test("429 and 503 delay and are no failures", arguments: [
        (429, "120", 1, 15 * minute, 2 * minute),  // a floor: the interval is longer
        (503, "7200", 1, 2 * hour, 2 * hour),
        (429, "0", 1, 15 * minute, minute),
        (503, " 3600 ", 1, hour, hour),
        (503, "Fri, 20 Feb 2026 13:00:00 GMT", 1, 3 * hour, 3 * hour),
        (429, "Fri, 20 Feb 1926 13:00:00 GMT", 1, 15 * minute, minute),
        (429, "Sat, 20 Feb 2126 13:00:00 GMT", 1, day, day),
        (429, "99999999999999999999", 1, day, day),
        (429, "-5", 1, 15 * minute, nil),
        (429, "soon", 2, 30 * minute, nil),
        (503, nil, 3, hour, nil),
    ] as [(Int, String?, Int, Int64, Int64?)])
    func throttling(status: Int, retryAfter: String?, throttles: Int, delay: Int64, notBefore: Int64?) {
        let before = state(failures: 2, throttles: throttles - 1)
        let after = next(.rejected(status: status, retryAfter: retryAfter), before)
        #expect(after.nextPoll - now == delay)
        #expect(after.notBefore.map { $0 - now } == notBefore)
        #expect(after.consecutiveFailures == 2)
        #expect(after.consecutiveThrottles == throttles)
        #expect(after.sourceState == .ok)
    }

    @Test("a source turns", arguments: [
        ("one failure that may pass", .ok, 0, .failed(isTransient: true), .ok),
        ("two of them", .ok, 1, .failed(isTransient: true), .ok),
        ("three of them", .ok, 2, .failed(isTransient: true), .failing),
        ("three server errors", .ok, 2, .rejected(status: 502, retryAfter: nil), .failing),
        ("one failure that lasts", .ok, 0, .failed(isTransient: false), .failing),
        ("not found", .ok, 0, .rejected(status: 404, retryAfter: nil), .failing),
        ("no feed", .ok, 0, .unreadable(status: 200), .failing),
        ("a lesser failure does not turn it back", .failing, 1, .failed(isTransient: true), .failing),
        ("too many requests does not turn it", .ok, 5, .rejected(status: 429, retryAfter: nil), .ok),
        ("nor back", .failing, 5, .rejected(status: 503, retryAfter: "60"), .failing),
        ("a success does", .failing, 50, .notModified(hints: PollHints()), .ok),
    ] as [(String, SourceState, Int, PollOutcome, SourceState)])
    func sourceTurns(name: String, from: SourceState, failures: Int, outcome: PollOutcome, to: SourceState) {
        #expect(next(outcome, state(failures: failures, from)).sourceState == to, "\(name)")
    }

    @Test func aSuccessMakesAllGood() {
        let validators = Validators(etag: #"W/"new""#)
        let after = next(
            .read(status: 200, validators: validators, hints: PollHints()), state(failures: 7, throttles: 3, .failing))
        var expected = PollState(nextPoll: now + 15 * minute)
        expected.lastAttempt = now
        expected.lastSuccess = now
        expected.lastStatus = 200
        expected.validators = validators
        #expect(after == expected)
    }

    @Test("the old pair of validators stays", arguments: [
        .notModified(hints: PollHints()), .read(status: 200, validators: nil, hints: PollHints()),
        .unreadable(status: 200), .failed(isTransient: true), .rejected(status: 410, retryAfter: nil), .abandoned,
    ] as [PollOutcome])
    func validatorsStay(outcome: PollOutcome) {
        #expect(next(outcome).validators == state().validators)
    }

    @Test func aPollThatWasGivenUpChangesNothing() {
        #expect(next(.abandoned, state(failures: 2, throttles: 1)) == state(failures: 2, throttles: 1))
    }

    @Test func jitterOnlyDelaysAndIsInEachDelay() {
        let success = PollOutcome.notModified(hints: PollHints())
        #expect(next(success, jitter: 0.5).nextPoll - now == 15 * minute + 45_000)
        let failure = PollOutcome.failed(isTransient: true)
        #expect(next(failure, state(failures: 50), jitter: 0.5).nextPoll - now == 4 * day + day / 2)
        let later = PollOutcome.rejected(status: 429, retryAfter: "86400")
        #expect(next(later, jitter: 0.999).nextPoll - now > day)
    }

    @Test func aRequestOfAPersonWaitsOnlyForRetryAfter() {
        let failing = next(.failed(isTransient: true), state(failures: 50))
        #expect(failing.forcedPoll(now: now) == now)
        let throttled = next(.rejected(status: 429, retryAfter: "600"))
        #expect(throttled.forcedPoll(now: now) == now + 10 * minute)
        #expect(throttled.forcedPoll(now: now + hour) == now + hour)
        #expect(throttled.forcedPoll(now: now - 10 * day) == now - 10 * day)  // the clock was set back
    }

    @Test("after a start", arguments: [
        ("a new feed comes at once where it is the only one", nil, 1, 0, 0),
        ("one of many gets its place", nil, 1000, 0.5, 25_000),
        ("one that is due too", now - day, 1000, 0.5, 25_000),
        ("one that is not due keeps its time", now + hour, 1000, 0.5, hour),
        ("a time by a clock that ran ahead is not kept", now + 30 * day, 1, 0, 0),
    ] as [(String, Int64?, Int, Double, Int64)])
    func starts(name: String, nextPoll: Int64?, feeds: Int, jitter: Double, expected: Int64) {
        let state = nextPoll.map { PollState(nextPoll: $0) }
        let first = PollPlan.firstPoll(
            of: state, settings: settings, feeds: feeds, now: now, jitter: jitter)
        #expect(first - now == expected, "\(name)")
    }
}

private let today = "Fri, 20 Feb 2026 10:00:00 GMT"
private let tomorrow = "Sat, 21 Feb 2026 10:00:00 GMT"

@Test("HTTP-dates in all three forms", arguments: [
    ("Sun, 06 Nov 1994 08:49:37 GMT", 784_111_777_000),
    ("Sunday, 06-Nov-94 08:49:37 GMT", 784_111_777_000),
    ("Sun Nov  6 08:49:37 1994", 784_111_777_000),
    ("Fri, 20 Feb 2026 10:00:00 GMT", now),
    ("Friday, 20-Feb-26 10:00:00 GMT", now),
    ("Wed, 31 Feb 2026 10:00:00 GMT", nil),
    ("Fri, 20 Feb 2026 24:00:00 GMT", nil),
    ("Fri, 20 Foo 2026 10:00:00 GMT", nil),
    ("0", nil), ("", nil), ("2026-02-20T10:00:00Z", nil),
] as [(String, Int64?)])
func readsHTTPDates(text: String, expected: Int64?) {
    #expect(httpDate(text) == expected)
}

@Test("Cache-Control as a poller reads it", arguments: [
    ("", CacheControl()),
    ("max-age=60", CacheControl(maxAgeSeconds: 60)),
    (#" Public ,MAX-AGE = "60" , foo=bar"#, CacheControl(maxAgeSeconds: 60)),
    ("max-age=60, max-age=60", CacheControl(maxAgeSeconds: 60)),
    ("max-age=60, max-age=120", CacheControl()),
    ("max-age=-1", CacheControl()),
    ("max-age", CacheControl()),
    ("s-maxage=60", CacheControl()),
    ("no-cache", CacheControl(forbidsReuse: true)),
    (#"no-cache="Set-Cookie""#, CacheControl()),
    ("no-store, max-age=5", CacheControl(maxAgeSeconds: 5, forbidsReuse: true)),
])
func readsCacheControl(field: String, expected: CacheControl) {
    #expect(CacheControl(field) == expected)
}
