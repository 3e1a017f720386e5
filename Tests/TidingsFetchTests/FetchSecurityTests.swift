import TestSupport
import Testing

@testable import TidingsFetch

/// TLS with a real server, and the addresses that a fetch may reach.
@Suite(.timeLimit(.minutes(1)))
struct FetchSecurityTests {
    let fetcher = Fetcher(limits: withoutDelay)
    let authority: TestAuthority

    init() throws { authority = try TestAuthority() }

    @Test("a host with a good certificate is believed", arguments: ["127.0.0.1", "localhost"])
    func goodCertificates(host: String) async throws {
        let server = try LoopbackServer(security: .tls(authority.certificate(for: host))) { _ in .text("secret") }
        defer { server.stop() }
        let response = try await fetcher.fetch(request(server.url(for: "/", name: host), caFile: authority.file))
        #expect(response.body == Array("secret".utf8))
        #expect(response.httpVersion == .http1_1)
    }

    @Test("a host without a good certificate is not asked anything", arguments: [
        ("expired yesterday", .certificateDate), ("valid from tomorrow", .certificateDate),
        ("of another host", .certificate), ("signed by itself", .certificate), ("of another authority", .certificate),
        ("reset in the handshake", .tlsHandshake),
    ] as [(String, FetchError.Reason)])
    func badCertificates(name: String, reason: FetchError.Reason) async throws {
        let security: LoopbackSecurity = switch name {
        case "expired yesterday": .tls(try authority.certificate(hours: -25 ... -24))
        case "valid from tomorrow": .tls(try authority.certificate(hours: 24...25))
        case "of another host": .tls(try authority.certificate(for: "example.org"))
        case "signed by itself": .tls(try TestCertificate(selfSignedFor: "127.0.0.1"))
        case "of another authority": .tls(try TestAuthority().certificate())
        default: .resetInHandshake
        }
        let server = try LoopbackServer(security: security) { _ in .text("secret") }
        defer { server.stop() }
        let error = await failure(of: fetcher, request(server.url(for: "/"), caFile: authority.file))
        #expect(error?.reason == reason, "\(String(describing: error))")
        #expect(error?.failure == .tls)
        #expect(error?.message.contains("clock") == (reason == .certificateDate))
        #expect(server.requests == [])
    }

    @Test func theSystemAloneDoesNotTrustTheTestsAuthority() async throws {
        let server = try LoopbackServer(security: .tls(authority.certificate())) { _ in .text("secret") }
        defer { server.stop() }
        _ = try await fetcher.fetch(request(server.url(for: "/"), caFile: authority.file))
        // The handle and the connection of the fetch before must not lend it their trust.
        #expect(await failure(of: fetcher, request(server.url(for: "/")))?.reason == .certificate)
    }

    @Test func aMissingFileOfAuthoritiesIsToldAsSuch() async throws {
        let server = try LoopbackServer(security: .tls(authority.certificate())) { _ in .text("secret") }
        defer { server.stop() }
        let error = await failure(of: fetcher, request(server.url(for: "/"), caFile: "/nowhere/ca.pem"))
        #expect(error?.reason == .caFile)
        #expect(error?.message.contains("/nowhere/ca.pem") == true)
    }

    @Test func aBodyThatBreaksOffUnderTLSIsTruncated() async throws {
        let reply = LoopbackReply(body: Array(repeating: 1, count: 1000), delivery: .cutAfter(bytes: 400))
        let server = try LoopbackServer(security: .tls(authority.certificate())) { _ in reply }
        defer { server.stop() }
        let error = await failure(of: fetcher, request(server.url(for: "/"), caFile: authority.file))
        #expect(error?.reason == .truncated)
    }

    @Test func aRedirectUpToTLSIsFollowedAndDownIsNot() async throws {
        let plain = try LoopbackServer { _ in .text("plain") }
        let down = plain.url(for: "/")
        let secure = try LoopbackServer(security: .tls(authority.certificate())) { request in
            request.path == "/up" ? .text("secure") : .redirect(to: down)
        }
        let up = secure.url(for: "/up")
        let entrance = try LoopbackServer { _ in .redirect(to: up) }
        defer { for server in [plain, secure, entrance] { server.stop() } }
        let response = try await fetcher.fetch(request(entrance.url(for: "/"), caFile: authority.file))
        #expect(response.body == Array("secure".utf8))
        let error = await failure(of: fetcher, request(secure.url(for: "/down"), caFile: authority.file))
        #expect(error?.reason == .downgrade)
        #expect(plain.connectionCount == 0)
    }

    @Test("no name and no spelling leads to an address of the private network", arguments: [
        "127.0.0.1", "localhost", "127.1", "0.0.0.0", "0", "0x7f000001", "017700000001", "2130706433", "0177.0.0.1",
        "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "2852039166", "0xa9.0xfe.0xa9.0xfe",
        "[::1]", "[::]", "[::ffff:127.0.0.1]", "[::ffff:10.0.0.1]", "[::ffff:7f00:1]", "[64:ff9b::7f00:1]",
        "[fe80::1]", "[fc00::1]", "[fd12:3456::1]",
    ])
    func privateAddressesAreRefused(host: String) async throws {
        let server = try LoopbackServer { _ in .text("secret") }
        defer { server.stop() }
        let refused = request("http://\(host):\(server.port)/", allowsPrivateNetwork: false)
        let error = await failure(of: fetcher, refused)
        #expect(error?.failure == .forbiddenAddress, "\(String(describing: error))")
        #expect(error?.isTransient == false)
        #expect(server.connectionCount == 0)
    }

    @Test("a public host cannot lead to a private address", arguments: [301, 302, 303, 307, 308])
    func redirectsIntoThePrivateNetworkAreRefused(status: Int) async throws {
        let secret = try LoopbackServer { _ in .text("secret") }
        let target = secret.url(for: "/")
        let server = try LoopbackServer(host: "127.0.0.2") { _ in .redirect(to: target, status: status) }
        defer { for server in [secret, server] { server.stop() } }
        // As if 127.0.0.2 were out in the world: no test may go there.
        let fetcher = Fetcher(limits: withoutDelay) { $0 == NetworkAddress(octets: [127, 0, 0, 2]) }
        let error = await failure(of: fetcher, request(server.url(for: "/"), allowsPrivateNetwork: false))
        #expect(error?.reason == .forbiddenAddress("127.0.0.1"))
        #expect(error?.url == target)
        #expect(server.requests.count == 1)
        #expect(secret.connectionCount == 0)
    }

    @Test func aConnectionThatWasAllowedIsNotReusedByAFetchThatIsNot() async throws {
        let server = try LoopbackServer { _ in .text("secret") }
        defer { server.stop() }
        _ = try await fetcher.fetch(request(server.url(for: "/")))
        let error = await failure(of: fetcher, request(server.url(for: "/"), allowsPrivateNetwork: false))
        #expect(error?.reason == .forbiddenAddress("127.0.0.1"))
        #expect(server.requests.count == 1)
    }

    @Test("user and password are neither sent nor shown", arguments: [
        "http://aigul:pearls@127.0.0.1:PORT/", "http://:pearls@127.0.0.1:PORT/", "ftp://aigul:pearls@127.0.0.1/",
        "http://aigul:pe/arls@127.0.0.1:PORT/", "http://aigul:pearls@127.0.0.1:99999/", "http://127.0.0.1:PORT/",
    ])
    func secretsInURLs(url: String) async throws {
        let server = try LoopbackServer { request in
            request.path == "/" ? .redirect(to: "http://aigul:pearls@\(request["Host"] ?? "")/b") : .hangUp
        }
        defer { server.stop() }
        let error = await failure(of: fetcher, request(url.replacing("PORT", with: "\(server.port)")))
        #expect(error != nil)
        #expect(error.map { $0.message + $0.detail + $0.url }?.contains("arls") == false, "\(String(describing: error))")
        let isAsked = url.hasPrefix("http:") && !url.contains("pe/arls") && !url.contains("99999")
        #expect(server.requests.isEmpty == !isAsked)
        #expect(server.requests.allSatisfy { $0["Authorization"] == nil })
    }
}
