import Foundation
import TestSupport
import Testing

@Suite("tidings parse, and the command line as a whole")
struct CommandParseTests {
    @Test("parse gives one JSON Feed document a file, with what was recognised")
    func parse() async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("tidings-parse-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let feed = folder.appendingPathComponent("feed.xml").path
        let note = folder.appendingPathComponent("note.md").path
        try """
        <rss version="2.0"><channel><title>Pier</title><link>https://pier.example/</link>
        <item><guid>a1</guid><title>One &foo; two</title><description>Text.</description></item></channel></rss>
        """.write(toFile: feed, atomically: true, encoding: .utf8)
        try "# Note\n\nA paragraph.\n".write(toFile: note, atomically: true, encoding: .utf8)

        let result = try await runTidings("parse", feed, folder.path + "/missing", note)
        #expect(result.status == 65)
        #expect(result.errors == "tidings: \(folder.path)/missing: No such file or directory\n")
        let documents = try result.lines.map(json)
        try #require(documents.count == 2)
        #expect(documents.map { $0["version"] as? String } == .init(repeating: "https://jsonfeed.org/version/1.1", count: 2))
        #expect(documents.map { $0["title"] as? String } == ["Pier", "Note"])
        let extras = documents.map { $0["_tidings"] as? [String: Any] ?? [:] }
        #expect(extras.map { $0["format"] as? String } == ["rss", "markdown"])
        #expect(extras.map { $0["is_partial"] as? Bool } == [false, false])
        #expect((extras[0]["problems"] as? [[String: Any]])?.first?["line"] as? Int == 2)
        let items = documents.map { $0["items"] as? [[String: Any]] ?? [] }
        #expect(items[0][0]["id"] as? String == "a1")
        #expect(items[1][0]["content_text"] as? String == "A paragraph.")
    }

    @Test("parse reads standard input", arguments: [[], ["-"]])
    func standardInput(arguments: [String]) async throws {
        let input = Array(#"{"version":"https://jsonfeed.org/version/1.1","title":"Quay","items":[]}"#.utf8)
        let result = try await RunningProgram(["parse"] + arguments, input: input).result()
        #expect(result.status == 0, "\(result.errors)")
        let document = try json(result.output)
        #expect(document["title"] as? String == "Quay")
        #expect((document["items"] as? [Any])?.isEmpty == true)
    }

    private static let page = Array(
        """
        <title>A pier for Lune</title><nav><a href=/>Home</a></nav><main><h1>A pier for Lune</h1>
        <p>The pier of Lune was opened on Monday, and the first boat, which had waited for a year, came in at noon.</p>
        <p>Its master said that the water is deep enough, and that the town may expect nine boats in a week.</p></main>
        <footer><a href=/privacy>Privacy policy</a></footer><link rel=next href=/pier?page=2>
        """.utf8)

    @Test("parse --explain shows each block of a page with its score and what counted")
    func explain() async throws {
        let shown = try await RunningProgram(["parse", "--explain"], input: Self.page).result()
        #expect(shown.status == 0, "\(shown.errors)")
        #expect(shown.lines.first?.hasPrefix("-: 2 of ") == true, "\(shown.output)")
        let kept = shown.lines.filter { $0.hasPrefix("kept ") }
        #expect(kept.count == 2 && kept.allSatisfy { $0.contains("  + ") || $0.contains("  - ") }, "\(shown.output)")

        let data = try json(try await RunningProgram(["parse", "--explain", "--json"], input: Self.page).result().output)
        let names = data["feature_names"] as? [String] ?? []
        let blocks = data["blocks"] as? [[String: Any]] ?? []
        #expect(blocks.filter { $0["is_kept"] as? Bool == true }.count == 2)
        #expect(names.count > 100 && blocks.allSatisfy { ($0["features"] as? [Any])?.count == names.count })
    }

    @Test("parse says what a page is and where it goes on, and --after reads it as its next look")
    func page() async throws {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("tidings-page-\(UUID().uuidString).html")
        try Data(Self.page).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        let first = try json(try await runTidings("parse", "--base-url", "https://lune.example/pier", file.path).output)
        let extras = first["_tidings"] as? [String: Any]
        #expect(extras?["page_kind"] is String && extras?["page_kind_score"] is Double)
        #expect(extras?["next_page"] as? String == "https://lune.example/pier?page=2")
        let text = { (document: [String: Any]) in (document["items"] as? [[String: Any]])?.first?["content_text"] as? String }
        let again = try json(try await runTidings("parse", "--after", file.path, file.path).output)
        #expect(text(again) == text(first) && text(first)?.isEmpty == false)
    }

    @Test("what cannot be read is named, and the status is 65", arguments: [
        (input: [], message: "this is empty"), (input: [0x7F, 0x45, 0x4C, 0x46, 0, 1, 2], message: "this is no text"),
    ] as [(input: [UInt8], message: String)])
    func unreadable(input: [UInt8], message: String) async throws {
        let result = try await RunningProgram(["parse"], input: input).result()
        #expect(result.status == 65)
        #expect(result.errors == "tidings: -: \(message)\n")
        #expect(result.output == "")
    }

    @Test("a command line that is wrong exits 64 and writes nothing to standard output", arguments: [
        ["bogus"], ["parse", "--json", "x"], ["parse", "--after", "x", "y", "z"], ["tail", "--bogus"], ["show"], ["reingest", "--accept-removals"], ["list", "--source"],
    ])
    func usage(arguments: [String]) async throws {
        let result = try await RunningProgram(arguments).result()
        #expect(result.status == 64)
        #expect(result.output == "")
        #expect(result.errors.contains("Usage"))
    }

    @Test("every command has help with examples", arguments: [
        "run", "status", "reload", "reingest", "rotate", "tail", "list", "log", "show", "diff", "check", "parse", "verify", "backup",
    ])
    func help(command: String) async throws {
        let result = try await runTidings(command, "--help")
        #expect(result.status == 0)
        #expect(result.output.contains("EXAMPLES\n  tidings \(command)"))
    }

    @Test("the version is one line")
    func version() async throws {
        #expect(try await runTidings("--version").lines.count == 1)
    }
}
