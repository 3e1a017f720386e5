import Foundation
import TestSupport
import Testing
import TidingsCore
@testable import TidingsStore

/// A ledger, its index, and what a search finds.
private struct Library {
    let fixture: LedgerFixture
    let ledger: Ledger
    let sources: [SourceRow]
    var path: String { fixture.folder.appending(path: "search.db").path }

    init() async throws {
        fixture = try LedgerFixture()
        (ledger, sources) = try await fixture.open(folders: ["a", "b"])
    }

    /// Brings the index up to date, as the daemon does; makes it if there is none.
    @discardableResult
    func index() throws -> SearchIndexState {
        let reader = try fixture.reader()
        let opened = try SearchIndexWriter.open(path: path)
        let kept = try opened.flatMap { try reader.canContinue($0.state) ? $0 : nil }
        let index = try kept ?? SearchIndexWriter.make(path: path, try reader.emptyIndexState())
        while case let part = try reader.indexablePart(after: index.state), part.state != index.state { try index.add(part.versions, part.state) }
        return index.state
    }

    func search(_ text: String, _ change: (inout SearchFilter) -> Void = { _ in }) throws -> [SearchHit] {
        var filter = SearchFilter()
        change(&filter)
        let words = try #require(SearchWords(text))
        return try SearchIndex(path: path, ledger: try fixture.reader()).search(words, filter).hits
    }

    /// The texts that were found, sorted.
    func texts(_ text: String, _ change: (inout SearchFilter) -> Void = { _ in }) throws -> [String] {
        try search(text, change).map { $0.snippet.map(\.text).joined() }.sorted()
    }
}

@Suite("Search") struct SearchTests {
    @Test("a text becomes folded words, and every two characters of what has no spaces", arguments: [
        ("Łódź, STRASSE straße", "lodz strasse strasse "),
        ("Ёлка и мой её", "елка и мой ее "),
        ("قال مُحَمَّد: الأسواق", "قال محمد الاسواق "),
        ("हिन्दी में", "हिन्दी में "),
        ("北京大学2024年A股", "北京 京大 大学 学 2024 年 a 股 "),
        ("กรุงเทพ", "กรุ รุง ุงเ งเท เทพ ทพ พ "),
        ("ＡＢＣ don't 5.0", "abc don t 5 0 "),
    ])
    func folds(text: String, expected: String) {
        var tokenizer = SearchTokenizer()
        tokenizer.read(Array(text.precomposedStringWithCanonicalMapping.utf8))
        #expect(String(decoding: tokenizer.bytes, as: UTF8.self) == expected)
    }

    @Test("what a person types becomes an expression that FTS5 takes, or nothing", arguments: [
        ("harbour Fees", #"("harbour" AND "fees")"#),
        (#""third crane" -ferry"#, #"("third crane") NOT ("ferry")"#),
        ("transit* -\"old port\"*", #"("transit" *) NOT ("old port" *)"#),
        ("well-known", #"("well known")"#),
        ("大学", #"("大学")"#),
        ("北京大学", #"("北京 京大 大学")"#),
        ("学", #"("学" *)"#),
        ("2024年", #"("2024 年" *)"#),
        ("“third crane” AND", #"("third crane" AND "and")"#),
        (#"a"b c"#, #"("a" AND "b c")"#),
        (#"NEAR(a b) {x} ^y"#, #"("near a" AND "b" AND "x" AND "y")"#),
        ("-ferry", nil), ("\"", nil), ("* - \"\" ((", nil), ("", nil),
    ] as [(String, String?)])
    func reads(query: String, expected: String?) {
        #expect(SearchWords(query)?.expression == expected)
    }

    @Test("any string of signs is a query that finds something or nothing, and never an error")
    func anything() async throws {
        let library = try await Library()
        _ = try await library.ledger.commit([library.sources[0].file("x", "a b 北京 c")], at: 10)
        try library.index()
        var random = Seeded(seed: 5)
        let pool = Array(#"ab"'*-+()[]{}:^,.北京é "# .unicodeScalars)
        let index = try SearchIndex(path: library.path, ledger: try library.fixture.reader())
        for _ in 0..<150 {
            let text = random.text(of: pool, length: 12)
            guard let words = SearchWords(text) else { continue }
            #expect(throws: Never.self, "\(text)") { _ = try index.search(words) }
        }
    }

    @Test("the newest versions of live articles are found; with all versions, the old and removed ones too")
    func versions() async throws {
        let library = try await Library()
        let (a, b) = (library.sources[0], library.sources[1])
        _ = try await library.ledger.commit([a.file("x", "harbour fees"), a.file("y", "harbour crane"), b.file("z", "harbour ferry")], at: 10)
        try library.index()
        #expect(try library.texts("harbour") == ["harbour crane", "harbour fees", "harbour ferry"])
        _ = try await library.ledger.commit([a.file("x", "station fees")], at: 20)
        _ = try await library.ledger.remove(["y"], of: a.id, pass: nil, at: 30)
        // A removal needs no index.
        #expect(try library.texts("crane") == [])
        #expect(try library.texts("harbour") == ["harbour ferry"])
        try library.index()
        #expect(try library.texts("fees") == ["station fees"])
        let all = try library.search("harbour") { $0.includesOldVersions = true }
        #expect(Set(all.map { "\($0.snippet.map(\.text).joined()) @\($0.version) \($0.isNewest) \($0.isRemoved)" }) == [
            "harbour fees @1 false false", "harbour crane @1 false true", "harbour ferry @1 true false",
        ])
        // Back, under another name, and seen in another source.
        _ = try await library.ledger.commit([a.file("w", "harbour crane"), b.file("v", "station fees")], at: 40)
        try library.index()
        #expect(try library.texts("crane") == ["harbour crane"])
        #expect(try library.texts("fees") { $0.sources = ["b"] } == ["station fees"])
        #expect(try library.texts("fees") { $0.sources = ["a"] } == ["station fees"])
        #expect(try library.texts("ferry") { $0.sources = ["a"] } == [])
    }

    @Test("titles weigh more, hits are marked, the best part of a long text is shown, and pages of results follow each other")
    func shows() async throws {
        let library = try await Library()
        let long = String(repeating: "nothing of it here. ", count: 40)
        let items = [
            Item(title: "About ports", text: long + "The Üble crane stands. " + long, rawHash: ContentHash.of([1])),
            Item(title: "Crane", language: "en-GB", tags: ["Ports"], text: "Short.", rawHash: ContentHash.of([2])),
        ]
        for (number, item) in items.enumerated() {
            let report = Report(
                source: library.sources[0].id,
                finding: .capture(
                    CaptureFacts(locator: "\(number)", rawHash: item.rawHash, stamp: 1, format: "text"),
                    .document(SeenDocument([SeenItem(key: SightingKey("\(number)", .path), item: item)]))))
            _ = try await library.ledger.commit([report], at: 10)
        }
        try library.index()
        let hits = try library.search("crane")
        #expect(hits.map(\.title) == ["Crane", "About ports"])
        #expect(hits[0].titlePieces == [SearchPiece(text: "Crane", isHit: true)])
        let found = try #require(try library.search("uble crane").first)
        #expect(found.snippet.filter(\.isHit).map(\.text) == ["Üble", "crane"])
        #expect(found.snippet.first?.text == "… ")
        #expect(found.snippet.map(\.text).joined().utf8.count < 260)
        #expect(try library.search("ports crane").count == 2, "tags count")
        #expect(try library.search("crane") { $0.language = "en" }.map(\.title) == ["Crane"])
        #expect(try library.search("crane") { $0.sinceMilliseconds = 11 }.isEmpty)
        #expect(try library.search("crane") { $0.untilMilliseconds = 11 }.count == 2)
        let index = try SearchIndex(path: library.path, ledger: try library.fixture.reader())
        var filter = SearchFilter()
        filter.limit = 1
        let words = try #require(SearchWords("crane"))
        let first = try index.search(words, filter)
        filter.offset = try #require(first.next)
        let second = try index.search(words, filter)
        #expect((first.hits + second.hits).map(\.title) == ["Crane", "About ports"])
        #expect(second.next == nil)
        #expect(String(decoding: first.hits[0].json, as: UTF8.self).hasPrefix(#"{"id":"\#(first.hits[0].id)","version":1,"title":"Crane","source":"a","language":"en-GB","date":"1970-01-01T00:00:00.010Z","score":"#))
    }

    @Test("an index that is gone, torn, of another version or of another ledger is built anew from what the ledger keeps")
    func rebuilds() async throws {
        let library = try await Library()
        let source = library.sources[0]
        for number in 0..<200 { _ = try await library.ledger.commit([source.file("\(number)", "word\(number) harbour")], at: 10) }
        let state = try library.index()
        #expect(try library.index() == state, "nothing is left to do")
        func check(_ damage: String, _ body: () async throws -> Void) async throws {
            try await body()
            try library.index()
            #expect(try library.search("word7 harbour").count == 1, "\(damage)")
            #expect(try library.search("harbour") { $0.limit = 1_000 }.count == 200, "\(damage)")
        }
        try await check("removed") { try FileManager.default.removeItem(atPath: library.path) }
        try await check("torn") { try FileHandle(forWritingTo: URL(filePath: library.path)).truncate(atOffset: 20_000) }
        try await check("not a database") { try Data("nothing".utf8).write(to: URL(filePath: library.path)) }
        try await check("another version") { try Connection(path: library.path, access: .write).execute("PRAGMA user_version = 99") }
        try await check("another ledger") {
            try Connection(path: library.path, access: .write).execute("UPDATE state SET checksum = 1")
        }
        try await check("another stream") { try await library.ledger.resetStream(after: 500, now: 20) }
        try await check("rows that are gone") {
            try FileManager.default.removeItem(atPath: library.path)
            let limit = RetentionLimit(ageMilliseconds: 1, bytes: nil)
            _ = try await library.ledger.pruneChanges(keeping: limit, total: 1 << 20, before: .max, at: 1 << 40)
        }
    }

    @Test("an index goes on where its building was interrupted")
    func resumes() async throws {
        let library = try await Library()
        for number in 0..<200 { _ = try await library.ledger.commit([library.sources[0].file("\(number)", "word\(number) harbour")], at: 10) }
        do {
            let reader = try library.fixture.reader()
            let index = try SearchIndexWriter.make(path: library.path, try reader.emptyIndexState())
            let part = try reader.indexablePart(after: index.state)
            try index.add(part.versions, part.state)
        }
        let index = try SearchIndex(path: library.path, ledger: try library.fixture.reader())
        #expect(try index.documents() == 64)
        #expect(try index.lag() == 202)
        _ = try await library.ledger.commit([library.sources[0].file("0", "word0 harbour again")], at: 10)
        try library.index()
        #expect(try index.documents() == 201)
        #expect(try index.lag() == 0)
        #expect(try library.search("harbour") { $0.limit = 1_000 }.count == 200)
    }

    @Test("in five scripts a search finds exactly what a plain scan finds")
    func recall() async throws {
        let library = try await Library()
        let texts = ScriptTexts(vocabulary: 400)
        let articles = (0..<100).map { texts.article($0, words: 40) }
        var reports: [Report] = []
        for article in articles {
            let item = Item(title: article.title, text: article.text, rawHash: ContentHash.of(Array(article.title.utf8)))
            reports.append(
                Report(
                    source: library.sources[0].id,
                    finding: .capture(
                        CaptureFacts(locator: "\(article.number)", rawHash: item.rawHash, stamp: 1, format: "text"),
                        .document(SeenDocument([SeenItem(key: SightingKey("\(article.number)", .path), item: item)])))))
        }
        _ = try await library.ledger.commit(reports, at: 10)
        try library.index()
        let folded = articles.map(ScriptTexts.folded)
        var found = 0
        for number in 0..<60 {
            let query = texts.query(number, of: 100)
            let expected = articles.indices.filter { article in query.needles.allSatisfy { folded[article].contains($0) } }
            let hits = try library.search(query.text) { $0.limit = 1_000 }
            let numbers = hits.compactMap { $0.title?.split(separator: " ").last.flatMap { Int($0) } }
            #expect(numbers.sorted() == expected, "\(query.text)")
            found += numbers.count
        }
        #expect(found > 60)
    }
}
