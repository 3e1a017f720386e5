import Foundation
import Glibc
import TestSupport
import Testing

/// The power fails at random moments. The state folder is on a file system in a file; a copy of that file, taken while the
/// daemon works, is what a disk would have that lost its power then: all that was not written through is missing.
///
/// A model, and kinder than some disks: what the loop device has taken it has in order, and no sector is half written.
@Suite(.timeLimit(.minutes(60)))
struct PowerLossTests {
    /// Many lives of some cuts each and not one long one: what is checked after each cut grows with the stream.
    private static let lives = isLongRun ? 20 : 1
    private static let rounds = isLongRun ? 20 : 4

    @Test("whatever was seen is there after a power cut", arguments: 1...lives)
    func powerCuts(life: Int) async throws {
        let given = ProcessInfo.processInfo.environment["TIDINGS_TEST_SEED"].flatMap { UInt64($0) }
        var dice = Seeded(seed: given ?? .random(in: 0 ... .max))
        print("cutting the power with TIDINGS_TEST_SEED=\(dice.seed)")
        let tidings = try Installation.prompt()
        let image = tidings.base + "/disk"
        #expect(FileManager.default.createFile(atPath: image, contents: nil))
        #expect(unsafe truncate(image, 64 << 20) == 0)
        try runToEnd("/usr/sbin/mkfs.ext4", ["-q", "-F", "-J", "size=4", image])
        let disk = try Mounted.image(image, at: tidings.state)
        let daemon = try await tidings.daemon()
        let followers = try Followers(fromOldest: tidings)
        let writer = Task.detached { [tidings = Notices(folder: tidings.news), seed = dice.next()] in
            try await tidings.writeUntilCancelled(seed: seed)
        }
        defer { writer.cancel() }
        try await tidings.waitForRecord(3)
        var cut = 0
        for round in 1...Self.rounds {
            // The moment is what this test is about.
            try await Task.sleep(for: .milliseconds(Int.random(in: 0...150, using: &dice)))
            let seen = try copyAtRest(image, of: daemon, tidings, to: tidings.base + "/copy")
            cut += try await recover(tidings.base + "/copy", seen: seen, note: "round \(round), seed \(dice.seed)", news: tidings.news)
        }
        writer.cancel()
        try await writer.value
        try await daemon.stop()
        try await tidings.once()
        try await followers.catchUp(with: tidings)
        try await tidings.expectPromises(followers.observations, after: "power cuts elsewhere", folding: false)
        _ = consume followers
        disk.unmount()
        print("\(Self.rounds) power cuts, after \(cut) of which the change file lacked lines that had been seen")
    }

    /// Copies the image while the daemon stands still, until a copy was compared and equal: then there was a moment at which all
    /// of the image was so.
    /// - Returns: the lines that anybody could have seen by then.
    private func copyAtRest(_ image: String, of daemon: LiveDaemon, _ tidings: Installation, to copy: String) throws -> [String] {
        daemon.send(SIGSTOP)
        defer { daemon.send(SIGCONT) }
        repeat {
            try runToEnd("/usr/bin/cp", ["--sparse=always", image, copy])
        } while (try? runToEnd("/usr/bin/cmp", ["-s", image, copy])) == nil
        return try tidings.record()
    }

    /// Starts on what the disk had.
    /// - Returns: 1 if the change file had lost lines, else 0.
    private func recover(_ image: String, seen: [String], note: String, news: String) async throws -> Int {
        let after = try Installation("folders:\n  - { name: news, path: \(news), settle: 0ms }\n")
        let disk = try Mounted.image(image, at: after.state)
        let left = try wholeLines(of: after.changeFile).count
        try await after.once()
        #expect(try after.record().starts(with: seen), "\(note): what was seen is there, byte for byte")
        try await after.expectPromises(
            [Observation("who saw the stream before the cut", lines: seen)], after: note, resuming: false, folding: false)
        disk.unmount()
        return left < seen.count ? 1 : 0
    }

    /// Somebody who writes and edits notices.
    private struct Notices {
        let folder: String

        func writeUntilCancelled(seed: UInt64) async throws {
            var dice = Seeded(seed: seed)
            var count = 0
            while !Task.isCancelled {
                count += 1
                let number = Int.random(in: 1...200, using: &dice)
                let text = "Notice \(number), edition \(count)\n\nThe harbor office says for the \(count)th time what it has to say.\n"
                try text.write(toFile: "\(folder)/\(number).txt", atomically: true, encoding: .utf8)
                try? await Task.sleep(for: .milliseconds(5))
            }
        }
    }
}
