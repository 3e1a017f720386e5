import Testing
import TidingsCore

@testable import TidingsStore

@Suite("How the fields of versions are stored") struct StoredItemTests {
    private let fixture: LedgerFixture
    private let ledger: Ledger
    private let source: SourceRow
    private let key = SightingKey("a", .id)

    init() async throws {
        fixture = try LedgerFixture()
        let (ledger, rows) = try await fixture.open(feeds: ["news"])
        self.ledger = ledger
        source = rows[0]
    }

    private func item(_ text: String, by author: String, title: String = "Ferries") -> Item {
        Item(id: "a", title: title, authors: [Author(name: author)], text: text, rawHash: Item.rawHash(title: title, body: Array(text.utf8)))
    }

    private func show(_ item: Item, at now: Int64) async throws {
        _ = try await ledger.commit([source.document([item])], at: now)
    }

    /// Makes the ledger one that older text rules have read.
    private func age() throws {
        try Connection(path: fixture.path, access: .write).execute("UPDATE captures SET rules = rules - 1; UPDATE sightings SET rules = rules - 1")
    }

    /// What stands in the column, shortened.
    private func stored() throws -> [String] {
        var list: [String] = []
        try fixture.reader().connection.prepare("SELECT item FROM versions ORDER BY number").each { row in
            list.append(row.text(0).isEmpty ? "as 1" : "whole")
            return true
        }
        return list
    }

    private func authors() throws -> [String?] { try versions().map(\.item.authors.first?.name) }

    private func versions() throws -> [StoredVersion] {
        var list: [StoredVersion] = []
        let reader = try fixture.reader()
        _ = try reader.eachArticle(ArticleFilter()) { list += try reader.versions(of: $0.id) }
        return list
    }

    @Test("fields that are those of the first version are stored once, and every reader finds them")
    func shared() async throws {
        for (place, author) in ["Ann", "Ann", "Bob", "Ann"].enumerated() {
            try await show(item("The ferry is \(place) hours late.", by: author), at: Int64(10 + place))
        }
        #expect(try stored() == ["whole", "as 1", "whole", "as 1"])
        #expect(try authors() == ["Ann", "Ann", "Bob", "Ann"])
        let reader = try fixture.reader()
        #expect(try reader.connection.integer("SELECT count(*) FROM items WHERE item ->> '$.authors[0].name' = 'Ann'") == 3)
        let id = try #require(try versions().first).article
        #expect(try reader.timeline(of: id, limit: 10).map(\.title) == Array(repeating: "Ferries", count: 4))
        #expect(try reader.title(of: id) == "Ferries")
        let snapshot = try snapshotLines()
        #expect(snapshot.contains { $0.contains(#""title":"Ferries","authors":[{"name":"Ann"}]"#) })

        // Retention keeps the first.
        try await ledger.indexVersions()
        #expect(try await ledger.pruneVersions([2, 3].map { VersionKey(article: 1, number: $0) }[...]) == 2)
        #expect(try stored() == ["whole", "as 1"])
        #expect(try authors() == ["Ann", "Ann"])
        #expect(try fixture.reader().check() == [])
    }

    private func snapshotLines() throws -> [String] {
        var lines: [String] = []
        _ = try fixture.reader().snapshotLines(of: nil, withText: false, at: 100) { line, _ in lines.append(String(decoding: line, as: UTF8.self)) }
        return lines
    }

    @Test("newer rules that find other fields change the newest version alone", arguments: [1, 2])
    func rederived(count: Int) async throws {
        for place in 0..<count { try await show(item("The ferry is \(place) hours late.", by: "Ann"), at: Int64(10 + place)) }
        try age()
        try await show(item("The ferry is \(count - 1) hours late.", by: "Bob"), at: 20)
        #expect(try authors() == Array(repeating: "Ann", count: count - 1) + ["Bob"])
        try age()
        try await show(item("The ferry is \(count - 1) hours late.", by: "Ann"), at: 30)
        #expect(try authors() == Array(repeating: "Ann", count: count))
        #expect(try stored() == Array(["whole", "as 1"].prefix(count)))
        try await show(item("The ferry is cancelled.", by: "Ann"), at: 40)
        #expect(try authors() == Array(repeating: "Ann", count: count + 1))
    }

    @Test("a title is searched for in the fields of the newest version, wherever they are stored")
    func titles() async throws {
        try await show(item("The ferry is late.", by: "Ann"), at: 10)
        try await show(item("The ferry is on time.", by: "Ann"), at: 11)
        let words = try #require(TitleWords("ferries"))
        #expect(try fixture.reader().eachArticle(ArticleFilter(words: words)) { _ in } == 1)
        try await show(item("The ferry is on time.", by: "Ann", title: "Boats"), at: 12)
        #expect(try fixture.reader().eachArticle(ArticleFilter(words: words)) { _ in } == 0)
    }
}
