import Testing
import TidingsCore
@testable import TidingsStore

@Suite("The ledger") struct LedgerTests {
    @Test("sources are announced when they are added and removed, once each")
    func sources() async throws {
        let fixture = try LedgerFixture()
        let (ledger, rows) = try await fixture.open(folders: ["docs"], feeds: ["news"])
        _ = try await ledger.commit([rows[1].document([item("One.", id: "1")])], at: 2)
        let docs = ConfiguredSource(name: "docs", kind: .folder, locator: "/elsewhere")
        let news = ConfiguredSource(name: "news", kind: .feed, locator: "https://news.test/feed")
        #expect(try await ledger.configure([docs], at: 3).rows.map(\.locator) == ["/elsewhere"])
        #expect(try await ledger.configure([docs], at: 4).changes.isEmpty)
        #expect(try await ledger.configure([news, docs], at: 5).rows.map(\.id) == [rows[1].id, rows[0].id])
        #expect(try fixture.lines() == ["source.added", "source.added", "created 1@1", "source.removed", "source.added"])
    }

    @Test("a state is announced when it turns, and its first success is no turn")
    func states() async throws {
        let fixture = try LedgerFixture()
        let (ledger, rows) = try await fixture.open(folders: ["docs"])
        for state in [SourceState.ok, .ok, .failing, .failing, .gone, .ok] { try await ledger.record(SourceLook(state: state, detail: "why"), of: rows[0].id, at: 5) }
        #expect(try fixture.lines(after: 1) == ["source.state failing", "source.state gone", "source.state ok"])
        let other = try LedgerFixture()
        let (second, seconds) = try await other.open(folders: ["docs"])
        try await second.record(SourceLook(state: .failing), of: seconds[0].id, at: 5)
        #expect(try other.lines(after: 1) == ["source.state failing"])
    }

    @Test("a commit that another program's lock prevents leaves nothing, and can be made later without a hole")
    func locked() async throws {
        let fixture = try LedgerFixture()
        let (ledger, rows) = try await fixture.open(folders: ["docs"])
        await ledger.setBusyTimeout(milliseconds: 1)
        let other = try Connection(path: fixture.path, access: .write)
        try other.execute("BEGIN IMMEDIATE")
        let reports = [rows[0].file("a", "One."), rows[0].file("b", "Two.")]
        let error = await #expect(throws: StoreError.self) { try await ledger.commit(reports, at: 2) }
        #expect(error?.reason == .busy)
        #expect(error?.isTransient == true)
        #expect(await ledger.lastSequence == 1)
        try other.execute("ROLLBACK")
        _ = try await ledger.commit(reports, at: 2)
        #expect(await ledger.lastSequence == 3)
        #expect(try fixture.events().map(\.id) == ["1", "2", "3"])
    }

    @Test("a commit that fills the disk leaves nothing, and can be made when there is space")
    func full() async throws {
        let fixture = try LedgerFixture()
        let (ledger, rows) = try await fixture.open(folders: ["docs"])
        // Numbers, which hardly become smaller.
        let reports = (0..<50).map { file in
            rows[0].file("f\(file)", (0..<2_000).map { "\(($0 * 50 + file) &* 2_654_435_761 % 1_000_003)" }.joined(separator: " "))
        }
        let pages = try await ledger.limitPages(nil)
        _ = try await ledger.limitPages(pages + 40)
        let error = await #expect(throws: StoreError.self) { try await ledger.commit(reports, at: 2) }
        #expect(error?.reason == .full)
        #expect(await ledger.lastSequence == 1)
        #expect(try LedgerReader(path: fixture.path).counts() == LedgerCounts(articles: 0, removedArticles: 0, versions: 0, contents: 0, changes: 1))
        _ = try await ledger.limitPages(1_000_000)
        _ = try await ledger.commit(reports, at: 2)
        #expect(await ledger.lastSequence == 51)
        #expect(try fixture.events().map(\.id) == (1...51).map(String.init))
        #expect(try LedgerReader(path: fixture.path).check().isEmpty)
    }

    @Test("what was committed is there after it is opened again, and numbers go on")
    func reopened() async throws {
        let fixture = try LedgerFixture()
        let stream: String
        do {
            let (ledger, rows) = try await fixture.open(folders: ["docs"])
            _ = try await ledger.commit([rows[0].file("a", "One.")], at: 2)
            stream = await ledger.stream
        }
        let (ledger, rows) = try await fixture.open(folders: ["docs"])
        #expect(await ledger.stream == stream)
        #expect(await ledger.lastSequence == 2)
        _ = try await ledger.commit([rows[0].file("a", "Two.")], at: 3)
        #expect(try fixture.lines() == ["source.added", "created a@1", "updated a@2 substantive"])
    }

    @Test("a newer schema is refused, by the writer and by readers, and left as it was")
    func newerSchema() async throws {
        let fixture = try LedgerFixture()
        _ = try await fixture.open(folders: ["docs"])
        try Connection(path: fixture.path, access: .write).execute("PRAGMA user_version = 99")
        #expect(throws: StoreError.self) { try Ledger(path: fixture.path) }
        let error = #expect(throws: StoreError.self) { try LedgerReader(path: fixture.path) }
        #expect(error?.reason == .newerSchema(found: 99, known: Schema.steps.count))
    }

    @Test("a new stream begins past all that was published, and says so first")
    func reset() async throws {
        let fixture = try LedgerFixture()
        let (ledger, rows) = try await fixture.open(folders: ["docs"])
        let before = await ledger.stream
        try await ledger.resetStream(after: 40, now: 5)
        _ = try await ledger.commit([rows[0].file("a", "One.")], at: 6)
        #expect(await ledger.stream != before)
        #expect(try LedgerReader(path: fixture.path).stream() == (await ledger.stream))
        #expect(try fixture.events().map(\.id) == ["1", "41", "42"])
        #expect(try fixture.lines(after: 1) == ["stream.reset", "created a@1"])
    }

    @Test("readers find lines, articles, versions and counts")
    func reader() async throws {
        let fixture = try LedgerFixture()
        let (ledger, rows) = try await fixture.open(folders: ["docs", "copies"])
        _ = try await ledger.commit([rows[0].file("a", "One."), rows[0].file("b", "Two."), rows[1].file("c", "One.")], at: 10)
        _ = try await ledger.commit([rows[0].file("a", "One, edited.", author: "X"), rows[0].unreadable("d")], at: 20)
        _ = try await ledger.remove(["b"], of: rows[0].id, pass: .usual, at: 30)
        let reader = try LedgerReader(path: fixture.path)
        #expect(try reader.lastSequence() == 7)
        #expect(try reader.firstSequence() == 1)
        #expect(try reader.lines(after: 5, limitBytes: .max).map(\.sequence) == [6, 7])
        #expect(try reader.lines(after: 0, limitBytes: 1).count == 1)
        #expect(try reader.lines(after: 7, limitBytes: 1).isEmpty)
        let a = ArticleID(source: "docs", key: "a")
        let b = ArticleID(source: "docs", key: "b")
        #expect(try reader.version(of: a, number: nil)?.form.text == "One, edited.")
        #expect(try reader.version(of: a, number: nil)?.item.authors == [Author(name: "X")])
        #expect(try reader.version(of: a, number: 1)?.form.text == "One.")
        #expect(try reader.version(of: a, number: 3) == nil)
        var listed: [ArticleSummary] = []
        try reader.eachArticle(ArticleFilter(includesRemoved: true)) { listed.append($0) }
        #expect(listed.map(\.id) == [b, a])
        #expect(listed.map(\.versions) == [1, 2])
        #expect(listed.map(\.removedMilliseconds) == [30, nil])
        #expect(listed[1].sightings.map(\.key) == ["a", "c"])
        listed = []
        try reader.eachArticle(ArticleFilter(sources: ["copies"])) { listed.append($0) }
        #expect(listed.map(\.id) == [a])
        #expect(try reader.counts() == LedgerCounts(articles: 1, removedArticles: 1, versions: 3, contents: 3, changes: 7))
        let statuses = try reader.sourceStatuses()
        #expect(statuses.map(\.captures) == [2, 1])
        #expect(statuses.map(\.liveSightings) == [1, 1])
        #expect(statuses[0].problems == [CaptureProblem(locator: "d", message: "not text")])
        #expect(try reader.check() == [])
    }

    @Test("a feed that gets another address is another document: nothing that was remembered of the old one stays")
    func otherAddress() async throws {
        let fixture = try LedgerFixture()
        let (ledger, sources) = try await fixture.open(feeds: ["news"])
        let poll = PollRow(locator: sources[0].locator, host: "news.test", dueMilliseconds: 9, state: "{}")
        _ = try await ledger.commit([Report(source: sources[0].id, finding: .nothing, poll: poll)], at: 2)
        #expect(try fixture.reader().polls(of: sources[0].id) == [poll])
        let moved = ConfiguredSource(name: "news", kind: .feed, locator: "https://else.test/", host: "else.test")
        _ = try await ledger.configure([moved], at: 3)
        let fresh = PollRow(locator: "https://else.test/", host: "else.test", dueMilliseconds: 3, state: "")
        #expect(try fixture.reader().polls(of: sources[0].id) == [fresh])
    }

    @Test("the polls of all sources are read at once, each as it was committed")
    func allPolls() async throws {
        let fixture = try LedgerFixture()
        let (ledger, sources) = try await fixture.open(feeds: ["news", "more"])
        var expected: [SourceID: PollRow] = [:]
        for (number, source) in sources.enumerated() {
            expected[source.id] = PollRow(locator: source.locator, host: "h\(number).test", dueMilliseconds: Int64(number), state: "{\"n\":\(number)}")
        }
        _ = try await ledger.commit(sources.map { Report(source: $0.id, finding: .nothing, poll: expected[$0.id]) }, at: 2)
        var polls: [SourceID: PollRow] = [:]
        try fixture.reader().eachPoll { polls[$0] = $1 }
        #expect(polls == expected && polls.count == 2)
    }

    @Test("a source of a kind that this program does not know is an error, and no folder")
    func unknownKind() async throws {
        let fixture = try LedgerFixture()
        let (ledger, sources) = try await fixture.open(folders: ["docs"])
        try Connection(path: fixture.path, access: .write).execute("UPDATE sources SET kind = 'mailbox'")
        #expect { try fixture.reader().sources() } throws: { ($0 as? StoreError)?.reason == .corrupt }
        let second = try Ledger(path: fixture.path)
        await #expect(throws: StoreError.self) { try await second.commit([sources[0].file("a", "One.")], at: 2) }
        _ = ledger
    }
}

extension Ledger {
    func setBusyTimeout(milliseconds: Int) { try? connection.execute("PRAGMA busy_timeout = \(milliseconds)") }

    /// Sets how many pages the database may have, as a disk of that size would; returns how many it has.
    func limitPages(_ count: Int64?) throws(StoreError) -> Int64 {
        if let count { try connection.execute("PRAGMA max_page_count = \(count)") }
        return try connection.integer("PRAGMA page_count")
    }
}
