import TestSupport
import Testing

@testable import TidingsFetch

@Suite("A POST")
struct PostTests {
    private func post(_ server: LoopbackServer, _ path: String, _ body: [UInt8], maxAnswer: Int = 1000) -> FetchRequest {
        var request = request(server.url(for: path), limits: limits { $0.maxBodyBytes = maxAnswer })
        request.post = body
        request.headers = [HeaderField("Content-Type", "application/json")]
        return request
    }

    @Test("brings its bytes, whatever they are, and a GET on the same handle after it is a GET again")
    func bringsItsBytes() async throws {
        let server = try LoopbackServer { _ in .text("thanks") }
        defer { server.stop() }
        let fetcher = Fetcher(limits: withoutDelay)
        // Larger than what libcurl would ask for permission for, and with a zero byte.
        let body: [UInt8] = [0, 1, 2] + Array(repeating: UInt8(ascii: "x"), count: 2 << 20)
        let answer = try await fetcher.fetch(post(server, "/hook", body))
        _ = try await fetcher.fetch(request(server.url(for: "/feed")))
        #expect(answer.status == 200)
        #expect(server.requests.map(\.method) == ["POST", "GET"])
        #expect(server.requests.map(\.body) == [body, []])
        #expect(server.requests.map { $0["Content-Type"] } == ["application/json", nil])
        #expect(server.requests.map { $0["Expect"] } == [nil, nil])
    }

    @Test("follows no redirect", arguments: [301, 302, 303, 307, 308])
    func followsNoRedirect(status: Int) async throws {
        let server = try LoopbackServer { $0.path == "/hook" ? .redirect(to: "/other", status: status) : .text("thanks") }
        defer { server.stop() }
        let answer = try await Fetcher(limits: withoutDelay).fetch(post(server, "/hook", Array("{}".utf8)))
        #expect(answer.status == status)
        #expect(server.requests.map(\.path) == ["/hook"])
    }

    @Test("is answered although the answer's body is too long, or in a coding that it is not in")
    func oddAnswers() async throws {
        let server = try LoopbackServer { request in
            request.path == "/long"
                ? LoopbackReply(status: 202, body: Array(repeating: 0x61, count: 5000))
                : LoopbackReply(status: 201, headers: [("Content-Encoding", "gzip")], body: Array("not gzip".utf8))
        }
        defer { server.stop() }
        let fetcher = Fetcher(limits: withoutDelay)
        #expect(try await fetcher.fetch(post(server, "/long", [0x7B, 0x7D])).status == 202)
        #expect(try await fetcher.fetch(post(server, "/coded", [0x7B, 0x7D])).status == 201)
        #expect(server.requests.count == 2)
    }

    @Test("goes to no private address unless that is allowed")
    func privateAddress() async throws {
        let server = try LoopbackServer { _ in .text("thanks") }
        defer { server.stop() }
        var request = FetchRequest(url: server.url(for: "/hook"), userAgent: "Tidings")
        request.post = Array("{}".utf8)
        let error = await failure(of: Fetcher(), request)
        #expect(error?.reason == .forbiddenAddress("127.0.0.1"))
        #expect(server.requests.isEmpty)
    }
}
