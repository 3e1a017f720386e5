import Testing
import TidingsCore

@testable import TidingsStore

@Suite("The article that people mean") struct FindArticleTests {
    private let fixture: LedgerFixture
    private let reader: LedgerReader
    private let docs: SourceRow
    private let ledger: Ledger

    /// A folder with `a.md`, removed `old.md`, and a file of two items; a feed with two items of the same address, one of which is removed.
    init() async throws {
        fixture = try LedgerFixture()
        let rows: [SourceRow]
        (ledger, rows) = try await fixture.open(folders: ["docs"], feeds: ["wire"])
        docs = rows[0]
        func titled(_ title: String, id: String? = nil, url: String? = nil) -> Item {
            Item(id: id, title: title, url: url, text: "Of \(title).", rawHash: ContentHash.of(Array(title.utf8)))
        }
        let lines = [titled("First line", id: "1"), titled("Second line", id: "2")]
        func file(_ key: String, _ title: String) -> Report {
            let item = titled(title)
            return Report(
                source: rows[0].id,
                finding: .capture(
                    CaptureFacts(locator: key, rawHash: item.rawHash), .document(SeenDocument([SeenItem(key: SightingKey(key, .path), item: item)]))))
        }
        let many = Report(
            source: rows[0].id,
            finding: .capture(
                CaptureFacts(locator: "many.jsonl", rawHash: ContentHash.of([1])),
                .document(SeenDocument(zip(fileKeys(lines, path: "many.jsonl"), lines).map { SeenItem(key: $0, item: $1) }))))
        _ = try await ledger.commit([file("a.md", "Harbour fees rise"), file("old.md", "Harbour fees fall"), many], at: 10)
        let items = [
            titled("Ferry \"Maria\" leaves", id: "g1", url: "https://www.wire.test/ferry/?utm_source=x"),
            titled("Порт растёт", id: "https://wire.test/@7", url: nil), titled("港口收费上涨", id: "g3", url: "https://wire.test/fees"),
        ]
        let document = SeenDocument(items.map { SeenItem(key: SightingKey($0.id ?? "", .id), item: $0) }, isWindow: true)
        let facts = CaptureFacts(locator: rows[1].locator, rawHash: ContentHash.of([2]), format: "rss")
        _ = try await ledger.commit([Report(source: rows[1].id, finding: .capture(facts, .document(document)))], at: 20)
        _ = try await ledger.remove(["old.md"], of: rows[0].id, pass: .usual, at: 30)
        reader = try fixture.reader()
    }

    /// The key under which the article that is found is seen first, and the version.
    private func found(_ text: String, at places: [WatchedPlace] = []) throws -> String {
        let (id, version) = try reader.find(try #require(ArticleReference(text)), at: places)
        let key = try reader.connection.prepare("SELECT s.key FROM sightings s JOIN articles a USING (article) WHERE a.id = ?")
            .first(.text(id.description)) { $0.text(0) }
        return (key ?? "?") + (version.map { "@\($0)" } ?? "")
    }

    /// What several articles are offered, by their titles.
    private func choice(_ text: String, at places: [WatchedPlace] = []) throws -> [String?]? {
        do {
            _ = try found(text, at: places)
            return nil
        } catch ArticleReferenceError.severalArticles(_, let candidates, _) {
            return candidates.map(\.article.title)
        }
    }

    @Test("is found by id, key, address in any spelling of the same page, or words of the title", arguments: [
        ("a.md", "a.md"), ("a.md@2", "a.md@2"), ("old.md", "old.md"), ("many.jsonl#2", "many.jsonl#2"), ("g1", "g1"),
        ("https://www.wire.test/ferry/?utm_source=x", "g1"), ("http://wire.test/ferry", "g1"), ("wire.test/ferry/#top", "g1"),
        ("http://wire.test/ferry@3", "g1@3"), ("https://wire.test/@7", "https://wire.test/@7"), ("RISE harbour", "a.md"), ("harb fee", "a.md"),
        ("harbour fall", "old.md"), ("ferry maria", "g1"), ("порт", "https://wire.test/@7"), ("收费", "g3"), ("first@1", "many.jsonl#1@1"),
    ])
    func finds(text: String, expected: String) throws { #expect(try found(text) == expected) }

    @Test("is found by its whole title, although others have its words, too")
    func findsByTitle() async throws {
        let items = ["Quay walls", "Quay walls redrawn"].map { title in
            SeenItem(key: SightingKey(title, .path), item: Item(title: title, text: title, rawHash: ContentHash.of(Array(title.utf8))))
        }
        let facts = CaptureFacts(locator: "walls.jsonl", rawHash: ContentHash.of([3]))
        _ = try await ledger.commit([Report(source: docs.id, finding: .capture(facts, .document(SeenDocument(items))))], at: 40)
        #expect(try found("quay WALLS") == "Quay walls")
        #expect(try choice("walls quay") == ["Quay walls redrawn", "Quay walls"])
    }

    @Test("is found by a beginning of its id before anything else")
    func findsByID() throws {
        let id = ArticleID(source: "docs", key: "old.md").description
        #expect(try found(id) == "old.md")
        #expect(try found(String(id.prefix(8)) + "@1") == "old.md@1")
    }

    @Test("is found by the place of its file before the key of the same name")
    func findsByPlace() throws {
        #expect(try found("a.md", at: [WatchedPlace(source: docs.id, key: "old.md")]) == "old.md")
        #expect(try choice("x", at: [WatchedPlace(source: docs.id, key: "many.jsonl")]) == ["Second line", "First line"])
    }

    @Test("is nobody's where nothing of it fits", arguments: ["ees", "harbour ferry", "https://wire.test/other", "b.md", "…", "https://wire.test/"])
    func findsNothing(text: String) throws {
        #expect(throws: ArticleReferenceError.noArticle(try #require(ArticleReference(text)))) { try found(text) }
    }

    @Test("is asked for where several are meant, of which the live ones count")
    func severalAreMeant() throws {
        #expect(try choice("line") == ["Second line", "First line"])
        #expect(try choice("many.jsonl") == ["Second line", "First line"])
        #expect(try choice("harbour fees") == nil)
    }

    @Test("lists have those of the last change first, and say how many there are")
    func lists() throws {
        func list(_ filter: ArticleFilter, limit: Int? = nil) throws -> [String?] {
            var titles: [String?] = []
            let count = try reader.eachArticle(filter, limit: limit) { titles.append($0.title) }
            #expect(count >= titles.count)
            return titles
        }
        let wire = ["港口收费上涨", "Порт растёт", "Ferry \"Maria\" leaves"]
        let files = ["Second line", "First line", "Harbour fees rise"]
        #expect(try list(ArticleFilter()) == wire + files)
        #expect(try list(ArticleFilter(includesRemoved: true)) == ["Harbour fees fall"] + wire + files)
        #expect(try list(ArticleFilter(sources: ["docs"]), limit: 2) == Array(files.prefix(2)))
        #expect(try reader.eachArticle(ArticleFilter(sources: ["docs"]), limit: 2) { _ in } == 3)
        #expect(try list(ArticleFilter(sources: ["docs", "wire"], sinceMilliseconds: 20, includesRemoved: true)) == ["Harbour fees fall"] + wire)
        #expect(try list(ArticleFilter(words: TitleWords("line first"))) == ["First line"])
    }

    @Test("as much of an id is shown as is unique, and not less than eight characters")
    func shortIDs() throws {
        try Connection(path: fixture.path, access: .write).execute(
            "INSERT INTO articles SELECT 1000, substr(id, 1, 10) || iif(substr(id, 11, 1) = 'a', 'b', 'a') || substr(id, 12), newest, newest_hash, "
                + "newest_content, first_seen_ms, NULL FROM articles WHERE article = 1")
        let id = try #require(ArticleID(reader.connection.prepare("SELECT id FROM articles WHERE article = 1").first { $0.text(0) } ?? ""))
        #expect(try reader.shortID(id).count == 11)
        #expect(try reader.shortID(ArticleID(source: "wire", key: "g1")).count == 8)
    }
}
