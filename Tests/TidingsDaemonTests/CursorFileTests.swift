import Foundation
import TestSupport
import Testing
@testable import TidingsStore

/// `tail --cursor-file`: what was written is noted, and nothing else.
@Suite("A cursor file", .timeLimit(.minutes(5)))
struct CursorFileTests {
    /// A state, and a cursor file that is not there yet.
    private struct Desk {
        let state: CommandState
        var file: String { state.folder.path + "/cursor" }

        init() async throws { state = try await CommandState() }

        func tail(_ arguments: String..., environment: [String: String] = [:]) async throws -> ProgramResult {
            try await start(arguments, environment: environment).result()
        }

        func start(_ arguments: [String], environment: [String: String] = [:], output: FileHandle? = nil) throws -> RunningProgram {
            try RunningProgram(
                ["tail", "--cursor-file", file, "--config", state.settings] + arguments,
                environment: environment.merging(["TZ": "UTC"]) { given, _ in given }, output: output)
        }

        var text: String? { try? String(contentsOfFile: file, encoding: .utf8) }

        func write(_ text: String) throws { try text.write(toFile: file, atomically: true, encoding: .utf8) }

        func cursor(_ number: Int) throws -> String { "urn:uuid:\(try state.stream) \(number)\n" }
    }

    @Test("begins with all that is kept, and goes on where it was")
    func goesOn() async throws {
        let desk = try await Desk()
        #expect(try await desk.tail().lines == desk.state.changes)
        #expect(try desk.text == desk.cursor(6))
        #expect(try await desk.tail().output == "")
        try await desk.state.addGulls(1...3)
        #expect(try await desk.tail().lines == Array(desk.state.changes[6...]))
        #expect(try desk.text == desk.cursor(9))
        let names = try FileManager.default.contentsOfDirectory(atPath: desk.state.folder.path)
        #expect(names.sorted() == ["cursor", "db", "stream"])
    }

    @Test("--since is where to begin while there is no file, and no more")
    func since() async throws {
        let desk = try await Desk()
        #expect(try await desk.tail("--since", "4").lines == Array(desk.state.changes[4...]))
        #expect(try await desk.tail("--since", "4").output == "")
        #expect(try await desk.tail("-n", "3").status == 64)
    }

    @Test("moves past what was not asked for")
    func filters() async throws {
        let desk = try await Desk()
        #expect(try await desk.tail("--type", "updated").lines == [desk.state.changes[3]])
        #expect(try desk.text == desk.cursor(6))
        #expect(try await desk.tail("--source", "far-coast").output == "")
    }

    @Test("any line of the stream makes one with jq, with or without a line end")
    func madeByHand() async throws {
        let desk = try await Desk()
        try desk.write(String(desk.cursor(5).dropLast()))
        #expect(try await desk.tail().lines == [desk.state.changes[5]])
    }

    @Test("what is no cursor is refused, and stays", arguments: [
        "", "5\n", "urn:uuid:x\n", "urn:uuid:x -5\n", "urn:uuid: 5\n", "urn:uuid:x 5\nurn:uuid:x 6\n", "urn:uuid:x  5\n",
        "urn:uuid:x 99999999999999999999\n", "urn:uuid:x 5 \n", String(repeating: "x", count: 70_000),
    ])
    func garbage(text: String) async throws {
        let desk = try await Desk()
        try desk.write(text)
        let result = try await desk.tail()
        #expect(result.status == 65)
        #expect(result.errors.contains("cannot read a cursor from \(desk.file)"), "\(result.errors)")
        #expect(result.output == "")
        #expect(desk.text == text)
    }

    @Test("a cursor of the future, of another stream, and one too old are refused with what to do; never old data")
    func outside() async throws {
        let desk = try await Desk()
        func refusal(_ cursor: String, _ message: String, follow: Bool) async throws {
            try desk.write(cursor)
            let result = follow ? try await desk.tail("-f") : try await desk.tail()
            #expect(result.status == 65)
            #expect(result.output == "")
            #expect(result.errors.contains(message) && result.errors.contains("remove \(desk.file)"), "\(result.errors)")
            #expect(result.errors.contains("tidings snapshot"), "\(result.errors)")
            #expect(desk.text == cursor)
        }
        for follow in [false, true] {
            try await refusal(desk.cursor(7), "the newest is 6", follow: follow)
            try await refusal("urn:uuid:0198f2a4-0000-7000-8000-000000000002 3\n", "has another id now", follow: follow)
            try await refusal("urn:uuid:0198f2a4-0000-7000-8000-000000000002 99\n", "has another id now", follow: follow)
        }
        // As retention leaves it: a change file that begins later.
        let kept = try desk.state.changes.suffix(2)
        let header = #"{"specversion":"1.0","id":"header-5","source":"urn:uuid:\#(try desk.state.stream)","type":"tidings.stream.header","#
            + #""time":"2026-02-02T02:40:00.000Z","data":{"schema":1,"first":5}}"#
        try ([header] + kept).map { $0 + "\n" }.joined()
            .write(toFile: desk.state.folder.streamFolder + "/changes.ndjson", atomically: true, encoding: .utf8)
        try await refusal(desk.cursor(3), "the oldest is 5", follow: false)
        let old = try await desk.state.run("tail", "--since", "3")
        #expect(old.status == 65 && old.output == "")
        #expect(old.errors.contains("the oldest is 5") && old.errors.contains("tidings snapshot"), "\(old.errors)")
        try desk.write(desk.cursor(4))
        #expect(try await desk.tail().lines == Array(kept))
    }

    @Test("one that cannot be written is an error before any output")
    func unwritable() async throws {
        let desk = try await Desk()
        for path in ["/proc/none/cursor", desk.state.folder.path] {
            let result = try await desk.state.run("tail", "--cursor-file", path)
            #expect([65, 74].contains(result.status), "\(result.errors)")
            #expect(result.output == "" && result.errors.contains(path), "\(result.errors)")
        }
        let full = try await desk.tail(environment: ["TIDINGS_FAILPOINTS": "replacement.written=ENOSPC@1"])
        #expect(full.status == 75 && full.output == "" && desk.text == nil, "\(full.errors)")
    }

    @Test("a full disk later ends it, and what was written since comes again")
    func fullLater() async throws {
        let desk = try await Desk()
        let full = try await desk.tail(environment: ["TIDINGS_FAILPOINTS": "replacement.written=ENOSPC@2"])
        #expect(full.status == 75, "\(full.errors)")
        #expect(try full.lines == desk.state.changes)
        #expect(try desk.text == desk.cursor(0))
        #expect(try await desk.tail().lines == desk.state.changes)
    }

    @Test("killed at any step, it says some lines again and leaves none out")
    func killed() async throws {
        var step = 1
        while true {
            let desk = try await Desk()
            try desk.write(desk.cursor(2))
            let first = try await desk.tail(environment: ["TIDINGS_FAILPOINTS": "*=kill@\(step)"])
            let isClean = first.status == 0
            #expect(isClean || first.status == 137, "\(first.errors)")
            try await desk.state.addGulls(1...2)
            let second = try await desk.tail()
            #expect(second.status == 0, "step \(step): \(second.errors)")
            let expected = try Array(desk.state.changes[2...])
            let seen = Observation("a consumer", after: 2, lines: first.lines + second.lines).firstSights.lines.map(\.text)
            #expect(seen == expected, "step \(step)")
            #expect(try desk.text == desk.cursor(8))
            // What the dead left half made is gone, too.
            #expect(try FileManager.default.contentsOfDirectory(atPath: desk.state.folder.path).sorted() == ["cursor", "db", "stream"])
            if isClean { break }
            step += 1
        }
        // Three of the beginning, three of the end, and none.
        #expect(step == 7)
    }

    @Test("told to end, it has noted what it has written", arguments: [SIGTERM, SIGINT])
    func told(signal: Int32) async throws {
        let desk = try await Desk()
        let tail = try desk.start(["-f"])
        #expect(try await eventually { try desk.text == desk.cursor(6) })
        try await desk.state.addGulls(1...5)
        #expect(try await eventually { try tail.output.split(separator: "\n").count == desk.state.changes.count })
        tail.send(signal)
        let result = await tail.result()
        #expect(result.status == 0 && result.errors == "")
        #expect(try result.lines == desk.state.changes)
        #expect(try desk.text == desk.cursor(11))
    }

    @Test("told to end while its reader does not read, it ends, and goes on with what was not written")
    func toldWhileBlocked() async throws {
        let desk = try await Desk()
        try await desk.state.addGulls(1...600)
        let reader = SlowReader()
        let tail = try desk.start(["-f"], output: reader.end)
        try reader.started()
        #expect(try await eventually { reader.read(atMost: 1024) })
        tail.send(SIGTERM)
        let result = await tail.result()
        #expect(result.status == 0 && result.errors == "")
        #expect(try await reader.readToEnd())
        let first = reader.lines
        let all = try desk.state.changes
        #expect(first.count < all.count && first == Array(all.prefix(first.count)))
        let second = try await desk.tail()
        #expect(Observation("a consumer", lines: first + second.lines).firstSights.lines.map(\.text) == all)
    }

    @Test("its reader gone, it ends quietly and has noted no more than was written", arguments: [true, false])
    func closedPipe(isIdle: Bool) async throws {
        let desk = try await Desk()
        if !isIdle { try await desk.state.addGulls(1...600) }
        let reader = SlowReader()
        let tail = try desk.start(["-f"], output: reader.end)
        try reader.started()
        if isIdle {
            #expect(try await eventually { try desk.text == desk.cursor(6) })
        } else {
            #expect(try await eventually { reader.read(atMost: 1024) })
        }
        try reader.close()
        // Without a change that would have to be written: who waits notices, too.
        let result = await tail.result()
        #expect(result.status == 0 && result.errors == "")
        let noted = try #require(desk.text?.split(separator: " ").last.flatMap { Int($0.dropLast()) })
        let count = try desk.state.changes.count
        #expect(isIdle ? noted == 6 : noted < count)
        #expect(try await desk.tail().lines == Array(desk.state.changes[noted...]))
    }

    @Test("follows a stream that begins anew: the reset is shown, and noted with the new id")
    func reset() async throws {
        let desk = try await Desk()
        let tail = try desk.start(["-f"])
        #expect(try await eventually { try desk.text == desk.cursor(6) })
        let old = try desk.cursor(6)
        try await desk.state.resetStream()
        try await desk.state.addGulls(1...2)
        #expect(try await eventually { try desk.text == desk.cursor(9) })
        #expect(try desk.cursor(6) != old)
        tail.send(SIGTERM)
        let result = await tail.result()
        #expect(result.status == 0)
        #expect(result.lines.count == 9 && result.lines[6].contains("tidings.stream.reset"))
        #expect(try Array(result.lines[6...]) == desk.state.changes)
        try desk.write(old)
        #expect(try await desk.tail().status == 65)
    }

    @Test("two consumers with one file: the first finds out and ends")
    func twoConsumers() async throws {
        let desk = try await Desk()
        let tail = try desk.start(["-f"])
        #expect(try await eventually { try desk.text == desk.cursor(6) })
        try desk.write(desk.cursor(3))
        try await desk.state.addGulls(1...1)
        let result = await tail.result()
        #expect(result.status == 75)
        #expect(result.errors.contains("changed meanwhile by somebody else"), "\(result.errors)")
        #expect(try desk.text == desk.cursor(3))
    }

    @Test("--with-text goes without where retention has removed the version")
    func prunedVersion() async throws {
        let desk = try await Desk()
        let connection = try Connection(path: desk.state.folder.database, access: .write)
        try connection.execute("DELETE FROM versions WHERE number = 1 AND article = 1")
        let result = try await desk.tail("--with-text")
        #expect(result.status == 0 && result.errors == "")
        #expect(try result.lines[2] == desk.state.changes[2])
        #expect(result.lines[3].contains("content_text") && result.lines[4].contains("content_text"))
    }
}
