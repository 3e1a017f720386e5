import Foundation
import Synchronization
import TestSupport
import Testing
import TidingsCore

/// When a feed is asked again: what a server asks for, and what its failures lead to.
@Suite(.timeLimit(.minutes(5)))
struct PollPauseTests {
    private static let minute: Int64 = 60_000
    fileprivate static let hour = 60 * minute
    private static let day = 24 * hour

    // MARK: a server that says "later"

    struct Later: Sendable, CustomTestStringConvertible {
        let status: Int
        /// Retry-After; `inThreeHours` for that date, which is made when it is sent.
        let field: String?
        /// How long it is left alone at least, in milliseconds; nil where the server has not said.
        let pause: Int64?

        init(_ status: Int, _ field: String?, _ pause: Int64?) {
            self.status = status
            self.field = field
            self.pause = pause
        }
        static let inThreeHours = "the date of three hours later"
        var sent: String? { field == Self.inThreeHours ? httpDate(in: 3 * PollPauseTests.hour) : field }
        var testDescription: String { "\(status), \(field ?? "no field")" }
    }

    /// One of each kind; `PollPlanTests.throttling` has all values.
    private static let retryAfterRows: [Later] = [
        Later(503, "7200", 2 * hour), Later(503, Later.inThreeHours, 3 * hour - minute), Later(503, nil, nil),
        Later(429, "soon", nil),
    ]

    @Test("Retry-After is a floor, within a minute and a day, whoever asks; and a server that is busy is not broken")
    func retryAfter() async {
        await forEachRow(of: Self.retryAfterRows) { (later: Later) in
            let wire = try await Wire.imported(Feed(count: 2))
            wire.feed.reply { _, _ in .status(later.status, headers: later.sent.map { [("Retry-After", $0)] } ?? []) }
            try await wire.expect([], "a busy server is no turn", status: 1)
            let poll = try wire.poll()
            #expect(poll.sourceState == .ok, "\(later)")
            #expect(poll.lastStatus == later.status)
            #expect(poll.failure == "throttled")
            let wait = try poll.nextPoll - #require(poll.lastAttempt)
            let pause = max(later.pause ?? 0, 15 * Self.minute)
            #expect((pause...(pause * 5 / 4 + Self.minute)).contains(wait), "asked again after \(wait) ms")

            wire.feed.reply(nil)
            let count = wire.requests.count
            // Without a time 429 means all feeds of the domain until the next poll; 503 says nothing of the others.
            if later.pause == nil, later.status == 503 {
                try await wire.expect([], "a person asks")
                #expect(wire.requests.count == count + 1)
            } else {
                try await wire.expect([], "a person asks too early", status: 1)
                #expect(wire.requests.count == count)
                #expect(wire.said.contains("the server asked not to come before"), "\(wire.said)")
            }
        }
    }

    @Test func statusSaysUntilWhenTheServerWantsToBeLeftAloneAndThenItIsAsked() async throws {
        let wire = try await Wire.imported(Feed(count: 2))
        try await wire.expect([], "busy", status: 1) {
            wire.feed.reply { _, _ in .status(503, headers: [("Retry-After", "7200")]) }
        }
        let told = try await wire.status()
        #expect(told.state == "ok" && told.failure == "throttled" && told.httpStatus == 503 && told.dueReason == "retry_after")
        #expect(try #require(told.notBefore) <= #require(told.nextDue))
        try await wire.tidings.changePoll(of: "wire") { poll in
            poll.notBefore = 1
            poll.nextPoll = 1
        }
        try await wire.expect(["created id-3"], "hours later") {
            wire.feed.reply(nil)
            wire.feed.change { $0.insert(Feed.Item(number: 3), at: 0) }
        }
        let after = try await wire.status()
        #expect(after.failure == nil && after.httpStatus == 200 && after.notBefore == nil && after.dueReason != "retry_after")
        #expect(after.changes["created"] == 3)
    }

    @Test func serverThatIsAlwaysBusyNeverMakesTheSourceFail() async throws {
        let wire = try await Wire.imported(Feed(count: 2))
        wire.feed.reply { _, _ in .status(503) }
        var waits: [Int64] = []
        for _ in 0..<5 {
            try await wire.expect([], "busy", status: 1)
            let poll = try wire.poll()
            waits.append(try poll.nextPoll - #require(poll.lastAttempt))
        }
        #expect(try wire.poll().sourceState == .ok)
        #expect(waits == waits.sorted() && waits[4] >= 16 * 15 * Self.minute, "ever more rarely: \(waits)")
        try await wire.expect([], "as if nothing had been") { wire.feed.reply(nil) }
        let poll = try wire.poll()
        #expect(try poll.nextPoll - #require(poll.lastAttempt) < 17 * Self.minute)
    }

    @Test("429 holds up all feeds of the domain, 503 only with a time")
    func domain() async {
        await forEachRow(of: [429, 503]) { (status: Int) in
            let feed = Feed(count: 2)
            let isBusy = Mutex(false)
            let server = try LoopbackServer { request in
                guard isBusy.withLock(\.self), request.path == "/wire" else { return feed.answer(request) }
                return .status(status, headers: status == 429 ? [("Retry-After", "600")] : [])
            }
            defer { server.stop() }
            let elsewhere = Installation.feed("elsewhere", at: server.url(for: "/elsewhere", name: "localhost"), "private_network: true")
            let tidings = try Installation(Installation.feeds(server, ["wire", "other"]) + elsewhere)
            func asks(_ name: String) async throws -> (requests: Int, said: String) {
                let before = server.requests(of: "/" + name).count
                let result = try await tidings.run("reingest", name)
                return (server.requests(of: "/" + name).count - before, result.output + result.errors)
            }
            func expectTheOtherToWait() async throws {
                let other = try await asks("other")
                #expect(other.requests == (status == 429 ? 0 : 1), "\(other.said)")
                #expect(other.said.contains("asked not to come before") == (status == 429), "\(other.said)")
                #expect(try await asks("elsewhere").requests == 1, "another domain")
            }
            let daemon = try await tidings.daemon()
            try await tidings.waitForLines(3 + 2 + 4)
            isBusy.withLock { $0 = true }
            #expect(try await asks("wire").requests == 1)
            try await expectTheOtherToWait()
            try await daemon.stop()
            // The patience that was asked for outlives the daemon.
            let second = try await tidings.daemon()
            try await expectTheOtherToWait()
            try await second.stop()
            #expect(try tidings.lines().count == 9, "no source has turned")
        }
    }

    @Test func feedsThatWaitForTheirTurnAreNotAskedOnceTheDomainIsToBeLeftAlone() async throws {
        let feed = Feed(count: 2)
        let isBusy = Mutex(false)
        let server = try LoopbackServer { request in
            isBusy.withLock(\.self) ? .status(429, headers: [("Retry-After", "600")]) : feed.answer(request)
        }
        defer { server.stop() }
        let feeds = ["one", "two", "three"].map {
            Installation.feed($0, at: server.url(for: "/" + $0), "every: 15m, private_network: true")
        }
        let tidings = try Installation("fetch: { per_host: 1, host_delay: 1s }\n" + Installation.feeds(feeds))
        let daemon = try await tidings.daemon()
        try await tidings.waitForLines(3 + 2 + 4)
        isBusy.withLock { $0 = true }
        let before = server.requests.count
        let result = try await tidings.run("reingest")
        let said = result.output + result.errors
        #expect(server.requests.count == before + 1, "\(said)")
        #expect(said.components(separatedBy: "asked not to come before").count == 3, "\(said)")
        try await daemon.stop()
    }

    // MARK: a feed that is not there

    @Test("a feed that is not there any more is gone when that is sure, once, and looked after rarely", arguments: [(410, 3), (404, 8)])
    func gone(status: Int, proofs: Int) async throws {
        let wire = try await Wire.imported(Feed(count: 2))
        wire.feed.reply { _, _ in .status(status) }
        try await wire.expect(["source wire is failing"], "it may be a mistake", status: 1)
        for _ in 2..<proofs { try await wire.expect([], "not sure yet", status: 1) }
        let poll = try wire.poll()
        #expect(try poll.nextPoll - #require(poll.lastAttempt) >= 6 * Self.hour, "it is asked rarely already")
        try await wire.expect(["source wire is gone"], "sure", status: 1)
        try await wire.expect([], "still gone", status: 1)
        let gone = try wire.poll()
        #expect(try gone.nextPoll - #require(gone.lastAttempt) >= 7 * Self.day, "the probe is slow, and there is one")
        #expect(gone.failure == (status == 410 ? "gone" : "not_found"))
        #expect(try wire.tidings.ledger().counts().articles == 2)
        try await wire.expect(["source wire is ok"], "it is back") { wire.feed.reply(nil) }
        try await wire.expect([], "a new count begins") {}
    }

    @Test("what only a person can mend is tried rarely")
    func unauthorized() async throws {
        let wire = try await Wire.imported(Feed(count: 2))
        wire.feed.reply { _, _ in .status(401) }
        let lines = try await wire.expect(["source wire is failing"], "at once", status: 1)
        #expect(lines.first?.data.detail?.contains("headers_file") == true, "it says what to do")
        let poll = try wire.poll()
        #expect(try poll.nextPoll - #require(poll.lastAttempt) >= 6 * Self.hour)
        #expect(poll.failure == "unauthorized")
        for _ in 2...5 { try await wire.expect([], "never gone", status: 1) }
        let last = try wire.poll()
        let wait = try last.nextPoll - #require(last.lastAttempt)
        #expect((4 * Self.day...5 * Self.day).contains(wait), "ever more rarely, up to days")
        try await wire.expect(["source wire is ok"], "mended") { wire.feed.reply(nil) }
    }

    @Test func absenceIsProvedByARowOfAnswers() async throws {
        let wire = try await Wire.imported(Feed(count: 2))
        let gone: Feed.Reply = { _, _ in .status(410) }
        for _ in 0..<2 {
            try await wire.expect(["source wire is failing"], "410", status: 1) { wire.feed.reply(gone) }
            try await wire.expect([], "410", status: 1)
            try await wire.expect(["source wire is ok"], "and then the feed") { wire.feed.reply(nil) }
        }
    }

    @Test func failuresThatMayPassAreBelievedTheThirdTimeAndBackOff() async throws {
        let wire = try await Wire.imported(Feed(count: 2))
        wire.feed.reply { _, _ in .status(502) }
        var waits: [Int64] = []
        for time in 1...4 {
            try await wire.expect(time == 3 ? ["source wire is failing"] : [], "the \(time). time", status: 1)
            let poll = try wire.poll()
            waits.append(try poll.nextPoll - #require(poll.lastAttempt))
        }
        for (time, wait) in waits.enumerated() {
            let base = 15 * Self.minute << time
            #expect((base...(base * 5 / 4)).contains(wait), "doubled with each: \(waits)")
        }
        #expect(try wire.poll().failure == "server_error")
        try await wire.expect(["source wire is ok"], "one success makes all good") { wire.feed.reply(nil) }
        #expect(try wire.poll().consecutiveFailures == 0)
    }

    // MARK: a feed that is well

    struct Wish: Sendable, CustomTestStringConvertible {
        let testDescription: String
        var fields: [String: String] = [:]
        var channel = ""
        let reason: PollReason
        let pause: Int64
    }

    /// One of each reason; `PollIntervalTests` has all values.
    private static let pauseRows: [Wish] = [
        Wish(testDescription: "nothing", reason: .interval, pause: 15 * minute),
        Wish(testDescription: "max-age", fields: ["Cache-Control": "public, max-age=7200"], reason: .maxAge, pause: 2 * hour),
        Wish(
            testDescription: "Expires",
            fields: ["Date": "Tue, 03 Mar 2026 08:00:00 GMT", "Expires": "Tue, 03 Mar 2026 11:00:00 GMT"],
            reason: .expires, pause: 3 * hour),
        Wish(
            testDescription: "ttl, longer than max-age", fields: ["Cache-Control": "max-age=7200"], channel: "<ttl>240</ttl>",
            reason: .ttl, pause: 4 * hour),
    ]

    @Test("a feed is asked after the longest pause that anybody wants, a day at most")
    func pause() async {
        await forEachRow(of: Self.pauseRows) { (wish: Wish) in
            let wire = try Wire(Feed(count: 2))
            let document = Array(Feed.document([Feed.Item(number: 1)], channel: wish.channel).utf8)
            wire.feed.reply { _, _ in LoopbackReply(headers: wish.fields.map { (name: $0.key, value: $0.value) }, body: document) }
            try await wire.tidings.once()
            let poll = try wire.poll()
            let wait = try poll.nextPoll - #require(poll.lastAttempt)
            #expect(poll.dueReason == wish.reason)
            #expect((wish.pause...(wish.pause * 11 / 10)).contains(wait), "asked again after \(wait) ms")
        }
    }

    @Test func restartAsksOnlyWhatIsDue() async throws {
        let feed = Feed(count: 2)
        let server = try LoopbackServer(feed.answer)
        defer { server.stop() }
        let tidings = try Installation(Installation.feeds(server, ["wire"]))
        let first = try await tidings.daemon()
        try await tidings.waitForLines(3)
        try await first.stop()
        // The one that is new is asked after the start as the other would be, were it due.
        try tidings.write(settings: Installation.feeds(server, ["wire", "other"]))
        let second = try await tidings.daemon()
        try await server.waitForRequests(1, of: "/other")
        try await second.stop()
        #expect(server.requests(of: "/wire").count == 1)

        try await tidings.changePoll(of: "wire") { $0.nextPoll = 1 }
        let third = try await tidings.daemon()
        #expect(try await server.waitForRequests(2, of: "/wire").last?["If-None-Match"] == Feed.etag(1))
        try await third.stop()
        #expect(server.requests(of: "/other").count == 1)
    }

    @Test func reloadAsksWhatIsNewAtOnceAndKeepsWhatWasKnown() async throws {
        let feed = Feed(count: 2)
        let server = try LoopbackServer(feed.answer)
        defer { server.stop() }
        let tidings = try Installation(Installation.feeds(server, ["wire"], every: "1h"))
        let daemon = try await tidings.daemon()
        try await tidings.waitForLines(3)
        let before = try tidings.poll(of: "wire")
        try tidings.write(settings: Installation.feeds(server, ["wire", "other"], every: "2h"))
        let result = try await tidings.run("reload")
        #expect(result.status == 0, "\(result.errors)")
        try await server.waitForRequests(1, of: "/other")
        try await tidings.waitForLines(3 + 3)
        try await daemon.stop()
        #expect(server.requests(of: "/wire").count == 1, "the other was asked within the hour")
        let after = try tidings.poll(of: "wire")
        #expect(after.validators == before.validators)
        #expect(after.lastSuccess == before.lastSuccess)
        #expect(try tidings.lines().filter { $0.type == "tidings.article.duplicate" }.count == 2)
    }
}

/// An HTTP-date that many milliseconds from now.
private func httpDate(in milliseconds: Int64) -> String {
    let format = DateFormatter()
    format.locale = Locale(identifier: "en_US_POSIX")
    format.timeZone = TimeZone(secondsFromGMT: 0)
    format.dateFormat = "EEE, dd MMM yyyy HH:mm:ss 'GMT'"
    return format.string(from: Date(timeIntervalSinceNow: Double(milliseconds) / 1000))
}
