import Testing
import TidingsCore
@testable import TidingsStore

@Suite("Files renamed and edited at once, in the ledger") struct RenameTests {
    private static let note = """
        The crane on the north quay stands still since Monday. The harbour office looks for a part that is no longer made, \
        and the boats unload at the south quay, where there is room for three.
        """

    private func story(_ steps: (SourceRow) -> [Report]) async throws -> [String] {
        let fixture = try LedgerFixture()
        let (ledger, sources) = try await fixture.open(folders: ["docs"])
        for (minute, report) in steps(sources[0]).enumerated() {
            _ = try await ledger.commit([report], at: Int64(minute + 1) * 60_000)
        }
        return try fixture.news()
    }

    private func gone(_ source: SourceRow, _ paths: String...) -> Report {
        Report(source: source.id, finding: .gone(paths, .confirmed))
    }

    private func renamed(_ report: Report, from old: String) -> Report {
        var report = report
        report.renamedFrom = old
        return report
    }

    @Test("nearly the same text where the old file has just gone goes on under the new path")
    func edited() async throws {
        let news = try await story {
            [$0.file("old.md", Self.note), $0.file("new.md", Self.note + "\nA line more.", missing: ["old.md"]), gone($0, "old.md")]
        }
        #expect(news == ["created old.md@1", "moved old.md to new.md@1", "updated new.md@2 substantive"])
    }

    @Test("a rename that the kernel tells of counts whatever the new text says")
    func kernel() async throws {
        let news = try await story {
            [$0.file("old", "One."), renamed($0.file("new", "Quite another.", missing: ["old"]), from: "old"), gone($0, "old")]
        }
        #expect(news == ["created old@1", "moved old to new@1", "updated new@2 substantive"])
    }

    @Test("but not where the old file is there again, or was never an article")
    func stillThere() async throws {
        let news = try await story {
            [
                $0.file("old", "One."), renamed($0.file("new", "Another."), from: "old"),
                renamed($0.file("more", "And another.", missing: ["unknown"]), from: "unknown"),
            ]
        }
        #expect(news == ["created old@1", "created new@1", "created more@1"])
    }

    @Test("what must not be folded: a file that stays, a short one, a series, two candidates, notes of one template")
    func others() async throws {
        let edit = Self.note + "\nA line more."
        #expect(
            try await story { [$0.file("old", Self.note), $0.file("new", edit)] } == ["created old@1", "created new@1"])
        #expect(
            try await story { [$0.file("old", "Short."), $0.file("new", "Short!", missing: ["old"])] }
                == ["created old@1", "created new@1"])
        #expect(
            try await story { [$0.file("2026-11-01.md", Self.note), $0.file("2026-11-02.md", edit, missing: ["2026-11-01.md"])] }
                == ["created 2026-11-01.md@1", "created 2026-11-02.md@1"])
        #expect(
            try await story {
                [$0.file("a", Self.note), $0.file("b", Self.note + "\nOne."), $0.file("c", edit, missing: ["a", "b"])]
            }.last == "created c@1")
        let form = "This form is filled in at every visit, in ink, and is kept in the office for ten years by order of the board."
        #expect(
            try await story {
                [
                    $0.file("mill", form + "\nThe mill is dry."), $0.file("weir", form + "\nThe weir holds."),
                    $0.file("lock", form + "\nThe lock leaks.", missing: ["mill"]), gone($0, "mill"),
                ]
            } == ["created mill@1", "created weir@1", "created lock@1", "removed mill@1 file_deleted"])
    }
}

@Suite("Items of files without ids, in the ledger") struct FileItemTests {
    private func list(_ source: SourceRow, _ texts: [String], rule: KeyRule = .content) -> Report {
        let items = texts.map { item($0) }
        let keys = rule == .position
            ? items.indices.map { SightingKey("list#\($0 + 1)", .position) } : fileKeys(items, path: "list")
        return Report(
            source: source.id,
            finding: .capture(
                CaptureFacts(locator: "list", rawHash: ContentHash.of(Array("\(texts)".utf8)), format: "jsonl"),
                .document(SeenDocument(zip(keys, items).map { SeenItem(key: $0, item: $1) }))))
    }

    @Test("one on top is one article more, in a state of any age", arguments: [KeyRule.content, .position])
    func onTop(rule: KeyRule) async throws {
        let fixture = try LedgerFixture()
        let (ledger, sources) = try await fixture.open(folders: ["docs"])
        _ = try await ledger.commit([list(sources[0], ["A.", "B.", "C."], rule: rule)], at: 1)
        let before = try fixture.events().count
        _ = try await ledger.commit([list(sources[0], ["D.", "A.", "B.", "C."])], at: 2)
        #expect(try fixture.events().dropFirst(before).map(\.type) == ["tidings.article.created"])
        _ = try await ledger.commit([list(sources[0], ["C.", "A.", "D."])], at: 3)
        #expect(try fixture.events().dropFirst(before + 1).map(\.type) == ["tidings.article.removed"])
        _ = try await ledger.commit([list(sources[0], ["C.", "B.", "A.", "D."])], at: 4)
        #expect(try fixture.events().dropFirst(before + 2).map(\.type) == ["tidings.article.restored"])
    }
}

@Suite("Counters of feed items, in the ledger") struct CounterTests {
    private func story(_ documents: [[Item]]) async throws -> [String] {
        let fixture = try LedgerFixture()
        let (ledger, sources) = try await fixture.open(feeds: ["news"])
        for (time, items) in documents.enumerated() {
            _ = try await ledger.commit([sources[0].document(items)], at: Int64(time + 1) * 1000)
        }
        return try fixture.news().filter { !$0.hasPrefix("created") }
    }

    @Test("known counters make no version; an edit, a tag, or a return to an older text beside them does")
    func known() async throws {
        func post(_ text: String, _ comments: Int, author: String? = nil) -> [Item] {
            [item("\(text)\n\(comments) comments", id: "a", author: author)]
        }
        let news = try await story([
            post("The ferry is late.", 3), post("The ferry is late.", 4), post("The ferry is late.", 3),
            post("The ferry is early.", 9), post("The ferry is early.", 12), post("The ferry is early.", 12, author: "Ann"),
            post("The ferry is early.", 14, author: "Jon"),
        ])
        #expect(news == ["updated a@2 substantive", "updated a@3 metadata", "updated a@4 metadata"])
    }

    @Test("counts of an unknown kind are told as such if other articles have them, else as an edit")
    func unknown() async throws {
        func posts(_ counts: [Int]) -> [Item] {
            counts.enumerated().map { item("Text of number \($0).\nKutazamwa: \($1)", id: "\($0)") }
        }
        #expect(try await story([posts([1, 2, 3]), posts([1, 7, 3])]) == ["updated 1@2 counters"])
        #expect(try await story([posts([1, 2]), posts([1, 7])]) == ["updated 1@2 substantive"])
    }
}
