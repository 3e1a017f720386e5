import TestSupport
import Testing
import TidingsCore

/// What stays one article, whatever a feed does to its ids, links and dates.
@Suite(.timeLimit(.minutes(5)))
struct FeedIdentityTests {
    struct Rewrite: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let change: @Sendable (inout [Feed.Item]) -> Void

        init(_ description: String, _ change: @escaping @Sendable (inout [Feed.Item]) -> Void) {
            testDescription = description
            self.change = change
        }

        init(_ description: String, each change: @escaping @Sendable (inout Feed.Item) -> Void) {
            self.init(description) { items in for index in items.indices { change(&items[index]) } }
        }
    }

    private static let nothingNewRows: [Rewrite] = [
        Rewrite("another order") { $0.reverse() },
        Rewrite("a shuffled order") { $0.swapAt(1, 3) },
        Rewrite("other dates", each: { $0.date = "2\($0.number) Mar 2026 09:30:00 GMT" }),
        Rewrite("no dates", each: { $0.date = nil }),
        Rewrite("white space about the ids", each: { $0.id = "\n  id-\($0.number)\t" }),
        Rewrite("tracking in the links", each: { $0.link? += "?utm_source=rss&utm_medium=feed&fbclid=abc" }),
        Rewrite("http in place of https", each: { $0.link = "http://wire.example/ship/\($0.number)" }),
        Rewrite("a fragment and a slash", each: { $0.link? += "/#comments" }),
        Rewrite("CDATA", each: { $0.text = "<![CDATA[\($0.text)]]>" }),
        Rewrite("tags of HTML about the text", each: { $0.text = "&lt;p&gt;\($0.text)&lt;/p&gt;" }),
        Rewrite("two times each", { $0 += $0 }),
    ]

    @Test("what tells no news changes nothing")
    func nothingNew() async {
        await forEachRow(of: Self.nothingNewRows) { (rewrite: Rewrite) in
            let wire = try await Wire.imported()
            try await wire.expect([], "\(rewrite)") { wire.feed.change(rewrite.change) }
            try await wire.expect(["updated id-3 to version 2: text"], "the other way there is no news but an edit") {
                wire.feed.change { items in
                    items = (1...5).reversed().map(Feed.Item.init)
                    items[2].text += " It rained."
                }
            }
            #expect(try wire.tidings.ledger().counts().versions == 6)
        }
    }

    private static let movedRows: [Rewrite] = [
        Rewrite("ids of another scheme", each: { $0.id = "http://wire.example/ship/\($0.number)" }),
        Rewrite("ids with tracking", each: { $0.id? += "?utm_campaign=spring" }),
        Rewrite("ids of another host", each: { $0.id = "https://news.example/ship/\($0.number)" }),
        Rewrite("ids and links of another host") { items in
            for index in items.indices {
                items[index].id = "https://news.example/ship/\(items[index].number)"
                items[index].link = items[index].id
            }
        },
        Rewrite("ids of another kind", each: { $0.id = "post-\($0.number * 7)" }),
        Rewrite("ids of another kind, another order") { items in
            for index in items.indices { items[index].id = "post-\(items[index].number * 7)" }
            items.reverse()
        },
    ]

    @Test("what has another address or id has moved, and is not new")
    func moved() async {
        await forEachRow(of: Self.movedRows) { (rewrite: Rewrite) in
            let feed = Feed(count: 5)
            feed.change { items in for index in items.indices { items[index].id = items[index].link } }
            let wire = try await Wire.imported(feed)
            let before = Set(try wire.tidings.lines().compactMap(\.subject))
            let lines = try await wire.expect(nil, "\(rewrite)") { feed.change(rewrite.change) }
            #expect(lines.filter { $0.type == "tidings.article.moved" }.count == 5, "\(lines.message)")
            #expect(lines.allSatisfy { $0.type == "tidings.article.moved" || $0.data.changed == ["url"] }, "\(lines.message)")
            #expect(Set(lines.compactMap(\.subject)) == before)
            try await wire.expect([], "the same again") { feed.change { _ in } }
            let edit = try await wire.expect(nil, "an edit is one of the article that was") { feed.change { $0[2].text += " It rained." } }
            #expect(edit.map(\.type) == ["tidings.article.updated"])
            #expect(before.isSuperset(of: edit.compactMap(\.subject)))
        }
    }

    @Test("ids that are made up for each poll make no article")
    func idsOfAMoment() async {
        await forEachRow(of: [true, false]) { (hasLinks: Bool) in
            let feed = Feed(count: 5)
            if !hasLinks { feed.change { items in for index in items.indices { items[index].link = nil } } }
            let wire = try await Wire.imported(feed)
            for poll in 1...4 {
                let lines = try await wire.expect(nil, "other ids") {
                    feed.change { items in for index in items.indices { items[index].id = "\(poll)-\(items[index].number)" } }
                }
                #expect(lines.allSatisfy { $0.type == "tidings.article.moved" } && lines.count <= 5, "\(lines.message)")
            }
            let counts = try wire.tidings.ledger().counts()
            #expect(counts.articles == 5 && counts.versions == 5)
            let lines = try await wire.expect(nil, "and a new article among them") {
                feed.change { items in
                    for index in items.indices { items[index].id = "5-\(items[index].number)" }
                    items.insert(Feed.Item(number: 6), at: 0)
                }
            }
            #expect(lines.filter { $0.type == "tidings.article.created" }.message == ["created id-6"])
        }
    }

    @Test("items with one id are all kept, and their order says nothing")
    func sameID() async {
        await forEachRow(of: [true, false]) { (hasLinks: Bool) in
            let feed = Feed(count: 3)
            feed.change { items in
                for index in items.indices {
                    items[index].id = "the same"
                    if !hasLinks { items[index].link = nil }
                }
            }
            let wire = try await Wire.imported(feed)
            #expect(try wire.tidings.lines().filter { $0.type == "tidings.article.created" }.count == 3)
            let ids = try wire.tidings.lines().compactMap(\.subject)
            try await wire.expect([], "another order") { feed.change { $0.reverse() } }
            let lines = try await wire.expect(nil, "one is edited") { feed.change { $0[0].text += " It rained." } }
            #expect(lines.map(\.type) == ["tidings.article.updated"])
            // Number 1 was the last at first.
            #expect(lines.first?.subject == ids.last)
            try await wire.expect([], "the first order again") { feed.change { $0.reverse() } }
        }
    }

    @Test func idsThatAreRepeatedForAWhileMakeNoArticle() async throws {
        let wire = try await Wire.imported()
        let ids = Set(try wire.tidings.lines().compactMap(\.subject))
        func alternate(_ when: Comment, _ id: @escaping @Sendable (Int) -> String) async throws -> [StreamLine] {
            let lines = try await wire.expect(nil, when) {
                wire.feed.change { items in for index in items.indices { items[index].id = id(items[index].number) } }
            }
            #expect(lines.allSatisfy { $0.type == "tidings.article.moved" }, "\(lines.message)")
            return lines
        }
        _ = try await alternate("all the same") { _ in "same" }
        for _ in 1...2 {
            #expect(try await alternate("as they were") { "id-\($0)" }.isEmpty, "the rule does not go back and forth")
            #expect(try await alternate("all the same again") { _ in "same" }.isEmpty)
        }
        let edit = try await wire.expect(nil, "edited meanwhile") { wire.feed.change { $0[2].text += " It rained." } }
        #expect(edit.map(\.data.changed) == [["text"]])
        #expect(ids.isSuperset(of: edit.compactMap(\.subject)))
    }

    @Test func idsDifferByEachByte() async throws {
        let feed = Feed(count: 2)
        feed.change { items in
            items[0].id = "Ship"
            items[1].id = "ship"
            for index in 0...1 { items[index].link = nil }
        }
        let wire = try Wire(feed)
        try await wire.tidings.once()
        #expect(try wire.tidings.lines().message.dropFirst() == ["created Ship backfill", "created ship backfill"])
        try await wire.expect(["updated ship to version 2: text"], "one is edited") { feed.change { $0[1].text += " It rained." } }
        try await wire.expect([], "another order") { feed.change { $0.reverse() } }
    }

    @Test func anIDIsOfItsFeedAlone() async throws {
        let (here, there) = (Feed(count: 2), Feed(count: 2))
        there.change { items in
            for index in items.indices {
                items[index].link = "https://other.example/\(index)"
                items[index].title = "Bee number \(items[index].number)"
                items[index].text = "In the garden of the town it was seen on the clover."
            }
        }
        let server = try LoopbackServer { $0.path == "/wire" ? here.answer($0) : there.answer($0) }
        defer { server.stop() }
        let tidings = try Installation(Installation.feeds(server, ["wire", "other"]))
        try await tidings.once()
        #expect(try tidings.ledger().counts().articles == 4)
        there.change { $0[0].text += " It rained." }
        try await tidings.once()
        let last = try #require(try tidings.lines().last)
        #expect(last.message == "updated id-2 to version 2: text")
        #expect(last.data.origin?.source == "other")
    }

    @Test func anotherAddressOfAnArticleIsAChangeOfThatField() async throws {
        let wire = try await Wire.imported()
        let id = try wire.tidings.lines().first("created id-3 backfill")?.subject
        let lines = try await wire.expect(["updated id-3 to version 2: url"], "another slug") {
            wire.feed.change { $0[2].link = "https://wire.example/2026/ship-3-is-unloaded" }
        }
        #expect(lines.first?.subject == id)
        #expect(lines.first?.data.class == "metadata")
        try await wire.expect([], "the same again") { wire.feed.change { _ in } }
    }

    @Test func fullTextInPlaceOfSummariesIsNoStormOfArticles() async throws {
        let wire = try await Wire.imported()
        let lines = try await wire.expect(nil, "the publisher gives the whole text") {
            wire.feed.change { items in
                for index in items.indices {
                    let number = items[index].number
                    items[index].more = """
                        <content:encoded>&lt;p&gt;\(items[index].text)&lt;/p&gt;&lt;p&gt;The captain of ship \(number) drank \
                        tea.&lt;/p&gt;</content:encoded>
                        """
                }
            }
        }
        #expect(lines.map(\.type) == Array(repeating: "tidings.article.updated", count: 5), "\(lines.message)")
        #expect(lines.allSatisfy { $0.data.version == 2 })
        try await wire.expect([], "the same again") { wire.feed.change { _ in } }
    }
}
