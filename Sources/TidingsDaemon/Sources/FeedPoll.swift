import TidingsCore
import TidingsStore
import TidingsSystem

/// One poll of a feed that has ended: what was asked, in which state, and when it ended. From one outcome follows one next state.
struct FeedPoll: Sendable {
    let feed: FeedSource
    let request: PollRequest
    /// The state before the poll.
    let state: PollState
    let wish: PassWish
    private let ended = wallClockMilliseconds()
    /// How far the next poll is moved by chance.
    private let jitter = Double.random(in: 0..<1)

    init(of feed: FeedSource, _ request: PollRequest, _ state: PollState, _ wish: PassWish) {
        self.feed = feed
        self.request = request
        self.state = state
        self.wish = wish
    }

    /// The state after the poll.
    /// - Parameter longer: the interval, where it is to be longer than the settings'.
    func next(after outcome: PollOutcome, every longer: Int64 = 0) -> PollState {
        var settings = feed.settings.pollSettings
        settings.everyMilliseconds = max(settings.everyMilliseconds, longer)
        return PollPlan.next(after: outcome, to: request, state: state, settings: settings, now: ended, jitter: jitter)
    }

    /// What is reported of a poll that succeeded, together with when the next one comes.
    func report(_ facts: CaptureFacts, _ content: CaptureContent, next: PollState, detail: String?) -> Report {
        var report = Report(
            source: feed.id, finding: .capture(facts, content), look: SourceLook(state: .ok, detail: detail),
            poll: feed.row(next))
        report.acceptsRemovals = wish.acceptsRemovals
        return report
    }

    /// What is reported of a poll that failed. What the ledger has of the last good document stays: a bad answer proves nothing.
    func report(_ failure: PollFailure) -> Report {
        let next = next(after: failure.outcome)
        return Report(
            source: feed.id, finding: .nothing,
            look: SourceLook(state: next.sourceState, detail: failure.message, succeeded: false), poll: feed.row(next))
    }
}

/// Why a poll brought no document.
struct PollFailure: Error, Sendable {
    let outcome: PollOutcome
    /// What is wrong, and the next step.
    let message: String
}
