import Testing
import TidingsCore
@testable import TidingsStore

@Suite("Feeds in the ledger") struct FeedTests {
    /// What is announced when each document is one commit, an hour after the other.
    private func story(_ steps: (SourceRow) -> [Report]) async throws -> [String] {
        let fixture = try LedgerFixture()
        let (ledger, sources) = try await fixture.open(feeds: ["news"])
        for (hour, report) in steps(sources[0]).enumerated() {
            _ = try await ledger.commit([report], at: Int64(hour + 1) * 3_600_000)
        }
        return try fixture.news()
    }

    private func page(_ number: Int) -> String { "https://news.test/\(number)" }

    @Test("the same document, a reordered one, and one where only dates differ are no news")
    func noNews() async throws {
        let one = item("One.", id: "1", date: 1)
        let two = item("Two.", id: "2", date: 2)
        let dated = item("One.", id: "1", date: 5)
        #expect(try await story { [$0.document([one, two]), $0.document([one, two]), $0.document([two, one]), $0.document([two, dated])] }
            == ["created 1@1", "created 2@1"])
    }

    @Test("what leaves the window is not removed, and is the same when it comes back")
    func window() async throws {
        let items = (1...4).map { item("Text \($0).", id: "\($0)", url: page($0)) }
        let news = try await story {
            [$0.document([items[1], items[0]]), $0.document([items[3], items[2]]), $0.document([]), $0.document([items[0], item("New.", id: "2", url: page(2))])]
        }
        #expect(news == ["created 2@1", "created 1@1", "created 4@1", "created 3@1", "updated 2@2 substantive"])
    }

    @Test("guids that all change while the contents stay give no new article", arguments: ["with links", "without links"])
    func massChurn(links: String) async throws {
        func document(_ round: Int) -> [Item] {
            (1...40).map { item("Text \($0).", id: "r\(round)-\($0)", url: links == "with links" ? page($0) : nil) }
        }
        let news = try await story { source in (0..<4).map { source.document(document($0)) } }
        #expect(news.filter { $0.hasPrefix("created") }.count == 40)
        #expect(news.filter { $0.hasPrefix("moved") }.count == 120)
        #expect(news.count == 160)
    }

    @Test("a guid that differs only in scheme, host or tracking is the same article's", arguments: [
        "http://old.test/?p=1", "https://new.test/?p=1", "https://old.test/?p=1&utm_source=rss", "https://www.old.test/?p=1",
    ])
    func aliases(guid: String) async throws {
        let news = try await story {
            [$0.document([item("One.", id: "https://old.test/?p=1")]), $0.document([item("One, edited.", id: guid)])]
        }
        #expect(news == ["created https://old.test/?p=1@1", "moved https://old.test/?p=1 to \(guid)@1", "updated \(guid)@2 substantive"])
    }

    @Test("a document that a limit has shortened is known whole: of what was left out, nothing moves or is deleted")
    func leftOut() async throws {
        let (old, other) = (item("One.", id: "1", url: page(1)), item("Two.", id: "2"))
        let moved = item("One, edited.", id: "3", url: page(1))
        #expect(try await story { [$0.document([old, other]), $0.document([moved], leftOut: [other])] }
            == ["created 1@1", "created 2@1", "moved 1 to 3@1", "updated 3@2 substantive"])
        #expect(try await story { [$0.document([old, other]), $0.document([moved], leftOut: [old, other], tombstones: ["1", "2"])] }
            == ["created 1@1", "created 2@1", "created 3@1"])
        #expect(try await story { [$0.document([old, other]), $0.document([other], leftOut: [moved], tombstones: ["1"])] }
            == ["created 1@1", "created 2@1", "removed 1@1 declared"])
    }

    @Test("a new guid at the same address is the same article with new words")
    func sameLink() async throws {
        let news = try await story { [$0.document([item("One.", id: "a", url: page(1))]), $0.document([item("Two.", id: "b", url: page(1) + "#x")])] }
        #expect(news == ["created a@1", "moved a to b@1", "updated b@2 substantive"])
    }

    @Test("items that share an address stay apart, whichever of them the document shows")
    func sharedAddress() async throws {
        let a = item("A.", id: "a", url: page(1))
        let b = item("B.", id: "b", url: page(1))
        let c = item("C.", id: "c", url: page(1))
        let news = try await story {
            [$0.document([a, b]), $0.document([c, b]), $0.document([a, c]), $0.document([b]), $0.document([a, b, c]), $0.document([c, a])]
        }
        #expect(news == ["created a@1", "created b@1", "created c@1"])
    }

    @Test("new items that share an address do not take over the one that had it")
    func newlyShared() async throws {
        let a = item("A.", id: "a", url: page(1))
        let news = try await story { [$0.document([a]), $0.document([item("B.", id: "b", url: page(1)), item("C.", id: "c", url: page(1))]), $0.document([a])] }
        #expect(news == ["created a@1", "created b@1", "created c@1"])
    }

    @Test("a feed that gives whole texts where it gave summaries is no storm of edits; what follows are edits again")
    func fullText() async throws {
        func whole(_ text: String, summary: String) -> Item {
            var item = item(text, id: "1")
            item.summary = summary
            return item
        }
        let teaser = item("The ferry stays.\nIt needs paint.", id: "1")
        let full = whole("The ferry stays.\nIt needs paint.\nThe yard has none.", summary: "The ferry stays. It needs paint.")
        let edited = whole("The ferry stays.\nIt needs paint.\nThe yard has some.", summary: "The ferry stays. It needs paint.")
        #expect(try await story { [$0.document([teaser]), $0.document([full]), $0.document([edited])] }
            == ["created 1@1", "updated 1@2 full_text", "updated 1@3 substantive"])
        let other = whole("The ferry leaves.", summary: "It leaves.")
        #expect(try await story { [$0.document([teaser]), $0.document([other])] } == ["created 1@1", "updated 1@2 substantive"])
    }

    @Test("an item that the document declares deleted is removed, once")
    func tombstones() async throws {
        let one = item("One.", id: "1")
        let two = item("Two.", id: "2")
        let news = try await story {
            [$0.document([one, two]), $0.document([two], tombstones: ["1", "9"]), $0.document([two], tombstones: ["1"]), $0.document([one, two])]
        }
        #expect(news == ["created 1@1", "created 2@1", "removed 1@1 declared", "restored 1@1"])
    }

    @Test("a document that shows and deletes one item does not bring it back and remove it at every look")
    func contradiction() async throws {
        let one = item("One.", id: "1")
        #expect(try await story { source in (0..<3).map { _ in source.document([one], tombstones: ["1"]) } } == ["created 1@1"])
    }

    @Test("a document that is cut deletes nothing: it may show the item behind its end")
    func tombstoneInPart() async throws {
        let (one, two) = (item("One.", id: "1"), item("Two.", id: "2"))
        let news = try await story {
            [$0.document([two, one]), $0.document([two], isPartial: true, tombstones: ["1"]), $0.document([two, one], tombstones: ["1"])]
        }
        #expect(news == ["created 2@1", "created 1@1"])
    }

    @Test("a removed article that comes back under another guid with other words is back")
    func restoredElsewhere() async throws {
        let news = try await story {
            [
                $0.document([item("One.", id: "1", url: page(1))]), $0.document([], tombstones: ["1"]),
                $0.document([item("Two.", id: "2", url: page(1))]),
            ]
        }
        #expect(news == ["created 1@1", "removed 1@1 declared", "restored 2@1", "updated 2@2 substantive"])
    }

    @Test("one guid in two feeds is two articles, and one content in two feeds is one")
    func twoFeeds() async throws {
        let fixture = try LedgerFixture()
        let (ledger, sources) = try await fixture.open(feeds: ["north", "south"])
        _ = try await ledger.commit([sources[0].document([item("One.", id: "1")]), sources[1].document([item("Two.", id: "1")])], at: 10)
        _ = try await ledger.commit([sources[1].document([item("One.", id: "2")])], at: 20)
        _ = try await ledger.commit([sources[0].document([item("One, edited.", id: "1")])], at: 30)
        _ = try await ledger.commit([sources[1].document([item("One, edited.", id: "2")])], at: 40)
        #expect(try fixture.news() == ["created 1@1", "created 1@1", "duplicate 2@1", "updated 1@2 substantive"])
        #expect(Set(try fixture.events().compactMap(\.subject)).count == 2)
    }

    @Test("a partial or unreadable document keeps the validators of the last whole one")
    func validators() async throws {
        let fixture = try LedgerFixture()
        let (ledger, sources) = try await fixture.open(feeds: ["news"])
        let reader = try Connection(path: fixture.path, access: .read)
        func etag() throws -> String? {
            try reader.prepare("SELECT etag FROM captures").first { $0.optionalText(0) } ?? nil
        }
        _ = try await ledger.commit([sources[0].document([item("One.", id: "1")], isPartial: true, etag: "\"0\"")], at: 10)
        #expect(try etag() == nil)
        _ = try await ledger.commit([sources[0].document([item("One.", id: "1"), item("Two.", id: "2")], etag: "\"1\"")], at: 20)
        #expect(try etag() == "\"1\"")
        _ = try await ledger.commit([sources[0].document([item("One.", id: "1")], isPartial: true, etag: "\"2\"")], at: 30)
        _ = try await ledger.commit([sources[0].unreadable(sources[0].locator, etag: "\"3\"")], at: 40)
        #expect(try etag() == "\"1\"")
        // The site moved in between: still no new article.
        _ = try await ledger.commit([sources[0].document([item("One.", id: "n1"), item("Two.", id: "n2")])], at: 50)
        #expect(try etag() == nil)
        #expect(try fixture.news() == ["created 1@1", "created 2@1", "moved 1 to n1@1", "moved 2 to n2@1"])
    }

    @Test("whether an item has just gone or left long ago does not hang on a clock that is set back")
    func clockSetBack() async throws {
        let fixture = try LedgerFixture()
        let (ledger, sources) = try await fixture.open(feeds: ["news"])
        let one = item("One.", id: "1", date: 1)
        let two = item("Two.", id: "2", date: 2)
        _ = try await ledger.commit([sources[0].document([two, one])], at: 1_000_000)
        // The clock goes back. The first left; what says the same under another guid later is a copy of it.
        _ = try await ledger.commit([sources[0].document([two])], at: 1_000)
        _ = try await ledger.commit([sources[0].document([item("One.", id: "3", date: 3), two])], at: 2_000)
        // What is read again although its bytes are known is shown all the same.
        _ = try await ledger.commit([sources[0].document([item("One.", id: "3", date: 3), two])], at: 500)
        _ = try await ledger.commit([sources[0].document([item("One.", id: "3-b", date: 3), item("Two.", id: "2-b", date: 2)])], at: 600)
        #expect(try fixture.news() == ["created 2@1", "created 1@1", "duplicate 3@1", "moved 3 to 3-b@1", "moved 2 to 2-b@1"])
    }

    @Test("the first document of a feed is backfill, and ends it")
    func backfill() async throws {
        let fixture = try LedgerFixture()
        let ledger = try Ledger(path: fixture.path)
        let source = try await ledger.configure([ConfiguredSource(name: "news", kind: .feed, locator: "https://news.test/feed")], at: 1).rows[0]
        _ = try await ledger.commit([source.document([item("One.", id: "1"), item("Two.", id: "2")])], at: 2)
        _ = try await ledger.commit([source.document([item("Three.", id: "3")])], at: 3)
        #expect(try fixture.news() == ["created 1@1 backfill", "created 2@1 backfill", "created 3@1"])
    }
}
