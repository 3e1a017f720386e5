import Foundation
import Testing
import TidingsCore

@testable import TidingsStream

/// A `tail -F` of coreutils that writes what it sees to a file.
private final class Tail {
    private let path: String
    private let output: String
    private let process = Process()

    init(_ path: String, output: String) throws {
        self.path = path
        self.output = output
        try #require(FileManager.default.createFile(atPath: output, contents: nil))
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["tail", "-n", "+1", "-F", path]
        process.standardOutput = FileHandle(forWritingAtPath: output)
        process.standardError = FileHandle.nullDevice
        try process.run()
    }

    deinit {
        // Not `terminate`: the child inherits blocked signals, and then SIGTERM never reaches it.
        kill(process.processIdentifier, SIGKILL)
    }

    /// Waits until it is told by inotify of changes of the file that has the name now, at most 20 seconds. Before that it has read the
    /// file once, and does not see what is written to a file that is renamed at once.
    func waitUntilItWatches() async throws {
        let descriptors = "/proc/\(process.processIdentifier)/fdinfo"
        let end = ContinuousClock.now + .seconds(20)
        while ContinuousClock.now < end {
            let inode = try FileManager.default.attributesOfItem(atPath: path)[.systemFileNumber] as? Int
            let watch = " ino:\(String(try #require(inode), radix: 16)) "
            let names = (try? FileManager.default.contentsOfDirectory(atPath: descriptors)) ?? []
            let infos = names.compactMap { try? String(contentsOfFile: "\(descriptors)/\($0)", encoding: .utf8) }
            // "inotify wd:3 ino:9e7e sdev:800013 mask:…" (proc(5)). The other watch is of the folder.
            if infos.contains(where: { $0.split(separator: "\n").contains { $0.hasPrefix("inotify wd:") && $0.contains(watch) } }) { return }
            try await Task.sleep(for: .milliseconds(2))
        }
        Issue.record("tail watches nothing")
    }

    func seen() -> [UInt8] { FileManager.default.contents(atPath: output).map { Array($0) } ?? [] }

    /// Waits until a line with this number was seen, at most 20 seconds.
    func waitFor(_ sequence: Int64) async throws -> [UInt8] {
        let end = ContinuousClock.now + .seconds(20)
        while ContinuousClock.now < end {
            let bytes = seen()
            // The last line may be the header of the next file.
            let tail = bytes.suffix(64 << 10).split(separator: 0x0A).suffix(2)
            if bytes.last == 0x0A, tail.contains(where: { ChangeLine.sequence(of: Array($0)) == sequence }) { return bytes }
            try await Task.sleep(for: .milliseconds(2))
        }
        return seen()
    }
}

@Suite("tail -F") struct TailTests {
    private func numbers(_ bytes: [UInt8]) -> [Int64] {
        bytes.split(separator: 0x0A).compactMap { ChangeLine.sequence(of: Array($0)) }
    }

    @Test("sees every line once across rotations") func rotations() async throws {
        let folder = try Folder()
        let rows = Rows(3)
        try folder.publish(rows)
        let tail = try Tail(folder.live, output: folder.path + "/../seen")
        var time = start
        // What it sees after its first look shows that it has begun to wait for events.
        try await tail.waitUntilItWatches()
        rows.commit(1)
        try folder.publish(rows)
        _ = try await tail.waitFor(4)
        for round in 1...40 {
            rows.commit(round)
            var file = try folder.open(rows, at: time)
            _ = try file.publish()
            time += 100 * second
            folder.now = time
            _ = try file.rotate(.requested)
            // A minute lies between two rotations; here, the time until tail has come along.
            _ = try await tail.waitFor(rows.last())
            try await tail.waitUntilItWatches()
        }
        #expect(numbers(tail.seen()) == Array(1...rows.last()))
        try expectExact(folder, rows)
    }

    @Test("sees a torn line whole after the kill and the recovery") func tornLine() async throws {
        let folder = try Folder()
        let rows = Rows(3)
        try folder.publish(rows)
        let tail = try Tail(folder.live, output: folder.path + "/../seen")
        for step in 1...10 {
            rows.commit(3)
            let wasKilled = try dies(at: 3 + step % 3) {
                var file = try folder.open(rows, room: { min($0, 100 + 13 * step) })
                _ = try file.publish()
            }
            #expect(wasKilled)
            try folder.publish(rows)
            _ = try await tail.waitFor(rows.last())
        }
        let seen = tail.seen()
        #expect(numbers(seen) == Array(1...rows.last()))
        #expect(seen.suffix(rows.bytes(1...rows.last()).count).elementsEqual(rows.bytes(1...rows.last())))
    }
}
