import TestSupport
import Testing

/// Hosts that feeds may not be read from, and what a host may learn of us.
@Suite(.timeLimit(.minutes(5)))
struct NetworkSecurityTests {
    @Test func privateAddressesAreRefusedHoweverTheyAreWritten() async throws {
        let trap = try LoopbackServer { _ in smallFeed("secret", items: 1) }
        defer { trap.stop() }
        let hosts = [
            "127.0.0.1", "localhost", "0.0.0.0", "127.1", "2130706433", "0177.0.0.1", "0x7f000001", "[::1]", "[::ffff:127.0.0.1]",
            "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "[fe80::1]", "[fc00::1]",
        ]
        let feeds = FaultyFeeds(
            hosts.enumerated().map { number, host in
                let address = Fault.Cause.address("http://\(host):\(trap.port)/rss")
                var fault = Fault("feed-\(number)", .forbiddenAddress, "set 'private_network: true' for this feed", address)
                fault.settings = Self.anywhere
                return fault
            })
        try await feeds.survive(Installation.fetch())
        #expect(trap.connectionCount == 0)
    }

    @Test func oneServerIsClosedToAFeedThatIsNotAllowedWhileAnotherFeedReadsIt() async throws {
        let server = try LoopbackServer { _ in smallFeed("house", items: 1) }
        defer { server.stop() }
        let tidings = try Installation(
            Installation.fetch()
                + Installation.feeds([
                    Installation.feed("inside", at: server.url(for: "/inside")),
                    Installation.feed("outside", at: server.url(for: "/outside"), Self.anywhere),
                ]))
        for _ in 0..<2 { try await tidings.once(expecting: 1) }
        #expect(Set(server.requests.map(\.path)) == ["/inside"])
        #expect(try await tidings.failures() == ["outside": "forbidden_address"])
    }

    @Test func hostsWithoutAGoodCertificateAreAskedNothing() async throws {
        let authority = try TestAuthority()
        let servers = try [
            "expired": LoopbackSecurity.tls(authority.certificate(hours: -25 ... -24)),
            "future": .tls(authority.certificate(hours: 24...25)),
            "other-host": .tls(authority.certificate(for: "example.org")),
            "self-signed": .tls(TestCertificate(selfSignedFor: "127.0.0.1")),
            "other-authority": .tls(TestAuthority().certificate()),
            "reset": .resetInHandshake,
            "plain": .plain,
        ].mapValues { security in try LoopbackServer(security: security) { _ in smallFeed("secret", items: 1) } }
        defer { for server in servers.values { server.stop() } }
        let steps = [
            "expired": "check this machine's clock", "future": "check this machine's clock", "reset": "it is tried again later",
            "plain": "it is tried again later",
        ]
        let feeds = FaultyFeeds(
            servers.map { name, server in
                let step = steps[name] ?? "if the host has a private authority, name its file in 'ca_file'"
                return Fault(name, .tls, step, .address("https://127.0.0.1:\(server.port)/rss"))
            })
        // The others are read over TLS, with the authority that the settings name.
        try await feeds.survive(Installation.fetch("ca_file: \(authority.file)"), security: .tls(authority.certificate()))
        for (name, server) in servers { #expect(server.requests == [], "\(name)") }
    }

    @Test func proxyOfTheEnvironmentIsNotUsed() async throws {
        let server = try LoopbackServer { _ in smallFeed("wire", items: 1) }
        let proxy = try LoopbackServer { _ in smallFeed("proxy", items: 1) }
        defer { for server in [server, proxy] { server.stop() } }
        let tidings = try Installation(
            Installation.fetch()
                + Installation.feeds([
                    Installation.feed("wire", at: server.url(for: "/rss")),
                    Installation.feed("nameless", at: "http://feed.invalid/rss"),
                ]))
        let address = proxy.url(for: "")
        let variables = ["http_proxy", "https_proxy", "all_proxy", "ALL_PROXY"].map { ($0, address) }
        let pass = try tidings.start(["run", "--once"], environment: Dictionary(uniqueKeysWithValues: variables))
        #expect(await pass.result().status == 1)
        #expect(try await tidings.failures() == ["nameless": "dns"])
        #expect(try tidings.lines().message.contains("created wire-1 backfill"))
        #expect(proxy.connectionCount == 0)
    }

    @Test func requestsNameTheDaemonAndItsContactAndNothingElse() async throws {
        let server = try LoopbackServer { request in
            if request.path == "/moved" { return .redirect(to: "/wire") }
            var reply = smallFeed("wire", items: 1)
            reply.headers.append(("Set-Cookie", "visitor=4711; Path=/"))
            return reply
        }
        defer { server.stop() }
        let tidings = try Installation(
            Installation.fetch("contact: \"https://desk.example/about\"")
                + Installation.feeds([
                    Installation.feed("wire", at: server.url(for: "/wire")),
                    Installation.feed("moved", at: server.url(for: "/moved")),
                    Installation.feed("other", at: server.url(for: "/other"), Installation.nearby + ", user_agent: Reader/2"),
                ]))
        for _ in 0..<2 { try await tidings.once() }
        let agents = server.requests.map { [$0.path, $0["User-Agent"] ?? "-"] }
        let own = "Tidings (+https://desk.example/about)"
        #expect(Set(agents) == [["/wire", own], ["/moved", own], ["/other", "Reader/2"]])
        #expect(server.requests.count == 8)
        let names = server.requests.flatMap { $0.headers.map { $0.name.lowercased() } }
        #expect(Set(names) == ["host", "user-agent", "accept", "accept-encoding"], "no cookie, no referer")
    }

    @Test func missingFileOfAuthoritiesIsToldAndTakesNothingFromFeedsWithoutTLS() async throws {
        let authority = try TestAuthority()
        let secure = try LoopbackServer(security: .tls(authority.certificate())) { _ in smallFeed("secure", items: 1) }
        let plain = try LoopbackServer { _ in smallFeed("plain", items: 1) }
        defer { for server in [secure, plain] { server.stop() } }
        let tidings = try Installation(
            Installation.fetch("ca_file: nowhere.pem")
                + Installation.feeds([
                    Installation.feed("secure", at: secure.url(for: "/")), Installation.feed("plain", at: plain.url(for: "/")),
                ]))
        try await tidings.once(expecting: 1)
        #expect(try await tidings.failures() == ["secure": "tls"])
        let message = try await tidings.feedStatuses().first { $0.name == "secure" }?.detail ?? "nothing"
        #expect(message.contains(tidings.base + "/nowhere.pem") && message.contains("write the path of a PEM file"), "\(message)")
        #expect(try tidings.lines().message.contains("created plain-1 backfill"))
    }

    /// For a feed that is not known to be at this machine.
    private static let anywhere = "every: 1m, private_network: false"
}
