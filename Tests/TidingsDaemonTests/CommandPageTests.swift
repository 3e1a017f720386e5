import TestSupport
import Testing
import TidingsCore
import TidingsStore

@Suite("What tidings log and show tell of an article's page")
struct CommandPageTests {
    private static let text = String(repeating: "The board met on Tuesday. ", count: 20)

    /// A feed's item whose page was looked at: it was read first, then two times it was a paywall.
    private func watched(_ state: CommandState, looks: [(Int64, String, PageDoubt?)]) async throws -> String {
        let ledger = try Ledger(path: state.folder.database)
        let source = try LedgerReader(path: state.folder.database).sources()[1].id
        let url = "https://far-coast.example/1"
        func item(_ text: String) -> Item {
            Item(id: "item-1", title: "Board", url: url, text: text, rawHash: Item.rawHash(title: "Board", body: Array(text.utf8)))
        }
        let teaser = item("The board met…")
        let facts = CaptureFacts(locator: "https://far-coast.example/feed.xml", rawHash: teaser.rawHash, format: "rss", status: 200)
        let document = SeenDocument([SeenItem(key: SightingKey("item-1", .id), item: teaser)], isWindow: true)
        var report = Report(source: source, finding: .capture(facts, .document(document)))
        report.pages = PageWatch(backfill: 50)
        _ = try await ledger.commit([report], at: CommandState.start)
        for (hours, text, doubt) in looks {
            let reader = try LedgerReader(path: state.folder.database)
            let due = try #require(try reader.pages(of: source, now: CommandState.start).first)
            let page = try #require(try reader.page(due.page, now: CommandState.start))
            let look = PageReport(
                page: page.id, finding: .article(SeenItem(key: page.key, item: item(text)), doubt),
                facts: CaptureFacts(locator: url, rawHash: ContentHash.of(Array(text.utf8)), bytes: 900, format: "html", status: 200),
                request: PageRequest(url: url), begun: CommandState.start + hours * 3_600_000, recheck: .decay, jitter: 0)
            // What is new is looked at twice.
            for _ in 0..<(doubt == nil ? 2 : 1) {
                _ = try await ledger.commit([Report(source: source, finding: .page(look))], at: CommandState.start + hours * 3_600_000)
            }
        }
        return ArticleID(source: "far-coast", key: "item-1").description
    }

    @Test("before the first look, the text is the feed's")
    func unread() async throws {
        let state = try await CommandState()
        let id = try await watched(state, looks: [])
        let lines = try await state.run("log", id).lines
        #expect(
            lines == [
                "  @1  2026-02-02 02:40:00  first            14 characters  Board", "page  https://far-coast.example/1",
                "      not looked at yet; next look 2026-02-02 02:40:00: it was never read; the text is the feed's",
            ])
        #expect(try await state.run("log", id + "@1").lines.count == 1)
        #expect(try await state.run("log", id, "--json").lines.count == 1)
    }

    @Test("a page that was read tells when it is looked at next, and why then")
    func read() async throws {
        let state = try await CommandState()
        let id = try await watched(state, looks: [(1, Self.text, nil)])
        let log = try await state.run("log", id).lines
        #expect(log[1].hasPrefix("  @2  2026-02-02 03:40:00  full text "))
        #expect(log.last == "      looked at 2026-02-02 03:40:00, 200; next look 2026-02-02 03:55:00: by the age of its last change")
        let shown = try await state.run("show", id, "--provenance").lines.suffix(9)
        #expect(
            shown == [
                "page           https://far-coast.example/1", "text           the page's", "last look      2026-02-02 03:40:00, 200",
                "next look      2026-02-02 03:55:00: by the age of its last change", "captured       2026-02-02 03:40:00",
                "confirmed      2026-02-02 03:40:00", "HTTP status    200", "size           900 bytes", "format         html",
            ])
    }

    @Test("what is doubtful is told by name, with how often and since when")
    func doubtful() async throws {
        let state = try await CommandState()
        let id = try await watched(state, looks: [(1, Self.text, nil), (2, "Subscribe.", .paywall), (5, "Subscribe.", .paywall)])
        let shown = try await state.run("show", id, "--provenance").output
        #expect(
            shown.contains(
                """
                last look      2026-02-02 07:40:00, 200 (paywall)
                last read      2026-02-02 03:40:00
                doubt          paywall, 2 equal looks since 2026-02-02 04:40:00
                next look      2026-02-02 10:40:00: to see whether what is doubtful stands
                """))
        let json = try await state.run("show", id, "--provenance", "--json").output
        #expect(
            json.contains(
                #""page":{"url":"https://far-coast.example/1","gives_text":true,"last_look":"2026-02-02T07:40:00.000Z","http_status":200,"#
                    + #""problem":"paywall","last_success":"2026-02-02T03:40:00.000Z","#
                    + #""doubt":{"reason":"paywall","looks":2,"since":"2026-02-02T04:40:00.000Z"},"#
                    + #""next_look":"2026-02-02T10:40:00.000Z","next_look_reason":"doubt","capture":{"captured":"#))
    }

    @Test("tail names the class in words")
    func tail() async throws {
        let state = try await CommandState()
        _ = try await watched(state, looks: [(1, Self.text, nil)])
        try state.publish()
        let line = try #require(try await state.run("tail", "-n", "1", "--format", "pretty").lines.last)
        #expect(line.contains("  full text  Board"))
    }
}
