import Crypto
import Foundation
import Synchronization
import TestSupport
import Testing
import TidingsCore

/// Feeds whose hub tells of their news (W3C WebSub): a real daemon, and a hub that asks and pushes as hubs do, with curl.
@Suite("feeds with a hub", .timeLimit(.minutes(2)))
struct HubTests {
    /// What the daemon has asked a hub for.
    private struct Request {
        let fields: [String: String]
        var callback: String { fields["hub.callback"] ?? "" }

        init(_ request: LoopbackRequest) {
            #expect(request.method == "POST" && request["Content-Type"] == "application/x-www-form-urlencoded")
            let pairs = String(decoding: request.body, as: UTF8.self).split(separator: "&").map { $0.split(separator: "=", maxSplits: 1) }
            fields = Dictionary(pairs.map { (String($0[0]), $0[1].removingPercentEncoding ?? "") }) { first, _ in first }
        }
    }

    /// - Returns: the status, a space, and the body.
    private static func curl(_ arguments: String...) async throws -> String {
        let result = try await RunningProgram(
            ["-sS", "--max-time", "20", "-o", "-", "-w", "\n%{http_code}"] + arguments, of: URL(fileURLWithPath: "/usr/bin/curl")
        ).result()
        #expect(result.status == 0, "\(result.errors)")
        let lines = result.output.split(separator: "\n", omittingEmptySubsequences: false)
        return "\(lines.last ?? "") \(lines.dropLast().joined(separator: "\n"))"
    }

    /// The hub asks whether the subscription is wanted.
    private static func verify(_ callback: String, _ mode: String = "subscribe", topic: String, _ more: String = "") async throws -> String {
        let topic = topic.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
        return try await curl("\(callback)?hub.mode=\(mode)&hub.topic=\(topic)&hub.challenge=some%26thing&hub.lease_seconds=86400\(more)")
    }

    private static func push(_ callback: String, signature: String? = nil) async throws -> String {
        try await curl("-d", "news", "-H", "X-Hub-Signature: \(signature ?? "")", callback)
    }

    private static func settings(_ port: UInt16, _ feeds: [String], _ more: String...) -> String {
        Installation.fetch() .replacing("}\n", with: more.map { ", " + $0 }.joined() + " }\n") + Installation.feeds(feeds) + """
            http: { listen: "127.0.0.1:\(port)", token_file: token, public_url: "http://127.0.0.1:\(port)/" }

            """
    }

    private static func installation() throws -> Installation {
        let tidings = try Installation()
        try "a token of sixteen characters\n".write(toFile: tidings.base + "/token", atomically: true, encoding: .utf8)
        return tidings
    }

    private static func subscription(_ tidings: Installation, of feed: String = "wire") throws -> HubSubscription? {
        try tidings.ledger().sourceStatuses(named: feed).first?.hub
    }

    /// A feed that names its hub.
    private static func server(_ feed: Feed, hub: String) throws -> LoopbackServer {
        try LoopbackServer { request in
            var reply = feed.answer(request)
            reply.headers.append(("Link", "<\(hub)>; rel=\"hub\", <\(request.path)>; rel=self"))
            return reply
        }
    }

    @Test("a push has the feed looked at once, and polls are left to safety until they find what no push told of")
    func pushes() async throws {
        let authority = try TestAuthority()
        let hub = try LoopbackServer(security: .tls(authority.certificate())) { _ in .status(202) }
        let feed = Feed(count: 3)
        let server = try Self.server(feed, hub: hub.url(for: "/hub"))
        defer { for server in [hub, server] { server.stop() } }
        let port = try LoopbackServer.freePort()
        let tidings = try Self.installation()
        let topic = server.url(for: "/wire")
        let wire = Installation.feed("wire", at: topic, "every: 6h, private_network: true")
        try tidings.write(settings: Self.settings(port, [wire], "ca_file: \"\(authority.file)\""))
        var daemon = try await tidings.daemon()

        // The hub is asked, and asks back.
        let request = Request(try #require(try await hub.waitForRequests(1, of: "/hub").first))
        #expect(request.fields["hub.mode"] == "subscribe")
        #expect(request.fields["hub.topic"] == topic)
        #expect(request.fields["hub.lease_seconds"] == "864000")
        #expect(request.callback.hasPrefix("http://127.0.0.1:\(port)/websub/"))
        let secret = try #require(request.fields["hub.secret"])
        let callback = request.callback
        #expect(try await Self.verify(callback, topic: "https://other.example/").hasPrefix("404 "))
        #expect(try await Self.verify(callback, "unsubscribe", topic: topic).hasPrefix("404 "))
        #expect(try await Self.verify(String(callback.dropLast()) + "x", topic: topic).hasPrefix("404 "))
        #expect(try Self.subscription(tidings)?.standing(now: 0) == .asked)
        #expect(try await Self.verify(callback, topic: topic) == "200 some&thing")
        #expect(try Self.subscription(tidings)?.leaseEnd != nil)
        #expect(try await Self.curl("http://127.0.0.1:\(port)/v1/status").hasPrefix("401 "), "only the callbacks need no token")
        // What came before the subscription was told to nobody.
        try await server.waitForRequests(2, of: "/wire")
        try await tidings.wait("that look is over") { try Self.subscription(tidings)?.json.contains("isNew") == false }

        // A push.
        func signature(_ secret: String) -> String {
            let code = HMAC<SHA256>.authenticationCode(for: Data("news".utf8), using: SymmetricKey(data: Data(secret.utf8)))
            return "sha256=" + code.map { String(format: "%02x", $0) }.joined()
        }
        feed.change { $0[0].text += " It was late." }
        #expect(try await Self.push(callback, signature: signature(secret)) == "202 ")
        try await tidings.waitForLines(5)
        try await tidings.wait("the hub is trusted") { try Self.subscription(tidings)?.trust.isProven == true }
        let poll = try tidings.poll(of: "wire")
        #expect(poll.dueReason == .hub)
        #expect(poll.nextPoll - (poll.lastAttempt ?? 0) >= dayMilliseconds)

        // Those that are forged have nothing looked at, and nobody is told so.
        let asked = server.requests(of: "/wire").count
        for forged in [signature("guessed"), "sha256=", "md5=00", ""] {
            #expect(try await Self.push(callback, signature: forged) == "202 ")
        }
        #expect(try await tidings.run("reingest", "wire").status == 0)
        #expect(server.requests(of: "/wire").count == asked + 1)

        // The subscription outlives the daemon.
        daemon.send(SIGKILL)
        _ = await daemon.program.result()
        daemon = try await tidings.daemon()
        feed.change { $0[1].text += " It was early." }
        #expect(try await Self.push(callback, signature: signature(secret)) == "202 ")
        try await tidings.waitForLines(6)
        #expect(hub.requests.count == 1)

        // A poll finds what no push has told of.
        try await tidings.wait("the hub is trusted again") { try Self.subscription(tidings)?.sparesPolls(now: wallClock()) == true }
        feed.change { $0[2].text += " It was on time." }
        #expect(try await tidings.run("reingest", "wire").status == 0)
        try await tidings.waitForLines(7)
        try await tidings.wait("the hub is trusted no longer") { try Self.subscription(tidings)?.trust.isProven == false }
        #expect(try Self.subscription(tidings)?.trust.misses == 1)
        #expect(try tidings.poll(of: "wire").dueReason != .hub)

        // A feed that is gone has no subscription, and its hub is told so.
        try tidings.write(settings: Self.settings(port, [], "ca_file: \"\(authority.file)\"").replacing("feeds:\n", with: "feeds: []\n"))
        #expect(try await tidings.run("reload").status == 0)
        #expect(try await Self.push(callback, signature: signature(secret)).hasPrefix("410 "))
        try await daemon.stop()
        #expect(daemon.program.errors.contains("a poll found what the hub had not told of"))
        try await tidings.expectSound()
    }

    @Test("hubs that redirect, refuse, deny and cannot be reached")
    func hubs() async throws {
        let hub = try LoopbackServer { request in
            switch request.path {
            case "/moved": .redirect(to: "/there", status: 308)
            case "/full": LoopbackReply(status: 500, body: Array("no room\n<b>today</b>".utf8))
            default: .status(202)
            }
        }
        let names = ["moved", "full", "moody", "dead"]
        let addresses = ["moved": "/moved", "full": "/full", "moody": "/moody"].mapValues { hub.url(for: $0) }
        let feeds = try names.map { name in
            (name, try Self.server(Feed(count: 1), hub: addresses[name] ?? "http://127.0.0.1:\(try LoopbackServer.freePort())/"))
        }
        defer { for server in [hub] + feeds.map(\.1) { server.stop() } }
        let port = try LoopbackServer.freePort()
        let tidings = try Self.installation()
        try tidings.write(settings: Self.settings(port, feeds.map { name, server in
            Installation.feed(name, at: server.url(for: "/" + name), "every: 6h, private_network: true")
        }))
        let daemon = try await tidings.daemon()
        func topic(_ name: String) -> String { feeds.first { $0.0 == name }?.1.url(for: "/" + name) ?? "" }

        let moved = Request(try #require(try await hub.waitForRequests(1, of: "/there").first))
        #expect(moved.fields["hub.topic"] == topic("moved"))
        #expect(moved.fields["hub.secret"] == nil, "it would go over the network for everybody to read")
        #expect(try await Self.verify(moved.callback, topic: topic("moved")) == "200 some&thing")
        try await feeds[0].1.waitForRequests(2, of: "/moved")
        #expect(try await Self.push(moved.callback) == "202 ")
        try await feeds[0].1.waitForRequests(3, of: "/moved")

        let moody = Request(try #require(try await hub.waitForRequests(1, of: "/moody").first))
        #expect(try await Self.verify(moody.callback, topic: topic("moody")).hasPrefix("200 "))
        #expect(try await Self.verify(moody.callback, "denied", topic: topic("moody"), "&hub.reason=closing%20down").hasPrefix("200 "))

        for (name, problem) in [
            ("full", "the hub answers with HTTP status 500: no room"), ("moody", "the hub denies the subscription: closing down"), ("dead", "no connection to the host"),
        ] {
            try await tidings.wait("\(name) fails") { try Self.subscription(tidings, of: name)?.problem?.contains(problem) == true }
        }
        let table = try await tidings.run("status").output
        #expect(table.contains("no room; the feed is polled as without it"))
        let report = try await tidings.run("status", "--json").output
        #expect(report.contains(#""state":"failing","detail":"the hub denies the subscription: closing down""#))
        // Without an address from outside there are no subscriptions.
        try tidings.write(settings: Installation.feeds(feeds.map { Installation.feed($0, at: $1.url(for: "/" + $0), "every: 6h, private_network: true") }))
        try await daemon.stop()
        #expect(daemon.program.errors.contains("no subscription at the hub; it is tried again, and the feed is polled"))
        let without = try await tidings.daemon()
        #expect(try Self.subscription(tidings, of: "moved") == nil)
        try await without.stop()
    }

    private func wallClock() -> Int64 { Int64(Date.now.timeIntervalSince1970 * 1000) }
}
