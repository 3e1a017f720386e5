import TestSupport
import Testing
import TidingsFetch

/// Answers that do not end as they should, and what is left of them.
@Suite(.timeLimit(.minutes(1)))
struct BrokenEndTests {
    let fetcher = Fetcher(limits: withoutDelay)

    @Test("what came before an answer broke off is kept beside the error", arguments: [
        ("short against its length", LoopbackReply(body: body + body, delivery: .cutAfter(bytes: body.count)), .truncated),
        ("without its last chunk", LoopbackReply(body: body, delivery: .chunkedAndCut(bytes: 50)), .truncated),
        ("a chunk of no size", chunked("\(String(body.count, radix: 16))\r\n" + text + "\r\nzz\r\n"), .truncated),
        ("bytes behind its gzip", coded("gzip", GzipFixture.stored(body) + Array("\n\n".utf8)), .badContentCoding("gzip")),
        (
            "short against its length, in a coding that is none",
            coded("binary", body + body, delivery: .cutAfter(bytes: body.count)), .truncated
        ),
    ] as [(String, LoopbackReply, FetchError.Reason)])
    func kept(name: String, reply: LoopbackReply, reason: FetchError.Reason) async throws {
        let server = try LoopbackServer { _ in reply }
        defer { server.stop() }
        let error = await failure(of: fetcher, request(server.url(for: "/")))
        #expect(error?.reason == reason, "\(name): \(String(describing: error))")
        #expect(error?.received?.body == body, "\(name)")
        #expect(error?.received?.status == 200)
        #expect(error?.isTransient == true)
    }

    @Test func anAnswerThatIsWaitedForInVainIsKeptToo() async throws {
        // All of the body, and then a connection that stays open for more.
        let server = try LoopbackServer { _ in
            LoopbackReply(body: body + [0], delivery: .slow(bytes: body.count, pauseMilliseconds: 20_000))
        }
        defer { server.stop() }
        let limits = limits { $0.totalSeconds = 1 }
        let error = await failure(of: fetcher, request(server.url(for: "/"), limits: limits))
        #expect(error?.reason == .timedOut(afterSeconds: 1))
        #expect(error?.received?.body == body)
    }

    @Test("nothing is kept of answers of another kind", arguments: [
        ("no body", LoopbackReply(body: body, delivery: .cutAfter(bytes: 0))),
        ("an error page", LoopbackReply(status: 404, body: body + body, delivery: .cutAfter(bytes: body.count))),
        ("a body beyond the limit", LoopbackReply(body: [UInt8](repeating: 0x20, count: 5000))),
        ("no answer", LoopbackReply.hangUp),
    ])
    func dropped(name: String, reply: LoopbackReply) async throws {
        let server = try LoopbackServer { _ in reply }
        defer { server.stop() }
        let error = await failure(of: fetcher, request(server.url(for: "/"), limits: limits { $0.maxBodyBytes = 4000 }))
        #expect(error != nil, "\(name)")
        #expect(error?.received == nil, "\(name)")
    }
}

private let text = "<rss><channel><title>The pier is closed</title></channel></rss>"
private let body = Array(text.utf8)

private func chunked(_ chunks: String) -> LoopbackReply {
    LoopbackReply(body: Array("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n\(chunks)".utf8), delivery: .raw)
}

private func coded(_ coding: String, _ body: [UInt8], delivery: LoopbackReply.Delivery = .whole) -> LoopbackReply {
    LoopbackReply(headers: [("Content-Encoding", coding)], body: body, delivery: delivery)
}
