import Foundation
import TestSupport
import Testing

/// TERM in the middle of the most work that there can be: the first import of many files, feeds that do not answer, a stream that lags.
struct StopTests {
    private static let rounds = isLongRun ? 20 : 3
    private static let files = isLongRun ? 6_000 : 1_000

    @Test(.timeLimit(.minutes(isLongRun ? 20 : 5)))
    func termUnderLoadFinishesWhatIsBegunAndExitsInTime() async throws {
        let given = ProcessInfo.processInfo.environment["TIDINGS_TEST_SEED"].flatMap { UInt64($0) }
        var dice = Seeded(seed: given ?? .random(in: 0 ... .max))
        print("stopping with TIDINGS_TEST_SEED=\(dice.seed)")
        let hole = try BlackHole()
        let feeds = (1...20).map { Installation.feed("silent-\($0)", at: "http://127.0.0.1:\(hole.port)/\($0)") }
        let tidings = try Installation(
            Installation.oneFolder + Installation.fetch("connect_timeout: 30s") + Installation.feeds(feeds))
        let followers = try Followers(tidings)
        var times: [Duration] = []
        for round in 1...Self.rounds {
            for number in 1...Self.files {
                try tidings.write(
                    "Notice \(number)\n\nIn round \(round) it is \(number) who is told that the pier is closed.\n", to: "\(number).txt")
            }
            let daemon = try await tidings.daemon()
            let ledger = try tidings.ledger()
            let known = try ledger.lastSequence()
            try await tidings.wait("it has begun") { try ledger.lastSequence() > known }
            // The moment is what this test is about.
            try await Task.sleep(for: .milliseconds(Int.random(in: 0...300, using: &dice)))
            let start = ContinuousClock.now
            try await daemon.stop()
            times.append(ContinuousClock.now - start)
            // Finished means: what is committed is published.
            #expect(try tidings.tallyOfFiles() == tidings.tallyOfLedger(), "round \(round), seed \(dice.seed)")
        }
        let last = try await tidings.daemon()
        let ledger = try tidings.ledger()
        try await tidings.wait("the rest is read") { try ledger.lastSequence() >= Self.files + 21 }
        _ = try await tidings.run("reingest", "news")
        try await last.stop()
        try await followers.catchUp(with: tidings)
        try await tidings.expectPromises(followers.observations, after: "\(Self.rounds) TERMs, seed \(dice.seed)")
        let fold = StreamFold(try tidings.lines())
        #expect(fold.bySighting.count == Self.files)
        times.sort()
        print("TERM to exit under load, \(Self.rounds) times: p50 \(times[times.count / 2]), max \(times[times.count - 1])")
    }

    @Test(.timeLimit(.minutes(5))) func secondTermExitsAtOnce() async throws {
        let tidings = try Installation()
        for number in 1...1_000 { try tidings.write("Notice \(number)\n\nNumber \(number) is told to wait.\n", to: "\(number).txt") }
        let daemon = try await tidings.daemon()
        let follower = try Follower(tidings.changeFile)
        let ledger = try tidings.ledger()
        try await tidings.wait("it has begun") { try ledger.lastSequence() > 0 }
        daemon.send(SIGTERM)
        try await tidings.wait("it stops") { daemon.manager.assignments.contains("STOPPING=1") }
        daemon.send(SIGTERM)
        // 0 if the first has ended it by then.
        #expect([0, 128 + SIGTERM].contains(await daemon.program.result().status))
        try await tidings.once()
        try await follower.catchUp(with: tidings)
        try await tidings.expectPromises([follower.observation.firstSights], after: "two TERMs")
    }
}
