@testable import TidingsCore

/// 2026-02-20T10:00:00Z, a Friday.
let now: Int64 = 1_771_581_600_000
let minute: Int64 = 60_000
let hour: Int64 = 3_600_000
let day: Int64 = 86_400_000

/// Every 15 minutes, within a minute and a day.
let settings = PollSettings()

/// One feed between two polls, with what tests vary from poll to poll.
struct Feed {
    var state: PollState
    var settings = PollSettings()
    /// The time by the machine's clock.
    var now: Int64
    var jitter = 0.0

    init(_ state: PollState? = nil, now: Int64 = TidingsCoreTests.now) {
        self.state = state ?? PollState(nextPoll: now)
        self.now = now
    }

    var request: PollRequest { PollPlan.request(state, now: now) }
    var delay: Int64 { state.nextPoll - now }

    /// Polls now, with what the plan asks for.
    mutating func poll(_ outcome: PollOutcome) {
        state = PollPlan.next(
            after: outcome, to: request, state: state, settings: settings, now: now, jitter: jitter)
    }

    /// Waits, then polls.
    mutating func poll(after milliseconds: Int64, _ outcome: PollOutcome) {
        now += milliseconds
        poll(outcome)
    }
}

extension PollOutcome {
    static let notModified = PollOutcome.notModified(hints: PollHints())
    static let timedOut = PollOutcome.failed(isTransient: true, failure: "timeout")

    static func read(
        _ validators: Validators? = Validators(), _ counts: DocumentCounts? = nil, movedTo target: String? = nil
    ) -> PollOutcome {
        .read(status: 200, validators: validators, hints: PollHints(), counts: counts, permanentTarget: target)
    }

    static func answered(_ status: Int, _ retryAfter: String? = nil) -> PollOutcome {
        .rejected(status: status, retryAfter: retryAfter)
    }
}
