import Synchronization
import TestSupport
import Testing

/// A daemon that runs while its network does not answer.
@Suite(.timeLimit(.minutes(5)))
struct NetworkWaitTests {
    @Test func startAndStopDoNotWaitForTheNetwork() async throws {
        let hole = try BlackHole()
        let silent = try LoopbackServer { _ in .silence }
        defer { silent.stop() }
        let tidings = try Installation(
            Self.patientFetch
                + Installation.feeds([
                    Installation.feed("hole", at: "http://127.0.0.1:\(hole.port)/rss"),
                    Installation.feed("silent", at: silent.url(for: "/rss")),
                ]))
        let daemon = try await tidings.daemon()
        try await silent.waitForRequests(1, of: "/rss", seconds: Int(Installation.patienceSeconds))
        try await daemon.stop()
        // A poll that was given up says nothing of its feed.
        #expect(try tidings.lines().message.sorted() == ["source hole added", "source silent added"])
        #expect(try await tidings.failures() == [:])
        try await tidings.expectSound()
    }

    @Test func hostThatDoesNotAnswerHoldsNobodyUp() async throws {
        let silent = try LoopbackServer(host: "127.0.0.2") { _ in .silence }
        let lively = try LoopbackServer { _ in smallFeed("lively", items: 2) }
        defer { for server in [silent, lively] { server.stop() } }
        let stuck = (1...20).map { Installation.feed("stuck-\($0)", at: silent.url(for: "/\($0)")) }
        // Fewer places than there are feeds that never give theirs back.
        let tidings = try Installation(
            Self.patientFetch
                + Installation.feeds(stuck + [Installation.feed("lively", at: lively.url(for: "/rss"))]))
        let daemon = try await tidings.daemon()
        try await tidings.wait("the host that does not answer has all that it gets") { silent.requests.count == 2 }
        try await lively.waitForRequests(3, of: "/rss", seconds: Int(Installation.patienceSeconds))
        try await tidings.wait("its articles") { try tidings.lines().message.contains("created lively-1 backfill") }
        #expect(silent.requests.count == 2, "per_host")
        try await daemon.stop()
        let created = try tidings.lines().message.filter { !$0.hasSuffix("added") }
        #expect(created.sorted() == ["created lively-1 backfill", "created lively-2 backfill"])
        try await tidings.expectSound()
    }

    @Test func feedsThatAreTakenOutAreNotAskedAnyMore() async throws {
        let silent = try LoopbackServer(host: "127.0.0.2") { _ in .silence }
        let lively = try LoopbackServer { _ in smallFeed("lively", items: 2) }
        defer { for server in [silent, lively] { server.stop() } }
        let stuck = (1...20).map { Installation.feed("stuck-\($0)", at: silent.url(for: "/\($0)")) }
        let kept = Installation.feed("lively", at: lively.url(for: "/rss"))
        let tidings = try Installation(Self.patientFetch + Installation.feeds(stuck + [kept]))
        let daemon = try await tidings.daemon()
        // Two polls are under way then, and the others wait for their turn.
        try await tidings.wait("the host that does not answer has all that it gets") { silent.requests.count == 2 }
        try tidings.write(settings: Self.patientFetch + Installation.feeds([kept]))
        let result = try await tidings.run("reload")
        #expect(result.status == 0, "\(result.errors)")
        let asked = silent.requests.count
        let polls = lively.requests.count
        try await lively.waitForRequests(polls + 3, of: "/rss", seconds: Int(Installation.patienceSeconds))
        #expect(silent.requests.count == asked)
        #expect(try tidings.lines().message.count { $0.hasPrefix("source stuck-") && $0.hasSuffix("removed") } == 20)
        try await daemon.stop()
        try await tidings.expectSound()
    }

    @Test func brokenFeedIsTriedAgainUntilItIsWell() async throws {
        enum Stage { case well, broken, mended }
        let stage = Mutex(Stage.well)
        let server = try LoopbackServer { _ in
            switch stage.withLock({ $0 }) {
            case .well: smallFeed("wire", items: 1)
            case .broken: .redirect(to: "ftp://wire.example/rss")
            case .mended: smallFeed("wire", items: 1, remark: "It was late.")
            }
        }
        defer { server.stop() }
        let tidings = try Installation(
            Installation.fetch() + Installation.feeds([Installation.feed("wire", at: server.url(for: "/rss"))]))
        let daemon = try await tidings.daemon()
        try await tidings.waitForLines(2)
        stage.withLock { $0 = .broken }
        try await tidings.waitForLines(3)
        let polls = server.requests.count
        try await server.waitForRequests(polls + 1, of: "/rss", seconds: Int(Installation.patienceSeconds))
        stage.withLock { $0 = .mended }
        try await tidings.waitForLines(5)
        try await daemon.stop()
        let message = try tidings.lines().message
        #expect(message.prefix(3) == ["source wire added", "created wire-1 backfill", "source wire is failing"])
        #expect(message.dropFirst(3).sorted() == ["source wire is ok", "updated wire-1 to version 2: text"])
        try await tidings.expectSound()
    }

    /// Far longer than any test waits, so that nothing can come of a fetch that was given up.
    private static let patientFetch =
        "fetch: { concurrency: 4, per_host: 2, host_delay: 0ms, connect_timeout: 10m, total_timeout: 10m }\n"
}
