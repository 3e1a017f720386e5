import Testing
import TidingsCore

@testable import TidingsStore

@Suite("Where and when an article was read") struct ProvenanceTests {
    private func provenance(_ fixture: LedgerFixture, _ source: String, _ key: String) throws -> ArticleProvenance {
        let reference = try #require(ArticleReference(ArticleID(source: source, key: key).description))
        return try LedgerReader(path: fixture.path).provenance(reference)
    }

    @Test("a feed's item has what HTTP said of the feed's newest bytes, and when these were confirmed")
    func feed() async throws {
        let fixture = try LedgerFixture()
        let (ledger, rows) = try await fixture.open(feeds: ["coast"])
        let seen = item("One.", id: "1")
        let facts = CaptureFacts(
            locator: rows[0].locator, rawHash: seen.rawHash, bytes: 640, format: "rss", problems: 2, problem: "no date", status: 200,
            finalURL: "https://www.coast.test/feed", etag: "\"v1\"", lastModified: "Fri, 20 Feb 2026 10:00:00 GMT")
        let document = SeenDocument([SeenItem(key: SightingKey("1", .id), item: seen)], isWindow: true)
        _ = try await ledger.commit([Report(source: rows[0].id, finding: .capture(facts, .document(document)))], at: 10)
        _ = try await ledger.commit([rows[0].unchanged(status: 304)], at: 20)
        let found = try provenance(fixture, "coast", "1")
        #expect(found.version.number == 1 && found.version.committedMilliseconds == 10)
        #expect([found.firstSeenMilliseconds, found.lastSeenMilliseconds] == [10, 10])
        #expect(
            found.sightings == [
                SightingProvenance(
                    source: "coast", kind: .feed, key: "1", locator: "https://coast.test/feed", firstSeenMilliseconds: 10,
                    lastSeenMilliseconds: 10, goneMilliseconds: nil,
                    capture: CaptureProvenance(
                        capturedMilliseconds: 10, confirmedMilliseconds: 20, bytes: 640, format: "rss", problems: 2,
                        problem: "no date", status: 304, finalURL: "https://www.coast.test/feed", etag: "\"v1\"",
                        lastModified: "Fri, 20 Feb 2026 10:00:00 GMT"))
            ])
    }

    @Test("every place where it is seen now is told, the oldest first, and none where it was")
    func places() async throws {
        let fixture = try LedgerFixture()
        let (ledger, rows) = try await fixture.open(folders: ["docs", "copies"])
        _ = try await ledger.commit([rows[0].file("a", "One.")], at: 10)
        _ = try await ledger.commit([rows[1].file("b", "One."), rows[1].file("c", "One.")], at: 20)
        #expect(try provenance(fixture, "docs", "a").sightings.map(\.key) == ["a", "b", "c"])
        _ = try await ledger.remove(["b"], of: rows[1].id, pass: .usual, at: 30)
        let found = try provenance(fixture, "docs", "a")
        #expect(found.sightings.map(\.key) == ["a", "c"])
        #expect(found.sightings.map(\.locator) == ["a", "c"])
        #expect(found.sightings.map { $0.capture?.capturedMilliseconds } == [10, 20])
        #expect([found.firstSeenMilliseconds, found.lastSeenMilliseconds] == [10, 20])
        #expect(found.removedMilliseconds == nil)
    }

    @Test("an item of a file with several has the file as its locator")
    func several() async throws {
        let fixture = try LedgerFixture()
        let (ledger, rows) = try await fixture.open(folders: ["docs"])
        _ = try await ledger.commit([rows[0].list("many.json", ["1": "One.", "2": "Two."])], at: 10)
        let sighting = try #require(try provenance(fixture, "docs", "many.json#2").sightings.first)
        #expect(sighting.locator == "many.json" && sighting.capture?.format == "json")
    }

    @Test("a document that can no longer be read says since when, and keeps when it could be")
    func unreadable() async throws {
        let fixture = try LedgerFixture()
        let (ledger, rows) = try await fixture.open(folders: ["docs"])
        _ = try await ledger.commit([rows[0].file("a", "One.")], at: 10)
        _ = try await ledger.commit([rows[0].unreadable("a")], at: 20)
        let capture = try #require(try provenance(fixture, "docs", "a").sightings.first?.capture)
        #expect(capture.format == nil && capture.problem == "not text")
        #expect([capture.capturedMilliseconds, capture.confirmedMilliseconds] == [10, 20])
    }

    @Test("a removed article tells where it was")
    func removed() async throws {
        let fixture = try LedgerFixture()
        let (ledger, rows) = try await fixture.open(folders: ["docs"])
        _ = try await ledger.commit([rows[0].file("a", "One.")], at: 10)
        _ = try await ledger.remove(["a"], of: rows[0].id, pass: .usual, at: 30)
        let found = try provenance(fixture, "docs", "a")
        #expect(found.removedMilliseconds == 30)
        #expect(found.sightings.map(\.goneMilliseconds) == [30])
        #expect(found.sightings.map(\.capture) == [nil])
    }

    // MARK: pages

    private func page(_ site: PageFixture) throws -> PageProvenance? {
        let reference = try #require(ArticleReference(ArticleID(source: "f", key: "g1").description))
        return try site.files.reader().provenance(reference).sightings.first?.page
    }

    @Test("the page of a feed's item tells how it is looked at, and whose the text is")
    func page() async throws {
        let site = try await PageFixture()
        let long = String(repeating: "The harbour board met on Tuesday. ", count: 20)
        try await site.poll(teaser("Short…", 1), watches: false)
        #expect(try page(site) == nil)
        try await site.poll(teaser("Short…", 1, author: "A"))
        let unread = try #require(try page(site))
        #expect(unread.locator == "https://f.test/1" && unread.state.lastAttempt == nil && unread.capture == nil)
        #expect(!unread.givesText)
        try await site.look(long, at: 1)
        let read = try #require(try page(site))
        #expect(read.givesText && read.state.lastStatus == 200 && read.state.lastAttempt == site.time(1))
        #expect(read.capture?.format == "html" && read.capture?.capturedMilliseconds == site.time(1))
        #expect(try read.state == site.page().state)
        for hours in [2.0, 5] { try await site.look("Subscribe to read on.", .paywall, at: hours) }
        let doubtful = try #require(try page(site))
        #expect(doubtful.givesText && doubtful.state.lastSuccess == site.time(1))
        #expect(doubtful.state.doubt?.reason == .paywall && doubtful.state.doubt?.looks == 2)
        #expect(doubtful.state.doubt?.since == site.time(2) && doubtful.state.dueReason == .doubt)
    }

    @Test("a listed page gives its text, and its document is the sighting's")
    func listedPage() async throws {
        let files = try LedgerFixture()
        let ledger = try Ledger(path: files.path)
        let url = "https://a.test/1"
        let source = try await ledger.configure([ConfiguredSource(name: "list", kind: .page, locator: "", pages: [url])], at: 1).rows[0]
        let due = try #require(try files.reader().pages(of: source.id, now: 1).first)
        let key = try #require(try files.reader().page(due.page, now: 1)?.key)
        let look = PageReport(
            page: due.page, finding: .article(SeenItem(key: key, item: item("It is closed.", url: url)), nil),
            facts: CaptureFacts(locator: url, rawHash: ContentHash.of([1]), format: "html", status: 200),
            request: PageRequest(url: url), begun: 9, recheck: .decay, jitter: 0)
        for _ in 0..<2 { _ = try await ledger.commit([Report(source: source.id, finding: .page(look))], at: 10) }
        let reference = try #require(ArticleReference(ArticleID(source: "list", key: key.value).description))
        let sighting = try #require(try files.reader().provenance(reference).sightings.first)
        #expect(sighting.capture?.format == "html")
        #expect(sighting.page?.givesText == true && sighting.page?.capture == nil && sighting.page?.state.lastStatus == 200)
    }
}
