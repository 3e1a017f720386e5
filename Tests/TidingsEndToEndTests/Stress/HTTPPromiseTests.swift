import Foundation
import Glibc
import TestSupport
import Testing

/// Consumers over HTTP see each change once, in order, with the bytes of the files, while the daemon and they are killed, change
/// files are sealed, and old ones removed. Random moments are tried by `KillTests`.
struct HTTPPromiseTests {
    private static let rounds = isLongRun ? 300 : 4
    private static let count = 110
    /// A round brings lines of about 64 KiB, and a file may get three rounds before it is sealed. More than that is kept, so that nobody
    /// who is not slow is told that what comes next is gone. In the long form most of it goes.
    private static let settings = """
        stream: { rotate_size: 64KiB, rotate_spacing: 1s }
        retention:
          change_files: { size: 320KiB }
          changes: { size: 400KiB }
        log_level: warning
        folders:
          - { name: news, path: news, settle: 0ms }

        """

    @Test(.timeLimit(.minutes(isLongRun ? 30 : 5)))
    func overHTTPEachChangeComesOnce() async throws {
        let tidings = try Installation(Self.settings)
        let followers = try [Follower.http("parts", of: tidings), .http("events", of: tidings)]
        var daemon = try await tidings.daemon()
        for round in 1...Self.rounds {
            let before = 1 + (round - 1) * Self.count
            for number in 0..<Self.count {
                try tidings.write(
                    "Notice \(number)\n\nThe ferry to island \(number) leaves at \(round) o'clock, from pier \(number + round).\n",
                    to: "notice-\(number).txt")
            }
            // In the midst of the round; in each second one a consumer dies with the daemon.
            try await tidings.wait("the round has begun") { try followers.allSatisfy { try $0.tally.last > before } }
            if round.isMultiple(of: 2) { followers[round / 2 % followers.count].send(SIGKILL) }
            daemon.send(SIGKILL)
            _ = await daemon.program.result()
            for follower in followers { try follower.tend() }
            daemon = try await tidings.daemon()
            let last = before + Self.count
            try await tidings.wait("round \(round) is seen") {
                for follower in followers { try follower.tend() }
                return try followers.allSatisfy { try $0.tally.last >= last }
            }
        }
        let observations = try followers.map { try $0.observation }
        for follower in followers { follower.send(SIGKILL) }
        try await daemon.stop()
        #expect(observations.map(\.lines.count) == [1 + Self.count * Self.rounds, 1 + Self.count * Self.rounds])
        let first = try tidings.record().first.map { try StreamLine($0).sequence }
        #expect(first ?? 0 > 1 || !isLongRun, "what is old has been removed meanwhile")
        #expect(followers.allSatisfy { $0.lives > 1 }, "each has died")
        try await tidings.expectPromises(observations, after: "\(Self.rounds) kills", folding: false)
    }
}
