import TestSupport
import Testing
import TidingsFetch

/// What a hostile or broken server may do to a fetch. Each ends in an error that says why, soon, and with bounded
/// memory.
@Suite(.timeLimit(.minutes(1)))
struct FetchFaultTests {
    let fetcher = Fetcher(limits: withoutDelay)

    @Test("an answer that does not end well is an error, never a short body", arguments: [
        ("short against its length", LoopbackReply(body: body, delivery: .cutAfter(bytes: 400)), .truncated),
        ("without its last chunk", LoopbackReply(body: body, delivery: .chunkedAndCut(bytes: 100)), .truncated),
        ("all header and no body", LoopbackReply(body: body, delivery: .cutAfter(bytes: 0)), .truncated),
        ("no gzip", LoopbackReply(headers: [("Content-Encoding", "gzip")], body: body), .badContentCoding("gzip")),
        ("no answer at all", .hangUp, .protocolError),
        ("no HTTP", LoopbackReply(body: Array("SSH-2.0-OpenSSH\r\n".utf8), delivery: .raw), .protocolError),
        ("a chunk of no size", raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n"), .truncated),
    ] as [(String, LoopbackReply, FetchError.Reason)])
    func brokenAnswers(name: String, reply: LoopbackReply, reason: FetchError.Reason) async throws {
        let server = try LoopbackServer { _ in reply }
        defer { server.stop() }
        let error = await failure(of: fetcher, request(server.url(for: "/")))
        #expect(error?.reason == reason, "\(name): \(String(describing: error))")
        #expect(error?.isTransient == true)
    }

    @Test("a body beyond the limit ends the fetch", arguments: [
        ("with its length", LoopbackReply(body: zeros(1001))),
        ("chunked", LoopbackReply(body: zeros(1001), delivery: .chunked(bytes: 10))),
        ("endless", LoopbackReply(body: zeros(4096), delivery: .endlessBody)),
        ("packed", LoopbackReply(headers: [("Content-Encoding", "gzip")], body: GzipFixture.bomb(runs: 400_000))),
        (
            "packed twice",
            LoopbackReply(
                headers: [("Content-Encoding", "gzip, gzip")], body: GzipFixture.stored(GzipFixture.bomb(runs: 1000)))
        ),
        ("packed with brotli", LoopbackReply(headers: [("Content-Encoding", "br")], body: BrotliFixture.bomb)),
        (
            "endless behind a redirect",
            LoopbackReply(
                status: 302, headers: [("Location", "/")], body: zeros(4096), delivery: .endlessBody)
        ),
    ])
    func bodiesAreCapped(name: String, reply: LoopbackReply) async throws {
        let server = try LoopbackServer { _ in reply }
        defer { server.stop() }
        let limits = limits { $0.maxBodyBytes = 1000 }
        let error = await failure(of: fetcher, request(server.url(for: "/"), limits: limits))
        #expect(error?.reason == .bodyTooLarge(limitBytes: 1000), "\(name)")
    }

    @Test func aBodyOfExactlyTheLimitArrives() async throws {
        let server = try LoopbackServer { _ in LoopbackReply(body: zeros(1000)) }
        defer { server.stop() }
        let limits = limits { $0.maxBodyBytes = 1000 }
        #expect(try await fetcher.fetch(request(server.url(for: "/"), limits: limits)).body.count == 1000)
    }

    @Test("a header beyond the limit ends the fetch", arguments: [
        ("fields without end", .endlessHeaders, FetchLimits().maxHeaderBytes),
        ("one field without end", .endlessHeaderLine, 100 << 10),
    ] as [(String, LoopbackReply.Delivery, Int)])
    func headersAreCapped(name: String, delivery: LoopbackReply.Delivery, limit: Int) async throws {
        let server = try LoopbackServer { _ in LoopbackReply(delivery: delivery) }
        defer { server.stop() }
        let error = await failure(of: fetcher, request(server.url(for: "/")))
        #expect(error?.reason == .headersTooLarge(limitBytes: limit), "\(name): \(String(describing: error))")
    }

    @Test func aCircleOfRedirectsIsLeft() async throws {
        let server = try LoopbackServer { $0.path == "/a" ? .redirect(to: "/b") : .redirect(to: "/a") }
        defer { server.stop() }
        let error = await failure(of: fetcher, request(server.url(for: "/a")))
        #expect(error?.failure == .redirectLoop)
        #expect(server.requests.count == 6)
    }

    @Test("a server that takes too long is given up", arguments: [
        ("silent", LoopbackReply.silence, limits { $0.totalSeconds = 1 }),
        ("slow, against the total", slowBody, limits { $0.totalSeconds = 1 }),
        (
            "slow, against the speed",
            slowBody,
            limits {
                $0.lowSpeedBytesPerSecond = 1000
                $0.lowSpeedSeconds = 1
            }
        ),
    ])
    func slowServersAreGivenUp(name: String, reply: LoopbackReply, limits: FetchLimits) async throws {
        let server = try LoopbackServer { _ in reply }
        defer { server.stop() }
        let error = await failure(of: fetcher, request(server.url(for: "/"), limits: limits))
        guard case .timedOut(let seconds) = error?.reason else {
            Issue.record("\(name): \(String(describing: error))")
            return
        }
        #expect((1...4).contains(seconds), "\(name)")
    }

    @Test func allHopsTogetherHaveTheTotalTime() async throws {
        // Each hop by itself is within a second; five of them are not.
        let server = try LoopbackServer { request in
            LoopbackReply(
                status: 302, headers: [("Location", request.path + "x")], body: zeros(4),
                delivery: .slow(bytes: 1, pauseMilliseconds: 100))
        }
        defer { server.stop() }
        let limits = limits { $0.totalSeconds = 1 }
        let error = await failure(of: fetcher, request(server.url(for: "/"), limits: limits))
        #expect(error?.reason == .timedOut(afterSeconds: 1))
        #expect(server.requests.count > 1)
    }

    @Test func aClosedPortIsUnreachable() async throws {
        let server = try LoopbackServer { _ in .silence }
        let url = server.url(for: "/")
        server.stop()
        let error = await failure(of: fetcher, request(url))
        #expect(error?.reason == .unreachable)
        #expect(error?.isTransient == true)
        #expect(error?.detail.isEmpty == false)
    }

    @Test func aHostThatTakesNoConnectionIsGivenUp() async throws {
        let hole = try BlackHole()
        let limits = limits { $0.connectSeconds = 1 }
        let error = await failure(of: fetcher, request("http://127.0.0.1:\(hole.port)/", limits: limits))
        #expect(error?.reason == .timedOut(afterSeconds: 1))
    }

    @Test func aNameWithoutAddressIsAFailureOfDNS() async {
        // RFC 6761 §6.4: no resolver answers for .invalid.
        let error = await failure(of: fetcher, request("http://feed.invalid/"))
        #expect(error?.reason == .dns)
        // In a locale of ASCII, too, as services have.
        #expect(await failure(of: fetcher, request("http://жаңалық.invalid/"))?.reason == .dns)
        let message = "http://feed.invalid/: the host's name has no address; check the host's name; it is tried again later"
        #expect(error?.message == message)
    }

    @Test func aServerWithoutTLSFailsClosed() async throws {
        let server = try LoopbackServer { _ in .text("plain") }
        defer { server.stop() }
        let error = await failure(of: fetcher, request("https://127.0.0.1:\(server.port)/"))
        #expect(error?.reason == .tlsHandshake)
    }

    @Test func cancellingTheTaskEndsTheTransfer() async throws {
        let server = try LoopbackServer { _ in .silence }
        defer { server.stop() }
        let fetcher = fetcher
        let fetch = Task { await failure(of: fetcher, request(server.url(for: "/"))) }
        try await server.waitForRequests(1, of: "/")
        fetch.cancel()
        #expect(await fetch.value?.reason == .cancelled)
    }

    @Test func aTaskThatIsAlreadyCancelledDoesNotFetchOn() async throws {
        let server = try LoopbackServer { _ in .silence }
        defer { server.stop() }
        let fetcher = fetcher
        let fetch = Task {
            unsafe withUnsafeCurrentTask { unsafe $0?.cancel() }
            return await failure(of: fetcher, request(server.url(for: "/")))
        }
        #expect(await fetch.value?.reason == .cancelled)
    }

    @Test func shutdownCancelsWhatRunsWhatWaitsAndWhatComesLater() async throws {
        let server = try LoopbackServer { _ in .silence }
        defer { server.stop() }
        let fetcher = fetcher
        // Two run, for the host has two places; one waits.
        let fetches = (0..<3).map { _ in Task { await failure(of: fetcher, request(server.url(for: "/"))) } }
        try await server.waitForRequests(2, of: "/")
        fetcher.shutdown()
        for fetch in fetches { #expect(await fetch.value?.reason == .cancelled) }
        #expect(await failure(of: fetcher, request(server.url(for: "/")))?.reason == .cancelled)
    }
}

private let body = Array(String(repeating: "a line of the body\n", count: 50).utf8)
private let slowBody = LoopbackReply(body: zeros(1000), delivery: .slow(bytes: 1, pauseMilliseconds: 50))

private func zeros(_ count: Int) -> [UInt8] { [UInt8](repeating: 0, count: count) }

private func raw(_ text: String) -> LoopbackReply { LoopbackReply(body: Array(text.utf8), delivery: .raw) }
