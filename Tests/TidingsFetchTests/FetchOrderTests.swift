import Glibc
import Synchronization
import TestSupport
import Testing
import TidingsFetch

/// Fetches whose request is made when their turn comes.
@Suite(.timeLimit(.minutes(1)))
struct FetchOrderTests {
    private let home = "http://127.0.0.1/"

    @Test func theRequestIsMadeWhenTheTurnComes() async throws {
        let server = try LoopbackServer { .text($0.path) }
        defer { server.stop() }
        let fetcher = fetcher { $0.fetchesPerHost = 1 }
        let path = Mutex("/early")
        let (first, second) = (Orders(), Orders())
        first.onEnd { path.withLock { $0 = "/late" } }
        first.enqueue(at: fetcher, home) { request(server.url(for: "/first")) }
        second.enqueue(at: fetcher, home) { request(server.url(for: path.withLock(\.self))) }
        try await second.wait { $0.count == 2 }
        #expect(server.requests.map(\.path) == ["/first", "/late"])
        #expect(second.seen == [.begun, .answered("/late")])
    }

    @Test func aHostThatIsNotAskedNeedsNoRest() async throws {
        let server = try LoopbackServer { .text($0.path) }
        defer { server.stop() }
        let fetcher = fetcher { $0.hostDelayMilliseconds = 3_600_000 }
        let (withdrawn, next) = (Orders(), Orders())
        for _ in 0..<3 { withdrawn.enqueue(at: fetcher, home) { nil } }
        next.enqueue(at: fetcher, home) { request(server.url(for: "/next")) }
        try await next.wait { $0.count == 2 }
        #expect(withdrawn.seen == [.begun, .begun, .begun])
        #expect(next.seen == [.begun, .answered("/next")])
    }

    @Test("a place is held until it is released, whatever has become of the order", arguments: ["answered", "withdrawn", "refused"])
    func placesAreHeld(how: String) async throws {
        let server = try LoopbackServer { .text($0.path) }
        defer { server.stop() }
        let fetcher = fetcher { $0.concurrentFetches = 1 }
        let (first, second, later) = (Orders(), Orders(), Orders())
        let held = first.enqueue(at: fetcher, home) {
            switch how {
            case "answered": request(server.url(for: "/first"))
            case "refused": request("nowhere")
            default: nil
            }
        }
        try await first.wait { $0.count == (how == "withdrawn" ? 1 : 2) }
        second.enqueue(at: fetcher, "http://localhost/") { request(server.url(for: "/second", name: "localhost")) }
        // Whatever could begin has begun when the thread takes up what comes later.
        later.enqueue(at: fetcher, home) { nil }.cancel()
        try await later.wait { $0 == [.givenUp] }
        #expect(second.seen == [])
        held.release()
        try await second.wait { $0.count == 2 }
        #expect(second.seen == [.begun, .answered("/second")])
        // Once is enough, and twice is no second place.
        held.release()
        first.enqueue(at: fetcher, home) { nil }
        later.enqueue(at: fetcher, home) { nil }.cancel()
        try await later.wait { $0.count == 2 }
        #expect(first.seen.count == (how == "withdrawn" ? 1 : 2))
    }

    @Test func answersWithoutABodyHoldNoPlaceUnlessTheyAreACrowd() async throws {
        let server = try LoopbackServer { _ in .status(304) }
        defer { server.stop() }
        let fetcher = fetcher { $0.concurrentFetches = 2 }
        let orders = Orders()
        let fetches = (0..<1_030).map { _ in orders.enqueue(at: fetcher, home) { request(server.url(for: "/")) } }
        try await orders.wait { $0.count == 2 * 1_026 }
        let fence = Orders()
        fence.enqueue(at: fetcher, home) { nil }.cancel()
        try await fence.wait { $0 == [.givenUp] }
        #expect(orders.seen.count == 2 * 1_026)
        for fetch in fetches { fetch.release() }
        try await orders.wait { $0.count == 2 * 1_030 }
    }

    @Test func redirectsToAHostThatDoesNotAnswerTakeNoPlacesWhileTheyWait() async throws {
        let silent = try LoopbackServer(host: "127.0.0.2") { _ in .silence }
        let target = silent.url(for: "/")
        let server = try LoopbackServer { $0.path == "/here" ? .text("here") : .redirect(to: target) }
        defer { for server in [silent, server] { server.stop() } }
        let fetcher = fetcher { limits in
            limits.concurrentFetches = 2
            limits.fetchesPerHost = 1
        }
        let (redirected, other) = (Orders(), Orders())
        let moved = (0..<5).map { _ in redirected.enqueue(at: fetcher, home) { request(server.url(for: "/moved")) } }
        other.enqueue(at: fetcher, home) { request(server.url(for: "/here")) }
        try await other.wait { $0 == [.begun, .answered("here")] }
        try await silent.waitForRequests(1, of: "/")
        #expect(redirected.seen == Array(repeating: .begun, count: 5))
        #expect(silent.requests.count == 1)
        for fetch in moved { fetch.cancel() }
        try await redirected.wait { $0.count == 10 }
        #expect(redirected.seen.suffix(5) == Array(repeating: .failed(.cancelled), count: 5)[...])
    }

    @Test func redirectsNeedAPlaceForEachHop() async throws {
        let isQueued = Mutex(false)
        let server = try LoopbackServer { request in
            guard request.path == "/a" else { return .text(request.path) }
            while !isQueued.withLock(\.self) { usleep(1_000) }
            return .redirect(to: "http://localhost:\(request["Host"]?.split(separator: ":").last ?? "")/b")
        }
        defer { server.stop() }
        let fetcher = fetcher { $0.concurrentFetches = 1 }
        let (redirected, other) = (Orders(), Orders())
        let first = redirected.enqueue(at: fetcher, home) { request(server.url(for: "/a")) }
        try await server.waitForRequests(1, of: "/a")
        let second = other.enqueue(at: fetcher, home) { request(server.url(for: "/c")) }
        isQueued.withLock { $0 = true }
        try await other.wait { $0 == [.begun, .answered("/c")] }
        // While it waits for its next hop it has no place that could be given back.
        first.release()
        let fence = Orders()
        fence.enqueue(at: fetcher, home) { nil }.cancel()
        try await fence.wait { $0 == [.givenUp] }
        #expect(redirected.seen == [.begun])
        second.release()
        try await redirected.wait { $0 == [.begun, .answered("/b")] }
        #expect(server.requests.map(\.path) == ["/a", "/c", "/b"])
    }

    @Test func aRequestForAnotherHostWaitsForThatHostToo() async throws {
        let silent = try LoopbackServer { _ in .silence }
        let lively = try LoopbackServer(host: "127.0.0.2") { .text($0.path) }
        defer { for server in [silent, lively] { server.stop() } }
        let fetcher = fetcher { $0.fetchesPerHost = 1 }
        let (stuck, moved) = (Orders(), Orders())
        let first = stuck.enqueue(at: fetcher, home) { request(silent.url(for: "/first")) }
        try await silent.waitForRequests(1, of: "/first")
        moved.enqueue(at: fetcher, "http://127.0.0.2/") { request(silent.url(for: "/moved")) }
        try await moved.wait { $0 == [.begun] }
        // It does not keep the host that it waited for from others meanwhile.
        #expect(try await fetcher.fetch(request(lively.url(for: "/"))).status == 200)
        #expect(silent.requests.map(\.path) == ["/first"])
        first.cancel()
        try await silent.waitForRequests(1, of: "/moved")
    }

    @Test func cancellingEndsAnOrderOnceWhereverItIs() async throws {
        let silent = try LoopbackServer { $0.path == "/" ? .silence : .text("here") }
        defer { silent.stop() }
        let fetcher = fetcher { $0.fetchesPerHost = 1 }
        let (running, queued, done) = (Orders(), Orders(), Orders())
        let ended = done.enqueue(at: fetcher, home) { request(silent.url(for: "/done")) }
        try await done.wait { $0.count == 2 }
        let first = running.enqueue(at: fetcher, home) { request(silent.url(for: "/")) }
        try await silent.waitForRequests(1, of: "/")
        let second = queued.enqueue(at: fetcher, home) { request(silent.url(for: "/")) }
        for _ in 0..<2 { for order in [ended, second, first] { order.cancel() } }
        try await running.wait { $0.count == 2 }
        // Another fetch of the host comes after all of them.
        #expect(try await fetcher.fetch(request(silent.url(for: "/other"))).status == 200)
        #expect(done.seen == [.begun, .answered("here")])
        #expect(queued.seen == [.givenUp])
        #expect(running.seen == [.begun, .failed(.cancelled)])
        #expect(silent.requests.map(\.path) == ["/done", "/", "/other"])
    }

    @Test func shutdownGivesUpWhatWaitsAndWhatComesLater() async throws {
        let silent = try LoopbackServer { _ in .silence }
        defer { silent.stop() }
        let fetcher = fetcher { $0.fetchesPerHost = 1 }
        let (running, queued) = (Orders(), Orders())
        running.enqueue(at: fetcher, home) { request(silent.url(for: "/")) }
        try await silent.waitForRequests(1, of: "/")
        queued.enqueue(at: fetcher, home) { request(silent.url(for: "/")) }
        fetcher.shutdown()
        try await running.wait { $0 == [.begun, .failed(.cancelled)] }
        try await queued.wait { $0 == [.givenUp] }
        queued.enqueue(at: fetcher, home) { request(silent.url(for: "/")) }
        try await queued.wait { $0 == [.givenUp, .givenUp] }
    }

    @Test func twoThousandOrdersOfOneHostDoNotHoldUpAnother() async throws {
        let silent = try LoopbackServer { _ in .silence }
        let lively = try LoopbackServer(host: "127.0.0.2") { .text($0.path) }
        defer { for server in [silent, lively] { server.stop() } }
        let fetcher = fetcher { $0.concurrentFetches = 4 }
        let (crowd, other) = (Orders(), Orders())
        let queued = (0..<2_000).map { _ in crowd.enqueue(at: fetcher, home) { request(silent.url(for: "/")) } }
        for number in 1...20 {
            let order = other.enqueue(at: fetcher, "http://127.0.0.2/") { request(lively.url(for: "/\(number)")) }
            try await other.wait { $0.count == 2 * number }
            order.release()
        }
        #expect(lively.requests.count == 20)
        #expect(crowd.seen == [.begun, .begun], "no request is made before its turn")
        // Those that are asked for last, or the host would be free for the next.
        for fetch in queued.reversed() { fetch.cancel() }
        try await crowd.wait { $0.count == 2 + 2_000 }
        #expect(crowd.seen.count { $0 == .givenUp } == 1_998)
    }

    private func fetcher(_ change: (inout FetcherLimits) -> Void) -> Fetcher {
        var limits = withoutDelay
        change(&limits)
        return Fetcher(limits: limits)
    }
}

/// Orders, and what has become of them.
private final class Orders: Sendable {
    enum Event: Equatable {
        case begun, givenUp
        case answered(String)
        case failed(FetchError.Reason)
    }

    private struct State {
        var events: [Event] = []
        var onEnd: @Sendable () -> Void = {}
    }
    private let state = Mutex(State())

    var seen: [Event] { state.withLock(\.events) }

    func onEnd(_ action: @escaping @Sendable () -> Void) { state.withLock { $0.onEnd = action } }

    @discardableResult
    func enqueue(at fetcher: Fetcher, _ url: String, _ make: @escaping @Sendable () -> FetchRequest?) -> QueuedFetch {
        fetcher.enqueue(
            FetchOrder(url: url, allowsPrivateNetwork: true) {
                self.note(.begun)
                return make().map { request in
                    BegunFetch(request) { result in
                        switch result {
                        case .success(let response): self.note(.answered(String(decoding: response.body, as: UTF8.self)))
                        case .failure(let error): self.note(.failed(error.reason))
                        }
                        self.state.withLock(\.onEnd)()
                    }
                }
            } giveUp: {
                self.note(.givenUp)
            })
    }

    private func note(_ event: Event) { state.withLock { $0.events.append(event) } }

    func wait(_ isEnough: ([Event]) -> Bool) async throws {
        let deadline = ContinuousClock.now + .seconds(20)
        while !isEnough(seen) {
            guard ContinuousClock.now < deadline else { throw TimedOut(count: seen.count, last: seen.suffix(4)) }
            try await Task.sleep(for: .milliseconds(2))
        }
    }

    struct TimedOut: Error {
        let count: Int
        let last: ArraySlice<Event>
    }
}
