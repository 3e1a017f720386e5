import Testing
import TidingsCore

@testable import TidingsStore

private let long = String(repeating: "The harbour board met on Tuesday. ", count: 20)
/// As today's rules read `long`.
private let read = "By Ada Holm\n" + long

/// The stored bodies of pages on a real ledger: what newer text rules make of them, and how long they are kept.
@Suite("Stored bodies in the ledger") struct PageBodyLedgerTests {
    /// A page that older rules have read.
    private func outdated() async throws -> PageFixture {
        let site = try await PageFixture()
        try await site.poll(teaser("Short…"), teaser("Other…", 2))
        try await site.look(long)
        try sql(site, "UPDATE captures SET rules = rules - 1; UPDATE sightings SET rules = rules - 1; UPDATE pages SET rules = rules - 1")
        return site
    }

    private func sql(_ site: PageFixture, _ statement: String) throws {
        try Connection(path: site.files.path, access: .write).execute(statement)
    }

    /// What today's rules make of the body that is stored.
    private func reread(_ site: PageFixture, as text: String = read, of bytes: String = long) throws -> PageReread {
        let page = try site.page()
        return PageReread(
            rawHash: ContentHash.of(Array(bytes.utf8)), seen: SeenItem(key: page.key, item: item(text, url: page.locator)),
            blocks: [1, 2, 3, 4])
    }

    private func bodies(_ site: PageFixture) throws -> Int64 {
        try Connection(path: site.files.path, access: .read).integer("SELECT count(*) FROM page_bodies")
    }

    @Test("what moved when the bytes were stored goes without a word, and an edit with one", arguments: [false, true])
    func moved(isEdited: Bool) async throws {
        let site = try await outdated()
        let moving = "Advertisement of that day.\n" + read
        try await site.look(isEdited ? read + "More." : read, at: 2, reread: try reread(site, as: moving))
        #expect(try site.text() == CanonicalForm(title: nil, text: isEdited ? read + "More." : read).text)
        #expect(try site.news().filter { $0.contains("g1") }.count == (isEdited ? 3 : 2))
        #expect(try !site.page().state.wasReread)
    }

    @Test("older rules have read it, so it is given out; once it was read again it is not")
    func outdatedBody() async throws {
        let site = try await outdated()
        let id = try site.page().id
        let body = try #require(try site.files.reader().outdatedBody(of: id))
        #expect(try body.bytes(limitBytes: 1 << 20) == Array(long.utf8))
        try await site.end(.notModified(status: 304, hints: PollHints(), permanentTarget: nil), at: 2, reread: try reread(site))
        #expect(try site.news().count == 3)
        #expect(try site.text() == read.canonicalText)
        let reader = try site.files.reader()
        #expect(try reader.outdatedBody(of: id) == nil)
        #expect(try reader.rawHash(of: site.feeds[0].id, locator: "https://f.test/1") == body.rawHash, "the same bytes are not read again")
        #expect(try reader.blocks(of: site.feeds[0].id, locator: "https://f.test/1") == [1, 2, 3, 4])
    }

    @Test("an edit under newer rules is announced, and nothing but the edit")
    func edit() async throws {
        let site = try await outdated()
        try await site.look(read + "It meets again.", at: 2, reread: try reread(site))
        #expect(try site.news().suffix(1) == ["updated g1@3 substantive"])
        let line = try #require(try site.files.events().last)
        #expect(line.text.contains(#""characters_added":16,"characters_removed":0"#))
        #expect(try site.files.reader().check() == [])
    }

    @Test("the new text stands although the new bytes are doubtful")
    func doubtful() async throws {
        let site = try await outdated()
        try await site.look("Log in to read.", .login, at: 2, reread: try reread(site))
        #expect(try site.news().count == 3 && site.text() == read.canonicalText)
        let kept = try Connection(path: site.files.path, access: .read).prepare("SELECT raw_hash FROM page_bodies").first {
            ContentHash(bytes: $0.blob(0))
        }
        #expect(kept == ContentHash.of(Array(long.utf8)), "a doubtful look's body is not kept")
    }

    @Test("a body that was replaced meanwhile says nothing")
    func overtaken() async throws {
        let site = try await outdated()
        let late = try reread(site, as: "Something else entirely.", of: "earlier bytes")
        try await site.end(.notModified(status: 304, hints: PollHints(), permanentTarget: nil), at: 2, reread: late)
        #expect(try site.text() == long.canonicalText)
    }

    @Test("what is gone is not restored by newer rules")
    func gone() async throws {
        let site = try await outdated()
        try sql(site, "DELETE FROM windows")
        for hours in [10.0, 22, 34] { try await site.end(.absent(status: 404), at: hours) }
        #expect(try site.news().suffix(1) == ["removed g1@2 page_gone"])
        try await site.look("Log in to read.", .login, at: 60, reread: try reread(site))
        #expect(try site.news().suffix(1) == ["removed g1@2 page_gone"])
    }

    @Test("a page that is forgotten loses its body")
    func forgotten() async throws {
        let site = try await PageFixture()
        func list(_ urls: [String]) async throws -> SourceRow {
            let configured = ConfiguredSource(name: "list", kind: .page, locator: "", pages: urls)
            return try await site.ledger.configure([configured], at: 1).rows[0]
        }
        let source = try await list(["https://a.test/1"])
        let reader = try site.files.reader()
        let due = try #require(try reader.pages(of: source.id, now: 1).first)
        let page = try #require(try reader.page(due.page, now: 1))
        var look = PageReport(
            page: page.id, finding: .article(SeenItem(key: page.key, item: item(long)), nil), facts: CaptureFacts(locator: page.locator),
            request: PageRequest(url: page.locator), begun: 1, recheck: .decay, jitter: 0)
        look.body = PageBody(Array(long.utf8), rawHash: ContentHash.of(Array(long.utf8)))
        for _ in 0..<2 { _ = try await site.ledger.commit([Report(source: source.id, finding: .page(look))], at: 2) }
        #expect(try bodies(site) == 1)
        _ = try await list([])
        #expect(try bodies(site) == 0)
    }

    @Test("the oldest go until the rest fits, or those that are too old")
    func retention() async throws {
        let site = try await PageFixture()
        for number in 1...9 {
            try await site.poll(teaser("Short \(number)…", number), at: 0)
            try await site.look(long + "Number \(number).", url: "https://f.test/\(number)", at: Double(number))
        }
        let reader = try site.files.reader()
        let total = try reader.pageBodyBytes()
        #expect(total > 0 && total < Int64(9 * long.utf8.count))
        let limit = RetentionLimit(bytes: total / 2)
        let step = try await site.ledger.prunePageBodies(keeping: limit, total: total, at: site.time(20))
        #expect(try reader.pageBodyBytes() == total - step.bytes && total - step.bytes <= total / 2 && step.rows == 5 && !step.hasMore)
        #expect(try await site.ledger.prunePageBodies(keeping: RetentionLimit(ageMilliseconds: 12 * hour), total: 0, at: site.time(20)).rows == 2)
        let kept = try Connection(path: site.files.path, access: .read).prepare(
            "SELECT group_concat(locator) FROM (SELECT locator FROM page_bodies JOIN pages USING (page) ORDER BY locator)"
        ).first { $0.text(0) }
        #expect(kept == "https://f.test/8,https://f.test/9")
        // The bytes that are read again are no newer for it.
        try await site.look(long + "Number 8.", url: "https://f.test/8", at: 30)
        #expect(try await site.ledger.prunePageBodies(keeping: RetentionLimit(ageMilliseconds: 12 * hour), total: 0, at: site.time(31)).rows == 2)
        #expect(try reader.check() == [])
    }

    @Test("a damaged one is found, and dropped without harm to the rest")
    func damaged() async throws {
        let site = try await outdated()
        try await site.look(long + "Two.", url: "https://f.test/2")
        try sql(site, "UPDATE page_bodies SET body = CAST(substr(body, 1, 40) AS BLOB) WHERE page = 1")
        let found = try site.files.reader().check()
        #expect(found.map(\.message) == ["page https://f.test/1: its stored body is not the one that was read"])
        #expect(found.map(\.remedy) == [.dropBodies] && found.allSatisfy(\.isRepairable))
        #expect(try LedgerRepair(path: site.files.path).dropDamagedBodies() == 1)
        #expect(try site.files.reader().check() == [])
        #expect(try bodies(site) == 1)
    }
}

extension String {
    fileprivate var canonicalText: String { CanonicalForm(title: nil, text: self).text }
}
