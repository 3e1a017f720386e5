import Foundation
import Glibc
import TestSupport
import Testing

/// The change file cannot be written for a while, or its disk cannot be trusted.
@Suite(.timeLimit(.minutes(5)))
struct PatienceTests {
    @Test("on a disk that fails or is read-only publishing waits, and ingest goes on")
    func refusals() async throws {
        let tidings = try Installation.prompt()
        try tidings.writeNotice(1)
        try await tidings.once()
        // The first append of the daemon is that of notice 2.
        let daemon = try await tidings.daemon(environment: [
            "TIDINGS_FAILPOINTS": "append.begun=EROFS@1,append.begun=EIO@2",
        ])
        let followers = try Followers(fromOldest: tidings)
        try tidings.writeNotice(2)
        try await tidings.wait("it says so") {
            daemon.manager.assignments.contains { $0.hasPrefix("STATUS=degraded: stream: ") }
        }
        try tidings.writeNotice(3)
        try await tidings.wait("the ledger has notice 3") { try tidings.ledger().lastSequence() == 4 }
        try await tidings.waitForRecord(4)
        try await tidings.wait("all is well") { daemon.isWellAgain }
        try await followers.catchUp(with: tidings)
        try await daemon.stop()
        try await tidings.expectPromises(followers.observations, after: "a disk that refused")
    }

    @Test("an error that comes after a commit leaves none of its changes behind")
    func errorAfterCommit() async throws {
        let tidings = try Installation.prompt()
        try tidings.writeNotice(1)
        try await tidings.once()
        // The third commit and those before it are of the start.
        let daemon = try await tidings.daemon(environment: ["TIDINGS_FAILPOINTS": "commit.committed=ENOSPC@4"])
        try await tidings.wait("the first look is over") {
            try tidings.ledger().sourceStatuses().first?.source.lastSuccessMilliseconds != nil
        }
        let followers = try Followers(fromOldest: tidings)
        try tidings.writeNotice(2)
        try await tidings.waitForRecord(3)
        #expect(daemon.program.errors.contains("failpoint commit.committed"), "\(daemon.program.errors)")
        try await followers.catchUp(with: tidings)
        try await daemon.stop()
        try await tidings.expectPromises(followers.observations, after: "an error after a commit")
    }

    @Test("a failed sync ends the daemon at once with 74, and the next start goes on")
    func sync() async throws {
        let tidings = try Installation.prompt()
        try tidings.writeNotice(1)
        try await tidings.once()
        let daemon = try await tidings.daemon(environment: ["TIDINGS_FAILPOINTS": "append.synced=EIO@1-"])
        let followers = try Followers(fromOldest: tidings)
        try tidings.writeNotice(2)
        let result = await daemon.program.result()
        #expect(result.status == 74, "\(result.errors)")
        try tidings.writeNotice(3)
        try await tidings.once()
        try await followers.catchUp(with: tidings)
        try await tidings.expectPromises(followers.observations, after: "a failed sync")
    }

    @Test("on a full disk a line stays cut until there is room, over a stop as well")
    func full() async {
        await forEachRow(of: [false, true]) { (isStopped: Bool) in
            let tidings = try Installation.prompt()
            let disk = try Mounted.memory(at: tidings.state + "/stream", kilobytes: 32)
            try tidings.writeNotice(1)
            var daemon = try await tidings.daemon()
            try await tidings.waitForRecord(2)
            let followers = try Followers(fromOldest: tidings)
            let ballast = tidings.state + "/stream/ballast"
            // What fits of the page in which the file ends still does.
            #expect(FileManager.default.createFile(atPath: ballast, contents: Data(count: 1)))
            fill(ballast)
            for number in 2...20 { try tidings.writeNotice(number) }
            try await tidings.wait("it says so") {
                daemon.manager.assignments.contains { $0.contains("no space left") }
            }
            try await tidings.wait("the ledger has all") { try tidings.ledger().lastSequence() == 21 }
            #expect(try tidings.record().count < 21)
            if isStopped { try await daemon.stop() }
            try FileManager.default.removeItem(atPath: ballast)
            if isStopped { daemon = try await tidings.daemon() }
            try await tidings.waitForRecord(21)
            try await followers.catchUp(with: tidings)
            try await daemon.stop()
            try await tidings.expectPromises(followers.observations, after: "a full disk")
            _ = consume followers
            disk.unmount()
        }
    }

    private func fill(_ file: String) {
        let descriptor = unsafe open(file, O_WRONLY | O_APPEND)
        defer { close(descriptor) }
        let page = [UInt8](repeating: 0, count: 4096)
        while unsafe write(descriptor, page, page.count) > 0 {}
    }
}
