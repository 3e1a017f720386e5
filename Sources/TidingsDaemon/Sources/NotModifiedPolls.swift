import Synchronization
import TidingsCore
import TidingsFetch

/// An answer 304 to a poll: there is nothing to read.
final class UnreadAnswer: Sendable {
    let feed: FeedSource
    let poll: BegunPoll
    let response: FetchResponse
    /// Called once, with the state after the poll.
    private let onEnd: @Sendable (PollState) -> Void

    init(feed: FeedSource, poll: BegunPoll, response: FetchResponse, onEnd: @escaping @Sendable (PollState) -> Void) {
        self.feed = feed
        self.poll = poll
        self.response = response
        self.onEnd = onEnd
    }

    func end(_ end: (result: PassResult, state: PollState)) {
        poll.asked.answer(end.result)
        onEnd(end.state)
    }
}

/// The answers 304 of all feeds; most polls get one. While a task commits some, others come, and it takes these together next: a poll
/// costs neither a task nor a place in the committer's queue.
final class NotModifiedPolls: Sendable {
    private struct State {
        var waiting: [UnreadAnswer] = []
        /// Whether `drain` runs; it sees what is added.
        var isDrained = false
    }
    private let state = Mutex(State())

    /// Called on a thread that must not be held up.
    func add(_ answer: UnreadAnswer) {
        let starts = state.withLock { state in
            state.waiting.append(answer)
            defer { state.isDrained = true }
            return !state.isDrained
        }
        if starts { Task { await drain(answer.feed.context) } }
    }

    private func drain(_ context: FeedContext) async {
        while true {
            let answers = state.withLock { state in
                defer { state.waiting = [] }
                state.isDrained = !state.waiting.isEmpty
                return state.waiting
            }
            guard let first = answers.first else { return }
            await first.feed.noteNetwork()
            await FeedSource.use(answers, in: context)
        }
    }
}
