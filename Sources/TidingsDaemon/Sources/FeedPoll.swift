import TidingsCore
import TidingsFetch
import TidingsStore
import TidingsSystem

/// A poll of a feed whose turn has come. It is a class, like `FeedPoll`, because copies of its twenty strings would cost more than the
/// poll's own work.
final class BegunPoll: Sendable {
    /// What comes first.
    enum Step {
        case ask(FetchRequest)
        /// The server wants to be left alone until then, in milliseconds since 1970.
        case wait(until: Int64)
        /// There is nothing to ask with.
        case fail(PollFailure)
    }

    /// What this poll is the answer to.
    let asked: PassRequests.Asked
    let state: PollState
    let request: PollRequest
    /// Whether a feed had had an answer when this poll began.
    let hasNetwork: Bool
    /// When it began, in milliseconds since 1970.
    let began: Int64

    init(asked: PassRequests.Asked, state: PollState, request: PollRequest, hasNetwork: Bool, began: Int64) {
        self.asked = asked
        self.state = state
        self.request = request
        self.hasNetwork = hasNetwork
        self.began = began
    }
}

/// One poll of a feed that has ended: what was asked, in which state, and when it ended. From one outcome follows one next state.
final class FeedPoll: Sendable {
    let feed: FeedSource
    let request: PollRequest
    /// The state before the poll.
    let state: PollState
    let wish: PassWish
    /// When it began, in milliseconds since 1970.
    let began: Int64
    private let ended = wallClockMilliseconds()
    /// How far the next poll is moved by chance.
    private let jitter = Double.random(in: 0..<1)

    init(_ begun: BegunPoll, of feed: FeedSource) {
        self.feed = feed
        request = begun.request
        state = begun.state
        wish = begun.asked.wish
        began = begun.began
    }

    /// The state after the poll.
    /// - Parameter longer: the interval, where it is to be longer than the settings'.
    func next(after outcome: PollOutcome, every longer: Int64 = 0) -> PollState {
        var settings = feed.settings.pollSettings
        settings.everyMilliseconds = max(settings.everyMilliseconds, longer)
        settings.isPushed = feed.context.hubs?.sparesPolls(of: feed, after: outcome.foundNews, began: began, now: ended) ?? false
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
            look: SourceLook(state: next.verdict, detail: failure.message, succeeded: false), poll: feed.row(next))
    }
}

/// Why a poll brought no document.
struct PollFailure: Error, Sendable {
    let outcome: PollOutcome
    /// What is wrong, and the next step.
    let message: String
}

extension PollOutcome {
    /// Whether the document had items that the source had not shown before, or not so.
    var foundNews: Bool {
        guard case .read(_, _, _, let counts?, _) = self else { return false }
        return counts.fresh + counts.edited > 0
    }
}
