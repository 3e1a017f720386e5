import TidingsCore
@testable import TidingsStore

let hour: Int64 = 3_600_000

/// A ledger with feeds whose pages are watched. Time is told in hours.
final class PageFixture: Sendable {
    let files: LedgerFixture
    let ledger: Ledger
    let feeds: [SourceRow]
    private let start: Int64 = 1_771_581_600_000

    init(feeds: [String] = ["f"]) async throws {
        files = try LedgerFixture()
        (ledger, self.feeds) = try await files.open(feeds: feeds)
    }

    /// The feed `feed` shows these items.
    @discardableResult
    func poll(_ items: Item..., at hours: Double = 0, feed: Int = 0, watches: Bool = true, backfill: Int = 50) async throws -> [PageDue] {
        var report = feeds[feed].document(items)
        if watches { report.pages = PageWatch(backfill: backfill) }
        return try await ledger.commit([report], at: time(hours)).pages
    }

    /// The page at `url` is looked at, and shows `text`.
    @discardableResult
    func look(
        _ text: String, _ doubt: PageDoubt? = nil, url: String = "https://f.test/1", author: String? = nil, at hours: Double = 1,
        feed: Int = 0, reread: PageReread? = nil
    ) async throws -> [PageDue] {
        let page = try page(url, feed: feed)
        let item = item(text, url: url, author: author)
        let finding = PageReport.Finding.article(SeenItem(key: page.key, item: item), doubt)
        let bytes = Array(text.utf8)
        let hash = ContentHash.of(bytes)
        let body = PageBody(bytes, rawHash: hash)
        let due = try await commit(finding, page, hash: hash, status: 200, at: hours, feed: feed, body: body, reread: reread)
        // What is new is looked at twice.
        guard try self.page(url, feed: feed).state.dueReason == .confirmation else { return due }
        return try await commit(finding, page, hash: hash, status: 200, at: hours, feed: feed, body: body)
    }

    /// The look at the page ends with `outcome`.
    @discardableResult
    func end(
        _ outcome: PageOutcome, url: String = "https://f.test/1", at hours: Double = 1, feed: Int = 0, reread: PageReread? = nil
    ) async throws -> [PageDue] {
        try await commit(.ended(outcome), try page(url, feed: feed), hash: nil, status: nil, at: hours, feed: feed, reread: reread)
    }

    private func commit(
        _ finding: PageReport.Finding, _ page: PageRow, hash: ContentHash?, status: Int?, at hours: Double, feed: Int,
        body: PageBody? = nil, reread: PageReread? = nil
    ) async throws -> [PageDue] {
        let facts = CaptureFacts(locator: page.locator, rawHash: hash, format: "html", status: status)
        var look = PageReport(
            page: page.id, finding: finding, facts: facts, request: PageRequest(url: page.locator), begun: time(hours), recheck: .decay,
            jitter: 0)
        look.body = body
        look.reread = reread
        return try await ledger.commit([Report(source: feeds[feed].id, finding: .page(look))], at: time(hours)).pages
    }

    func time(_ hours: Double) -> Int64 { start + Int64(hours * Double(hour)) }

    func page(_ url: String = "https://f.test/1", feed: Int = 0) throws -> PageRow {
        let reader = try files.reader()
        for due in try reader.pages(of: feeds[feed].id, now: start) {
            if let page = try reader.page(due.page, now: start), page.locator == url { return page }
        }
        throw NoPage(url: url)
    }

    struct NoPage: Error { let url: String }

    /// The changes of articles so far.
    func news() throws -> [String] { try files.news() }

    /// The newest text of the article that was seen first.
    func text(of article: Int = 0) throws -> String? {
        let reader = try files.reader()
        var ids: [ArticleID] = []
        try reader.connection.prepare("SELECT id FROM articles ORDER BY article").each { row in
            if let id = ArticleID(row.text(0)) { ids.append(id) }
            return true
        }
        guard ids.indices.contains(article) else { return nil }
        return try reader.version(of: ids[article], number: nil)?.form.text
    }
}

/// A teaser in a feed, with its own page.
func teaser(_ text: String, _ number: Int = 1, author: String? = nil, host: String = "f.test", date: Int64? = nil) -> Item {
    item(text, id: "g\(number)", url: "https://\(host)/\(number)", author: author, date: date)
}
