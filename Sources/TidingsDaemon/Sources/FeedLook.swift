import TidingsCore
import TidingsFormats
import TidingsStore

/// A look at the document that a feed has answered with.
struct FeedLook: Look {
    let progress: Progress
    private let answer: FeedAnswer
    /// Nil once it was read.
    private var capture: Capture?
    /// What became of the poll: the state after it, or why there is no document.
    private(set) var result: Result<PollState, PollFailure>?

    init(_ capture: Capture, _ answer: FeedAnswer, progress: Progress) {
        self.capture = capture
        self.answer = answer
        self.progress = progress
    }

    mutating func next() -> Looked? {
        defer { capture = nil }
        return capture.map(Looked.capture)
    }

    mutating func report(on capture: Capture, _ reading: Reading) -> Report {
        switch reading {
        case .document(let document, let seen, let counts):
            var facts = capture.facts
            facts.add(document)
            let next = answer.poll.next(after: answer.outcome(document, counts: counts))
            result = .success(next)
            return answer.poll.report(facts, .document(seen), next: next, detail: facts.problem ?? answer.moved)
        case .unchanged:
            let next = answer.poll.next(after: answer.outcome(nil))
            result = .success(next)
            // A server that sent the document again (200) has shown once more what it lacks.
            let facts = CaptureFacts(locator: capture.locator, status: capture.response?.status)
            return answer.poll.report(facts, .unchanged, next: next, detail: answer.moved)
        case .unreadable(let reason):
            let failure = FeedFailure(reason)
            return fail(answer.failure(failure, "\(reason.message); \(failure.nextStep)"))
        case .quarantined(let reason): return fail(answer.failure(.quarantined, reason.message))
        }
    }

    private mutating func fail(_ failure: PollFailure) -> Report {
        result = .failure(failure)
        return answer.poll.report(failure)
    }

    nonisolated(nonsending) func waitForTurn() async throws {}

    func wasQueued() {}
}
