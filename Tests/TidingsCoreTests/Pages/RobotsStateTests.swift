import Testing

@testable import TidingsCore

private let agent = "Tidings/1.0"
private let file = Array("user-agent: *\ndisallow: /a".utf8)
private let rules = RobotsRules(file, agent: agent)

private func next(
    _ outcome: RobotsState.Outcome, _ state: RobotsState? = nil, at time: Int64 = now, jitter: Double = 0
) -> RobotsState {
    RobotsState.next(after: outcome, state: state, agent: agent, now: time, jitter: jitter)
}

@Suite("When robots.txt is asked for, and what holds meanwhile") struct RobotsStateTests {
    @Test("an answer that the host has rules, or none, holds for a day at most, and for as long as it says", arguments: [
        (.read(status: 200, body: file, cacheControl: nil), rules, dayMilliseconds),
        (.read(status: 200, body: file, cacheControl: "max-age=7200"), rules, 2 * hourMilliseconds),
        (.read(status: 200, body: file, cacheControl: "max-age=60"), rules, hourMilliseconds),
        (.read(status: 200, body: file, cacheControl: "max-age=31536000"), rules, dayMilliseconds),
        (.read(status: 200, body: file, cacheControl: "no-cache, max-age=0"), rules, dayMilliseconds),
        (.read(status: 204, body: [], cacheControl: nil), .none, dayMilliseconds),
        (.rejected(status: 404), .none, dayMilliseconds), (.rejected(status: 403), .none, dayMilliseconds),
        (.rejected(status: 410, cacheControl: "max-age=7200"), .none, 2 * hourMilliseconds),
        (.rejected(status: 302), .none, dayMilliseconds), (.misdirected, .none, dayMilliseconds),
    ] as [(RobotsState.Outcome, RobotsRules, Int64)])
    func answers(outcome: RobotsState.Outcome, rules: RobotsRules, lifetime: Int64) {
        let state = next(outcome)
        #expect(state.nextFetch == now + lifetime)
        #expect(state.access(agent: agent, now: now) == .obey(rules))
        #expect(state.access(agent: agent, now: now + lifetime - 1) == .obey(rules))
        #expect(state.access(agent: agent, now: now + lifetime) == .ask)
        #expect(next(outcome, jitter: 0.999).nextFetch < now + lifetime)
        #expect(next(outcome, jitter: 0.999).nextFetch > now + lifetime * 8 / 10)
    }

    @Test("a host that cannot say is left alone, and asked again after pauses that grow to a day", arguments: [
        .rejected(status: 500), .rejected(status: 503), .rejected(status: 429), .rejected(status: 999), .unreachable,
    ] as [RobotsState.Outcome])
    func failures(outcome: RobotsState.Outcome) {
        var state = next(.read(status: 200, body: file, cacheControl: nil))
        var time = state.nextFetch
        var pauses: [Int64] = []
        for _ in 0..<11 {
            state = next(outcome, state, at: time)
            pauses.append((state.nextFetch - time) / minuteMilliseconds)
            #expect(state.access(agent: agent, now: time) == .wait(until: state.nextFetch))
            time = state.nextFetch
            #expect(state.access(agent: agent, now: time) == .ask)
        }
        #expect(pauses == [5, 10, 20, 40, 80, 160, 320, 640, 1280, 1440, 1440])
        #expect(next(outcome, state, at: time, jitter: 0.999).nextFetch > time + dayMilliseconds)
        let recovered = next(.read(status: 200, body: [], cacheControl: nil), state, at: time)
        #expect(recovered.access(agent: agent, now: time) == .obey(.none))
        #expect(next(outcome, recovered, at: time).nextFetch == time + 5 * minuteMilliseconds)
    }

    @Test("after thirty days the last rules hold again, and without any, everything is allowed")
    func undefined() {
        for (first, expected) in [(RobotsState.Outcome.read(status: 200, body: file, cacheControl: nil), rules), (.unreachable, .none)] {
            var state = next(first)
            var time = state.nextFetch
            let start = first == .unreachable ? now : time
            while time < start + RobotsState.patienceMilliseconds {
                state = next(.unreachable, state, at: time)
                #expect(state.access(agent: agent, now: time) == .wait(until: state.nextFetch))
                time = state.nextFetch
            }
            state = next(.rejected(status: 502), state, at: time)
            #expect(state.access(agent: agent, now: time) == .obey(expected))
            #expect(state.access(agent: agent, now: state.nextFetch) == .ask)
        }
    }

    @Test("Retry-After lengthens the pause", arguments: [
        ("3600", 60), ("10", 5), ("99999999", 1440), ("soon", 5), ("Fri, 20 Feb 2026 11:00:00 GMT", 60),
    ])
    func retryAfter(field: String, minutes: Int64) {
        let state = next(.rejected(status: 503, retryAfter: field))
        #expect(state.nextFetch == now + minutes * minuteMilliseconds)
    }

    @Test("a clock that was set back makes the file be asked for")
    func clock() {
        let state = next(.read(status: 200, body: file, cacheControl: nil))
        #expect(state.access(agent: agent, now: now - 2 * dayMilliseconds) == .ask)
        #expect(state.access(agent: agent, now: now - hourMilliseconds) == .obey(rules))
        let failing = next(.unreachable, state)
        #expect(next(.unreachable, failing, at: now - dayMilliseconds).failingSince == now - dayMilliseconds)
    }

    @Test("rules that were read for another product token do not count")
    func otherAgent() {
        let state = next(.read(status: 200, body: file, cacheControl: nil))
        #expect(state.access(agent: "tidings/2", now: now) == .obey(rules))
        #expect(state.access(agent: "Harbour/1", now: now) == .ask)
        let other = RobotsState.next(after: .unreachable, state: state, agent: "Harbour/1", now: now, jitter: 0)
        #expect(other.rules == nil)
        #expect(other.token == "harbour")
    }

    @Test("a state is read as it was written, and damage is no state")
    func json() {
        let read = next(.read(status: 200, body: file, cacheControl: nil))
        let states = [
            RobotsState(token: "", nextFetch: 5), read, next(.rejected(status: 404)), next(.unreachable), next(.rejected(status: 503), read),
        ]
        for state in states { #expect(RobotsState(json: state.json) == state, "\(state.json)") }
        #expect(read.json == """
            {"token":"tidings","rules":"2-/a\\n","fetchedAt":1771581600000,"status":200,"nextFetch":1771668000000}
            """)
        for text in ["", "{", "[]", "{}", #"{"token":1,"nextFetch":1}"#, #"{"token":"a"}"#] { #expect(RobotsState(json: text) == nil) }
        let damaged = RobotsState(json: #"{"token":"tidings","nextFetch":1,"failures":9223372036854775807}"#)
        #expect(next(.unreachable, damaged).nextFetch == now + dayMilliseconds)
    }
}
