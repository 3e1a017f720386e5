import Foundation
import TestSupport
import Testing

@Suite("tidings list, log, show")
struct CommandArticleTests {
    private let tides = CommandState.id("tides.txt")
    private let gulls = CommandState.id("gulls.txt")

    @Test("list shows each article once, oldest first")
    func list() async throws {
        let state = try await CommandState()
        let result = try await state.run("list")
        #expect(
            result.lines == [
                "\(tides.prefix(8))    @2  2026-02-02 02:40:02  harbour    Tides [31mtoday",
                "\(gulls.prefix(8))    @1  2026-02-02 02:40:03  harbour    Gulls",
            ])
        #expect(try await state.run("list", "--source", "far-coast").output == "")
    }

    @Test("list --json gives one object a line")
    func listJSON() async throws {
        let state = try await CommandState()
        let articles = try await state.run("list", "--json").lines.map(json)
        #expect(articles.map { $0["id"] as? String } == [tides, gulls])
        #expect(articles.map { $0["versions"] as? Int } == [2, 1])
        #expect(articles[0]["title"] as? String == "Tides [31mtoday")
    }

    @Test("log shows the versions of an article, oldest first")
    func log() async throws {
        let state = try await CommandState()
        let result = try await state.run("log", String(tides.prefix(6)))
        #expect(result.lines.map { $0.prefix(40) } == [
            "  @1  2026-02-02 02:40:01  first        ", "  @2  2026-02-02 02:40:02  substantive  ",
        ])
        let versions = try await state.run("log", tides, "--json").lines.map(json)
        #expect(versions.map { $0["version"] as? Int } == [1, 2])
        #expect(versions.map { $0["sequence"] as? Int } == [3, 4])
    }

    @Test("show gives title, empty line and paragraphs of the version asked for")
    func show() async throws {
        let state = try await CommandState()
        #expect(try await state.run("show", tides).output == "Tides [31mtoday\n\n\(CommandState.tides[1])\n")
        #expect(try await state.run("show", tides + "@1").output == "Tides [31mtoday\n\n\(CommandState.tides[0])\n")
        let object = try json(try await state.run("show", tides, "--json").output)
        let item = try #require(object["item"] as? [String: Any])
        #expect(item["content_text"] as? String == CommandState.tides[1])
        #expect((item["authors"] as? [[String: String]]) == [["name": "Ada Pier"]])
    }

    @Test("on a terminal, show adds what else is known")
    func showOnTerminal() async throws {
        let state = try await CommandState()
        let shown = try await Terminal.shows { try state.start("show", tides, output: $0) }
        #expect(shown.contains("authors    Ada Pier"))
        #expect(shown.contains("The tide comes at dusk.\r\nBoats wait."))
    }

    @Test("show --provenance tells where and when it was read, without control characters")
    func provenance() async throws {
        let state = try await CommandState()
        let result = try await state.run("show", String(tides.prefix(6)), "--provenance")
        #expect(result.status == 0)
        #expect(
            result.output == """
                article        \(tides)@2
                committed      2026-02-02 02:40:02
                first seen     2026-02-02 02:40:01
                last seen      2026-02-02 02:40:02

                source         harbour (folder)
                key            tides.txt
                locator        tides.txt
                captured       2026-02-02 02:40:02
                confirmed      2026-02-02 02:40:02
                size           35 bytes
                format         text

                """)
        #expect(try await state.run("show", tides + "@1", "--provenance").lines[1] == "committed      2026-02-02 02:40:01")
        #expect(try await state.run("show", tides + "@9", "--provenance").status == 65)
    }

    @Test("show --provenance of a feed's item names what HTTP said")
    func provenanceOfFeed() async throws {
        let state = try await CommandState()
        let id = try await state.readFeed()
        let result = try await state.run("show", id, "--provenance")
        #expect(
            result.lines.suffix(12) == [
                "source         far-coast (feed)", "key            item-1", "locator        https://far-coast.example/feed.xml",
                "captured       2026-02-02 02:40:40", "confirmed      2026-02-02 02:40:40", "HTTP status    200",
                "final URL      https://www.far-coast.example/feed.xml", "ETag           \"[31mv1\"",
                "Last-Modified  Sun, 01 Feb 2026 10:00:00 GMT", "size           2.0 KiB", "format         rss",
                "problems       no date, and 1 more",
            ])
        let object = try json(try await state.run("show", id, "--provenance", "--json").output)
        #expect(object["article"] as? String == id)
        #expect(object["first_seen"] as? String == "2026-02-02T02:40:40.000Z")
        let sighting = try #require((object["sightings"] as? [[String: Any]])?.first)
        #expect(sighting["locator"] as? String == "https://far-coast.example/feed.xml")
        let capture = try #require(sighting["capture"] as? [String: Any])
        #expect(capture["captured"] as? String == "2026-02-02T02:40:40.000Z")
        #expect(capture["confirmed"] as? String == "2026-02-02T02:40:40.000Z")
        #expect(capture["http_status"] as? Int == 200)
        #expect(capture["final_url"] as? String == "https://www.far-coast.example/feed.xml")
        #expect(capture["etag"] as? String == "\"\u{1B}[31mv1\"")
        #expect(capture["last_modified"] as? String == "Sun, 01 Feb 2026 10:00:00 GMT")
        #expect(capture["size_bytes"] as? Int == 2048)
        #expect(capture["format"] as? String == "rss")
        #expect(capture["problems"] as? Int == 2)
        #expect(capture["problem"] as? String == "no date")
    }

    @Test("what does not name one version is refused with the next step")
    func references() async throws {
        let state = try await CommandState()
        #expect(try await state.run("show", "zzzzzz").errors == "tidings: no article's id begins with 'zzzzzz'; `tidings list` shows them\n")
        let missing = try await state.run("show", tides + "@9")
        #expect(missing.status == 65)
        #expect(missing.errors.contains("has no version 9; `tidings log"))
        #expect(try await state.run("show", "NO/ID").status == 64)
    }

    @Test("a beginning that several ids share lists them")
    func ambiguous() async throws {
        let state = try await CommandState()
        // 33 more articles over 32 first letters: at least two share theirs.
        for number in 1...33 { try await state.commitGull(number) }
        let ids = (1...33).map { CommandState.id("gull-\($0).txt") }
        let letter = try #require(Dictionary(grouping: ids) { $0.prefix(1) }.first { $0.value.count > 1 })
        let result = try await state.run("show", String(letter.key))
        #expect(result.status == 65)
        #expect(letter.value.allSatisfy(result.errors.contains))
    }
}
