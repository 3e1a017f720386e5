import TestSupport
import Testing

@testable import TidingsCore

@Suite struct PollStateJSONTests {
    @Test("any state is read as it was written", arguments: 1...200 as ClosedRange<UInt64>)
    func roundTrip(seed: UInt64) {
        var random = Seeded(seed: seed)
        let state = random.state()
        #expect(PollState(json: state.json, nextPoll: state.nextPoll) == state, "seed \(seed): \(state.json)")
    }

    @Test("a state that cannot be read is none", arguments: [
        "", "{", "[]", "null", #""dueReason""#, #"{"dueReason":"interval"} {}"#,
    ])
    func unreadable(json: String) {
        #expect(PollState(json: json, nextPoll: 5) == nil)
    }

    @Test func aStateWithEscapesOfAnotherWriterIsRead() {
        var expected = PollState(nextPoll: 5)
        expected.dueReason = .retryAfter
        expected.redirects.movedTo = "https://a.example/é"
        let json = #"{ "dueReason": "retry_after", "redirects": {"movedTo": "https:\/\/a.example\/\u00e9"} }"#
        #expect(PollState(json: json, nextPoll: 5) == expected)
    }
}

extension Seeded {
    fileprivate mutating func state() -> PollState {
        var state = PollState(nextPoll: time())
        let reasons: [PollReason] = [
            .interval, .maxAge, .expires, .ttl, .skipHours, .quiet, .busy, .backOff, .retryAfter, .gone, .start,
        ]
        state.dueReason = reasons[Int.random(in: reasons.indices, using: &self)]
        state.notBefore = maybe { $0.time() }
        state.lastAttempt = maybe { $0.time() }
        state.lastSuccess = maybe { $0.time() }
        state.lastStatus = maybe { Int.random(in: 100...599, using: &$0) }
        state.failure = maybe { $0.message() }
        state.sourceState = [.ok, .failing, .gone].randomElement(using: &self) ?? .ok
        state.watchesPages = .random(using: &self)
        state.teasers = TeaserMemory(["T1101", "W", "?0"].randomElement(using: &self) ?? "") ?? TeaserMemory()
        state.consecutiveFailures = .random(in: 0...9, using: &self)
        state.consecutiveThrottles = .random(in: 0...9, using: &self)
        state.absence = maybe { NotFoundStreak(status: Bool.random(using: &$0) ? 404 : 410, count: .random(in: 1...9, using: &$0)) }
        state.validators = Validators(etag: maybe { $0.message() }, lastModified: maybe { $0.message() })
        state.trust.nextUnconditional = maybe { $0.time() }
        state.trust.validatorLies = .random(in: 0...3, using: &self)
        state.trust.distrustedUntil = maybe { $0.time() }
        state.redirects.movedTo = maybe { $0.message() }
        state.redirects.candidate = maybe {
            RedirectMemory.Candidate(target: $0.message(), firstSeen: $0.time(), successes: .random(in: 1...9, using: &$0))
        }
        state.feedHints.timeToLiveSeconds = maybe { Int.random(in: -9...1 << 40, using: &$0) }
        state.feedHints.skips = maybe {
            SkipTimes(hours: [.random(in: 0...30, using: &$0), 4], days: Bool.random(using: &$0) ? [6, 7] : [])
        }
        state.pace.lastFresh = maybe { $0.time() }
        state.pace.itemGapMilliseconds = maybe { $0.time() }
        state.pace.documentItems = maybe { Int.random(in: 0...1000, using: &$0) }
        return state
    }

    private mutating func time() -> Int64 {
        Bool.random(using: &self) ? .random(in: 0...4_000_000_000_000, using: &self) : .random(in: .min ... .max, using: &self)
    }

    private mutating func message() -> String {
        text(of: ["a", "Z", "\"", "\\", "/", "\n", "\u{0}", "\u{7F}", "é", "\u{1F600}", "{", "}", ","], length: 30)
    }

    private mutating func maybe<Value>(_ make: (inout Seeded) -> Value) -> Value? {
        Bool.random(using: &self) ? make(&self) : nil
    }
}
