import Foundation
import TestSupport
import Testing

/// The daemon is killed at random moments while files change under it.
///
/// What must hold afterwards does not depend on the moments: every line that anybody saw is still there, byte for byte; the
/// numbers have no hole; the stream, folded, is the ledger; and the ledger is the folder.
struct KillTests {
    private static let rounds = 20
    private static let longestLifeMilliseconds = 500

    @Test(.timeLimit(.minutes(5)))
    func killedAtAnyMomentNothingIsLostOrSaidTwice() async throws {
        let given = ProcessInfo.processInfo.environment["TIDINGS_TEST_SEED"].flatMap { UInt64($0) }
        var dice = Seeded(seed: given ?? .random(in: 0 ... .max))
        print("killing with TIDINGS_TEST_SEED=\(dice.seed)")
        let tidings = try Installation()
        let follower = try Follower(tidings.changeFile)
        let writer = Task.detached { [news = tidings.news, seed = dice.next()] in
            var board = NoticeBoard(folder: news, seed: seed)
            return try await board.changeUntilCancelled()
        }
        defer { writer.cancel() }
        var seen: [String] = []
        for round in 1...Self.rounds {
            let program = try tidings.start(["run"])
            // The moment is what this test is about.
            try await Task.sleep(for: .milliseconds(Int.random(in: 0...Self.longestLifeMilliseconds, using: &dice)))
            program.send(SIGKILL)
            _ = await program.result()
            let now = try tidings.rawLines()
            #expect(now.starts(with: seen), "round \(round), seed \(dice.seed)")
            seen = now
        }
        writer.cancel()
        let board = try await writer.value

        // A single pass waits for what was written last to settle.
        try await tidings.once()
        // A daemon that never lives long enough to see files go leaves many removals to the last one, who must be told that
        // they are meant.
        let last = try await tidings.daemon()
        let accepted = try await tidings.run("reingest", "news", "--accept-removals")
        #expect(accepted.status == 0, "\(accepted.errors)")
        try await last.stop()
        let lines = try tidings.rawLines()
        #expect(lines.starts(with: seen))
        #expect(Set(lines).count == lines.count)
        try await tidings.expectSound()
        try await tidings.wait("tail -F has seen all") { follower.lines.count >= lines.count }
        #expect(follower.lines == lines, "who followed across all deaths saw each line once")
        try expectSame(try Fold(tidings.lines()), tidings, board)
        print("\(Self.rounds) kills, \(lines.count) changes, \(board.count) files")
    }

    /// The stream, folded, is what the ledger holds and what the folder shows.
    private func expectSame(_ fold: Fold, _ tidings: Installation, _ board: [String: String]) throws {
        #expect(fold.headlineAtKey == board)
        #expect(try fold.known == Fold.Known(ledger: tidings.ledger()))
    }
}

/// A folder of notices that somebody writes, edits, renames, copies and takes down.
private struct NoticeBoard {
    let folder: String
    private var dice: Seeded
    /// File name to the headline that it shows.
    private var notices: [String: String] = [:]
    private var count = 0

    init(folder: String, seed: UInt64) {
        self.folder = folder
        dice = Seeded(seed: seed)
    }

    /// - Returns: the files that there are at the end, with their headlines.
    mutating func changeUntilCancelled() async throws -> [String: String] {
        while !Task.isCancelled {
            try change()
            // Not so fast that the folder outgrows the test; a daemon that waited for a pause would find none.
            try? await Task.sleep(for: .milliseconds(3))
        }
        return notices
    }

    private mutating func change() throws {
        let known = notices.keys.sorted().randomElement(using: &dice)
        switch (Int.random(in: 0..<10, using: &dice), known) {
        case (3...5, let name?): try write(name)
        case (6, let name?):
            count += 1
            let new = "renamed-\(count).txt"
            try FileManager.default.moveItem(atPath: folder + "/" + name, toPath: folder + "/" + new)
            notices[new] = notices.removeValue(forKey: name)
        case (7, let name?):
            count += 1
            let copy = "copy-\(count).txt"
            try FileManager.default.copyItem(atPath: folder + "/" + name, toPath: folder + "/" + copy)
            notices[copy] = notices[name]
        case (8...9, let name?):
            try FileManager.default.removeItem(atPath: folder + "/" + name)
            notices[name] = nil
        default:
            count += 1
            try write("notice-\(count).txt")
        }
    }

    private mutating func write(_ name: String) throws {
        count += 1
        let headline = "Notice number \(count) of the harbor office"
        let text = "\(headline)\n\nWhoever reads notice \(count) knows what the harbor office wanted to say with it.\n"
        try text.write(toFile: folder + "/" + name, atomically: Bool.random(using: &dice), encoding: .utf8)
        notices[name] = headline
    }
}
