import Testing
import TidingsCore

@testable import TidingsStore

@Suite("How people name an article") struct ArticleReferenceTests {
    @Test("anything that is not empty, and a version behind it", arguments: [
        ("7q2k", "7q2k", nil), ("7q2k@3", "7q2k", 3), ("a@12", "a", 12), ("", nil, nil), ("@3", nil, nil), ("7q2k@", "7q2k@", nil),
        ("7q2k@0", "7q2k@0", nil), ("7q2k@-1", "7q2k@-1", nil), ("7q2k@1@2", "7q2k@1", 2), ("a@b.example", "a@b.example", nil),
        ("harbour fees@2", "harbour fees", 2),
    ] as [(String, String?, Int?)])
    func parses(text: String, name: String?, version: Int?) {
        let reference = ArticleReference(text)
        #expect(reference?.name == name)
        #expect(reference?.version == version)
    }

    @Test("leads to one version, or says why not and what next")
    func finds() async throws {
        let fixture = try LedgerFixture()
        let (ledger, rows) = try await fixture.open(folders: ["docs"])
        for (time, text) in ["One.", "Two.", "Three."].enumerated() {
            _ = try await ledger.commit([rows[0].file("a", text)], at: Int64(time + 10))
        }
        let id = ArticleID(source: "docs", key: "a")
        let reader = try LedgerReader(path: fixture.path)
        func text(_ reference: String, number: Int? = nil) throws -> String {
            try reader.version(try #require(ArticleReference(reference)), number: number).form.text
        }
        let prefix = try reader.shortID(id)
        #expect(prefix == String(id.description.prefix(8)))
        #expect(try text(prefix) == "Three.")
        #expect(try text("\(prefix)@2") == "Two.")
        #expect(try text("\(prefix)@2", number: 1) == "One.")
        #expect(try reader.text(of: ArticleVersion(article: id, number: 2)) == "Two.")
        #expect(try reader.text(of: ArticleVersion(article: id, number: 4)) == nil)

        func refusal(_ reference: String) -> String? {
            #expect(throws: ArticleReferenceError.self) { _ = try text(reference) }?.description
        }
        #expect(refusal("\(prefix)@4") == "\(id) has no version 4; `tidings log \(prefix)` shows them")
        let other = id.description.hasPrefix("b") ? "c" : "b"
        #expect(refusal(other)?.hasPrefix("no article is found by '\(other)': no id begins with it, ") == true)
        try Connection(path: fixture.path, access: .write).execute("DELETE FROM versions WHERE number = 2")
        #expect(refusal("\(prefix)@2") == "version 2 of \(id) is no longer kept (retention); `tidings log \(prefix)` shows those that are")
    }

    @Test("a beginning that several ids share names them, up to a limit", arguments: [2, 21])
    func several(count: Int) async throws {
        let fixture = try LedgerFixture()
        let (ledger, rows) = try await fixture.open(folders: ["docs"])
        // Over 32 first letters: some letter is shared by so many.
        let keys = (0..<count * 32).map { "file-\($0)" }
        let groups = Dictionary(grouping: keys) { ArticleID(source: "docs", key: $0).description.prefix(1) }
        let (letter, shared) = try #require(groups.first { $0.value.count >= count })
        _ = try await ledger.commit(shared.prefix(count).map { rows[0].file($0, "Text of \($0).") }, at: 10)
        let reader = try LedgerReader(path: fixture.path)
        let reference = try #require(ArticleReference(String(letter)))
        let error = #expect(throws: ArticleReferenceError.self) { _ = try reader.find(reference) }
        guard case .severalArticles(reference, let candidates, let more)? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(candidates.count == min(count, 20))
        #expect(more == count - candidates.count)
        #expect(Set(candidates.map(\.article.id)).isSubset(of: shared.map { ArticleID(source: "docs", key: $0) }))
        #expect(candidates.allSatisfy { $0.article.id.description.hasPrefix($0.shortID) && $0.shortID.count >= ArticleID.shortLength })
    }

    @Test("two versions are compared, the newest with the one before it unless others are named")
    func difference() async throws {
        let fixture = try LedgerFixture()
        let (ledger, rows) = try await fixture.open(folders: ["docs"])
        for (time, text) in ["One.", "Two.", "Three."].enumerated() {
            _ = try await ledger.commit([rows[0].file("a", text)], at: Int64(time + 10))
        }
        let reader = try LedgerReader(path: fixture.path)
        let reference = try #require(ArticleReference(ArticleID(source: "docs", key: "a").description))
        func numbers(_ old: Int?, _ new: Int?) throws -> [Int] {
            let difference = try reader.difference(reference, old: old, new: new)
            return [difference.old.summary.number, difference.new.summary.number]
        }
        #expect(try numbers(nil, nil) == [2, 3])
        #expect(try numbers(1, nil) == [1, 3])
        #expect(try numbers(nil, 2) == [1, 2])
        #expect(try numbers(3, 1) == [3, 1])
        let error = #expect(throws: ArticleReferenceError.self) { _ = try numbers(nil, 1) }
        #expect(error == .firstVersion(ArticleVersion(article: ArticleID(source: "docs", key: "a"), number: 1)))
    }
}
