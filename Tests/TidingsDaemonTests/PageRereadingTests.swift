import Logging
import TestSupport
import Testing
import TidingsCore
import TidingsFetch
import TidingsSystem

@testable import TidingsDaemon
@testable import TidingsStore

/// Newer text rules meet a page that older ones have read: a real server, the real pipeline, and a version such as older rules may have
/// made, without the last paragraph.
@Suite("A page under newer text rules", .timeLimit(.minutes(1))) struct PageRereadingTests {
    private static let paragraphs = [
        "The ferry to Sund sails again after eleven weeks, because the yard in Holm found a gear wheel that fits the old engine.",
        "The islanders had crossed the sound in fishing boats meanwhile, twice a day, and paid the skippers with bread and fuel.",
        "“We learned who our neighbours are,” said Aud Berge, who keeps the only shop, and who had counted every sack of flour.",
        "The wheel is eighty years old; it was cast for a sister ship that burned in the harbour before it made a single voyage.",
        "The company promises a second ferry by the spring, and has promised it in each of the last nine years, the mayor notes.",
    ]

    private static func page(_ paragraphs: [String], boat: Int) -> [UInt8] {
        Array(
            """
            <html lang="en"><head><title>The ferry to Sund sails again</title></head><body>
            <ul class="menu"><li><a href="/">Home</a></li><li><a href="/sea">Sea</a></li></ul>
            <article><h1>The ferry to Sund sails again</h1>\(paragraphs.map { "<p>\($0)</p>" }.joined())</article>
            <div class="side"><p><a href="/b\(boat)">Boat number \(boat) is for sale once more</a></p></div></body></html>
            """.utf8)
    }

    private static func text(_ paragraphs: [String]) -> String { paragraphs.joined(separator: "\n") }

    enum Answer: CaseIterable { case notModified, equalBytes, otherSurroundings, edit }

    @Test("only what the publisher has changed is announced", arguments: Answer.allCases)
    func looks(answer: Answer) async throws {
        let first = Self.page(Self.paragraphs, boat: 1)
        var edited = Self.paragraphs
        edited[1] = edited[1].replacing("twice a day", with: "once a day")
        let second =
            switch answer {
            case .notModified, .equalBytes: first
            case .otherSurroundings: Self.page(Self.paragraphs, boat: 77)
            case .edit: Self.page(edited, boat: 77)
            }
        let tag = answer == .notModified ? "\"1\"" : "\"2\""
        let server = try LoopbackServer { .conditional($0, etag: tag, type: "text/html; charset=utf-8", body: second) }
        defer { server.stop() }
        let site = try await Site(url: server.url(for: "/ferry"))
        try await site.read(first, as: Self.text(Array(Self.paragraphs.dropLast())), etag: "\"1\"")
        try await site.look()
        // What is new is looked at twice, the second time for all of the page.
        #expect(server.requests.map { $0["If-None-Match"] } == ["\"1\""] + (answer == .edit ? [nil] : []))

        let lines = try site.lines().filter { $0.type.hasPrefix("tidings.article") }
        #expect(lines.map(\.type) == ["tidings.article.created"] + (answer == .edit ? ["tidings.article.updated"] : []))
        if answer == .edit {
            // "once" for "twice".
            #expect(lines[1].text.contains(#""changed":["text"],"class":"substantive","characters_added":4,"characters_removed":5"#))
        }
        #expect(try site.newestText() == Self.text(answer == .edit ? edited : Self.paragraphs))

        // Today's rules have read it now: the next look has nothing to read again.
        #expect(try site.reader().outdatedBody(of: site.page().id) == nil)
        try await site.look()
        #expect(try site.lines().filter { $0.type.hasPrefix("tidings.article") }.count == lines.count)
        #expect(try site.reader().check() == [])
    }

    @Test("a body that is damaged is no body: what the rules see otherwise is announced with the edit")
    func damaged() async throws {
        var edited = Self.paragraphs
        edited[1] = edited[1].replacing("twice a day", with: "once a day")
        let second = Self.page(edited, boat: 1)
        let server = try LoopbackServer { .conditional($0, etag: "\"2\"", type: "text/html; charset=utf-8", body: second) }
        defer { server.stop() }
        let site = try await Site(url: server.url(for: "/ferry"))
        try await site.read(
            Self.page(Self.paragraphs, boat: 1), as: Self.text(Array(Self.paragraphs.dropLast())), etag: "\"1\"")
        try site.sql("UPDATE page_bodies SET body = CAST(substr(body, 1, length(body) - 9) AS BLOB)")
        try await site.look()
        let line = try #require(try site.lines().last)
        #expect(line.type == "tidings.article.updated" && !line.text.contains(#""characters_added":4"#))
        #expect(try site.newestText() == Self.text(edited))
        // The look has stored another.
        #expect(try site.reader().check() == [])
    }
}

/// A list of one page, and what looks at it.
private final class Site {
    private let state: TemporaryState
    private let ledger: Ledger
    private let source: SourceRow
    private let looker: PageLooker
    private let watcher: PageWatcher
    private let url: String

    init(url: String) async throws {
        self.url = url
        state = try TemporaryState()
        ledger = try Ledger(path: state.folder.database)
        let configured = ConfiguredSource(name: "list", kind: .page, locator: "", pages: [url])
        source = try await ledger.configure([configured], at: CommandState.start).rows[0]
        let logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
        let committer = Committer(ledger: ledger, signal: CommitSignal(), health: Health(), logger: logger)
        let quarantine = Quarantine(path: state.folder.path + "/db/reading", progressRegistry: ProgressRegistry())
        let ingest = Ingest(
            number: 0, documents: DocumentReader(), quarantine: quarantine, committer: committer, database: state.folder.database)
        let settings = try Settings(
            yaml: "pages: [{ name: list, urls: [\"\(url)\"], private_network: true }]", file: "/etc/tidings.yaml",
            environment: ["STATE_DIRECTORY": "/var/lib/tidings"])
        var limits = FetcherLimits()
        limits.hostDelayMilliseconds = 0
        looker = PageLooker(
            fetcher: Fetcher(limits: limits), fetch: settings.fetch, maxBodyBytes: settings.limits.maxBodyBytes,
            pipeline: Pipeline(
                committer: committer, database: state.folder.database, readers: [ingest], progress: Progress(name: "pages"),
                onProgress: { _, _ in }),
            registry: FeedRegistry(), robots: nil, logger: logger)
        watcher = PageWatcher(list: try #require(settings.pages.first), id: source.id, settings: settings, userAgent: "tidings-tests/1")
    }

    /// Older rules have made `text` of the bytes.
    func read(_ bytes: [UInt8], as text: String, etag: String) async throws {
        let hash = ContentHash.of(bytes)
        let item = Item(title: "The ferry to Sund sails again", language: "en", text: text, rawHash: hash)
        let page = try page()
        var look = PageReport(
            page: page.id, finding: .article(SeenItem(key: page.key, item: item), nil),
            facts: CaptureFacts(locator: url, rawHash: hash, bytes: bytes.count, format: "html", status: 200, etag: etag),
            request: PageRequest(url: url), begun: wallClockMilliseconds(), recheck: .decay, jitter: 0)
        look.body = PageBody(bytes, rawHash: hash, contentType: "text/html; charset=utf-8", baseURL: url)
        for _ in 0..<2 { _ = try await ledger.commit([Report(source: source.id, finding: .page(look))], at: wallClockMilliseconds()) }
        try sql("UPDATE captures SET rules = rules - 1; UPDATE sightings SET rules = rules - 1")
    }

    func look() async throws {
        // What is new is looked at twice.
        for _ in 0..<2 {
            #expect(await looker.look(at: try page().id, for: watcher, readsEverything: false) == .committed)
            if try page().state.dueReason != .confirmation { break }
        }
    }

    func page() throws -> PageRow {
        let reader = try reader()
        let due = try #require(try reader.pages(of: source.id, now: wallClockMilliseconds()).first)
        return try #require(try reader.page(due.page, now: CommandState.start))
    }

    func sql(_ statement: String) throws { try Connection(path: state.folder.database, access: .write).execute(statement) }

    func reader() throws -> LedgerReader { try LedgerReader(path: state.folder.database) }

    func lines() throws -> [StreamLine] {
        let lines: [(sequence: Int64, bytes: [UInt8])] = try reader().lines(after: 0, limitBytes: .max)
        return try lines.map { try StreamLine($0.bytes) }
    }

    func newestText() throws -> String? {
        try reader().version(of: ArticleID(source: "list", key: url), number: nil)?.form.text
    }
}
