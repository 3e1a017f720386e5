import TidingsCore
import Testing

@testable import TidingsStore

@Suite("What was decided about the blocks of a page") struct PageMemoryTests {
    private func page(_ source: SourceRow, _ text: String, blocks: [UInt8]?) -> Report {
        var report = source.file("a.html", text)
        if case .capture(var facts, let content) = report.finding {
            facts.blocks = blocks
            report.finding = .capture(facts, content)
        }
        return report
    }

    @Test("it stands with the page, and is the newest one")
    func stored() async throws {
        let fixture = try LedgerFixture()
        let (ledger, rows) = try await fixture.open(folders: ["docs"])
        #expect(try fixture.reader().blocks(of: rows[0].id, locator: "a.html") == nil)
        _ = try await ledger.commit([page(rows[0], "One.", blocks: [1, 2, 3, 4])], at: 10)
        #expect(try fixture.reader().blocks(of: rows[0].id, locator: "a.html") == [1, 2, 3, 4])
        _ = try await ledger.commit([page(rows[0], "Two.", blocks: [5, 6, 7, 8])], at: 20)
        #expect(try fixture.reader().blocks(of: rows[0].id, locator: "a.html") == [5, 6, 7, 8])
        #expect(try fixture.reader().blocks(of: rows[0].id, locator: "b.html") == nil)
    }

    @Test("a page that cannot be read for once is remembered")
    func unreadable() async throws {
        let fixture = try LedgerFixture()
        let (ledger, rows) = try await fixture.open(folders: ["docs"])
        _ = try await ledger.commit([page(rows[0], "One.", blocks: [1, 2, 3, 4])], at: 10)
        let facts = CaptureFacts(locator: "a.html", bytes: 3, problems: 1, problem: "binary data, no article")
        _ = try await ledger.commit([Report(source: rows[0].id, finding: .capture(facts, .unreadable))], at: 20)
        #expect(try fixture.reader().blocks(of: rows[0].id, locator: "a.html") == [1, 2, 3, 4])
    }

    @Test("under other text rules it says nothing")
    func otherRules() async throws {
        let fixture = try LedgerFixture()
        let (ledger, rows) = try await fixture.open(folders: ["docs"])
        _ = try await ledger.commit([page(rows[0], "One.", blocks: [1, 2, 3, 4])], at: 10)
        try Connection(path: fixture.path, access: .write).execute("UPDATE captures SET rules = rules - 1")
        #expect(try fixture.reader().blocks(of: rows[0].id, locator: "a.html") == nil)
        _ = try await ledger.commit([page(rows[0], "Two.", blocks: nil)], at: 20)
        #expect(try fixture.reader().blocks(of: rows[0].id, locator: "a.html") == nil)
    }
}
