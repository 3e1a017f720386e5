import Foundation
import TestSupport
import Testing

/// The wall clock is set while the daemon runs (row 31 of `Tests/FAULTS.md`), by libfaketime: its own clock, not the machine's.
@Suite(.timeLimit(.minutes(5)))
struct ClockTests {
    private static let library = "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1"

    @Test("order and numbers do not depend on the clock, and a leap of a year brings at most one poll", arguments: [
        ["-1d", "+0"], ["+1y", "+0"], ["-3h", "+400d", "-30d"],
    ])
    func steps(_ offsets: [String]) async throws {
        let feed = Feed(count: 3)
        let server = try LoopbackServer { feed.answer($0) }
        let tidings = try Installation(
            Installation.oneFolder
                + Installation.feeds([Installation.feed("wire", at: server.url(for: "/wire"), "every: 1h, private_network: true")]))
        let clock = tidings.base + "/clock"
        try "+0".write(toFile: clock, atomically: true, encoding: .utf8)
        let daemon = try await tidings.daemon(
            environment: [
                "LD_PRELOAD": Self.library, "FAKETIME_TIMESTAMP_FILE": clock, "FAKETIME_NO_CACHE": "1",
                "FAKETIME_DONT_FAKE_MONOTONIC": "1", "NO_FAKE_STAT": "1",
                // In the first process that has the library a Swift program finds no arguments: so that is env(1).
            ], under: ["/usr/bin/env"])
        let follower = try Follower(tidings.changeFile)
        try tidings.write("Tide table\n\nThe tide of the first day is told in this file.\n", to: "tide.txt")
        var lines = try await tidings.waitForLines(6)
        for (number, offset) in offsets.enumerated() {
            let before = try #require(lines.last?.time)
            try offset.write(toFile: clock, atomically: true, encoding: .utf8)
            try tidings.edit("tide.txt", "is told", "is told, and told again,")
            // By its words: a leap makes the change file old enough to be sealed, and for a moment it has two names.
            let message = "updated tide.txt to version \(number + 2): text"
            try await tidings.wait(message) { try tidings.lines().last?.message == message }
            lines = try tidings.lines()
            let after = try #require(lines.last?.time)
            #expect(offset == "+0" || (after < before) == offset.hasPrefix("-"), "the clock was set: \(before), \(after)")
        }
        #expect(server.requests.count <= 2)
        try await daemon.stop()
        let all = try tidings.rawLines()
        #expect(all.count == 6 + offsets.count)
        try await follower.catchUp(with: tidings)
        try await tidings.expectPromises(
            [follower.observation], after: offsets.joined(separator: ", "), resuming: false)
    }
}
