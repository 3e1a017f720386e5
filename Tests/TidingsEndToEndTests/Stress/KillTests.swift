import Foundation
import TestSupport
import Testing

/// The daemon is killed at random moments, stopped, gone on with and pelted with signals, while files and a feed change under it
/// and four consumers follow what it says: two by its files and two over HTTP, of whom three are killed as well.
///
/// What must hold afterwards does not depend on the moments: all of them saw each change once and in order, the stream, folded,
/// is the ledger, and the ledger is what the folder and the feed show.
struct KillTests {
    private static let kills = isLongRun ? 1_000 : 12
    private static let settings = """
        stream: { rotate_size: 64KiB, rotate_spacing: 2s }
        fetch: { host_delay: 0ms }
        log_level: warning
        \(Installation.oneFolder)
        """

    @Test(.timeLimit(.minutes(isLongRun ? 60 : 5)))
    func killedAtAnyMomentNothingIsLostOrSaidTwice() async throws {
        let given = ProcessInfo.processInfo.environment["TIDINGS_TEST_SEED"].flatMap { UInt64($0) }
        var dice = Seeded(seed: given ?? .random(in: 0 ... .max))
        print("killing with TIDINGS_TEST_SEED=\(dice.seed)")
        let start = ContinuousClock.now
        let feed = Feed()
        let server = try LoopbackServer(feed.answer)
        defer { server.stop() }
        let tidings = try Installation(
            Self.settings + Installation.feeds([Installation.feed("wire", at: server.url(for: "/wire"))]))
        try await tidings.once()
        let followers = try Followers(tidings)
        let http = try [Follower.http("parts", of: tidings), .http("events", of: tidings)]
        let writer = Task.detached { [news = tidings.news, seed = dice.next()] in
            var board = NoticeBoard(folder: news, seed: seed)
            return try await board.changeUntilCancelled()
        }
        let editor = Task.detached { [seed = dice.next()] in await edit(feed, seed: seed) }
        defer {
            writer.cancel()
            editor.cancel()
        }
        var kills = 0
        var lives = 0
        while kills < Self.kills {
            let program = try tidings.start(["run"])
            lives += 1
            let victim = ([followers.tidingsTail] + http).randomElement(using: &dice) ?? followers.tidingsTail
            if try await live(program, victim, &dice) == SIGKILL { kills += 1 }
            try followers.tend()
            for follower in http { try follower.tend() }
        }
        writer.cancel()
        editor.cancel()
        let board = try await writer.value
        await editor.value

        try await settle(tidings, followedBy: http)
        try await followers.catchUp(with: tidings)
        try await tidings.expectPromises(
            followers.observations + http.map { try $0.observation }, after: "\(kills) kills, seed \(dice.seed)")
        let shown = StreamFold(try tidings.lines()).titleAtKey
        #expect(shown.filter { $0.key.hasSuffix(".txt") } == board, "seed \(dice.seed)")
        #expect(feed.items.filter { shown[$0.id ?? ""] != $0.title }.map(\.id) == [], "seed \(dice.seed)")
        print(
            "\(kills) kills in \(lives) lives, \(try followers.tailF.tally.count) changes, \(board.count) files,",
            "\(([followers.tidingsTail] + http).map { "\($0.lives) lives of \($0.name)" }), \(ContinuousClock.now - start)")
    }

    /// One life of the daemon, of a random length, and its end.
    /// - Returns: the signal that ended it.
    private func live(_ program: RunningProgram, _ follower: Follower, _ dice: inout Seeded) async throws -> Int32 {
        // The moment is what this test is about.
        func wait(atMost milliseconds: Int) async throws {
            try await Task.sleep(for: .milliseconds(Int.random(in: 0...milliseconds, using: &dice)))
        }
        try await wait(atMost: Int.random(in: 0..<20, using: &dice) == 0 ? 2_000 : 400)
        switch Int.random(in: 0..<10, using: &dice) {
        case 0...1:
            for _ in 0..<50 { program.send([SIGHUP, SIGUSR1, SIGUSR2].randomElement(using: &dice) ?? SIGHUP) }
            try await wait(atMost: 200)
        case 2...3:
            program.send(SIGSTOP)
            try await wait(atMost: 100)
            program.send(SIGCONT)
            try await wait(atMost: 100)
        case 4: program.send(SIGSTOP)
        case 5: follower.send(SIGKILL)
        case 6:
            follower.send(SIGSTOP)
            try await wait(atMost: 200)
            follower.send(SIGCONT)
        default: break
        }
        let last = Int.random(in: 0..<10, using: &dice) == 0 ? SIGTERM : SIGKILL
        program.send(last)
        if last == SIGTERM { program.send(SIGCONT) }
        let result = await program.result()
        if last == SIGTERM {
            // By the signal itself if the program had not come to its first line.
            #expect([0, 128 + SIGTERM, 128 + SIGUSR1, 128 + SIGUSR2, 128 + SIGHUP].contains(result.status), "\(result.errors)")
        }
        return last
    }

    /// - Parameter http: those who can see what is there while a daemon runs only.
    private func settle(_ tidings: Installation, followedBy http: [Follower]) async throws {
        // A single pass waits for what was written last to settle.
        try await tidings.once()
        // A daemon that never lives long enough to see files go leaves many removals to the last one, who must be told that
        // they are meant.
        let last = try await tidings.daemon()
        let accepted = try await tidings.run("reingest", "news", "--accept-removals")
        #expect(accepted.status == 0, "\(accepted.errors)")
        for follower in http { try await follower.catchUp(with: tidings) }
        try await last.stop()
    }
}
