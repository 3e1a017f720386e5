import TestSupport
import Testing
import TidingsCore
import TidingsStore

@testable import TidingsDaemon

@Suite("tidings boilerplate")
struct CommandBoilerplateTests {
    private static let letter = "Sign up for the evening letter of the far coast."

    /// Four pages with one line, which is learned.
    private func learned() async throws -> CommandState {
        let state = try await CommandState()
        let ledger = try Ledger(path: state.folder.database)
        let source = try LedgerReader(path: state.folder.database).sources()[1].id
        for (position, word) in ["harbour", "library", "theatre", "station"].enumerated() {
            func item(_ text: String) -> Item {
                Item(
                    id: word, title: word, url: "https://far-coast.example/\(word)", text: text,
                    rawHash: Item.rawHash(title: word, body: Array(text.utf8)))
            }
            let now = CommandState.start + Int64(position + 1) * 60_000
            let teaser = item("Short…")
            let facts = CaptureFacts(locator: "https://far-coast.example/feed.xml", rawHash: teaser.rawHash, format: "rss", status: 200)
            let document = SeenDocument([SeenItem(key: SightingKey(word, .id), item: teaser)])
            var report = Report(source: source, finding: .capture(facts, .document(document)))
            report.pages = PageWatch(backfill: 50)
            _ = try await ledger.commit([report], at: now)
            let text = "The \(word) opens again, and the \(word) is larger than it was.\n\(Self.letter)"
            let reader = try LedgerReader(path: state.folder.database)
            let page = try #require(
                try reader.pages(of: source, now: now).compactMap { try reader.page($0.page, now: now) }.first { $0.locator.hasSuffix(word) })
            let look = PageReport(
                page: page.id, finding: .article(SeenItem(key: page.key, item: item(text)), nil),
                facts: CaptureFacts(locator: page.locator, rawHash: ContentHash.of(Array(text.utf8)), format: "html", status: 200),
                request: PageRequest(url: page.locator), begun: now, recheck: .decay, jitter: 0)
            // What is new is looked at twice.
            for _ in 0..<2 { _ = try await ledger.commit([Report(source: source, finding: .page(look))], at: now) }
        }
        return state
    }

    @Test func hostsAndTheirLines() async throws {
        let state = try await learned()
        #expect(try await state.run("boilerplate").lines == ["far-coast.example  1 line from 4 articles"])
        #expect(try await state.run("boilerplate", "far-coast.example").lines == ["    4 articles  since set 1  \(Self.letter)"])
        #expect(try await state.run("boilerplate", "--json").lines == [#"{"host":"far-coast.example","lines":1,"articles":4}"#])
        #expect(
            try await state.run("boilerplate", "far-coast.example", "--json").lines
                == [#"{"line":"\#(Self.letter)","articles":4,"since":1}"#])
    }

    @Test func forgetting() async throws {
        let state = try await learned()
        let other = try await state.run("boilerplate", "far-coast.example", "--forget", "Something else")
        #expect(other.status == 65)
        #expect(try await state.run("boilerplate", "far-coast.example", "--forget", "Sign up").lines == ["1 line forgotten"])
        #expect(try await state.run("boilerplate").lines.isEmpty)
    }

    @Test func nothingIsForgottenBesideADaemon() async throws {
        let state = try await learned()
        let lock = try StateLock(state.folder)
        let result = try await state.run("boilerplate", "far-coast.example", "--forget")
        #expect(result.status == 75)
        withExtendedLifetime(lock) {}
        #expect(try await state.run("boilerplate").lines.count == 1)
    }

    @Test("what does not belong together is a mistake of usage", arguments: [
        ["--forget"], ["far-coast.example", "Sign up"], ["far-coast.example", "--forget", "--json"],
    ])
    func usage(arguments: [String]) async throws {
        let state = try await CommandState()
        let result = try await RunningProgram(["boilerplate"] + arguments + ["--config", state.settings]).result()
        #expect(result.status == 64)
    }
}
