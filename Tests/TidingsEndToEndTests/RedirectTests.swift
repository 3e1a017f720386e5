import Synchronization
import TestSupport
import Testing
import TidingsCore

/// Feeds that say that they are elsewhere.
@Suite(.timeLimit(.minutes(5)))
struct RedirectTests {
    private static let day: Int64 = 24 * 60 * 60_000

    /// Sends `/wire` with `status` to `/new`, where `feed` is.
    private static func wire(_ feed: Feed, redirects status: Int) throws -> Wire {
        feed.reply { request, document in
            request.path == "/wire"
                ? .redirect(to: "/new", status: status)
                : .conditional(request, etag: #""new""#, type: Feed.type, body: document)
        }
        return try Wire(feed)
    }

    @Test("a permanent redirect is believed after days", arguments: [301, 308])
    func permanent(status: Int) async throws {
        let wire = try Self.wire(Feed(count: 3), redirects: status)
        func asked() -> [Int] { [wire.requests.count, wire.server.requests(of: "/new").count] }
        for _ in 0..<4 { try await wire.tidings.once() }
        #expect(asked() == [4, 4], "often on one day is not enough")
        #expect(try wire.poll().redirects.movedTo == nil)

        try await wire.tidings.changePoll(of: "wire") { $0.redirects.candidate?.firstSeen -= 4 * Self.day }
        try await wire.expect([], "days later")
        try await wire.expect([], "the first to go there at once")
        #expect(asked() == [5, 6])
        let told = try await wire.status()
        #expect(told.movedTo == wire.server.url(for: "/new"))
        #expect(told.detail?.contains("write this address") == true)

        // What is written in the settings is what a person wants: it is tried again when the other fails.
        let document = Array(Feed.document([Feed.Item(number: 7)] + (1...3).reversed().map(Feed.Item.init)).utf8)
        wire.feed.reply { request, _ in request.path == "/new" ? .status(404) : .conditional(request, etag: #""old""#, body: document) }
        try await wire.expect(["source wire is failing"], "gone from there", status: 1)
        for _ in 0..<2 { try await wire.expect([], "still gone from there", status: 1) }
        try await wire.expect(["created id-7", "source wire is ok"], "the address of the settings")
    }

    @Test("a redirect that may change, or did, is followed and not kept", arguments: [302, 303, 307])
    func temporary(status: Int) async throws {
        let wire = try Self.wire(Feed(count: 3), redirects: status)
        for _ in 0..<3 { try await wire.tidings.once() }
        #expect(try wire.poll().redirects == RedirectMemory())
        #expect(wire.requests.count == 3)
        #expect(try wire.tidings.lines().count == 4)
    }

    @Test func permanentRedirectToNoFeedIsForgotten() async throws {
        let wire = try Self.wire(Feed(count: 3), redirects: 301)
        try await wire.tidings.once()
        #expect(try wire.poll().redirects.candidate != nil)
        let document = Array(Feed.document((1...3).reversed().map(Feed.Item.init)).utf8)
        try await wire.expect([], "back at the old address") {
            wire.feed.reply { request, _ in .conditional(request, etag: #""old""#, body: document) }
        }
        #expect(try wire.poll().redirects == RedirectMemory())
        let page = LoopbackReply.text("<!DOCTYPE html><html><body>This site has moved</body></html>", type: "text/html")
        try await wire.expect(["source wire is failing"], "a page in its place", status: 1) {
            wire.feed.reply { request, _ in request.path == "/wire" ? .redirect(to: "/new", status: 301) : page }
        }
        #expect(try wire.poll().redirects == RedirectMemory())
        #expect(try wire.tidings.ledger().counts().articles == 3)
    }

    @Test func feedThatMovedOntoAnotherIsReadByThatOneAlone() async throws {
        let feed = Feed(count: 3)
        let server = try LoopbackServer { request in
            request.path == "/wire" ? feed.answer(request) : .redirect(to: "/wire", status: 301)
        }
        defer { server.stop() }
        let tidings = try Installation(Installation.feeds(server, ["wire", "old"]))
        try await tidings.once()
        feed.change { $0.insert(Feed.Item(number: 4), at: 0) }
        let result = try await tidings.once()
        let lines = try tidings.lines().filter { $0.subject != nil }
        #expect(lines.message.map { $0.replacing(" backfill", with: "") } == ["created id-3", "created id-2", "created id-1", "created id-4"])
        #expect(lines.allSatisfy { $0.data.origin?.source == "wire" })
        let told = try await tidings.status(of: "old")
        #expect(told.detail?.contains("moved for good to the address of 'wire'") == true, "\(result.errors)")
        #expect(told.changes["created"] == nil)
    }

    @Test func redirectsInACircleFail() async throws {
        let wire = try await Wire.imported(Feed(count: 3))
        wire.feed.reply { request, _ in .redirect(to: request.path == "/wire" ? "/new" : "/wire", status: 301) }
        try await wire.expect(nil, "it ends", status: 1)
        #expect(try wire.poll().failure == "redirect_loop")
        #expect(wire.requests.count + wire.server.requests(of: "/new").count <= 1 + 6)
        #expect(try wire.tidings.ledger().counts().articles == 3)
        try await wire.expect(["source wire is ok"], "and is mended") { wire.feed.reply(nil) }
    }
}
