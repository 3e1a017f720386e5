import TestSupport
import Testing

/// Feeds that a broken or hostile network stands before. Whatever it does, a calm feed is read in the same passes, nothing is
/// announced of a broken one but its turns, and `status` names the failure and the next step (`FaultyFeeds`).
@Suite(.timeLimit(.minutes(5)))
struct NetworkFaultTests {
    @Test func hostsThatCannotBeReached() async throws {
        let hole = try BlackHole()
        let closed = try LoopbackServer.freePort()
        let feeds = FaultyFeeds([
            // RFC 6761 §6.4: no resolver answers for .invalid.
            Fault("nameless", .dns, "check the host's name", .address("http://feed.invalid/rss")),
            Fault("refused", .unreachable, "it is tried again later", .address("http://127.0.0.1:\(closed)/rss")),
            Fault("hole", .timeout, "it is tried again later", .address("http://127.0.0.1:\(hole.port)/rss")),
        ])
        try await feeds.survive(Installation.fetch("connect_timeout: 1s"))
    }

    @Test func serversThatTakeForever() async throws {
        let later = "it is tried again later"
        let oneByteASecond = LoopbackReply.Delivery.slow(bytes: 1, pauseMilliseconds: 1000)
        let feeds = FaultyFeeds([
            Fault("silent", .timeout, later, reply: .silence),
            Fault("slow-body", .timeout, later, reply: .text("<rss><channel></channel></rss>", delivery: oneByteASecond)),
            Fault("slow-header", .timeout, later, reply: LoopbackReply(delivery: .slowHeaders(pauseMilliseconds: 200))),
        ])
        try await feeds.survive(Installation.fetch("total_timeout: 1s"))
    }

    @Test func answersWithoutEnd() async throws {
        let raise = "raise 'max_body'"
        let bomb = GzipFixture.bomb(runs: 10_000)
        #expect(bomb.count < 20_000, "as sent, it is far below the limit")
        func packed(_ body: [UInt8], _ coding: String) -> LoopbackReply {
            LoopbackReply(headers: [("Content-Encoding", coding)], body: body)
        }
        let feeds = FaultyFeeds([
            Fault("fields", .headerTooLarge, "check that it is a feed", reply: LoopbackReply(delivery: .endlessHeaders)),
            Fault("field", .headerTooLarge, "check that it is a feed", reply: LoopbackReply(delivery: .endlessHeaderLine)),
            Fault("body", .tooLarge, raise, reply: .text("<rss><channel>", delivery: .endlessBody)),
            Fault("gzip", .tooLarge, raise, reply: packed(bomb, "gzip")),
            Fault("gzip-twice", .tooLarge, raise, reply: packed(GzipFixture.stored(bomb), "gzip, gzip")),
            Fault("brotli", .tooLarge, raise, reply: packed(BrotliFixture.bomb, "br")),
        ])
        try await feeds.survive("limits: { max_body: 64KiB }\n" + Installation.fetch())
    }

    @Test func redirectsThatLeadNowhere() async throws {
        let elsewhere = try LoopbackServer { _ in smallFeed("elsewhere", items: 1) }
        let authority = try TestAuthority()
        let down = elsewhere.url(for: "/down")
        let secure = try LoopbackServer(security: .tls(authority.certificate())) { _ in .redirect(to: down) }
        defer { for server in [elsewhere, secure] { server.stop() } }
        let end = "write the one it ends at"
        let feeds = FaultyFeeds([
            Fault("circle", .redirectLoop, end, .answer { .redirect(to: $0.path == "/circle" ? "/circle/again" : "/circle") }),
            Fault("hops", .redirectLoop, end, .answer { request in
                let hop = request.path.split(separator: "/").dropFirst().first.flatMap { Int($0) } ?? 0
                return hop == 30 ? smallFeed("hops-end", items: 1) : .redirect(to: "/hops/\(hop + 1)")
            }),
            Fault("downgrade", .downgrade, end, .address(secure.url(for: "/rss"))),
        ])
        try await feeds.survive(Installation.fetch("ca_file: \(authority.file)"))
        #expect(elsewhere.connectionCount == 0)
    }

    @Test func redirectsToOtherSchemes() async throws {
        let files = try Installation()
        let document = String(decoding: smallFeed("disk", items: 1).body, as: UTF8.self)
        try files.write(document, to: "feed.xml")
        let trap = try LoopbackServer { _ in smallFeed("trap", items: 1) }
        defer { trap.stop() }
        let step = "which is neither http nor https; open the address in a browser and look for that of the feed"
        func to(_ location: String) -> LoopbackReply { .redirect(to: location) }
        let feeds = FaultyFeeds([
            Fault("file", .forbiddenScheme, step, reply: to("file://" + files.path("feed.xml"))),
            Fault("gopher", .forbiddenScheme, step, reply: to("gopher://127.0.0.1:\(trap.port)/0rss")),
            Fault("ftp", .forbiddenScheme, step, reply: to("ftp://127.0.0.1:\(trap.port)/rss")),
            Fault("scp", .forbiddenScheme, step, reply: to("scp://127.0.0.1:\(trap.port)/rss")),
        ])
        try await feeds.survive(Installation.fetch())
        #expect(trap.connectionCount == 0)
    }

    @Test func permanentRedirectIsNotBelievedInOneAfternoon() async throws {
        let server = try LoopbackServer { request in
            request.path == "/old" ? .redirect(to: "/new", status: 301) : smallFeed("wire", items: 1)
        }
        defer { server.stop() }
        let tidings = try Installation(
            Installation.fetch() + Installation.feeds([Installation.feed("wire", at: server.url(for: "/old"))]))
        for _ in 0..<4 { try await tidings.once() }
        #expect(server.requests(of: "/old").count == 4)
        #expect(try await tidings.feedStatuses().first?.detail?.contains("moved for good") == true)
        #expect(try tidings.lines().message == ["source wire added", "created wire-1 backfill"])
    }
}
