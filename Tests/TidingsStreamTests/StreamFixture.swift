import FoundationEssentials
import Glibc
import TestSupport
import Testing
import TidingsCore
import TidingsFailpoints

@testable import TidingsStream

let streamID = "0198f2a4-0000-7000-8000-000000000001"
let otherStreamID = "0198f2a4-0000-7000-8000-000000000002"
let second: Int64 = 1000
let start: Int64 = 1_760_000_000_000

/// A ledger of change rows in memory: what the rows are is all that the change file sees of a ledger.
final class Rows: CommittedLines {
    var stream = streamID
    private(set) var all: [CommittedLine] = []
    /// Rows before this one are pruned, or belong to an older stream.
    var oldest: Int64 = 1

    init(_ count: Int = 0) { commit(count) }

    func commit(_ count: Int, at time: Int64 = start) {
        for _ in 0..<count {
            let sequence = Int64(all.count + 1)
            // Another stream than the first begins with its reset.
            let isFirst = stream != streamID && sequence == oldest
            var change = Change(
                type: isFirst ? .streamReset : sequence % 3 == 0 ? .articleUpdated : .articleCreated,
                article: ArticleID(source: "harbour", key: "\(sequence)"),
                origin: Origin(source: "harbour \"east\"", kind: .folder, key: "note-\(sequence).txt"))
            // Lengths that differ, some of them long.
            change.detail = String(repeating: "tide ", count: Int(sequence * 37 % 91) * (sequence % 40 == 0 ? 50 : 1))
            let bytes = ChangeLine.encode(change, sequence: sequence, stream: stream, milliseconds: time)
            all.append(CommittedLine(sequence: sequence, bytes: bytes))
        }
    }

    func lose(_ count: Int) { all.removeLast(count) }

    func last() -> Int64 { Int64(all.count) }
    func first() -> Int64 { min(oldest, last() + 1) }

    func lines(after sequence: Int64, limitBytes: Int) -> [CommittedLine] {
        var bytes = 0
        var found: [CommittedLine] = []
        for line in all.dropFirst(Int(max(sequence, oldest - 1))) {
            bytes += line.bytes.count
            if bytes > limitBytes, !found.isEmpty { break }
            found.append(line)
        }
        return found
    }

    func bytes(_ range: ClosedRange<Int64>) -> [UInt8] {
        all[Int(range.lowerBound - 1)..<Int(range.upperBound)].flatMap(\.bytes)
    }
}

/// A stream folder in a temporary place, removed with the test.
final class Folder {
    let path: String
    /// The time for every change file that is open here.
    var now = start
    private let base: String

    init() throws {
        base = temporaryFolder + "/tidings-stream-\(UInt64.random(in: 0 ... .max))"
        try FileManager.default.createDirectory(atPath: base, withIntermediateDirectories: true)
        path = base + "/stream"
    }

    deinit { try? FileManager.default.removeItem(atPath: base) }

    var live: String { path + "/changes.ndjson" }

    func names() throws -> [String] { try FileManager.default.contentsOfDirectory(atPath: path).sorted() }

    func bytes(_ name: String = "changes.ndjson") throws -> [UInt8] {
        try Array(#require(FileManager.default.contents(atPath: path + "/" + name)))
    }

    /// The live segment, or nothing.
    func found() -> [UInt8] { FileManager.default.contents(atPath: live).map { Array($0) } ?? [] }

    /// Overwrites the file in place: the inode stays.
    func overwrite(_ bytes: [UInt8], name: String = "changes.ndjson") throws {
        let file = unsafe Glibc.open(path + "/" + name, O_WRONLY | O_TRUNC | O_CREAT, 0o640)
        try #require(file >= 0)
        defer { close(file) }
        var written = 0
        while written < bytes.count {
            written += unsafe bytes.withUnsafeBytes { unsafe write(file, $0.baseAddress! + written, $0.count - written) }
        }
    }

    func append(_ bytes: [UInt8], name: String = "changes.ndjson") throws {
        let file = unsafe Glibc.open(path + "/" + name, O_WRONLY | O_APPEND)
        try #require(file >= 0)
        defer { close(file) }
        try #require(unsafe write(file, bytes, bytes.count) == bytes.count)
    }

    func inode(_ name: String = "changes.ndjson") throws -> ino_t {
        var status = stat()
        try #require(unsafe lstat(path + "/" + name, &status) == 0)
        return status.st_ino
    }

    func remove(_ name: String = "changes.ndjson") { unsafe unlink(path + "/" + name) }

    /// Calls `body` with the clock at `time`.
    func at<Result>(_ time: Int64, _ body: () throws -> Result) rethrows -> Result {
        let before = now
        now = time
        defer { now = before }
        return try body()
    }

    /// - Parameter time: what the clock says from now on.
    func open(
        _ rows: Rows, at time: Int64 = start, limits: ChangeFile.Limits = .init(),
        room: @escaping (Int) -> Int = { $0 }
    ) throws -> ChangeFile {
        now = time
        return try ChangeFile(
            folder: path, stream: rows.stream, committed: rows, nowMilliseconds: { self.now }, limits: limits, room: room)
    }

    /// Publishes all rows and seals them: the live segment is then an empty one.
    func seal(_ rows: Rows) throws {
        var file = try open(rows)
        _ = try file.publish()
        _ = try at(start + 100 * second) { try file.rotate(.requested) }
    }

    /// Opens, publishes all rows, and lets go.
    func publish(_ rows: Rows, at time: Int64 = start, limits: ChangeFile.Limits = .init()) throws {
        var file = try open(rows, at: time, limits: limits)
        #expect(try file.publish() == rows.last())
    }
}

/// Everything that the stream promises of its files: they hold the rows from `first` to the last, each once, in order, byte
/// by byte, and nothing else.
func expectExact(_ folder: Folder, _ rows: Rows, from first: Int64 = 1, _ note: String = "") throws {
    var lines: [[UInt8]] = []
    let sealed = try folder.names().filter { StreamFolder.first(ofSealed: $0) != nil }
    for name in sealed + ["changes.ndjson"] {
        let content = try folder.bytes(name)
        #expect(content.last == 0x0A, "\(name) ends within a line \(note)")
        let parts = content.split(separator: 0x0A, omittingEmptySubsequences: false).dropLast()
        let header = try #require(SegmentHeader(Array(parts[0]) + [0x0A]), "\(name) \(note)")
        #expect(header.stream == rows.stream)
        #expect(header.first == first + Int64(lines.count), "\(name) \(note)")
        lines += parts.dropFirst().map { Array($0) + [0x0A] }
    }
    let expected = rows.all.dropFirst(Int(first - 1)).map(\.bytes)
    #expect(lines.count == expected.count, "\(note)")
    #expect(lines == expected, "\(note)")
    #expect(try folder.names().allSatisfy { !$0.hasSuffix(".new") })
}

/// Runs `body`, which dies at its `count`th step. Says whether it did.
func dies(at count: Int, _ body: () throws -> Void) throws -> Bool {
    do {
        try FailurePlan.$current.withValue(FailurePlan("*=die@\(count)-"), operation: body)
        return false
    } catch let fault as Fault where fault.code == Fault.death {
        return true
    }
}
