import TestSupport
import Testing
import TidingsFetch

@testable import struct TidingsFetch.TransferQueue

/// Many fetches at once.
@Suite(.timeLimit(.minutes(1)))
struct FetchCrowdTests {
    @Test func twoHundredFetchesShareAFewConnections() async throws {
        let server = try LoopbackServer { .text($0.path) }
        defer { server.stop() }
        var limits = FetcherLimits()
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
        let fetcher = Fetcher()
        let stuck = (0..<50).map { _ in Task { await failure(of: fetcher, request(silent.url(for: "/"))) } }
        try await silent.waitForRequests(2, of: "/")
        // Another name for the same machine is another host, as far as a client can know.
        let response = try await fetcher.fetch(request("http://localhost:\(lively.port)/"))
        #expect(response.body == Array("here".utf8))
        for fetch in stuck { fetch.cancel() }
        for fetch in stuck { #expect(await fetch.value?.reason == .cancelled) }
    }

    @Test func hostsTakeTurnsAndKeepToTheirPlaces() {
        var queue = TransferQueue(places: 3, placesPerHost: 2)
        for id in 1...4 { queue.add(UInt64(id), host: "a") }
        queue.add(5, host: "b")
        func takeAll() -> [UInt64] {
            var taken: [UInt64] = []
            while let next = queue.next() { taken.append(next.id) }
            return taken
        }
        #expect(takeAll() == [1, 5, 2])  // b came last, and is second
        queue.leave(host: "b")
        #expect(takeAll() == [])  // a has its two places
        queue.leave(host: "a")
        #expect(takeAll() == [3])
        queue.leave(host: "a")
        queue.leave(host: "a")
        #expect(takeAll() == [4])
    }
}
