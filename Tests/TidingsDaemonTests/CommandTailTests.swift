import Foundation
import TestSupport
import Testing

@Suite("tidings tail")
struct CommandTailTests {
    @Test("in a pipe gives the lines of the change file, byte for byte and without its header")
    func wholeLines() async throws {
        let state = try await CommandState()
        let result = try await state.run("tail")
        #expect(result.status == 0)
        #expect(result.errors == "")
        #expect(try result.lines == state.changes)
        #expect(result.lines.count == 6)
    }

    @Test("chooses what is asked for", arguments: [
        (arguments: ["-n", "2"], ids: [5, 6]),
        (arguments: ["-n", "0"], ids: []),
        (arguments: ["--since", "4"], ids: [5, 6]),
        (arguments: ["--since", "0"], ids: [1, 2, 3, 4, 5, 6]),
        (arguments: ["--since", "6"], ids: []),
        (arguments: ["--since", "1", "-n", "1"], ids: [6]),
        (arguments: ["--type", "updated"], ids: [4]),
        (arguments: ["--type", "article.updated"], ids: [4]),
        (arguments: ["--type", "tidings.article.updated", "--type", "source.state"], ids: [4, 6]),
        (arguments: ["--source", "far-coast"], ids: [2, 6]),
        (arguments: ["--source", "harbour", "--type", "created", "-n", "1"], ids: [5]),
        (arguments: ["--class", "substantive"], ids: [4]),
        (arguments: ["--class", "metadata", "--class", "revert"], ids: []),
        (arguments: ["--changed", "text", "--changed", "url"], ids: [4]),
        (arguments: ["--changed", "authors"], ids: []),
    ] as [(arguments: [String], ids: [Int])])
    func chooses(arguments: [String], ids: [Int]) async throws {
        let state = try await CommandState()
        let result = try await RunningProgram(["tail", "--config", state.settings] + arguments).result()
        #expect(result.status == 0, "\(result.errors)")
        #expect(try result.lines == ids.map { try state.changes[$0 - 1] })
    }

    @Test("--with-text adds the version's text to the item and leaves all else as it is")
    func withText() async throws {
        let state = try await CommandState()
        let result = try await state.run("tail", "--with-text")
        let lines = result.lines
        #expect(lines.count == 6)
        for (position, text) in [(2, CommandState.tides[0]), (3, CommandState.tides[1]), (4, CommandState.gulls)] {
            let data = try #require(try json(lines[position])["data"] as? [String: Any])
            #expect((data["item"] as? [String: Any])?["content_text"] as? String == text)
        }
        let added = #/,"content_text":"(\\.|[^"\\])*"/#
        #expect(try lines.map { $0.replacing(added, with: "") } == state.changes)
    }

    @Test("pretty shows one aligned line a change, without the control characters of a title")
    func pretty() async throws {
        let state = try await CommandState()
        let result = try await state.run("tail", "--format", "pretty")
        #expect(result.lines.count == 6)
        let id = CommandState.id("tides.txt").prefix(8)
        #expect(
            result.lines[3]
                == "      4  2026-02-02 02:40:02  updated            \(id)@2    harbour           +4 -4  Tides [31mtoday")
        #expect(result.lines[5].contains("failing  the server says 503"))
        #expect(!result.output.contains("\u{1B}"))
    }

    @Test("on a terminal is pretty and coloured, and still lets no escape sequence of a title through")
    func terminal() async throws {
        let state = try await CommandState()
        let shown = try await Terminal.shows { try state.start("tail", "-n", "3", output: $0) }
        #expect(shown.contains("\u{1B}[33mupdated"))
        #expect(shown.contains("Tides [31mtoday"))
        #expect(!shown.contains("\u{1B}[31mtoday"))
    }

    @Test("-f goes on with changes as they are published, and an interrupt ends it quietly")
    func follow() async throws {
        let state = try await CommandState()
        let tail = try state.start("tail", "-f", "-n", "1")
        #expect(try await eventually { try tail.output == state.changes[5] + "\n" })
        for number in 1...2 {
            try await state.commitGull(number)
            try state.publish()
            #expect(try await eventually { try tail.output.split(separator: "\n").map(String.init) == Array(state.changes[5...]) })
        }
        #expect(try state.changes.count == 8)
        tail.interrupt()
        let result = await tail.result()
        #expect([0, 130].contains(result.status))
        #expect(result.errors == "")
    }

    @Test("ends quietly when its reader has gone")
    func closedPipe() async throws {
        let state = try await CommandState()
        let pipe = Pipe()
        try pipe.fileHandleForReading.close()
        let result = try await state.start("tail", output: pipe.fileHandleForWriting).result()
        #expect(result.status == 0)
        #expect(result.errors == "")
    }

    @Test("says what is wrong with what was asked for", arguments: [
        (arguments: ["--since", "7"], status: 65, message: "has not happened yet; the newest is 6"),
        (arguments: ["--type", "renamed"], status: 64, message: "--type"),
        (arguments: ["-n", "-1"], status: 64, message: "-n"),
        (arguments: ["--since", "soon"], status: 64, message: "soon"),
        (arguments: ["--source", "harbuor"], status: 64, message: "no source is named 'harbuor'"),
        (arguments: ["--class", "large"], status: 64, message: "substantive"),
        (arguments: ["--exec", "cat"], status: 64, message: "--cursor-file"),
    ] as [(arguments: [String], status: Int32, message: String)])
    func refuses(arguments: [String], status: Int32, message: String) async throws {
        let state = try await CommandState()
        let result = try await RunningProgram(["tail", "--config", state.settings] + arguments).result()
        #expect(result.status == status)
        #expect(result.errors.contains(message), "\(result.errors)")
        #expect(result.output == "")
    }
}

/// A pseudo-terminal, to see what a person would see.
enum Terminal {
    /// What the program that `start` starts on a terminal of so many columns shows there, without styles.
    static func shows(columns: Int, _ start: (FileHandle, [String: String]) throws -> RunningProgram) async throws -> String {
        try await shows { try start($0, ["TZ": "UTC", "COLUMNS": "\(columns)", "NO_COLOR": "1"]) }
    }

    /// What the program that `start` starts on a terminal shows there, until it ends.
    static func shows(_ start: (FileHandle) throws -> RunningProgram) async throws -> String {
        // What posix_openpt(3), unlockpt(3) and ptsname(3) do, which are not visible here (ioctl_tty(2), pts(4)).
        let master = unsafe open("/dev/ptmx", O_RDWR | O_NOCTTY)
        try #require(master >= 0)
        defer { close(master) }
        var isLocked: Int32 = 0
        var number: Int32 = 0
        let (unlock, getNumber): (UInt, UInt) = (0x4004_5431, 0x8004_5430)
        let codes = unsafe (ioctl(master, unlock, &isLocked), ioctl(master, getNumber, &number))
        try #require(codes == (0, 0))
        let slave = unsafe open("/dev/pts/\(number)", O_RDWR | O_NOCTTY)
        try #require(slave >= 0)
        // The kernel keeps a few kilobytes for a reader that comes later.
        let result = try await start(FileHandle(fileDescriptor: slave, closeOnDealloc: true)).result()
        try #require(result.status == 0, "\(result.errors)")
        var page = [UInt8](repeating: 0, count: 16 << 10)
        let count = unsafe page.withUnsafeMutableBytes { unsafe read(master, $0.baseAddress, $0.count) }
        return String(decoding: page.prefix(max(0, count)), as: UTF8.self)
    }
}
