import Foundation
import Glibc
import TestSupport
import Testing

/// A disk that fills up while the daemon works: it waits, says so, serves whoever reads, and goes on by itself when there is space.
@Suite(.timeLimit(.minutes(5)))
struct FullDiskTests {
    private static let notice = "The harbor office tells everybody who comes by that the pier is closed until the ice is gone.\n"

    private static func write(_ numbers: ClosedRange<Int>, to tidings: Installation) throws {
        for number in numbers {
            try tidings.write("Notice \(number)\n\nThis is number \(number). \(notice)", to: "notice-\(number).txt")
        }
    }

    @Test func ingestWaitsForSpaceInTheDatabase() async throws {
        let tidings = try Installation()
        let disk = try await SmallDisk(at: tidings.state)
        defer { disk.close() }
        let followers = try Followers(tidings)
        let daemon = try await tidings.daemon()
        try Self.write(1...20, to: tidings)
        try await tidings.waitForLines(21)

        try await disk.fill()
        try Self.write(21...200, to: tidings)
        try await tidings.wait("it says that the disk is full") {
            daemon.manager.assignments.contains { $0.hasPrefix("STATUS=degraded") && $0.contains("full") }
        }
        // Committed is what fitted, and whoever asks is served.
        let committed = try tidings.tallyOfLedger().last
        #expect(committed < 201)
        let status = try await tidings.run("status")
        #expect(status.output.contains("full"), "\(status.output)\(status.errors)")
        let read = try await tidings.run("tail", "--since", "0")
        #expect(read.lines.count >= 21)

        try disk.empty()
        try await tidings.waitForLines(201)
        try await tidings.wait("all is well again") { daemon.isWellAgain }
        try await daemon.stop()
        try await followers.catchUp(with: tidings)
        try await tidings.expectPromises(followers.observations, after: "the disk of the state was full for a while")
    }

    @Test("a line that the disk has no room for is completed when there is some")
    func halfLine() async {
        await forEachRow(of: Interruption.allCases) { (interruption: Interruption) in
            let tidings = try Installation()
            // The folder of the change file alone: what is committed has nowhere to go.
            let disk = try await SmallDisk(at: tidings.state + "/stream")
            defer { disk.close() }
            let followers = try Followers(tidings)
            var daemon = try await tidings.daemon()
            try Self.write(1...20, to: tidings)
            try await tidings.waitForLines(21)

            try await disk.fill()
            try Self.write(21...80, to: tidings)
            try await tidings.wait("it says that there is no space") {
                daemon.manager.assignments.contains { $0.hasPrefix("STATUS=degraded: stream") }
            }
            try await tidings.wait("the ledger goes on") { try tidings.tallyOfLedger().last == 81 }
            let bytes = try #require(FileManager.default.contents(atPath: tidings.changeFile))
            #expect(bytes.last != UInt8(ascii: "\n"), "the file ends in the middle of a line")

            switch interruption {
            case .none: break
            case .stopped:
                try await daemon.stop()
                daemon = try await tidings.daemon()
            case .killed:
                daemon.send(SIGKILL)
                _ = await daemon.program.result()
                daemon = try await tidings.daemon()
            }
            #expect(FileManager.default.contents(atPath: tidings.changeFile) == bytes)

            try disk.empty()
            try await tidings.waitForLines(81)
            let now = try #require(FileManager.default.contents(atPath: tidings.changeFile))
            #expect(now.starts(with: bytes), "only the missing suffix was written")
            try await daemon.stop()
            try await followers.catchUp(with: tidings)
            try await tidings.expectPromises(followers.observations, after: "no space in the middle of a line, \(interruption)")
        }
    }

    /// What else is done to the daemon while it waits; it is started again while the disk still is full.
    enum Interruption: CaseIterable { case none, stopped, killed }
}
