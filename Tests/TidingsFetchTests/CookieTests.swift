import TestSupport
import Testing
import TidingsFetch

/// Cookies that redirects set.
@Suite(.timeLimit(.minutes(1)))
struct CookieTests {
    let fetcher = Fetcher(limits: withoutDelay)

    /// Shows its document only to who brings the cookie, which it sets by a redirect to the same address.
    private static func gate(_ request: LoopbackRequest) -> LoopbackReply {
        guard request["Cookie"]?.contains("seen=1") != true else { return .text("inside") }
        return LoopbackReply(status: 302, headers: [("Location", request.path), ("Set-Cookie", "seen=1; Path=/; HttpOnly")])
    }

    @Test func aCookieOfARedirectOpensTheAddressThatSetIt() async throws {
        let server = try LoopbackServer(Self.gate)
        defer { server.stop() }
        let response = try await fetcher.fetch(request(server.url(for: "/feed")))
        #expect(response.body == Array("inside".utf8))
        #expect(response.hops.count == 1)
        #expect(server.requests.map { $0["Cookie"] } == [nil, "seen=1"])
    }

    @Test func noCookieOutlivesItsFetch() async throws {
        let server = try LoopbackServer(Self.gate)
        defer { server.stop() }
        for _ in 0..<3 { _ = try await fetcher.fetch(request(server.url(for: "/feed"))) }
        _ = try await fetcher.fetch(request(server.url(for: "/other")))
        #expect(server.requests.map { $0["Cookie"] } == [nil, "seen=1", nil, "seen=1", nil, "seen=1", nil, "seen=1"])
    }

    @Test func aChainCollectsCookies() async throws {
        let server = try LoopbackServer { request in
            switch request.path {
            case "/feed": Self.redirect(to: "/set", "a=1; Path=/")
            case "/set": Self.redirect(to: "/end", "b=2; Path=/end", "c=3; Path=/elsewhere", "a=; Path=/; Max-Age=0", "d=4; Path=/")
            default: .text(request["Cookie"] ?? "")
            }
        }
        defer { server.stop() }
        let body = String(decoding: try await fetcher.fetch(request(server.url(for: "/feed"))).body, as: UTF8.self)
        #expect(Set(body.split(separator: "; ")) == ["b=2", "d=4"], "by path, and without what was taken back")
    }

    @Test func cookiesStayWithTheirHost() async throws {
        let other = try LoopbackServer(host: "127.0.0.2") { .text($0["Cookie"] ?? "none") }
        let away = other.url(for: "/")
        let server = try LoopbackServer { _ in Self.redirect(to: away, "secret=1; Path=/", "wide=2; Domain=0.0.2; Path=/") }
        defer { for server in [other, server] { server.stop() } }
        #expect(try await fetcher.fetch(request(server.url(for: "/"))).body == Array("none".utf8))
    }

    @Test func cookiesOfTheSettingsGoAlongInOneLineAndNotElsewhere() async throws {
        let other = try LoopbackServer(host: "127.0.0.2") { .text($0["Cookie"] ?? "none") }
        let away = other.url(for: "/")
        let server = try LoopbackServer { $0.path == "/away" ? .redirect(to: away) : Self.gate($0) }
        defer { for server in [other, server] { server.stop() } }
        let own = [HeaderField("cookie", "reader=7"), HeaderField("Cookie", "lamp=on")]
        _ = try await fetcher.fetch(request(server.url(for: "/feed"), headers: own))
        let seen = server.requests.map { $0.headers.filter { $0.name.lowercased() == "cookie" }.map(\.value) }
        #expect(seen == [["reader=7; lamp=on"], ["seen=1; reader=7; lamp=on"]])
        #expect(try await fetcher.fetch(request(server.url(for: "/away"), headers: own)).body == Array("none".utf8))
    }

    @Test("a circle of redirects ends, and says what may help", arguments: [
        (true, "/self", "the server wants something that browsers send"),
        (true, "/there", "write the one it ends at; if it ends at the same, the server wants something that browsers send"),
        (true, "/gate", nil),
        (false, "/gate", "write 'cookies: chain' for this feed"),
        (false, "/self", "the server wants something that browsers send"),
    ] as [(Bool, String, String?)])
    func circles(keepsCookies: Bool, path: String, advice: String?) async throws {
        let server = try LoopbackServer { request in
            switch request.path {
            case "/self": .redirect(to: "/self")
            case "/there": .redirect(to: "/back")
            case "/back": .redirect(to: "/there")
            default: Self.gate(request)
            }
        }
        defer { server.stop() }
        var order = request(server.url(for: path))
        order.keepsCookies = keepsCookies
        let error = await failure(of: fetcher, order)
        #expect(error?.failure == (advice == nil ? nil : .redirectLoop))
        if let advice {
            #expect(error?.message.contains(advice) == true, "\(error?.message ?? "")")
            #expect(server.requests.count == 6)
        }
        if !keepsCookies { #expect(server.requests.allSatisfy { $0["Cookie"] == nil }) }
    }

    private static func redirect(to location: String, _ cookies: String...) -> LoopbackReply {
        LoopbackReply(status: 302, headers: [("Location", location)] + cookies.map { ("Set-Cookie", $0) })
    }
}
