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
    /// The sitemaps that it names, if it is an index of them.
    private(set) var sitemaps: [SitemapReference] = []
    /// Whether the document was read to its end. One that is the same as before is not read.
    private(set) var isWhole = false
    /// Who tells of the feed's news, as a document says that was read to its end.
    private(set) var hubLinks: HubLinks?
    private(set) var foundNews = false

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
            if let error = bridgeError(in: document) {
                let failure = FeedFailure.bridgeError
                return fail(answer.failure(failure, "no articles but the message '\(error)'; \(failure.nextStep)"))
            }
            return report(on: capture, document, seen, counts)
        case .unchanged:
            let next = answer.poll.next(after: answer.outcome(nil))
            result = .success(next)
            // A server that sent the document again (200) has shown once more what it lacks.
            let facts = CaptureFacts(locator: capture.locator, status: capture.response?.status)
            return answer.poll.report(facts, .unchanged, next: next, detail: answer.remark)
        case .unreadable(let reason):
            if let broken = answer.broken { return fail(broken) }
            let failure = FeedFailure(reason)
            return fail(answer.failure(failure, "\(reason.message); \(failure.nextStep)"))
        case .quarantined(let reason): return fail(answer.failure(.quarantined, reason.message))
        }
    }

    private mutating func report(
        on capture: Capture, _ given: ParsedDocument, _ seen: SeenDocument, _ counts: DocumentCounts?
    ) -> Report {
        var document = given
        var seen = seen
        var facts = capture.facts
        if let broken = answer.broken {
            guard document.hasEnd else { return fail(broken) }
            document.problems.insert(Problem("the answer did not end well, after the end of its document"), at: 0)
            document.isPartial = true
            seen.isPartial = true
            // The same bytes in a whole answer are to be read as such.
            facts.rawHash = nil
        }
        facts.add(document)
        if document.format == .sitemapIndex {
            // It may be the same, and its sitemaps not: the next poll is unconditional.
            document.isPartial = true
            sitemaps = document.sitemaps
        }
        let outcome = answer.outcome(document, counts: counts)
        foundNews = outcome.foundNews
        isWhole = !document.isPartial
        if isWhole { hubLinks = answer.hubLinks(document) }
        var next = answer.poll.next(after: outcome)
        next.teasers.note(document.items)
        let watchesPages = answer.poll.feed.watchesPages(of: next.teasers)
        // With some of its items the document was not read: those that are known.
        next.watchesPages = watchesPages && (next.watchesPages || capture.readsEverything || answer.poll.state.lastSuccess == nil)
        result = .success(next)
        var report = answer.poll.report(facts, .document(seen), next: next, detail: [facts.problem, answer.remark].joined)
        if watchesPages { report.pages = PageWatch(backfill: answer.poll.feed.context.pageFetch.backfill) }
        // Some servers never end an answer well. What comes later is news all the same.
        if answer.broken != nil || document.isUnsortedSitemap { report.completesImport = true }
        return report
    }

    private mutating func fail(_ failure: PollFailure) -> Report {
        result = .failure(failure)
        return answer.poll.report(failure)
    }

    nonisolated(nonsending) func waitForTurn() async throws {}

    func wasQueued() {}
}

extension ParsedDocument {
    /// Whether the document was read to its end, and says itself that it ends there.
    fileprivate var hasEnd: Bool { !isPartial && format != .jsonLines }
}
