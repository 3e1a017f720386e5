import Foundation
import TestSupport
import Testing

/// How a consumer begins: with all articles as they are, and then with each change that came later, once.
@Suite("bootstrap") struct BootstrapTests {
    @Test("a snapshot and the stream from its number on give the ledger exactly, while files change all the time", .timeLimit(.minutes(5)))
    func snapshotThenTail() async throws {
        let given = ProcessInfo.processInfo.environment["TIDINGS_TEST_SEED"].flatMap { UInt64($0) }
        let seed = given ?? .random(in: 0 ... .max)
        print("editing with TIDINGS_TEST_SEED=\(seed)")
        let tidings = try Installation()
        let daemon = try await tidings.daemon()
        let editor = Task.detached { [news = tidings.news] in
            var editor = Editor(folder: news, seed: seed)
            try await editor.workUntilCancelled()
        }
        defer { editor.cancel() }

        var taken: [(snapshot: SnapshotReading, tail: RunningProgram)] = []
        for round in 1...(isLongRun ? 40 : 5) {
            try await tidings.waitForLines(round * 30)
            let result = try await tidings.run("snapshot", "--with-text")
            #expect(result.status == 0 && result.errors == "", "\(result.errors)")
            let snapshot = try SnapshotReading(result.lines)
            // At once: the number must be in the files.
            taken.append((snapshot, try tidings.start(["tail", "-f", "--since", "\(snapshot.sequence)"])))
        }
        editor.cancel()
        try await editor.value
        try await daemon.stop()
        try await tidings.once()

        let all = try tidings.rawLines()
        let known = try StreamFold.LiveArticles(ledger: tidings.ledger())
        var observations: [Observation] = []
        for (snapshot, tail) in taken {
            let rest = Array(all.dropFirst(Int(snapshot.sequence)))
            try await tidings.wait("tail has shown the last change") { wholeLines(Array(tail.output.utf8)).count >= rest.count }
            let seen = wholeLines(Array(tail.output.utf8))
            #expect(seen == rest, "after \(snapshot.sequence) each change once")
            let fold = try StreamFold(snapshot: snapshot.lines, then: seen.map(StreamLine.init))
            #expect(fold.contradictions == [])
            #expect(fold.live == known, "after \(snapshot.sequence)")
            observations.append(Observation("after the snapshot at \(snapshot.sequence)", after: snapshot.sequence, lines: seen))
        }
        try await tidings.expectPromises(observations, after: "snapshots under edits", resuming: false)
    }

    @Test("the texts are those that `show` shows")
    func texts() async throws {
        let tidings = try Installation()
        for (name, text) in Articles.all { try tidings.write(text, to: name) }
        try await tidings.once()
        let snapshot = try SnapshotReading(await tidings.run("snapshot", "--with-text").lines)
        #expect(snapshot.texts.count == 10)
        for (article, text) in snapshot.texts {
            let shown = try await tidings.run("show", article, "--json").output
            let item = (try JSONSerialization.jsonObject(with: Data(shown.utf8)) as? [String: Any])?["item"] as? [String: Any]
            #expect(item?["content_text"] as? String == text)
        }
    }
}
