import Foundation
import Synchronization
import TestSupport
import Testing

/// Feeds on a real server, polled by single passes.
@Suite(.timeLimit(.minutes(5)))
struct FeedTests {
    @Test func feedIsFollowedThroughItsEdits() async throws {
        let feed = Feed()
        let server = try LoopbackServer(feed.answer)
        defer { server.stop() }
        let tidings = try Installation(Self.settings(server, ["wire"]))
        try await tidings.once()
        let first = try tidings.lines()
        #expect(first.words.first == "source wire added")
        #expect(first.count == 21)
        #expect(first.dropFirst().allSatisfy { $0.type == "tidings.article.created" && $0.data.backfill == true })

        try await expect([], of: tidings, "a server that says 304 has nothing new") {}
        let requests = server.requests(of: "/wire")
        #expect(requests.map { $0["If-None-Match"] } == [nil, Feed.etag(1)], "the validator is sent back as it came")

        try await expect(["updated id-7 to version 2: text"], of: tidings, "one item edited") {
            feed.change { $0[13].text += " The mayor has confirmed it." }
        }
        try await expect(["created id-21"], of: tidings, "one new, and one left the window") {
            feed.change {
                $0.removeLast()
                $0.insert(Feed.Item(number: 21), at: 0)
            }
        }
        let churn = try await expect(nil, of: tidings, "all ids changed") {
            feed.change { items in for index in items.indices { items[index].id = "https://new.example/?p=\(items[index].number)" } }
        }
        #expect(churn.count == 20)
        #expect(churn.allSatisfy { $0.type == "tidings.article.moved" }, "\(churn.words)")
        try await expect([], of: tidings, "and the same again") { feed.change { $0.reverse() } }
        try await tidings.expectSound()
    }

    @Test("an answer that is no feed makes the source fail once, and takes nothing away", arguments: Trouble.allCases)
    func trouble(_ trouble: Trouble) async throws {
        let feed = Feed()
        let server = try LoopbackServer(feed.answer)
        defer { server.stop() }
        let tidings = try Installation(Self.settings(server, ["wire"]))
        try await tidings.once()
        let before = try tidings.lines().count
        feed.set(trouble)
        // Each kind turns the source by its third time at the latest, and never twice.
        for _ in 0..<4 { try await tidings.once(expecting: trouble == .cutOff ? 0 : 1) }
        let during = Array(try tidings.lines().dropFirst(before))
        if trouble == .cutOff {
            #expect(during.words == [], "what is whole of a feed that was cut off is what it was")
        } else {
            #expect(during.words == ["source wire is failing"])
            #expect(during.first?.data.detail?.isEmpty == false, "it says why")
        }
        #expect(try tidings.ledger().counts().articles == 20)

        feed.set(nil)
        try await tidings.once()
        let after = try tidings.lines().dropFirst(before + during.count).map(\.words)
        #expect(after == (trouble == .cutOff ? [] : ["source wire is ok"]))
        try await tidings.expectSound()
    }

    @Test func serverThatIsNotThereMakesTheSourceFailOnce() async throws {
        let server = try LoopbackServer { _ in .hangUp }
        let tidings = try Installation(Self.settings(server, ["wire"]))
        server.stop()
        for _ in 0..<4 { try await tidings.once(expecting: 1) }
        #expect(try tidings.lines().words == ["source wire added", "source wire is failing"])
    }

    @Test func articleInTwoFeedsIsOneArticle() async throws {
        let feed = Feed(count: 1)
        let server = try LoopbackServer(feed.answer)
        defer { server.stop() }
        let tidings = try Installation(Self.settings(server, ["wire", "mirror"]))
        try await tidings.once()
        let types = try tidings.lines().filter { $0.subject != nil }.map(\.type)
        #expect(types == ["tidings.article.created", "tidings.article.duplicate"])
        #expect(try tidings.ledger().counts().contents == 1)

        try tidings.write(settings: Self.settings(server, ["wire"]))
        try await expect(["source mirror removed"], of: tidings, "a feed that is not configured any more") {}
    }

    @Test func tombstoneRemovesTheArticle() async throws {
        let isDeleted = Mutex(false)
        let server = try LoopbackServer { _ in
            let entry = isDeleted.withLock { $0 }
                ? #"<at:deleted-entry ref="tag:coast.example,2026:storm" when="2026-04-03T10:00:00Z"/>"#
                : """
                    <entry><title>Storm closes the coast road</title><id>tag:coast.example,2026:storm</id>
                    <link href="https://coast.example/storm"/><updated>2026-04-02T10:00:00Z</updated>
                    <content>The road along the coast is closed until the sand is cleared away.</content></entry>
                    """
            return .text(
                """
                <feed xmlns="http://www.w3.org/2005/Atom" xmlns:at="http://purl.org/atompub/tombstones/1.0">
                <title>Coast</title><id>tag:coast.example,2026:feed</id><updated>2026-04-03T10:00:00Z</updated>\(entry)
                <entry><title>Beach opens</title><id>tag:coast.example,2026:beach</id><link href="https://coast.example/beach"/>
                <updated>2026-04-01T10:00:00Z</updated><content>The beach is open again, says the lifeguard.</content></entry>
                </feed>
                """, type: "application/atom+xml")
        }
        defer { server.stop() }
        let tidings = try Installation(Self.settings(server, ["wire"]))
        try await tidings.once()
        try await expect(["removed tag:coast.example,2026:storm: declared"], of: tidings, "a tombstone") {
            isDeleted.withLock { $0 = true }
        }
    }

    @Test func itemMissingFromTheMidstIsRemovedWhenThreeDocumentsLackIt() async throws {
        let feed = Feed()
        let server = try LoopbackServer(feed.answer)
        defer { server.stop() }
        let tidings = try Installation(Self.settings(server, ["wire"]))
        try await tidings.once()
        let missing = Feed.Item(number: 12)
        try await expect([], of: tidings, "missing once") { feed.change { $0.removeAll { $0.number == 12 } } }
        try await expect([], of: tidings, "a server that says 304 says nothing of it") {}
        try await expect([], of: tidings, "missing twice, in the same bytes") { feed.change { _ in } }
        try await expect(["removed id-12: inferred"], of: tidings, "missing for the third time") { feed.change { _ in } }
        try await expect(["restored id-12"], of: tidings, "back at its place") { feed.change { $0.insert(missing, at: 8) } }
        try await tidings.expectSound()
    }

    @Test func documentWithoutAnyItemOfTheOneBeforeIsAGap() async throws {
        let feed = Feed(count: 4)
        let server = try LoopbackServer(feed.answer)
        defer { server.stop() }
        let tidings = try Installation(Self.settings(server, ["wire"]))
        try await tidings.once()
        try await expect(["created id-9", "created id-8", "source wire gap"], of: tidings, "all are new") {
            feed.change { $0 = [Feed.Item(number: 9), Feed.Item(number: 8)] }
        }
        try await expect([], of: tidings, "the same again") { feed.change { _ in } }
        try await tidings.expectSound()
    }

    @Test func daemonPollsByItselfAndSaysWhatIsNew() async throws {
        let feed = Feed(count: 2)
        let server = try LoopbackServer(feed.answer)
        defer { server.stop() }
        let tidings = try Installation(Self.settings(server, ["wire"]))
        let daemon = try await tidings.daemon()
        try await tidings.waitForLines(3)
        feed.change { $0.insert(Feed.Item(number: 3), at: 0) }
        #expect(try await tidings.waitForLines(4).words.last == "created id-3")
        try await daemon.stop()
        try await tidings.expectSound()
    }

    private static func settings(_ server: LoopbackServer, _ names: [String]) -> String {
        "feeds:\n" + names.map {
            "  - { name: \($0), url: \"\(server.url(for: "/" + $0))\", every: 1s, private_network: true }\n"
        }.joined()
    }

    /// Does `act`, runs a pass, and expects exactly `words` to be announced; nil: whatever it is.
    @discardableResult
    private func expect(
        _ words: [String]?, of tidings: Installation, _ when: Comment, sourceLocation: SourceLocation = #_sourceLocation,
        after act: () throws -> Void
    ) async throws -> [StreamLine] {
        let known = try tidings.lines().count
        try act()
        try await tidings.once(sourceLocation: sourceLocation)
        let lines = Array(try tidings.lines().dropFirst(known))
        if let words { #expect(lines.words == words, when, sourceLocation: sourceLocation) }
        #expect(lines.allSatisfy { $0.data.backfill == nil }, "the import is over", sourceLocation: sourceLocation)
        return lines
    }
}

/// What a server says in place of a feed.
enum Trouble: CaseIterable {
    case challengePage, serverError, cutOff, empty
}

/// A feed of a server, which tests change while it is read.
private final class Feed: Sendable {
    struct Item: Sendable {
        let number: Int
        var id: String
        var text: String

        init(number: Int) {
            self.number = number
            id = "id-\(number)"
            text = "In the harbor of the town ship number \(number) was unloaded by hand, as it was a hundred years ago."
        }
    }
    private struct State {
        var items: [Item]
        var edition = 1
        var trouble: Trouble?
    }
    private let state: Mutex<State>

    init(count: Int = 20) { state = Mutex(State(items: (1...count).reversed().map(Item.init))) }

    static func etag(_ edition: Int) -> String { #"W/"edition-\#(edition)""# }

    func change(_ body: @Sendable (inout [Item]) -> Void) {
        state.withLock { state in
            body(&state.items)
            state.edition += 1
        }
    }

    func set(_ trouble: Trouble?) {
        state.withLock { state in
            state.trouble = trouble
            state.edition += 1
        }
    }

    func answer(_ request: LoopbackRequest) -> LoopbackReply {
        let (document, edition, trouble) = state.withLock { (Self.document($0.items), $0.edition, $0.trouble) }
        switch trouble {
        case nil:
            return .conditional(request, etag: Self.etag(edition), type: "application/rss+xml", body: Array(document.utf8))
        case .challengePage:
            return .text(
                "<!DOCTYPE html><html><head><title>Just a moment...</title></head><body>Checking your browser</body></html>",
                type: "text/html")
        case .serverError: return .status(500)
        case .cutOff: return .text(String(document.prefix(document.count * 2 / 3)), type: "application/rss+xml")
        case .empty: return .text("", type: "application/rss+xml")
        }
    }

    private static func document(_ items: [Item]) -> String {
        let list = items.map { item in
            """
            <item><title>Ship number \(item.number) is unloaded</title><link>https://wire.example/ship/\(item.number)</link>
            <guid isPermaLink="false">\(item.id)</guid><pubDate>\(date(item.number))</pubDate>
            <description>\(item.text)</description></item>
            """
        }
        return """
            <?xml version="1.0" encoding="UTF-8"?>
            <rss version="2.0"><channel><title>Wire</title><link>https://wire.example/</link><description>Ships</description>
            \(list.joined(separator: "\n"))
            </channel></rss>
            """
    }

    private static func date(_ day: Int) -> String { "\(day < 10 ? "0" : "")\(day) Mar 2026 08:00:00 GMT" }
}
