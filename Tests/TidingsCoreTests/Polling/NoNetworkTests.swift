import Testing

@testable import TidingsCore

/// A start without a network, and failures that lie with this machine.
struct NoNetworkTests {
    private static let none = PollOutcome.noNetwork(failure: "dns")

    @Test func pollsWithoutANetworkComeAtGrowingPausesAndCountAsNothing() {
        var known = Feed()
        known.poll(.read())
        for var feed in [Feed(), known] {
            let before = feed.state
            var delays: [Int64] = []
            for _ in 0..<PollPlan.networkPolls {
                feed.poll(after: feed.delay, Self.none)
                delays.append(feed.delay)
            }
            #expect(delays.map { $0 / 1000 } == [2, 4, 8, 16, 32, 64, 128, 256])
            #expect(feed.state.dueReason == .noNetwork)
            #expect(feed.state.failure == "dns")
            #expect(feed.state.verdict == before.verdict, "new stays new, and well stays well")
            #expect(feed.state.consecutiveFailures == 0)
            for outcome in [Self.none, .failed(isTransient: true, failure: "dns")] {
                var later = feed
                later.poll(after: feed.delay, outcome)
                #expect(later.state.consecutiveFailures == 1, "after so long, or with a network, it is a failure like all")
                #expect(later.state.dueReason == .backOff)
            }
        }
    }

    @Test func longAbsenceOfTheNetworkIsOverForAllFeedsWhenOneIsAnswered() {
        var state = Self.failed(Self.none, times: 12)
        #expect(state.consecutiveFailures == 4)
        #expect(state.dueReason == .backOff)
        #expect(PollPlan.triedAgain(state, feeds: 1, now: now, jitter: 0).nextPoll == now)
        // A restart must not have each dead name asked again: only this one has seen that there was no network.
        state = PollState(json: state.json, nextPoll: state.nextPoll) ?? state
        #expect(!state.hasFailedHere)
    }

    @Test func pauseIsNeverLongerThanTheInterval() {
        var feed = Feed()
        feed.settings = PollSettings(everyMilliseconds: 1000, minimumMilliseconds: 1000)
        for _ in 0..<3 { feed.poll(after: feed.delay, Self.none) }
        #expect(feed.delay == 1000)
    }

    private static func failed(_ outcome: PollOutcome, times: Int = 5) -> PollState {
        var feed = Feed()
        for _ in 0..<times { feed.poll(outcome) }
        return feed.state
    }

    @Test("what failed for a reason of this machine's is tried again at the start, and when that may have passed", arguments: [
        ("no network", failed(none), true),
        ("a file that is missing", failed(.failed(isTransient: false, failure: "headers_file")), true),
        ("a server that is down", failed(.failed(isTransient: true, failure: "unreachable")), false),
        ("a feed that is not found", failed(.answered(404)), false),
        ("a feed that is well", failed(.read()), false),
    ] as [(String, PollState, Bool)])
    func triesAgain(name: String, state: PollState, isSoon: Bool) throws {
        let stored = try #require(PollState(json: state.json, nextPoll: state.nextPoll))
        #expect(stored.hasFailedHere == isSoon)
        for next in [
            PollPlan.started(stored, settings: settings, feeds: 100, now: now, jitter: 0.5),
            PollPlan.triedAgain(state, feeds: 100, now: now, jitter: 0.5),
        ] {
            #expect(next.nextPoll == (isSoon ? now + 50 * PollPlan.startSpacingMilliseconds : state.nextPoll), "\(name)")
            #expect(next.dueReason == (isSoon ? .start : state.dueReason))
        }
    }

    @Test func serverThatAskedForPatienceGetsItAllTheSame() {
        var state = Self.failed(.failed(isTransient: false, failure: "headers_file"))
        state.notBefore = now + hour
        #expect(PollPlan.triedAgain(state, feeds: 1, now: now, jitter: 0).nextPoll == now + hour)
    }

    @Test("a feed that was never read is not well", arguments: [
        ([], nil), ([none], nil), ([.timedOut], nil), ([.answered(503, "60")], nil), ([.timedOut, .timedOut, .timedOut], .failing),
        ([.answered(404)], .failing), ([.read()], .ok), ([.read(), .timedOut], .ok),
    ] as [([PollOutcome], SourceState?)])
    func verdicts(outcomes: [PollOutcome], expected: SourceState?) {
        var feed = Feed()
        for outcome in outcomes { feed.poll(outcome) }
        #expect(feed.state.verdict == expected)
    }
}
