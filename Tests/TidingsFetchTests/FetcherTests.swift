import Glibc
import TestSupport
import Testing
import TidingsFetch

/// Real fetches from a real server on loopback.
@Suite(.timeLimit(.minutes(1)))
struct FetcherTests {
    let fetcher = Fetcher(limits: withoutDelay)

    @Test func anAnswerComesWithItsStatusBodyAndHeader() async throws {
        let server = try LoopbackServer { _ in
            LoopbackReply(
                status: 404,
                headers: [("X-Twice", "one"), ("Content-Type", " text/plain "), ("x-twice", "two")],
                body: Array("not here".utf8))
        }
        defer { server.stop() }
        let url = server.url(for: "/feed?page=1")
        let response = try await fetcher.fetch(request(url))
        #expect(response.status == 404)
        #expect(response.body == Array("not here".utf8))
        #expect(response.finalURL == url)
        #expect(response.hops == [])
        #expect(response.contentType == "text/plain")
        #expect(response.headers["X-TWICE"] == "one")
        #expect(response.headers.all("X-Twice") == ["one", "two"])
        #expect(response.headers["X-Thrice"] == nil)
    }

    @Test func theFirstFetchIsUnconditionalAndSaysWhoAsks() async throws {
        let server = try LoopbackServer { _ in .text("hello") }
        defer { server.stop() }
        _ = try await fetcher.fetch(request(server.url(for: "/"), headers: [HeaderField("X-Extra", "yes")]))
        let seen = try #require(server.requests.first)
        #expect(seen.method == "GET")
        #expect(seen["User-Agent"] == "tidings-tests/1")
        #expect(seen["X-Extra"] == "yes")
        for name in ["If-None-Match", "If-Modified-Since", "Cookie", "Referer", "A-IM"] { #expect(seen[name] == nil) }
        #expect(seen["Accept-Encoding"]?.contains("gzip") == true)
    }

    @Test("validators go back byte for byte", arguments: [
        #""plain""#, #"W/"weak""#, "unquoted", #""with, comma and  spaces""#, #""ünïcode""#,
    ])
    func validatorsAreVerbatim(etag: String) async throws {
        let lastModified = "Thu, 1 Jan 1970 00:00:00 +0000 (as the server likes it)"
        let server = try LoopbackServer { .conditional($0, etag: etag, lastModified: lastModified, body: [1, 2, 3]) }
        defer { server.stop() }
        let first = try await fetcher.fetch(request(server.url(for: "/")))
        #expect(first.status == 200)
        #expect(first.etag == etag)
        #expect(first.lastModified == lastModified)
        let second = try await fetcher.fetch(
            request(server.url(for: "/"), etag: first.etag, lastModified: first.lastModified))
        #expect(second.status == 304)
        #expect(second.body == [])
        #expect(second.etag == etag)
        #expect(server.requests.last?["If-None-Match"] == etag)
        #expect(server.requests.last?["If-Modified-Since"] == lastModified)
    }

    @Test("bodies arrive whole in any coding", arguments: [
        ("plain", LoopbackReply(body: sample)),
        ("empty", LoopbackReply(body: [])),
        ("chunked", LoopbackReply(body: sample, delivery: .chunked(bytes: 7))),
        ("slow", LoopbackReply(body: sample, delivery: .slow(bytes: 100_000, pauseMilliseconds: 1))),
        ("gzip", LoopbackReply(headers: [("Content-Encoding", "gzip")], body: GzipFixture.stored(sample))),
    ])
    func bodiesArriveWhole(name: String, reply: LoopbackReply) async throws {
        let server = try LoopbackServer { _ in reply }
        defer { server.stop() }
        let response = try await fetcher.fetch(request(server.url(for: "/")))
        #expect(response.body == (name == "empty" ? [] : sample))
    }

    @Test func eachRedirectIsRecorded() async throws {
        let server = try LoopbackServer { request in
            switch request.path {
            case "/a": .redirect(to: "/b/", status: 301)
            case "/b/": .redirect(to: "c?d", status: 302)
            case "/b/c?d": .redirect(to: "//127.0.0.1:\(request["Host"]?.split(separator: ":").last ?? "")/e", status: 308)
            default: .text("arrived")
            }
        }
        defer { server.stop() }
        let response = try await fetcher.fetch(request(server.url(for: "/a"), etag: #""x""#))
        #expect(response.body == Array("arrived".utf8))
        #expect(response.finalURL == server.url(for: "/e"))
        #expect(response.hops == [
            hop(301, server, "/a", "/b/"), hop(302, server, "/b/", "/b/c?d"), hop(308, server, "/b/c?d", "/e"),
        ])
        #expect(response.hops.map(\.isPermanent) == [true, false, true])
        #expect(server.requests.map { $0["If-None-Match"] } == Array(repeating: #""x""#, count: 4))
    }

    @Test func fiveRedirectsAreFollowedAndSixAreNot() async throws {
        // "/5" leads to "/4", and so on to "/0".
        let server = try LoopbackServer { request in
            guard let left = Int(request.path.dropFirst()), left > 0 else { return .text("arrived") }
            return .redirect(to: "/\(left - 1)")
        }
        defer { server.stop() }
        #expect(try await fetcher.fetch(request(server.url(for: "/5"))).hops.count == 5)
        let error = await failure(of: fetcher, request(server.url(for: "/6")))
        #expect(error?.reason == .tooManyRedirects(limit: 5))
        #expect(error?.url == server.url(for: "/6"))
    }

    @Test func extraFieldsStayWithTheOriginTheyWereWrittenFor() async throws {
        let other = try LoopbackServer { _ in .text("other") }
        defer { other.stop() }
        let target = other.url(for: "/")
        let server = try LoopbackServer { $0.path == "/a" ? .redirect(to: "/b") : .redirect(to: target) }
        defer { server.stop() }
        let secret = HeaderField("Authorization", "Bearer secret")
        _ = try await fetcher.fetch(request(server.url(for: "/a"), headers: [secret]))
        #expect(server.requests.map { $0["Authorization"] } == ["Bearer secret", "Bearer secret"])
        #expect(other.requests.map { $0["Authorization"] } == [nil])
    }

    @Test("redirects do not leave http", arguments: [
        "file:///etc/passwd", "ftp://127.0.0.1/feed", "gopher://127.0.0.1/", "scp://127.0.0.1/x",
    ])
    func redirectsToOtherSchemesAreRefused(target: String) async throws {
        let server = try LoopbackServer { _ in .redirect(to: target) }
        defer { server.stop() }
        let error = await failure(of: fetcher, request(server.url(for: "/")))
        #expect(error?.reason == .redirectedAway(to: target))
        #expect(error?.url == server.url(for: "/"))
        #expect(error?.failure == .forbiddenScheme)
    }

    @Test("what is no http or https URL is refused before anything is sent", arguments: [
        ("", .badURL), ("feed", .badURL), ("http://", .badURL), ("http://a b/", .badURL),
        ("http://host:99999/", .badURL), ("file:///etc/passwd", .forbiddenScheme), ("ftp://host/", .forbiddenScheme),
        ("tidings://host/", .forbiddenScheme),
    ] as [(String, FetchError.Reason)])
    func badURLsAreRefused(url: String, reason: FetchError.Reason) async {
        #expect(await failure(of: fetcher, request(url))?.reason == reason)
    }

    @Test func aFieldCannotSmuggleAnotherOne() async {
        let url = "http://127.0.0.1:9/"
        let split = "\"x\"\r\nX-Injected: 1"
        #expect(await failure(of: fetcher, request(url, etag: split))?.reason == .badHeader(name: "If-None-Match"))
        let named = request(url, headers: [HeaderField("Two words", "1")])
        #expect(await failure(of: fetcher, named)?.reason == .badHeader(name: "Two words"))
    }

    @Test func theProxyOfTheEnvironmentIsIgnored() async throws {
        // In a process of its own, for the environment is everybody's.
        await #expect(processExitsWith: .success) {
            for name in ["http_proxy", "all_proxy"] { unsafe setenv(name, "http://127.0.0.1:1/", 1) }
            for name in ["no_proxy", "NO_PROXY"] { unsafe unsetenv(name) }
            let server = try LoopbackServer { _ in .text("direct") }
            #expect(try await Fetcher(limits: withoutDelay).fetch(request(server.url(for: "/"))).body == Array("direct".utf8))
        }
    }

    private func hop(_ status: Int, _ server: LoopbackServer, _ from: String, _ to: String) -> Hop {
        Hop(status: status, from: server.url(for: from), to: server.url(for: to))
    }
}

private let sample = (0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
