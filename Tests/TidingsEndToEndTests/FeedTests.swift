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
        #expect(first.message.first == "source wire added")
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
        #expect(churn.allSatisfy { $0.type == "tidings.article.moved" }, "\(churn.message)")
        try await expect([], of: tidings, "and the same again") { feed.change { $0.reverse() } }
        try await tidings.expectSound()
    }

    @Test func serverThatIsNotThereMakesTheSourceFailOnce() async throws {
        let server = try LoopbackServer { _ in .hangUp }
        let tidings = try Installation(Self.settings(server, ["wire"]))
        server.stop()
        for _ in 0..<4 { try await tidings.once(expecting: 1) }
        #expect(try tidings.lines().message == ["source wire added", "source wire is failing"])
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
                    <entry><title>Storm closes the coast pipeline</title><id>tag:coast.example,2026:storm</id>
                    <link href="https://coast.example/storm"/><updated>2026-04-02T10:00:00Z</updated>
                    <content>The pipeline along the coast is closed until the sand is cleared away.</content></entry>
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
        #expect(try await tidings.waitForLines(4).message.last == "created id-3")
        try await daemon.stop()
        try await tidings.expectSound()
    }

    private static func settings(_ server: LoopbackServer, _ names: [String]) -> String {
        Installation.feeds(server, names, every: "1s")
    }

    /// Does `act`, runs a pass, and expects exactly `words` to be announced; nil: whatever it is.
    @discardableResult
    private func expect(
        _ message: [String]?, of tidings: Installation, _ when: Comment, sourceLocation: SourceLocation = #_sourceLocation,
        after act: () throws -> Void
    ) async throws -> [StreamLine] {
        let known = try tidings.lines().count
        try act()
        try await tidings.once(sourceLocation: sourceLocation)
        let lines = Array(try tidings.lines().dropFirst(known))
        if let message { #expect(lines.message == message, when, sourceLocation: sourceLocation) }
        #expect(lines.allSatisfy { $0.data.backfill == nil }, "the import is over", sourceLocation: sourceLocation)
        return lines
    }
}
