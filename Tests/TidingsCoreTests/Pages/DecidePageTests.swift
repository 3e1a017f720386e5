import Testing

@testable import TidingsCore

// As in `DecideTests`: texts are letters, and an article's versions are a word of letters, oldest first. Here an item of a feed has a
// page: the item says small letters, the page capitals.

private let id = ArticleID(source: "s", key: "k")

private func seen(_ text: Character, author: String? = nil, url: String? = nil, raw: String? = nil) -> SeenItem {
    SeenItem(
        key: SightingKey("k", .id),
        item: Item(
            url: url, authors: author.map { [Author(name: $0)] } ?? [], text: String(text),
            rawHash: Item.rawHash(title: nil, body: Array((raw ?? String(text)).utf8))))
}

private func hash(_ text: Character) -> ContentHash { seen(text).form.hash }

/// The item's sighting: what the feed showed last, and what the page did.
private func sighting(
    _ versions: String, item: Character, page: Character?, leads: Bool = true, isGone: Bool = false, removed: Bool = false,
    pageRules: Int = 1, leaderURL: String? = nil
) -> KnownSighting {
    KnownSighting(
        key: "k",
        article: KnownArticle(
            id: id, newest: versions.count, newestHash: hash(versions.last ?? "a"), isRemoved: removed, leaderURL: leaderURL),
        shownHash: hash(item), rawHash: seen(item).item.rawHash, isGone: isGone || removed, leads: leads,
        page: page.map { KnownPage(shownHash: hash($0), rawHash: seen($0).item.rawHash, metadata: 0, rules: pageRules) })
}

private func history(_ versions: String, _ text: Character) -> KnownHistory {
    guard let position = versions.lastIndex(of: text) else { return KnownHistory() }
    return KnownHistory(
        versionWithContent: versions.distance(from: versions.startIndex, to: position) + 1,
        previousHashes: versions.dropLast().reversed().prefix(2).map(hash))
}

private func lookAtPage(_ seen: SeenItem, _ sighting: KnownSighting, _ versions: String) -> Decision {
    decidePage(
        seen, of: sighting, history: history(versions, seen.item.text.first ?? "a"), rules: 1)
}

private func pollFeed(_ seen: SeenItem, _ sighting: KnownSighting, _ versions: String) -> Decision {
    var known = LedgerFacts()
    known.underKey = sighting
    known.history = history(versions, seen.item.text.first ?? "a")
    return decide(seen, knowing: known, rules: 1)
}

@Suite("Decisions about an item and its page") struct DecidePageTests {
    @Test("what the page shows", arguments: [
        ("teaser, then page: the first whole text", "a", "a", nil, "A", Decision.revise(id, .fullText)),
        ("unreadable at first and later not, the teaser edited meanwhile", "ab", "b", nil, "A", .revise(id, .fullText)),
        ("the page says just what the feed said", "a", "a", nil, "a", .catchUp),
        ("the page as it was", "aA", "a", "A", "A", .unchanged),
        ("the page edited while the feed shows the old teaser", "aA", "a", "A", "B", .revise(id, .edit)),
        ("the page edited, and the teaser before", "aA", "b", "A", "B", .revise(id, .edit)),
        ("the page goes back to what it said", "aAB", "a", "B", "A", .revise(id, .revert(version: 2))),
        ("the page alternates", "aABA", "a", "A", "B", .revise(id, .flap(version: 3))),
        ("the page says what the teaser says", "aA", "a", "A", "a", .revise(id, .revert(version: 1))),
        ("another source has brought the new text before", "aAB", "a", "A", "B", .catchUp),
    ] as [(String, String, Character, Character?, Character, Decision)])
    func page(name: String, versions: String, item: Character, page: Character?, text: Character, expected: Decision) {
        #expect(lookAtPage(seen(text), sighting(versions, item: item, page: page), versions) == expected, "\(name)")
    }

    @Test("what the feed shows of an item with a page text", arguments: [
        ("the same teaser", "aA", "a", "A", "a", Decision.unchanged),
        ("another teaser: the page is looked at", "aA", "a", "A", "b", .deferToPage),
        ("the text of the page", "aA", "a", "A", "A", .deferToPage),
        ("the teaser of before", "abA", "b", "A", "a", .deferToPage),
        ("another teaser, and the page was edited meanwhile", "aAB", "a", "B", "c", .deferToPage),
    ] as [(String, String, Character, Character, Character, Decision)])
    func feed(name: String, versions: String, item: Character, page: Character, text: Character, expected: Decision) {
        #expect(pollFeed(seen(text), sighting(versions, item: item, page: page), versions) == expected, "\(name)")
    }

    @Test func withoutAPageTextTheTeaserIsTheArticle() {
        #expect(pollFeed(seen("b"), sighting("a", item: "a", page: nil), "a") == .revise(id, .edit))
    }

    @Test func otherAuthorsInTheFeedHaveThePageLookedAt() {
        #expect(pollFeed(seen("a", author: "Ada"), sighting("aA", item: "a", page: "A"), "aA") == .deferToPage)
    }

    @Test func otherAuthorsOnThePageMakeAVersionOfMetadata() {
        #expect(lookAtPage(seen("A", author: "Ada"), sighting("aA", item: "a", page: "A"), "aA") == .revise(id, .metadata))
    }

    @Test func newRulesOverTheSameBytesAnnounceNothing() {
        let known = sighting("aA", item: "a", page: "A", pageRules: 0)
        #expect(lookAtPage(seen("B", raw: "A"), known, "aA") == .rederive)
        #expect(pollFeed(seen("b", raw: "a"), { var old = known; old.rules = 0; return old }(), "aA") == .catchUp)
    }

    @Test func anItemThatComesBackHasTheTextOfItsPage() {
        #expect(pollFeed(seen("b"), sighting("aA", item: "a", page: "A", removed: true), "aA") == .restore(id, nil))
        #expect(pollFeed(seen("b"), sighting("aA", item: "a", page: "A", isGone: true), "aA") == .attach(id))
    }

    @Test("a page that is back restores its article", arguments: [("A", nil), ("B", .edit), ("a", .revert(version: 1))] as [(Character, Revision?)])
    func back(text: Character, revision: Revision?) {
        #expect(lookAtPage(seen(text), sighting("aA", item: "a", page: "A", removed: true), "aA") == .restore(id, revision))
    }

    @Test func anItemUnderAnotherKeyKeepsTheTextOfItsPage() {
        var known = LedgerFacts()
        known.movedFrom = sighting("aA", item: "a", page: "A")
        known.history = history("aA", "b")
        #expect(decide(seen("b"), knowing: known, rules: 1) == .move(from: "k", id, nil))
        known.movedFrom = sighting("aA", item: "a", page: "A", removed: true)
        #expect(decide(seen("b"), knowing: known, rules: 1) == .restore(id, nil))
    }

    /// Two feeds had the same teaser, so that the article is one; the older sighting leads.
    @Test func twoFeedsWithOnePageAreOneArticleAndTwoPagesAreTwo() {
        let url = "https://a.example/17"
        let led = sighting("a", item: "a", page: nil, leads: false, leaderURL: CanonicalURL.of(url))
        #expect(lookAtPage(seen("A", url: url), led, "a") == .revise(id, .fullText))
        #expect(
            lookAtPage(seen("A", url: "https://b.example/3"), led, "a") == .fork(from: ArticleVersion(article: id, number: 1)))
        // The leader's page was read before.
        let behind = sighting("aA", item: "a", page: nil, leads: false, leaderURL: CanonicalURL.of(url))
        #expect(lookAtPage(seen("A", url: url), behind, "aA") == .catchUp)
    }

    @Test func thePageHasAuthorityAndTheItemFillsTheGaps() {
        var page = Item(title: "Page", url: "https://a.example/17?x=1", authors: [Author(name: "Ada")], text: "A", rawHash: hash("A"))
        page.language = "en"
        let date = ItemDate("2026-02-20T10:00:00Z")
        let item = Item(
            id: "g", title: "Feed", url: "https://a.example/17", datePublished: date, authors: [Author(name: "Editors")],
            language: "en-GB", tags: ["harbour"], text: "a", rawHash: hash("a"))
        let both = page.completed(by: item)
        #expect(both.title == "Page" && both.text == "A" && both.authors == [Author(name: "Ada")] && both.language == "en")
        #expect(both.id == "g" && both.url == "https://a.example/17" && both.tags == ["harbour"] && both.datePublished == date)
    }
}
