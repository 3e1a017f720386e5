import Testing

@testable import TidingsCore

private let start = TidingsCoreTests.now
private let pair = Validators(etag: #""a""#, lastModified: nil)

/// A page whose article changed last at `start`, and the looks at it.
private struct Watched {
    var state = PageState(nextLook: start, lastChange: start)
    var recheck = Recheck.decay
    var jitter = 0.0
    var now = start

    /// A look that comes when it is due, or `after` milliseconds after the last one.
    mutating func look(_ outcome: PageOutcome, after pause: Int64? = nil) {
        now = pause.map { now + $0 } ?? max(now, state.nextLook ?? now)
        let request = PagePlan.request(state, url: "https://a.example/17", now: now)
        state = PagePlan.next(after: outcome, to: request, state: state, recheck: recheck, begun: now, now: now, jitter: jitter)
    }

    /// Milliseconds until the next look; nil: it rests.
    var pause: Int64? { state.nextLook.map { $0 - now } }
}

private func read(changed: Bool = false, _ hints: PollHints = PollHints(), _ validators: Validators? = pair) -> PageOutcome {
    .read(status: 200, validators: validators, hints: hints, permanentTarget: nil, hasChanged: changed)
}

private let notModified = PageOutcome.notModified(status: 304, hints: PollHints(), permanentTarget: nil)
private let doubtful = PageOutcome.doubtful(
    status: 200, StandingDoubt(reason: .paywall, content: ContentHash.of([1]), looks: 1, since: start))

@Suite("When to look at a page again") struct PagePlanTests {
    @Test("by the age of the last change", arguments: [
        (0, 15 * minute), (3 * hour - 1, 15 * minute), (3 * hour, hour), (day - 1, hour), (day, 6 * hour), (7 * day - 1, 6 * hour),
        (7 * day, 3 * day), (30 * day - 1, 3 * day), (30 * day, 30 * day), (360 * day - 1, 30 * day), (360 * day, nil),
    ] as [(Int64, Int64?)])
    func decay(age: Int64, pause: Int64?) {
        var page = Watched()
        page.look(read(), after: age)
        #expect(page.pause == pause)
        #expect(page.state.dueReason == (pause == nil ? .rests : .age))
        page.look(notModified, after: 0)
        #expect(page.pause == pause)
    }

    @Test func anEditMakesAnOldArticleYoungAgain() {
        var page = Watched()
        page.look(read(), after: 200 * day)
        #expect(page.pause == 30 * day)
        page.look(read(changed: true))
        #expect(page.pause == 15 * minute)
    }

    @Test func inAYearAPageIsLookedAtSoManyTimes() {
        var page = Watched()
        var looks = 0
        while page.state.nextLook != nil {
            page.look(notModified)
            looks += 1
        }
        // 3 h by 15 min, 21 h by 1 h, 6 d by 6 h, 23 d by 3 d, 330 d by 30 d.
        #expect((75...85).contains(looks), "\(looks)")
        #expect(page.now - start >= 360 * day)
    }

    @Test func jitterOnlyLengthens() {
        for jitter in [0, 0.3, 0.999] {
            var page = Watched()
            page.jitter = jitter
            page.look(read())
            #expect(page.pause == 15 * minute + Int64(Double(15 * minute) * 0.1 * jitter))
        }
    }

    @Test("what the response and the settings ask for", arguments: [
        ("max-age=7200", nil, .decay, 2 * hour, .maxAge),
        ("max-age=60", nil, .decay, 15 * minute, .age),
        ("max-age=31536000", nil, .decay, day, .maxAge),
        // It may not be kept, and that says nothing about when to ask.
        ("no-store, max-age=7200", nil, .decay, 15 * minute, .age),
        (nil, nil, .every(5 * minute), 5 * minute, .interval),
        ("max-age=7200", nil, .every(5 * minute), 2 * hour, .maxAge),
        (nil, nil, .never, nil, .rests),
        ("max-age=7200", nil, .never, nil, .rests),
    ] as [(String?, String?, Recheck, Int64?, PageReason)])
    func floor(cacheControl: String?, expires: String?, recheck: Recheck, pause: Int64?, reason: PageReason) {
        var page = Watched(recheck: recheck)
        page.look(read(PollHints(cacheControl: cacheControl, expires: expires)))
        #expect(page.pause == pause)
        #expect(page.state.dueReason == reason)
    }

    @Test func threeDoubtfulLooksTakeSixHours() {
        var page = Watched()
        for _ in 0..<3 { page.look(doubtful) }
        #expect(page.now - start == 6 * hour)
        #expect(page.state.problem == "paywall")
        page.look(read())
        #expect(page.state.problem == nil && page.state.doubt == nil)
    }

    @Test func threeLooksAtAnAbsentPageTakeADayAndProveIt() {
        var page = Watched()
        for _ in 0..<2 { page.look(.absent(status: 404)) }
        #expect(page.state.absence?.isProof(now: page.now) == false)
        page.look(.absent(status: 410))
        #expect(page.now - start == day)
        #expect(page.state.absence?.isProof(now: page.now) == true)
        #expect(page.pause == 8 * day, "it is still looked for")
        page.look(read())
        #expect(page.state.absence == nil)
    }

    @Test("an answer in between ends the proof of absence", arguments: [read(), doubtful])
    func interrupted(between: PageOutcome) {
        var page = Watched()
        for _ in 0..<2 { page.look(.absent(status: 404)) }
        page.look(between)
        page.look(.absent(status: 404), after: day)
        #expect(page.state.absence?.isProof(now: page.now) == false)
    }

    @Test("trouble", arguments: [
        (.failed(failure: "timeout"), 1, 15 * minute, .backOff), (.failed(failure: "timeout"), 3, hour, .backOff),
        (.rejected(status: 500, retryAfter: nil, failure: "server_error"), 20, 4 * day, .backOff),
        (.rejected(status: 429, retryAfter: "7200", failure: "throttled"), 1, 2 * hour, .retryAfter),
        (.rejected(status: 503, retryAfter: nil, failure: "throttled"), 1, 15 * minute, .retryAfter),
        (.rejected(status: 503, retryAfter: nil, failure: "throttled"), 20, day, .retryAfter),
    ] as [(PageOutcome, Int, Int64, PageReason)])
    func trouble(outcome: PageOutcome, looks: Int, pause: Int64, reason: PageReason) {
        var page = Watched()
        for _ in 0..<looks { page.look(outcome, after: 0) }
        #expect(page.pause == pause)
        #expect(page.state.dueReason == reason)
        #expect(page.state.lastSuccess == nil)
    }

    @Test func robotsKeepThePageOutUntilTheyAreReadAgain() {
        var page = Watched()
        page.look(.keptOut(until: start + day, problem: "robots"))
        #expect(page.pause == day)
        #expect(page.state.problem == "robots")
    }

    @Test func validatorsAreSentUntilTheyAreDueForATrial() {
        var page = Watched()
        page.look(read())
        #expect(PagePlan.request(page.state, url: "u", now: page.now).validators == pair)
        #expect(PagePlan.request(page.state, url: "u", now: page.now, readsEverything: true).validators.isEmpty)
        #expect(PagePlan.request(page.state, url: "u", now: page.now + 17 * hour).validators.isEmpty)
        page.look(read(PollHints(), nil))
        #expect(page.state.validators == pair, "the page was cut off")
    }

    @Test func whoAsksDuringALookGetsAnother() {
        var state = PageState(nextLook: start, lastChange: start)
        state.ask(now: start + 2)
        let request = PagePlan.request(state, url: "u", now: start)
        func next(begun: Int64) -> PageState {
            PagePlan.next(after: read(), to: request, state: state, recheck: .never, begun: begun, now: start + 3, jitter: 0)
        }
        #expect(next(begun: start).nextLook == start + 3)
        #expect(next(begun: start + 2).nextLook == nil)
    }

    @Test func aSecondLookComesAtOnceAndAsksForAllOfThePage() {
        var page = Watched()
        page.look(read())
        page.look(.unsettled(status: 200))
        #expect(page.pause == 0)
        #expect(PagePlan.request(page.state, url: "u", now: page.now).validators.isEmpty)
    }

    @Test func aClockThatWasSetBackDelaysNoLook() {
        var page = Watched()
        page.look(read())
        func due(now: Int64) -> Int64? { PagePlan.due(page.state.nextLook, lastAttempt: page.state.lastAttempt, now: now) }
        #expect(due(now: start) == start + 15 * minute)
        #expect(due(now: start - 90 * day) == start - 90 * day)
        #expect(due(now: start - 10 * minute) == start - 10 * minute)
        page.look(read(), after: 400 * day)
        #expect(due(now: page.now) == nil)
    }

    @Test func theStateIsReadAsItWasWritten() throws {
        var page = Watched()
        page.look(read())
        page.look(doubtful)
        page.look(.absent(status: 404))
        page.state.headline = "heading"
        page.state.wasReread = true
        page.state.askedAt = start + 5
        page.state.doubt = StandingDoubt(reason: .redirected, content: ContentHash.of([2]), looks: 4, since: start)
        page.state.notBefore = start + day
        page.state.consecutiveThrottles = 2
        page.state.consecutiveFailures = 3
        #expect(PageState(json: page.state.json, nextLook: page.state.nextLook) == page.state)
        #expect(PageState(json: "", nextLook: nil) == nil)
        #expect(PageState(json: "{}", nextLook: nil) == nil)
    }

    @Test func anHourlyBudgetIsSpentEvenly() {
        let begin = ContinuousClock.now
        var budget = HourlyBudget(perHour: 3_600, now: begin)
        var taken = 0
        var now = begin
        while now < begin + .seconds(3_600) {
            if budget.next <= now {
                budget.take(at: now)
                taken += 1
            } else {
                now = budget.next
            }
        }
        #expect((3_600...3_660).contains(taken), "\(taken)")
        #expect(HourlyBudget(perHour: 1, now: begin).next <= begin)
    }
}
