import Foundation
import Glibc
import Synchronization
import TestSupport
import Testing

@testable import TidingsFetch

/// Requests that workers make, by way of a queue in JetStream.
@Suite(.timeLimit(.minutes(isLongRun ? 20 : 3)))
struct WorkerTests {
    private static func worker(_ cluster: NATSCluster) throws -> RunningProgram {
        try RunningProgram(["fetch"] + options(cluster), of: BuiltBinary.tidingsNATS)
    }

    private static func options(_ cluster: NATSCluster) -> [String] {
        ["--servers", cluster.addresses, "--replicas", "\(cluster.indices.count)", "--silence", "2"]
    }

    // MARK: the same results

    /// An answer, and what is asked besides.
    private struct Exchange: Sendable {
        let path: String
        var limits = FetchLimits()
        var change: @Sendable (inout FetchRequest) -> Void = { _ in }
        let reply: @Sendable (LoopbackRequest) -> LoopbackReply

        init(
            _ path: String, _ change: @escaping @Sendable (inout FetchRequest) -> Void = { _ in },
            reply: @escaping @Sendable (LoopbackRequest) -> LoopbackReply
        ) {
            (self.path, self.change, self.reply) = (path, change, reply)
        }
    }

    private static let text = String(repeating: "Ships of the north. ", count: 100)

    private static let exchanges = [
        Exchange("/plain") { _ in .text(text) },
        Exchange("/long") { _ in .text(String(repeating: text, count: 900)) },
        Exchange("/validators", { $0.etag = #"W/"7""#; $0.lastModified = "Sun, 01 Mar 2026 08:00:00 GMT" }) { request in
            request["If-None-Match"] == #"W/"7""# && request["If-Modified-Since"] != nil
                ? .status(304, headers: [("ETag", #"W/"7""#), ("Cache-Control", "max-age=60")]) : .text("changed")
        },
        Exchange("/fields", { $0.headers = [HeaderField("X-Key", "a b\tc"), HeaderField("Cookie", "own=1"), HeaderField("X-Empty", "")] }) {
            .text($0.headers.filter { $0.name != "Host" }.map { "\($0.name)=\($0.value)" }.joined(separator: "|"))
        },
        Exchange("/404") { _ in .status(404) },
        Exchange("/503") { _ in .status(503, headers: [("Retry-After", "120")]) },
        Exchange("/bytes") { _ in LoopbackReply(headers: [("X-Raw", "\u{E9}")], body: Array(0...255)) },
        Exchange("/gzip") { _ in LoopbackReply(headers: [("Content-Encoding", "gzip")], body: GzipFixture.stored(Array(text.utf8))) },
        Exchange("/odd-coding") { _ in LoopbackReply(headers: [("Content-Encoding", "gzip")], body: Array("<rss></rss>".utf8)) },
        Exchange("/bomb", { $0.limits.maxBodyBytes = 1 << 20 }) { _ in
            LoopbackReply(headers: [("Content-Encoding", "gzip")], body: GzipFixture.bomb(runs: 10_000))
        },
        Exchange("/too-long", { $0.limits.maxBodyBytes = 1_000 }) { _ in .text(text) },
        Exchange("/header", { $0.limits.maxHeaderBytes = 4_000 }) { _ in LoopbackReply(delivery: .endlessHeaders) },
        Exchange("/cut") { _ in .text(text, delivery: .cutAfter(bytes: 500)) },
        Exchange("/chunks") { _ in .text(text, delivery: .chunked(bytes: 100)) },
        Exchange("/chunks-cut") { _ in .text(text, delivery: .chunkedAndCut(bytes: 100)) },
        Exchange("/hang-up") { _ in .hangUp },
        Exchange("/raw") { _ in LoopbackReply(body: Array("no HTTP at all\n".utf8), delivery: .raw) },
        Exchange("/silence", { $0.limits.totalSeconds = 1 }) { _ in .silence },
        Exchange("/redirect") { _ in .redirect(to: "/plain", status: 301) },
        Exchange("/circle") { _ in .redirect(to: "/circle") },
        Exchange("/away") { _ in .redirect(to: "ftp://elsewhere.example/") },
        Exchange("/no-url") { _ in .redirect(to: "http://") },
        Exchange("/cookie") { request in
            request["Cookie"] == nil ? LoopbackReply(status: 302, headers: [("Location", "/cookie"), ("Set-Cookie", "a=b")]) : .text("in")
        },
        Exchange("/cookie-refused", { $0.keepsCookies = false }) { _ in
            LoopbackReply(status: 302, headers: [("Location", "/cookie-refused"), ("Set-Cookie", "a=b")])
        },
        Exchange("/private", { $0.allowsPrivateNetwork = false }) { _ in .text("secret") },
        Exchange("/field", { $0.headers = [HeaderField("X", "a\r\nY: b")] }) { _ in .text("never") },
    ]

    @Test("whoever makes a request, the result is the same")
    func sameResults() async throws {
        let cluster = try NATSCluster(1)
        let other = try LoopbackServer(host: "127.0.0.2") { .text("at \($0["Host"]?.prefix(9) ?? "")") }
        defer { other.stop() }
        let exchanges = Self.exchanges + [Exchange("/host") { [url = other.url(for: "/")] _ in .redirect(to: url, status: 308) }]
        let server = try LoopbackServer { request in exchanges.first { $0.path == request.path }?.reply(request) ?? .status(404) }
        defer { server.stop() }
        let closed = try LoopbackServer { _ in .hangUp }
        closed.stop()
        let certificate = try TestCertificate(selfSignedFor: "127.0.0.1")
        let secure = try LoopbackServer(security: .tls(certificate)) { _ in .text("secret") }
        defer { secure.stop() }
        var requests = exchanges.map { exchange in
            var request = FetchRequest(url: server.url(for: exchange.path), userAgent: "tidings-tests/1", allowsPrivateNetwork: true)
            exchange.change(&request)
            return request
        }
        for url in [closed.url(for: "/"), secure.url(for: "/"), "http://no-such-host.invalid/", "gopher://x/", "http:///"] {
            requests.append(FetchRequest(url: url, userAgent: "tidings-tests/1", allowsPrivateNetwork: true))
        }
        let worker = try Self.worker(cluster)
        let messages = Mutex<[String]>([])
        let dispatcher = FetchDispatcher(
            command: [BuiltBinary.tidingsNATS.path, "dispatch"] + Self.options(cluster), environment: [:]
        ) { message in messages.withLock { $0.append(message) } }
        defer { dispatcher.shutdown() }
        var limits = FetcherLimits()
        limits.hostDelayMilliseconds = 0
        limits.concurrentFetches = requests.count
        let own = Fetcher(limits: limits)
        let remote = Fetcher(limits: limits, dispatcher: dispatcher)
        defer {
            own.shutdown()
            remote.shutdown()
        }
        let expected = await Self.results(of: own, requests)
        let given = await Self.results(of: remote, requests)
        for (request, (expected, given)) in zip(requests, zip(expected, given)) {
            #expect(given == expected, "\(request.url)")
        }
        #expect(expected.filter { if case .success = $0 { true } else { false } }.count == 13, "\(expected)")
        #expect(worker.isRunning)
        let said = messages.withLock { $0 }
        #expect(said.isEmpty, "\(said)")
    }

    private static func results(of fetcher: Fetcher, _ requests: [FetchRequest]) async -> [Result<FetchResponse, FetchError>] {
        await withTaskGroup(of: (Int, Result<FetchResponse, FetchError>).self) { group in
            for (index, request) in requests.enumerated() {
                group.addTask {
                    do throws(FetchError) {
                        return (index, .success(try await fetcher.fetch(request)))
                    } catch {
                        // Its words may have milliseconds in them.
                        return (index, .failure(FetchError(url: error.url, reason: error.reason, received: error.received)))
                    }
                }
            }
            var results = requests.map { _ in Result<FetchResponse, FetchError>.failure(FetchError(url: "", reason: .cancelled)) }
            for await (index, result) in group { results[index] = result }
            return results
        }
    }

    // MARK: faults

    /// A host that counts how it is asked.
    private final class Host: Sendable {
        private struct State {
            var edition = 1
            var running = 0
            var most = 0
            var starts: [ContinuousClock.Instant] = []
        }
        private let state = Mutex(State())

        func nextEdition() { state.withLock { $0.edition += 1 } }
        var most: Int { state.withLock(\.most) }
        var shortestPause: Duration? {
            state.withLock { state in zip(state.starts, state.starts.dropFirst()).map { $1 - $0 }.min() }
        }

        func answer(_ request: LoopbackRequest) -> LoopbackReply {
            let edition = state.withLock { state in
                state.running += 1
                state.most = max(state.most, state.running)
                state.starts.append(.now)
                return state.edition
            }
            usleep(20_000)
            state.withLock { $0.running -= 1 }
            let feed = request.path.dropFirst()
            return .text(Feed.document((1...edition).map { number in
                var item = Feed.Item(number: number)
                item.id = "\(feed)-\(number)"
                item.title = "\(feed) \(number)"
                return item
            }), type: Feed.type)
        }
    }

    @Test("workers, the program between and the daemon are killed: each feed is read all the same, and no host is asked by two at once")
    func kills() async throws {
        let rounds = isLongRun ? 32 : 4
        let cluster = try NATSCluster(isLongRun ? 3 : 1)
        let hosts = (0..<5).map { _ in Host() }
        let servers = try hosts.enumerated().map { number, host in
            try LoopbackServer(host: "127.0.0.\(number + 2)") { host.answer($0) }
        }
        defer { for server in servers { server.stop() } }
        let feeds = servers.enumerated().flatMap { number, server in
            (0..<3).map { Installation.feed("f\(number)-\($0)", at: server.url(for: "/f\(number)-\($0)")) }
        }
        let command = ([BuiltBinary.tidingsNATS.path, "dispatch"] + Self.options(cluster)).map { "\"\($0)\"" }.joined(separator: ", ")
        let tidings = try Installation(
            "fetch: { host_delay: 50ms, command: [\(command)] }\nfeeds:\n" + feeds.joined())
        var workers = try (0..<2).map { _ in try Self.worker(cluster) }
        var daemon = try await tidings.daemon()
        for round in 1...rounds {
            try await tidings.wait("each feed was read") { try tidings.lines().count { $0.type == "tidings.article.created" } >= 15 * round }
            for host in hosts { host.nextEdition() }
            // Everything is asked for at once, and the kill comes in the middle.
            let pass = try tidings.start(["reingest"])
            try await Task.sleep(for: .milliseconds(Int.random(in: 20...150)))
            switch round % 4 {
            case 1:
                workers[0].send(SIGKILL)
                workers[0] = try Self.worker(cluster)
            case 2: for child in children(of: daemon.pid) { kill(child, SIGKILL) }
            case 0:
                // All of them: what is in memory is gone.
                for server in cluster.indices { await cluster.kill(server) }
                for server in cluster.indices { try cluster.start(server) }
            default:
                daemon.send(SIGKILL)
                _ = await daemon.program.result()
                _ = await pass.result()
                daemon = try await tidings.daemon()
                #expect(try await tidings.run("reingest").status == 0)
            }
            _ = await pass.result()
        }
        try await tidings.wait("each feed was read") { try tidings.lines().count { $0.type == "tidings.article.created" } >= 15 * (rounds + 1) }
        try await daemon.stop()
        let created = try tidings.lines().filter { $0.type == "tidings.article.created" }
        #expect(created.count == 15 * (rounds + 1))
        #expect(hosts.map(\.most) == [1, 1, 1, 1, 1])
        for host in hosts { #expect(host.shortestPause ?? .zero > .milliseconds(20), "a host is left alone after each request") }
        try await tidings.expectSound()
        for worker in workers {
            worker.send(SIGTERM)
            let result = await worker.result()
            #expect(result.status == 0, "\(result.errors)")
        }
    }

    @Test("where there is no worker, a fetch ends after a while, and says so")
    func noWorker() async throws {
        let dispatcher = FetchDispatcher(command: ["/bin/cat"], environment: [:], patience: .milliseconds(300)) { _ in }
        defer { dispatcher.shutdown() }
        let fetcher = Fetcher(limits: FetcherLimits(), dispatcher: dispatcher)
        defer { fetcher.shutdown() }
        var request = FetchRequest(url: "http://host.example/", userAgent: "tidings-tests/1")
        request.limits.totalSeconds = 1
        do throws(FetchError) {
            _ = try await fetcher.fetch(request)
            Issue.record("there is an answer")
        } catch {
            #expect(error.failure?.rawValue == "no_worker")
            #expect(error.suggestsNoNetwork && error.isTransient && !error.provesNetwork)
        }
    }
}
