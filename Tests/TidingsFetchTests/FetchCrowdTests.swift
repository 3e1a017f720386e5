import TestSupport
import Testing
import TidingsFetch

@testable import struct TidingsFetch.HostQueue

/// Many fetches at once.
@Suite(.timeLimit(.minutes(1)))
struct FetchCrowdTests {
    @Test func twoHundredFetchesShareAFewConnections() async throws {
        let server = try LoopbackServer { .text($0.path) }
        defer { server.stop() }
        var limits = withoutDelay
        limits.fetchesPerHost = 4
        let fetcher = Fetcher(limits: limits)
        let bodies = try await withThrowingTaskGroup(of: String.self) { group in
            for number in 0..<200 {
                group.addTask {
                    let response = try await fetcher.fetch(request(server.url(for: "/\(number)")))
                    return String(decoding: response.body, as: UTF8.self)
                }
            }
            return try await group.reduce(into: Set()) { $0.insert($1) }
        }
        #expect(bodies == Set((0..<200).map { "/\($0)" }))
        #expect(server.connectionCount <= 4)
    }

    @Test func aHostThatDoesNotAnswerDoesNotStallOthers() async throws {
        let silent = try LoopbackServer { _ in .silence }
        let lively = try LoopbackServer { _ in .text("here") }
        defer {
            silent.stop()
            lively.stop()
        }
        let fetcher = Fetcher(limits: withoutDelay)
        let stuck = (0..<50).map { _ in Task { await failure(of: fetcher, request(silent.url(for: "/"))) } }
        try await silent.waitForRequests(2, of: "/")
        // Another name for the same machine is another host, as far as a client can know.
        let response = try await fetcher.fetch(request("http://localhost:\(lively.port)/"))
        #expect(response.body == Array("here".utf8))
        for fetch in stuck { fetch.cancel() }
        for fetch in stuck { #expect(await fetch.value?.reason == .cancelled) }
    }

    @Test func requestsToOneHostKeepTheirDistance() async throws {
        let server = try LoopbackServer { $0.path == "/0" ? .redirect(to: "/3") : .text("here") }
        let other = try LoopbackServer { _ in .text("here") }
        defer {
            server.stop()
            other.stop()
        }
        var limits = FetcherLimits()
        limits.hostDelayMilliseconds = 100
        let fetcher = Fetcher(limits: limits)
        let start = ContinuousClock.now
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<3 {
                group.addTask { _ = try await fetcher.fetch(request(server.url(for: "/\(number)"))) }
            }
            try await group.waitForAll()
        }
        // Four starts, one of them a redirect's, have three delays between them. There is no upper bound to test.
        #expect(start.duration(to: .now) >= .milliseconds(300))
        #expect(server.requests.count == 4)
    }
}
