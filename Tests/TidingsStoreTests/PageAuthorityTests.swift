import Testing
import TidingsCore

@testable import TidingsStore

private let long = String(repeating: "The harbour board met on Tuesday. ", count: 20)

/// The rows of the table in DESIGN 5 that are about pages, on a real ledger.
@Suite("An item and its page") struct PageAuthorityTests {
    @Test func theTeaserAtOnceThenThePageAsFullText() async throws {
        let site = try await PageFixture()
        let due = try await site.poll(teaser("Short…"))
        #expect(due.map(\.dueMilliseconds) == [site.time(0)])
        try await site.look(long)
        #expect(try site.news() == ["created g1@1", "updated g1@2 full_text"])
        #expect(try site.text() == long.trimmed)
        let event = try site.files.events().last
        #expect(event?.data.origin?.key == "g1" && event?.data.origin?.page == "https://f.test/1")
    }

    @Test func theTeaserChangesThenThePageIsLookedAtAndNothingElse() async throws {
        let site = try await PageFixture()
        try await site.poll(teaser("Short…"))
        try await site.look(long)
        let due = try await site.poll(teaser("Other teaser…"), at: 2)
        #expect(due.map(\.dueMilliseconds) == [site.time(2)], "the page is due now")
        #expect(try site.page().state.dueReason == .asked)
        try await site.end(.notModified(status: 304, hints: PollHints(), permanentTarget: nil), at: 2)
        #expect(try site.news() == ["created g1@1", "updated g1@2 full_text"])
        #expect(try site.text() == long.trimmed)
    }

    @Test func thePageIsEditedWhileTheFeedShowsTheOldTeaser() async throws {
        let site = try await PageFixture()
        try await site.poll(teaser("Short…"))
        try await site.look(long)
        try await site.look(long + "One more sentence.", at: 2)
        try await site.poll(teaser("Short…"), at: 3)
        #expect(try site.news() == ["created g1@1", "updated g1@2 full_text", "updated g1@3 substantive"])
        #expect(try site.page().state.lastChange == site.time(2), "an edit makes it young again")
    }

    @Test func thePageIsEditedAfterTheItemLeftTheWindow() async throws {
        let site = try await PageFixture()
        try await site.poll(teaser("Short…", 1, date: 10), teaser("Other…", 2, date: 20))
        try await site.look(long)
        for hours in 2..<6 { try await site.poll(teaser("Other…", 2, date: 20), teaser("Newer…", 3, date: 30), at: Double(hours)) }
        try await site.look(long + "One more sentence.", at: 7)
        #expect(try site.news().filter { $0.contains("g1") } == ["created g1@1", "updated g1@2 full_text", "updated g1@3 substantive"])
    }

    @Test func theFeedIsEditedAndThePageIsNot() async throws {
        let site = try await PageFixture()
        try await site.poll(teaser("Short…"))
        try await site.look(long)
        for (hours, text) in ["A…", "B…", "A…", "B…", "Short…"].enumerated() {
            try await site.poll(teaser(text), at: Double(2 * hours + 2))
            try await site.look(long, at: Double(2 * hours + 3))
        }
        #expect(try site.news() == ["created g1@1", "updated g1@2 full_text"])
    }

    @Test func twoFeedsWithOnePageHaveAnArticleEach() async throws {
        let site = try await PageFixture(feeds: ["f", "g"])
        try await site.poll(teaser("Short…"))
        try await site.poll(teaser("Another teaser…"), at: 0, feed: 1)
        try await site.look(long)
        try await site.look(long, feed: 1)
        for (hours, text) in [long, long + "More.", long + "More.", long + "Even more."].enumerated() {
            try await site.look(text, at: Double(hours) + 2)
            try await site.look(text, at: Double(hours) + 2, feed: 1)
        }
        #expect(try site.news() == [
            "created g1@1", "created g1@1", "updated g1@2 full_text", "updated g1@2 full_text", "updated g1@3 substantive",
            "updated g1@3 substantive", "updated g1@4 substantive", "updated g1@4 substantive",
        ])
    }

    @Test func twoFeedsWithOneTeaserAndOnePageAreOneArticle() async throws {
        let site = try await PageFixture(feeds: ["f", "g"])
        try await site.poll(teaser("Short…"))
        try await site.poll(teaser("Short…"), feed: 1)
        try await site.look(long)
        try await site.look(long, feed: 1)
        try await site.look(long + "More.", at: 2, feed: 1)
        try await site.look(long + "More.", at: 3)
        #expect(try site.news() == ["created g1@1", "duplicate g1@1", "updated g1@2 full_text", "updated g1@3 substantive"])
    }

    @Test func thePageIsUnreadableAtFirstAndLaterNot() async throws {
        let site = try await PageFixture()
        try await site.poll(teaser("Short…"))
        try await site.end(.failed(failure: "timeout"))
        try await site.poll(teaser("Shorter…"), at: 2)
        try await site.end(.rejected(status: 500, retryAfter: nil, failure: "server_error"), at: 3)
        #expect(try site.news() == ["created g1@1", "updated g1@2 substantive"], "without a page text the teaser is the article")
        try await site.look(long, at: 4)
        try await site.poll(teaser("Short…"), at: 5)
        #expect(try site.news().dropFirst(2) == ["updated g1@3 full_text"])
    }

    @Test func theSettingIsSwitchedOffAndOnAgain() async throws {
        let site = try await PageFixture()
        try await site.poll(teaser("Short…"))
        try await site.look(long)
        try await site.poll(teaser("Other teaser…"), at: 2, watches: false)
        #expect(try site.text() == long.trimmed)
        try await site.poll(teaser("Third teaser…"), teaser("New…", 2), at: 3, watches: false)
        try await site.poll(teaser("Third teaser…"), teaser("New…", 2), at: 4)
        try await site.look(long, at: 5)
        #expect(try site.news() == ["created g1@1", "updated g1@2 full_text", "created g2@1"])
        _ = try site.page("https://f.test/2")
    }

    @Test func authorsThatThePageLacksAreTheItems() async throws {
        let site = try await PageFixture()
        try await site.poll(teaser("Short…", author: "Ada"))
        try await site.look(long)
        try await site.poll(teaser("Short…", author: "Grace"), at: 2)
        try await site.look(long, at: 3)
        #expect(try site.news() == ["created g1@1", "updated g1@2 full_text", "updated g1@3 metadata"])
        try await site.look(long, author: "Joan", at: 4)
        try await site.poll(teaser("Short…", author: "Ada"), at: 5)
        #expect(try site.news().dropFirst(3) == ["updated g1@4 metadata"], "the page has an author of its own")
    }

    @Test func anItemUnderAnotherIDAndAddressKeepsItsPage() async throws {
        let site = try await PageFixture()
        try await site.poll(teaser("Short…", 1), teaser("Other…", 2))
        try await site.look(long)
        // All ids are new, as after a move of the site's software.
        try await site.poll(item("Short…", id: "x1", url: "https://f.test/1"), item("Other…", id: "x2", url: "https://f.test/2"), at: 2)
        #expect(try site.news().suffix(2) == ["moved g1 to x1@2", "moved g2 to x2@1"])
        // And all ids and addresses.
        try await site.poll(item("Short…", id: "y1", url: "https://n.test/1"), item("Other…", id: "y2", url: "https://n.test/2"), at: 3)
        #expect(try site.news().suffix(2) == ["moved x1 to y1@2", "moved x2 to y2@1"])
        try await site.look(long, url: "https://n.test/1", at: 4)
        #expect(try site.news().last == "updated y1@3 metadata", "the address is another")
        #expect(try site.text() == long.trimmed)
    }

    @Test func anItemThatItsFeedTookBackAndShowsAgainKeepsThePagesText() async throws {
        let site = try await PageFixture()
        try await site.poll(teaser("Short…"), teaser("Other…", 2))
        try await site.look(long)
        _ = try await site.ledger.commit([site.feeds[0].document([teaser("Other…", 2)], tombstones: ["g1"])], at: site.time(2))
        #expect(try site.page().state.nextLook == nil, "nobody looks at what the feed has taken back")
        try await site.look(long + "More.", at: 3)
        #expect(try site.news().last == "removed g1@2 declared", "a look that was under way restores nothing")
        try await site.poll(teaser("Third…"), teaser("Other…", 2), at: 4)
        try await site.look(long, at: 5)
        #expect(try site.news().suffix(2) == ["removed g1@2 declared", "restored g1@2"])
        #expect(try site.text() == long.trimmed)
    }

    @Test func firstImportLooksAtTheNewestOnly() async throws {
        let site = try await PageFixture()
        let ledger = try Ledger(path: site.files.path)
        let feed = try await ledger.configure([ConfiguredSource(name: "n", kind: .feed, locator: "https://n.test/feed", host: "n.test")], at: 1).rows[0]
        var report = feed.document((1...30).map { teaser("Teaser \($0)…", $0, host: "n.test", date: Int64($0) * hour) })
        report.pages = PageWatch(backfill: 10)
        let pages = try await ledger.commit([report], at: 5).pages.sorted { ($0.dueMilliseconds ?? 0) < ($1.dueMilliseconds ?? 0) }
        let reader = try site.files.reader()
        let order = try pages.compactMap { try reader.page($0.page, now: 5)?.locator }
        #expect(order == (21...30).reversed().map { "https://n.test/\($0)" })
    }

    @Test func anAddressThatItemsShareIsNobodysPage() async throws {
        let site = try await PageFixture()
        let due = try await site.poll(
            item("One…", id: "a", url: "https://f.test/live"), item("Two…", id: "b", url: "https://f.test/live"),
            item("Self…", id: "c", url: "https://f.test/feed"), item("None…", id: "d"))
        #expect(due.isEmpty)
    }
}

extension String {
    fileprivate var trimmed: String { CanonicalForm(title: nil, text: self).text }
}
