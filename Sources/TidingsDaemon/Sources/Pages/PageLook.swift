import TidingsCore
import TidingsFetch
import TidingsFormats
import TidingsStore
import TidingsSystem

/// One look at a page.
struct PageLook: Look {
    let page: PageRow
    let progress: Progress
    private let watcher: PageWatcher
    private let request: PageRequest
    private let readsEverything: Bool
    private let begun = wallClockMilliseconds()
    /// The body that the ledger keeps, if older text rules have read it.
    var reread: PageReread?
    /// How far the next look is moved by chance.
    private let jitter = Double.random(in: 0..<1)
    private var answer: PageAnswer?
    private var capture: Capture?

    init(
        _ page: PageRow, _ watcher: PageWatcher, _ request: PageRequest, readsEverything: Bool, progress: Progress
    ) {
        self.page = page
        self.watcher = watcher
        self.request = request
        self.readsEverything = readsEverything
        self.progress = progress
    }

    /// The look at the document that was answered.
    func reading(_ answer: PageAnswer) -> PageLook {
        var look = self
        var hints = DocumentHints(contentType: answer.response.contentType, baseURL: answer.response.finalURL)
        hints.feedTitle = page.feedItem?.title
        hints.headline = page.state.headline.flatMap(HeadlineKind.init)
        hints.blockMemory = reread?.blocks.map(BlockMemory.init(bytes:))
        look.answer = answer
        look.capture = Capture(
            source: watcher.source, kind: .page, locator: page.locator, bytes: answer.response.body, hints: hints,
            response: answer.facts, readsEverything: readsEverything)
        return look
    }

    mutating func next() -> Looked? {
        defer { capture = nil }
        return capture.map(Looked.capture)
    }

    mutating func report(on capture: Capture, _ reading: Reading) -> Report {
        guard let answer else { preconditionFailure("a look without an answer") }
        var facts = capture.facts
        switch reading {
        case .document(let document, let seen, _):
            facts.add(document)
            var report = report(finding(document, seen, capture), facts, answer)
            if case .page(var look) = report.finding {
                look.headline = document.headline?.rawValue
                if case .article = look.finding { look.body = PageBody(capture, headline: document.headline) }
                report.finding = .page(look)
            }
            return report
        case .unchanged: return report(.ended(answer.notModified), facts, answer)
        case .unreadable(.empty): return report(.noArticle(.empty, capture.rawHash), facts, answer)
        case .unreadable: return report(.noArticle(.notAPage, capture.rawHash), facts, answer)
        case .quarantined:
            return report(.ended(.failed(failure: FeedFailure.quarantined.rawValue)), facts, answer)
        }
    }

    nonisolated(nonsending) func waitForTurn() async throws {}

    func wasQueued() {}

    /// The report of a look that has read nothing.
    func ended(_ outcome: PageOutcome, _ answer: PageAnswer? = nil) -> Report {
        let facts = CaptureFacts(locator: page.locator, status: answer?.response.status)
        return report(.ended(outcome), facts, answer)
    }

    private func finding(_ document: ParsedDocument, _ seen: SeenDocument, _ capture: Capture) -> PageReport.Finding {
        guard document.isPage else { return .noArticle(.notAPage, capture.rawHash) }
        guard case .seen(let item)? = seen.entries.first else { return .noArticle(doubt(of: document) ?? .empty, capture.rawHash) }
        return .article(item, doubt(of: document))
    }

    /// What speaks against the document, as far as the answer and the page itself show.
    private func doubt(of document: ParsedDocument) -> PageDoubt? {
        if let obstacle = document.obstacle { return PageDoubt(obstacle) }
        switch answer?.target {
        case .frontPage: return .redirected
        case .section where document.contentKind?.kind == .listing: return .redirected
        default: return document.isUnsure || document.isPartial ? .unsure : nil
        }
    }

    private func report(_ finding: PageReport.Finding, _ facts: CaptureFacts, _ answer: PageAnswer?) -> Report {
        var look = PageReport(
            page: page.id, finding: finding, facts: facts, request: request, begun: begun, recheck: watcher.recheck, jitter: jitter)
        look.reread = reread
        if let answer {
            look.hints = answer.response.pollHints
            look.permanentTarget = answer.response.permanentTarget
        }
        return Report(source: watcher.source, finding: .page(look))
    }
}

extension PageDoubt {
    fileprivate init(_ obstacle: PageObstacle) {
        self =
            switch obstacle {
            case .challenge: .challenge
            case .consent: .consent
            case .login: .login
            case .paywall: .paywall
            case .errorPage: .errorPage
            }
    }
}
