import Foundation
import TestSupport
import Testing

/// `tail -f --cursor-file` dies again and again, at any moment, while the stream grows.
@Suite("cursor") struct CursorTests {
    @Test("killed at any moment and begun again, it gives a consumer that knows numbers each change once", .timeLimit(.minutes(5)))
    func killed() async throws {
        let given = ProcessInfo.processInfo.environment["TIDINGS_TEST_SEED"].flatMap { UInt64($0) }
        var dice = Seeded(seed: given ?? .random(in: 0 ... .max))
        print("killing tail with TIDINGS_TEST_SEED=\(dice.seed)")
        let tidings = try Installation()
        let daemon = try await tidings.daemon()
        let editor = Task.detached { [news = tidings.news, seed = dice.next()] in
            var editor = Editor(folder: news, seed: seed)
            try await editor.workUntilCancelled()
        }
        defer { editor.cancel() }

        let cursor = tidings.base + "/cursor"
        let command = ["tail", "-f", "--cursor-file", cursor]
        var seen: [String] = []
        var again = 0
        for round in 1...(isLongRun ? 300 : 25) {
            let before = seen.count
            let tail = try tidings.start(command)
            // The moment is what this test is about; some die before they have begun.
            try await Task.sleep(for: .milliseconds(Int.random(in: 0...200, using: &dice)))
            if round % 5 == 0 { try await tidings.wait("a line") { tail.output.contains("\n") } }
            tail.send(round % 3 == 0 ? SIGTERM : SIGKILL)
            seen += wholeLines(Array(await tail.result().output.utf8))
            again += seen[before...].count { line in seen[..<before].contains(line) }
        }
        editor.cancel()
        try await editor.value
        try await daemon.stop()
        try await tidings.once()
        let last = try await tidings.start(["tail", "--cursor-file", cursor]).result()
        #expect(last.status == 0, "\(last.errors)")
        seen += last.lines

        let observation = Observation("a consumer with a cursor", lines: seen).firstSights
        #expect(try observation.lines.map(\.text) == tidings.rawLines(), "seed \(dice.seed)")
        print("\(observation.lines.count) changes, \(again) of them seen again")
        #expect(try await tidings.start(["tail", "--cursor-file", cursor]).result().output == "")
        try await tidings.expectPromises([observation], after: "kills of tail", resuming: false)
    }
}
