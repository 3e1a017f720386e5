import Foundation
import TestSupport
import Testing

/// The kernel's queue of events overflows while the daemon sleeps. An event only says where to look, so that nothing is missed by it.
struct OverflowTests {
    private static let files = isLongRun ? 20_000 : 3_000
    /// Each file is touched so often that all of it is more than the queue holds (fs.inotify.max_queued_events, 16384 by default).
    private static let rounds = isLongRun ? 1 : 3

    @Test(.timeLimit(.minutes(isLongRun ? 30 : 5)))
    func everyFileIsSeenOnceAfterAnOverflow() async throws {
        let tidings = try Installation("log_level: debug\n" + Installation.oneFolder)
        let consumers = try [Consumer(.tailF, of: tidings), Consumer(.tidingsTail, of: tidings)]
        let daemon = try await tidings.daemon()
        try tidings.write("Before\n\nWhat was there before the daemon slept, so that it is known to watch.\n", to: "before.txt")
        try await tidings.waitForLines(2)

        daemon.send(SIGSTOP)
        // kill(2) does not wait for it, and what is written before would be read.
        try await tidings.wait("it sleeps") {
            try String(contentsOfFile: "/proc/\(daemon.pid)/status", encoding: .utf8).contains("State:\tT")
        }
        for round in 1...Self.rounds {
            for number in 1...Self.files {
                try tidings.write("Notice \(number)\n\nFor the \(round). time number \(number) is told.\n", to: "\(number).txt")
            }
        }
        daemon.send(SIGCONT)
        let expected = Self.files + 2
        try await tidings.wait("all files are read", seconds: 600) {
            try consumers[0].tend()
            return consumers[0].tally.count >= expected
        }
        let again = try await tidings.run("reingest", "news")
        #expect(again.status == 0, "\(again.errors)")
        try await daemon.stop()
        for consumer in consumers { try await consumer.catchUp() }
        let lines = try tidings.lines()
        let others = lines.filter { $0.type != "tidings.article.created" }.dropFirst().map(\.message)
        #expect(others == [] && lines.count == expected, "every file once, and no other change")
        #expect(Set(lines.compactMap(\.data.origin?.key)).count == Self.files + 1)
        try await tidings.expectPromises(consumers.map(\.witness), after: "an overflow of the kernel's queue")
    }
}
