import Testing
import TidingsCore

@testable import TidingsStore

private let long = String(repeating: "The harbour board met on Tuesday. ", count: 20)

/// So many minutes before the first poll of `PageFixture`, counted from an hour before it.
private func date(_ minutes: Int64) -> Int64 { 1_771_581_600_000 - hour + minutes * 60_000 }

/// What is doubtful, and what is gone, on a real ledger.
@Suite("Looks at a page") struct PageLookTests {
    /// A page whose first text came an hour after its item.
    private func watched() async throws -> PageFixture {
        let site = try await PageFixture()
        try await site.poll(teaser("Short…", 1, date: date(10)), teaser("Other…", 2, date: date(20)))
        try await site.look(long)
        return site
    }

    @Test("a doubtful look makes no version, and is named", arguments: PageDoubt.allCases)
    func doubtful(doubt: PageDoubt) async throws {
        let site = try await watched()
        try await site.look(String(long.prefix(400)) + "And something else.", doubt, at: 2)
        #expect(try site.news().count == 3)
        #expect(try site.page().state.problem == doubt.rawValue)
        let counts = try site.files.reader().pageCounts(of: site.feeds[0].id)
        #expect(counts?.problems.map(\.name) == [doubt.rawValue])
        try await site.look(long, at: 3)
        #expect(try site.news().count == 3 && site.page().state.problem == nil)
    }

    @Test func aTextThatShrankByMoreThanHalfIsDoubtful() async throws {
        let site = try await watched()
        let half = String(long.prefix(long.count / 2 + 20))
        let stub = String(long.prefix(long.count / 2 - 20))
        try await site.look(stub, at: 2)
        #expect(try site.news().count == 3 && site.page().state.problem == "shrunk")
        try await site.look(half, at: 3)
        #expect(try site.news().suffix(1) == ["updated g1@3 substantive"])
    }

    @Test func threeEqualLooksOverSixHoursAreBelieved() async throws {
        let site = try await watched()
        for hours in [2.0, 5, 7.5] { try await site.look("A stub is left.", at: hours) }
        #expect(try site.news().count == 3)
        try await site.look("A stub is left.", at: 8.5)
        #expect(try site.news().suffix(1) == ["updated g1@3 substantive"])
        #expect(try site.page().state.problem == nil)
    }

    @Test func threeUnequalLooksAreNotBelieved() async throws {
        let site = try await watched()
        for hours in [2.0, 5, 8, 11] { try await site.look("A stub is left at \(hours).", at: hours) }
        #expect(try site.news().count == 3)
    }

    @Test func aPaywallThatShowsLessIsNeverBelieved() async throws {
        let site = try await watched()
        for day in 0..<30 { try await site.look("Subscribe to read on.", .paywall, at: Double(24 * day) + 2) }
        #expect(try site.news().count == 3)
    }

    @Test func pageGoneThreeTimesOverADayWithTheItemOutOfTheFeed() async throws {
        let site = try await watched()
        for hours in [2.0, 3, 4, 5] { try await site.poll(teaser("Other…", 2, date: date(20)), teaser("New…", 3, date: date(30)), at: hours) }
        let before = try site.news().count
        for hours in [10.0, 22] { try await site.end(.absent(status: 404), at: hours) }
        #expect(try site.news().count == before)
        try await site.end(.absent(status: 410), at: 34)
        #expect(try site.news().suffix(1) == ["removed g1@2 page_gone"])
        #expect(try site.page().state.nextLook != nil, "it is still looked for")
        try await site.look(long, at: 60)
        #expect(try site.news().suffix(1) == ["restored g1@2"])
        try await site.look(long + "More.", at: 61)
        #expect(try site.news().suffix(1) == ["updated g1@3 substantive"])
    }

    @Test func aPageIsNotGoneWhileTheFeedShowsTheItem() async throws {
        let site = try await watched()
        for hours in [10.0, 22, 34, 300] { try await site.end(.absent(status: 404), at: hours) }
        #expect(try site.news().count == 3)
        for hours in [301.0, 302, 303] { try await site.poll(teaser("Other…", 2, date: date(20)), teaser("New…", 3, date: date(30)), at: hours) }
        try await site.end(.absent(status: 404), at: 310)
        #expect(try site.news().suffix(1) == ["removed g1@2 page_gone"])
    }

    @Test("what stands in the article's place for long is as good as not found", arguments: [PageDoubt.errorPage, .redirected])
    func inItsPlace(doubt: PageDoubt) async throws {
        let site = try await watched()
        for hours in [2.0, 3, 4] { try await site.poll(teaser("Other…", 2, date: date(20)), teaser("New…", 3, date: date(30)), at: hours) }
        let before = try site.news().count
        for hours in [5.0, 8, 11, 23, 34] { try await site.look("Nothing here.", doubt, at: hours) }
        #expect(try site.news().count == before)
        try await site.look("Nothing here.", doubt, at: 36)
        #expect(try site.news().suffix(1) == ["removed g1@2 page_gone"])
    }

    @Test func aFailedLookChangesNothing() async throws {
        let site = try await watched()
        let shown = try site.page()
        for (hours, outcome) in [
            PageOutcome.failed(failure: "timeout"), .rejected(status: 503, retryAfter: "60", failure: "throttled"),
            .keptOut(until: site.time(9), problem: "robots"), .abandoned, .absent(status: 404),
        ].enumerated() {
            try await site.end(outcome, at: Double(hours) + 2)
        }
        #expect(try site.news().count == 3)
        #expect(try site.text() == CanonicalForm(title: nil, text: long).text)
        #expect(try site.page().state.validators == shown.state.validators)
    }

    @Test func aListedPageIsAnArticleOfItsOwn() async throws {
        let files = try LedgerFixture()
        let ledger = try Ledger(path: files.path)
        func configure(_ urls: [String], at now: Int64) async throws -> SourceRow {
            try await ledger.configure([ConfiguredSource(name: "list", kind: .page, locator: "", pages: urls)], at: now).rows[0]
        }
        let source = try await configure(["https://a.test/1", "https://b.test/2"], at: 1)
        func look(_ url: String, _ finding: (SightingKey) -> PageReport.Finding, at now: Int64) async throws {
            let reader = try files.reader()
            let pages = try reader.pages(of: source.id, now: 1).compactMap { try reader.page($0.page, now: now) }
            let page = try #require(pages.first { $0.locator == url })
            let look = PageReport(
                page: page.id, finding: finding(page.key), facts: CaptureFacts(locator: url, format: "html", status: 200),
                request: PageRequest(url: url), begun: now, recheck: .decay, jitter: 0)
            _ = try await ledger.commit([Report(source: source.id, finding: .page(look))], at: now)
            if try files.reader().page(page.id, now: now)?.state.dueReason == .confirmation {
                _ = try await ledger.commit([Report(source: source.id, finding: .page(look))], at: now)
            }
        }
        func shows(_ text: String) -> (SightingKey) -> PageReport.Finding { { .article(SeenItem(key: $0, item: item(text)), nil) } }
        try await look("https://a.test/1", shows(long), at: hour)
        try await look("https://b.test/2", { _ in .ended(.failed(failure: "timeout")) }, at: hour)
        try await look("https://a.test/1", shows(long), at: 2 * hour)
        try await look("https://a.test/1", shows(long + "More."), at: 3 * hour)
        #expect(try files.news() == ["created https://a.test/1@1 backfill", "updated https://a.test/1@2 substantive"])
        for hours in [10, 22, 34] as [Int64] { try await look("https://a.test/1", { _ in .ended(.absent(status: 404)) }, at: hours * hour) }
        #expect(try files.news().suffix(1) == ["removed https://a.test/1@2 page_gone"])
        // Taken out of the list, and put back.
        _ = try await configure(["https://b.test/2"], at: 40 * hour)
        #expect(try files.reader().pages(of: source.id, now: 1).count == 1)
        _ = try await configure(["https://a.test/1", "https://b.test/2"], at: 41 * hour)
        try await look("https://a.test/1", shows(long + "More."), at: 42 * hour)
        #expect(try files.news().suffix(1) == ["restored https://a.test/1@2"])
    }
}
