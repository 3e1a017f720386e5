import Foundation
import TestSupport
import Testing

/// The kernel's queue of events overflows while the daemon sleeps. An event only says where to look, so that nothing is missed by it.
struct OverflowTests {
    private static let files = isLongRun ? 20_000 : 1_000
    /// Each file is written so often that all of it is more than the queue holds, 16384 events by default.
    private static let rounds = isLongRun ? 1 : 9

    @Test(.timeLimit(.minutes(isLongRun ? 30 : 5)))
    func everyFileIsSeenOnceAfterAnOverflow() async throws {
        let limit = try String(contentsOfFile: "/proc/sys/fs/inotify/max_queued_events", encoding: .utf8)
        // To write a file that is there is two events at least: IN_MODIFY and IN_CLOSE_WRITE.
        try #require(try #require(Int(limit.prefix(while: \.isNumber))) < 2 * Self.files * Self.rounds, "nothing would overflow")
        let tidings = try Installation()
        let followers = try Followers(tidings)
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
            try followers.tailF.tally.count >= expected
        }
        let again = try await tidings.run("reingest", "news")
        #expect(again.status == 0, "\(again.errors)")
        try await daemon.stop()
        try await followers.catchUp(with: tidings)
        let lines = try tidings.lines()
        let others = lines.filter { $0.type != "tidings.article.created" }.dropFirst().map(\.message)
        #expect(others == [] && lines.count == expected, "every file once, and no other change")
        #expect(Set(lines.compactMap(\.data.origin?.key)).count == Self.files + 1)
        try await tidings.expectPromises(followers.observations, after: "an overflow of the kernel's queue")
    }
}
