import Foundation
import TestSupport
import Testing

@Suite("tidings list, log, show")
struct CommandArticleTests {
    private let tides = CommandState.id("tides.txt")
    private let gulls = CommandState.id("gulls.txt")

    @Test("list shows each article once, the newest change first, and needs no settings but the state folder")
    func list() async throws {
        let state = try await CommandState()
        try "state: state\nfolder: []\n".write(toFile: state.settings, atomically: true, encoding: .utf8)
        let lines = [
            "\(gulls.prefix(8))    @1  2026-02-02 02:40:03  harbour    Gulls",
            "\(tides.prefix(8))    @2  2026-02-02 02:40:02  harbour    Tides [31mtoday",
        ]
        #expect(try await state.run("list").lines == lines)
        #expect(try await state.run("list", "--source", "far-coast").output == "")
        #expect(try await state.run("list", "31MTO", "tid").lines == [lines[1]])
        #expect(try await state.run("list", "--since", "2026-02-02T02:40:03Z", "--limit", "1").lines == [lines[0]])
    }

    @Test("--since of list takes a day, a day and a time, or a duration back")
    func since() async throws {
        let state = try await CommandState()
        let cases: [(since: String, count: Int?)] = [
            ("2026-02-02", 2), ("2026-02-02 02:40:03", 1), ("2026-02-02T03:40:03+01:00", 1), ("1d", 0), ("yesterday", nil), ("2026-02-30", nil),
            ("25:00", nil),
        ]
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (since, count) in cases {
                group.addTask {
                    let result = try await state.run("list", "--since", since)
                    #expect(result.status == (count == nil ? 64 : 0), "\(since)")
                    #expect(result.lines.count == count ?? 0, "\(since)")
                }
            }
            try await group.waitForAll()
        }
    }

    @Test("list names the source that was probably meant")
    func unknownSource() async throws {
        let state = try await CommandState()
        let result = try await state.run("list", "--source", "harbor")
        #expect(result.status == 64)
        #expect(result.errors == "tidings: no source is named 'harbor'; write 'harbour'. The sources are: harbour, far-coast\n")
    }

    @Test("on a terminal, list fits the width and shows the newest 50")
    func listOnTerminal() async throws {
        let state = try await CommandState()
        let title = "Gulls that never land " + String(repeating: "and never rest ", count: 15)
        _ = try await state.commit("never.txt", title: title, "They fly.", after: 30)
        try await state.addGulls(1...52)
        let shown = try await Terminal.shows(columns: 60) { try state.start("list", output: $0, environment: $1) }
        let lines = shown.split(whereSeparator: \.isNewline)
        #expect(lines.count == 50)
        #expect(lines[0].hasSuffix("…") && lines[0].contains("  2026-02-02  "))
        #expect(lines[0].count == 60 && lines.allSatisfy { $0.count <= 60 })
    }

    @Test("list --json gives one object a line")
    func listJSON() async throws {
        let state = try await CommandState()
        let articles = try await state.run("list", "--json").lines.map(json)
        #expect(articles.map { $0["id"] as? String } == [gulls, tides])
        #expect(articles.map { $0["versions"] as? Int } == [1, 2])
        #expect(articles[1]["title"] as? String == "Tides [31mtoday")
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
        let unknown = try await state.run("show", "zzzzzz")
        #expect(unknown.status == 65)
        #expect(unknown.errors.hasPrefix("tidings: no article is found by 'zzzzzz': ") && unknown.errors.contains("`tidings list WORDS`"))
        let missing = try await state.run("show", tides + "@9")
        #expect(missing.status == 65)
        #expect(missing.errors.contains("has no version 9; `tidings log"))
        #expect(try await state.run("show", "").status == 64)
    }

    @Test("an article is named by its file, its key or words of its title")
    func names() async throws {
        let state = try await CommandState()
        let file = state.folder.path + "/../harbour/tides.txt"
        #expect(try await state.run("show", file + "@1").output.contains("noon"))
        #expect(try await state.run("log", "tides.txt").lines.count == 2)
        #expect(try await state.run("diff", "31m tides").output.contains("noon"))
    }

    @Test("where several articles are meant they are listed, the newest change first")
    func ambiguous() async throws {
        let state = try await CommandState()
        try await state.addGulls(1...22)
        let result = try await state.run("show", "gull", "--json")
        #expect(result.status == 65)
        #expect(result.output == "")
        let lines = result.errors.split(separator: "\n")
        #expect(lines.count == 22)
        #expect(lines[0] == "tidings: 'gull' may mean 23 articles; give the id of the one you mean:")
        #expect(lines[1] == "tidings:   \(CommandState.id("gull-22.txt").prefix(8))  2026-02-02 02:40:20  harbour  Gull 22")
        #expect(lines[21] == "tidings:   and 3 more; `tidings list WORDS` shows all with these words")
    }
}
