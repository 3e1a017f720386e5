import Testing
@testable import TidingsCore

// The world of these tests: texts are letters. An article's versions are written as a word of letters, oldest first; "AB" is an
// article whose second and newest version says B.

private let id = ArticleID(source: "s", key: "k")
private let twin = ArticleID(source: "s", key: "twin")

private func hash(_ text: Character) -> ContentHash { seen(text).form.hash }

/// An item that says `text` under the key "k".
private func seen(_ text: Character, raw: String? = nil, url: String? = nil, author: String? = nil) -> SeenItem {
    let body = text == "-" ? "" : String(text)
    return SeenItem(
        key: SightingKey("k", .id),
        item: Item(
            url: url, authors: author.map { [Author(name: $0)] } ?? [], text: body,
            rawHash: Item.rawHash(title: nil, body: Array((raw ?? body).utf8))))
}

private func article(_ versions: String, removed: Bool = false, leaderURL: String? = nil) -> KnownArticle {
    KnownArticle(id: id, newest: versions.count, newestHash: hash(versions.last ?? "A"), isRemoved: removed, leaderURL: leaderURL)
}

/// A sighting under `key` of the article with these `versions`, that showed `shown` when it was last seen.
private func sighting(
    _ versions: String, shown: Character, key: String = "k", removed: Bool = false, leaderURL: String? = nil, isGone: Bool = false,
    leads: Bool = true
) -> KnownSighting {
    let before = seen(shown)
    return KnownSighting(
        key: key, article: article(versions, removed: removed, leaderURL: leaderURL), shownHash: before.form.hash,
        rawHash: before.item.rawHash, metadata: before.metadata, isGone: isGone || removed, leads: leads && !isGone && !removed)
}

/// What the ledger would know of an article with these versions when `text` is seen.
private func history(_ versions: String, _ text: Character) -> KnownHistory {
    guard let position = versions.lastIndex(of: text) else { return KnownHistory() }
    return KnownHistory(
        versionWithContent: versions.distance(from: versions.startIndex, to: position) + 1,
        previousHashes: versions.dropLast().reversed().prefix(2).map(hash))
}

@Suite("Decisions") struct DecideTests {
    @Test("a known key", arguments: [
        ("shows what it showed: nothing", "A", "A", "A", true, Decision.unchanged),
        ("shows new content and leads: a new version", "A", "A", "B", true, .revise(id, .edit)),
        ("shows new content and another leads: a fork", "AB", "B", "C", false, .fork(from: ArticleVersion(article: id, number: 2))),
        ("catches up with the newest version: nothing announced", "AB", "A", "B", false, .catchUp),
        ("led and lagged, and catches up: nothing announced", "AB", "A", "B", true, .catchUp),
        ("goes back to an older version: a revert", "AB", "B", "A", true, .revise(id, .revert(version: 1))),
        ("goes back though another leads: a revert", "AB", "B", "A", false, .revise(id, .revert(version: 1))),
        ("goes back to a version that itself came back: the newest that says so", "ABAC", "C", "A", true, .revise(id, .revert(version: 3))),
        ("says A again after A B: still only a revert", "CAB", "B", "A", true, .revise(id, .revert(version: 2))),
        ("says B again after A B A: the two alternate", "ABA", "A", "B", true, .revise(id, .flap(version: 2))),
        ("says A again after A B A B: they still do", "ABAB", "B", "A", true, .revise(id, .flap(version: 3))),
        ("says C after A B A B: a real edit", "ABAB", "B", "C", true, .revise(id, .edit)),
        ("lags, and moves between old versions: no news", "ABC", "A", "B", false, .catchUp),
        ("lags, leads, and shows new content: a new version", "AB", "A", "C", true, .revise(id, .edit)),
        ("lags, another leads, new content: a fork of the newest", "AB", "A", "C", false, .fork(from: ArticleVersion(article: id, number: 2))),
        ("is emptied: a new version that says nothing", "A", "A", "-", true, .revise(id, .edit)),
    ] as [(String, String, Character, Character, Bool, Decision)])
    func knownKey(rule: String, versions: String, shown: Character, says: Character, leads: Bool, expected: Decision) {
        var known = LedgerFacts()
        known.underKey = sighting(versions, shown: shown, leads: leads)
        known.history = history(versions, says)
        #expect(decide(seen(says), knowing: known, rules: 1) == expected, "\(rule)")
        // A twin elsewhere is of no account to a key that is known.
        known.liveTwin = KnownArticle(id: twin, newest: 1, newestHash: hash(says))
        #expect(decide(seen(says), knowing: known, rules: 1) == expected, "\(rule), and a twin lives")
    }

    @Test("a follower that shares the leader's address brings new versions; with another address it forks", arguments: [
        ("https://news.test/a", "news.test/a", Decision.revise(id, .edit)),
        ("http://www.news.test/a?utm_source=x", "news.test/a", .revise(id, .edit)),
        ("https://news.test/b", "news.test/a", .fork(from: ArticleVersion(article: id, number: 1))),
        (nil, nil, .fork(from: ArticleVersion(article: id, number: 1))),
    ] as [(String?, String?, Decision)])
    func sharedURL(url: String?, leaderURL: String?, expected: Decision) {
        var known = LedgerFacts()
        known.underKey = sighting("A", shown: "A", leaderURL: leaderURL, leads: false)
        #expect(decide(seen("B", url: url), knowing: known, rules: 1) == expected)
    }

    @Test("other raw bytes with the same message catch up silently")
    func sameWords() {
        var known = LedgerFacts()
        known.underKey = sighting("A", shown: "A")
        #expect(decide(seen("A", raw: "<p>A"), knowing: known, rules: 1) == .catchUp)
    }

    @Test("metadata are the leader's to change", arguments: [
        ("the leader has another author: a version", "A", "A", true, Decision.revise(id, .metadata)),
        ("a follower has another author: nothing", "A", "A", false, .catchUp),
        ("a leader that lags has another author: nothing", "AB", "A", true, .catchUp),
    ] as [(String, String, Character, Bool, Decision)])
    func metadata(rule: String, versions: String, shown: Character, leads: Bool, expected: Decision) {
        var known = LedgerFacts()
        known.underKey = sighting(versions, shown: shown, leads: leads)
        #expect(decide(seen(shown, author: "A. Writer"), knowing: known, rules: 1) == expected, "\(rule)")
        #expect(decide(seen(shown, raw: "other", author: "A. Writer"), knowing: known, rules: 1) == expected, "\(rule), in other bytes")
    }

    @Test("newer text rules never announce what they make of the same bytes", arguments: [
        ("the leader's newest version gets its new text", "A", "A", true, Decision.rederive),
        ("a follower shows its new text", "A", "A", false, .catchUp),
        ("a leader that lags shows its new text", "AB", "A", true, .catchUp),
    ] as [(String, String, Character, Bool, Decision)])
    func newRules(rule: String, versions: String, shown: Character, leads: Bool, expected: Decision) {
        var known = LedgerFacts()
        known.underKey = sighting(versions, shown: shown, leads: leads)
        let derived = seen("Z", raw: String(shown))
        #expect(decide(derived, knowing: known, rules: 2) == expected, "\(rule)")
        known.history = KnownHistory(versionWithContent: 1)
        #expect(decide(derived, knowing: known, rules: 2) == expected, "\(rule), though an older version says it")
    }

    @Test("the key of a removed article brings it back", arguments: [
        ("with the same content", "A", "A", Decision.restore(id, nil)),
        ("with new content, as a new version", "A", "B", .restore(id, .edit)),
        ("with old content, as a revert", "AB", "A", .restore(id, .revert(version: 1))),
    ] as [(String, String, Character, Decision)])
    func removed(rule: String, versions: String, says: Character, expected: Decision) {
        var known = LedgerFacts()
        known.underKey = sighting(versions, shown: "A", removed: true)
        known.history = history(versions, says)
        known.liveTwin = KnownArticle(id: twin, newest: 1, newestHash: hash(says))
        #expect(decide(seen(says), knowing: known, rules: 1) == expected, "\(rule)")
    }

    @Test("a gone key of an article that lives on elsewhere")
    func goneKey() {
        var known = LedgerFacts()
        known.underKey = sighting("AB", shown: "A", isGone: true)
        #expect(decide(seen("B"), knowing: known, rules: 1) == .attach(id), "says what the article says: one more sighting")
        #expect(decide(seen("C"), knowing: known, rules: 1) == .create, "says something new: a new article")
        #expect(decide(seen("A"), knowing: known, rules: 1) == .create, "says what the article once said: a new article")
        known.removedTwin = KnownArticle(id: twin, newest: 1, newestHash: hash("C"), isRemoved: true)
        #expect(decide(seen("C"), knowing: known, rules: 1) == .restore(twin, nil), "says what a removed article said: that one")
        known.liveTwin = KnownArticle(id: twin, newest: 1, newestHash: hash("C"))
        #expect(decide(seen("C"), knowing: known, rules: 1) == .attach(twin), "says what a live article says: one more sighting of that")
    }

    @Test("an unknown key", arguments: [
        ("and unknown content: a new article", nil, nil, Decision.create),
        ("with a live article's content: one more sighting", twin, nil, .attach(twin)),
        ("with a removed article's content: it is back", nil, twin, .restore(twin, nil)),
        ("with both: one more sighting of the live one", twin, id, .attach(twin)),
    ] as [(String, ArticleID?, ArticleID?, Decision)])
    func unknownKey(rule: String, live: ArticleID?, removed: ArticleID?, expected: Decision) {
        var known = LedgerFacts()
        known.liveTwin = live.map { KnownArticle(id: $0, newest: 1, newestHash: hash("A")) }
        known.removedTwin = removed.map { KnownArticle(id: $0, newest: 1, newestHash: hash("A"), isRemoved: true) }
        #expect(decide(seen("A"), knowing: known, rules: 1) == expected, "\(rule)")
    }

    @Test("an unknown key that follows an absent one", arguments: [
        ("same content: moved", "A", "A", false, true, Decision.move(from: "old", id, nil)),
        ("new content of the leader: moved, and a new version", "A", "B", false, true, .move(from: "old", id, .edit)),
        ("older content of the leader: moved, and a revert", "AB", "A", false, true, .move(from: "old", id, .revert(version: 1))),
        ("the article's content from a follower: moved", "A", "A", false, false, .move(from: "old", id, nil)),
        ("new content from a follower: a new article", "A", "B", false, false, .create),
        ("of a removed article, same content: back", "A", "A", true, true, .restore(id, nil)),
        ("of a removed article, new content: back with a new version", "A", "B", true, true, .restore(id, .edit)),
    ] as [(String, String, Character, Bool, Bool, Decision)])
    func moved(rule: String, versions: String, says: Character, removed: Bool, leads: Bool, expected: Decision) {
        var known = LedgerFacts()
        known.movedFrom = sighting(versions, shown: versions.last ?? "A", key: "old", removed: removed, leads: leads)
        known.history = history(versions, says)
        #expect(decide(seen(says), knowing: known, rules: 1) == expected, "\(rule)")
        if expected != .create {
            known.liveTwin = KnownArticle(id: twin, newest: 1, newestHash: hash(says))
            #expect(decide(seen(says), knowing: known, rules: 1) == expected, "\(rule), though a twin lives")
        }
    }

    @Test("items that say nothing are nobody's twins")
    func emptyItems() {
        var known = LedgerFacts()
        known.liveTwin = KnownArticle(id: twin, newest: 1, newestHash: hash("-"))
        known.removedTwin = KnownArticle(id: twin, newest: 1, newestHash: hash("-"), isRemoved: true)
        #expect(decide(seen("-"), knowing: known, rules: 1) == .create)
        known.underKey = sighting("A", shown: "A", isGone: true)
        #expect(decide(seen("-"), knowing: known, rules: 1) == .create)
    }

    @Test("the last sighting that goes takes the article with it")
    func gone() {
        #expect(decideGone(hasOthers: true) == .articleDuplicateRemoved)
        #expect(decideGone(hasOthers: false) == .articleRemoved)
    }

    @Test("more than 50 removals that are more than a fifth of the source are held", arguments: [
        (50, 50, false), (51, 51, true), (51, 254, true), (51, 255, false), (1000, 100_000, false), (0, 0, false),
    ])
    func held(removed: Int, live: Int, expected: Bool) { #expect(holdsRemovals(removed: removed, live: live) == expected) }

    @Test("metadata that say the same are the same")
    func metadataHash() {
        func metadata(_ change: (inout Item) -> Void) -> Int64 {
            var item = Item(url: "https://news.test/a", authors: [Author(name: "A", email: "a@news.test")], language: "en", tags: ["x", "y"],
                rawHash: ContentHash.of([]))
            change(&item)
            return SeenItem(key: SightingKey("k", .id), item: item).metadata
        }
        let before = metadata { _ in }
        #expect(metadata { $0.tags = ["y", "x"] } == before)
        #expect(metadata { $0.url = "http://www.news.test/a/?utm_source=x" } == before)
        #expect(metadata { $0.authors[0].url = "https://news.test/authors/a" } == before)
        #expect(metadata { $0.datePublished = ItemDate(milliseconds: 5) } == before)
        #expect(metadata { $0.summary = "another" } == before)
        #expect(metadata { $0.tags = ["x"] } != before)
        #expect(metadata { $0.language = nil } != before)
        #expect(metadata { $0.authors[0].name = "B" } != before)
        #expect(metadata { $0.authors[0].email = nil } != before)
        #expect(metadata { $0.url = "https://news.test/b" } != before)
        #expect(metadata { $0.authors.append(Author(name: "x")); $0.tags = ["y"] } != before)
    }
}
