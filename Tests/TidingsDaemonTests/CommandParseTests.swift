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
        ["bogus"], ["tail", "--bogus"], ["show"], ["reingest", "--accept-removals"], ["list", "--source"],
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
