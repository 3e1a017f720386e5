import Testing
import TidingsCore
@testable import TidingsStore

@Suite("Identity of feed items in the ledger") struct FeedIdentityTests {
    /// What is announced when each document is one commit.
    private func story(_ documents: [[Item]]) async throws -> [String] {
        let fixture = try LedgerFixture()
        let (ledger, sources) = try await fixture.open(feeds: ["news"])
        for (time, items) in documents.enumerated() {
            _ = try await ledger.commit([sources[0].document(items)], at: Int64(time + 1) * 1000)
        }
        return try fixture.news()
    }

    private let a = item("A.", id: "g", url: "https://news.test/a")
    private let b = item("B.", id: "g", url: "https://news.test/b")
    private let c = item("C.", id: "c", url: "https://news.test/c")

    @Test("two items with one guid are both kept, in whatever order")
    func repeated() async throws {
        let news = try await story([[a, b], [b, a], [a, b]])
        #expect(news == ["created news.test/a@1", "created news.test/b@1"])
    }

    @Test("items without guids, with empty ones, and with links that are repeated are all kept")
    func withoutGuids() async throws {
        let items = [
            item("1.", id: "", url: "https://news.test/1"), item("2.", id: "", url: "https://news.test/2"),
            item("3.", url: "https://news.test/3"), item("4.", url: "https://news.test/3"), item("5."), item("6."),
        ]
        let news = try await story([items, items.reversed(), items])
        #expect(news.count == 6)
        #expect(news.allSatisfy { $0.hasPrefix("created") })
    }

    @Test("a guid is compared byte for byte", arguments: [("A", "a"), ("caf\u{E9}", "cafe\u{301}"), ("1", "01")])
    func bytes(one: String, other: String) async throws {
        let items = [item("One.", id: one), item("Two.", id: other)]
        let news = try await story([items, items.reversed(), [items[0]], items])
        #expect(news.map { Array($0.utf8) } == [Array("created \(one)@1".utf8), Array("created \(other)@1".utf8)])
    }

    @Test("a guid that is repeated for a while moves nothing, back and forth or at all")
    func repeatedForAWhile() async throws {
        let edited = item("A, edited.", id: "g", url: "https://news.test/a")
        let news = try await story([[a, c], [a, b, c], [b, a, c], [a, c], [a, b, c], [edited, b, c], [edited, c]])
        #expect(news == ["created g@1", "created c@1", "created news.test/b@1", "updated g@2 substantive"])
    }

    @Test("when the item that had the guid first leaves, the other one is not taken for it")
    func otherStays() async throws {
        let editedB = item("B, edited.", id: "g", url: "https://news.test/b")
        let news = try await story([[a, c], [a, b, c], [b, c], [editedB, c], [a, editedB, c]])
        #expect(news == ["created g@1", "created c@1", "created news.test/b@1", "updated news.test/b@2 substantive"])
    }

    @Test("without links the bytes tell which of two items with one guid was there before")
    func withoutLinks() async throws {
        let one = item("One.", id: "g")
        let two = item("Two.", id: "g")
        let news = try await story([[one, c], [one, two, c], [two, one, c], [one, c], [one, two, c]])
        #expect(news.count == 3)
        #expect(news.allSatisfy { $0.hasPrefix("created") })
    }

    @Test("a source keeps the rule it began with: links that get guids, and lose them")
    func guidsAdded() async throws {
        func bare(_ text: String, _ page: String) -> Item { item(text, url: "https://news.test/\(page)") }
        let news = try await story([[bare("A.", "a"), c], [a, c], [bare("A.", "a"), c], [item("A, edited.", id: "g", url: "https://news.test/a"), c]])
        #expect(news == ["created news.test/a@1", "created c@1", "updated news.test/a@2 substantive"])
    }

    @Test("a guid that stays while its link changes is the same article")
    func slug() async throws {
        let news = try await story([[a, c], [item("A.", id: "g", url: "https://news.test/a-new"), c]])
        #expect(news == ["created g@1", "created c@1", "updated g@2 metadata"])
    }

    @Test("an item that is issued again, with another fragment in its guid, is one article")
    func issuedAgain() async throws {
        func issue(_ number: Int, _ text: String) -> Item {
            item(text, id: "https://news.test/a#\(number)", url: "https://news.test/a?at_medium=RSS#\(number)")
        }
        let news = try await story([
            [issue(0, "One."), c], [issue(1, "One."), c], [issue(2, "Two."), c], [c], [issue(3, "Two."), c], [c], [issue(4, "Three."), c],
        ])
        #expect(news.filter { $0.hasPrefix("created") }.count == 2)
        #expect(!news.contains { $0.hasPrefix("removed") })
        #expect(news.filter { $0.hasPrefix("updated") } == ["updated https://news.test/a#2@2 substantive", "updated https://news.test/a#4@3 substantive"])
    }

    @Test("posts of one page, told apart by their fragments, are articles of their own")
    func livePosts() async throws {
        func post(_ number: Int) -> Item { item("Post \(number).", id: "https://news.test/live#post-\(number)", url: "https://news.test/live") }
        let news = try await story([[post(2), post(1)], [post(3), post(2), post(1)], [post(4), post(3), post(2)]])
        #expect(news.filter { $0.hasPrefix("created") }.count == 4)
        #expect(news.count == 4)
    }

    @Test("one path on two hosts is two articles where both were in the feed, and one where the feed moved")
    func hosts() async throws {
        func post(_ host: String, _ number: Int) -> Item { item("\(host) \(number).", id: "https://\(host).test/?p=\(number)") }
        let gathered = try await story([[post("a", 1), post("b", 7)], [post("b", 8), post("b", 7)], [post("b", 1), post("b", 8)]])
        #expect(gathered.allSatisfy { $0.hasPrefix("created") })
        #expect(gathered.count == 4)
        let moved = try await story([[post("a", 1), post("a", 2)], [post("b", 1), post("b", 2)]])
        #expect(moved.filter { $0.hasPrefix("created") }.count == 2)
        #expect(moved.filter { $0.hasPrefix("moved") }.count == 2)
    }

    @Test("one article however many feeds show it, each under its own guid")
    func manyFeeds() async throws {
        let fixture = try LedgerFixture()
        let names = (1...6).map { "feed\($0)" }
        let (ledger, sources) = try await fixture.open(feeds: names)
        for (number, source) in sources.enumerated() {
            _ = try await ledger.commit([source.document([item("One.", id: "id\(number)"), item("Own \(number).", id: "own")])], at: Int64(number + 1))
        }
        #expect(try fixture.news().filter { $0.hasPrefix("duplicate") }.count == 5)
        #expect(Set(try fixture.events().compactMap(\.subject)).count == 7)
    }

    @Test("a feed that is not configured any more leads no article that another shows")
    func unsubscribedLeader() async throws {
        let fixture = try LedgerFixture()
        let (ledger, sources) = try await fixture.open(feeds: ["old", "new"])
        _ = try await ledger.commit([sources[0].document([item("One.", id: "1"), item("Alone.", id: "2")])], at: 1)
        _ = try await ledger.commit([sources[1].document([item("One.", id: "1")])], at: 2)
        let new = ConfiguredSource(name: "new", kind: .feed, locator: sources[1].locator)
        _ = try await ledger.configure([new], at: 3)
        _ = try await ledger.commit([sources[1].document([item("One, edited.", id: "1")])], at: 4)
        #expect(try fixture.lines().suffix(3) == ["duplicate 1@1", "source.removed", "updated 1@2 substantive"])
    }
}
