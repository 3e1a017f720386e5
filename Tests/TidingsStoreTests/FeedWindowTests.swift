import Testing
import TidingsCore
@testable import TidingsStore

@Suite("Windows of feeds in the ledger") struct FeedWindowTests {
    /// What a poll brings.
    private enum Poll: Sendable {
        case shows(String)
        case again
        case notModified
        case partial(String)
        case empty
        case unreadable
    }

    /// Items are letters, the newest the last of the alphabet.
    private func items(_ letters: String) -> [Item] {
        letters.map { item("Text \($0).", id: "\($0)", url: "https://news.test/\($0)", date: Int64($0.asciiValue ?? 0) * 60_000) }
    }

    private func report(_ poll: Poll, _ source: SourceRow) -> Report {
        switch poll {
        case .shows(let letters): source.document(items(letters))
        case .again: source.unchanged(status: 200)
        case .notModified: source.unchanged(status: 304)
        case .partial(let letters): source.document(items(letters), isPartial: true)
        case .empty: source.document([])
        case .unreadable: source.unreadable(source.locator)
        }
    }

    /// What is announced when after a first document each poll is one commit, an hour after the other.
    private func story(_ first: String, _ polls: [Poll]) async throws -> [String] {
        let fixture = try LedgerFixture()
        let (ledger, sources) = try await fixture.open(feeds: ["news"])
        _ = try await ledger.commit([sources[0].document(items(first))], at: 1)
        let before = try fixture.lines().count
        for (hour, poll) in polls.enumerated() {
            _ = try await ledger.commit([report(poll, sources[0])], at: Int64(hour + 1) * 3_600_000)
        }
        return try fixture.lines(after: Int64(before))
    }

    @Test("what is missing between neighbours", arguments: [
        ("on three documents is removed, once", [.shows("edba"), .shows("edba"), .shows("edba"), .shows("edba")], ["removed c@1 inferred"]),
        ("on two is not", [.shows("edba"), .shows("edba")], []),
        ("also where two of them were the same bytes", [.shows("edba"), .again, .again], ["removed c@1 inferred"]),
        ("a 304 proves nothing", [.shows("edba"), .notModified, .notModified, .notModified], []),
        ("nor does a partial document, and the same bytes after it", [.shows("edba"), .partial("edba"), .again, .again, .again], []),
        ("nor an empty or unreadable one", [.shows("edba"), .empty, .again, .unreadable, .again, .empty], []),
        ("and they forget nothing", [.shows("edba"), .empty, .shows("edba"), .partial("e"), .notModified, .shows("edba")], ["removed c@1 inferred"]),
        ("what left at the end is never removed", [.shows("gfedc"), .again, .again, .again, .shows("hgfed"), .again, .again],
            ["created g@1", "created f@1", "created h@1"]),
        ("comes back: restored", [.shows("edba"), .again, .again, .shows("edcba"), .again], ["removed c@1 inferred", "restored c@1"]),
        ("two are removed in their order", [.shows("eda"), .again, .again], ["removed c@1 inferred", "removed b@1 inferred"]),
    ] as [(String, [Poll], [String])])
    private func removals(rule: String, polls: [Poll], expected: [String]) async throws {
        #expect(try await story("edcba", polls) == expected, "\(rule)")
    }

    @Test("a poll that shows nothing of the document before is a gap", arguments: [
        ("once", [.shows("hgf"), .shows("ihg"), .again], ["created h@1", "created g@1", "created f@1", "source.gap", "created i@1"]),
        ("each time", [.shows("hgf"), .shows("kji")], ["created h@1", "created g@1", "created f@1", "source.gap", "created k@1", "created j@1", "created i@1", "source.gap"]),
        ("not where one is left", [.shows("fec")], ["created f@1"]),
        ("not a partial, empty or unreadable one", [.partial("h"), .empty, .unreadable, .shows("hca")], ["created h@1"]),
        ("not where what comes back was missing", [.shows("eda"), .shows("c")], []),
    ] as [(String, [Poll], [String])])
    private func gaps(rule: String, polls: [Poll], expected: [String]) async throws {
        #expect(try await story("edcba", polls) == expected, "\(rule)")
    }

    @Test("a feed of which all guids changed has no gap, and a first document none either")
    func noGap() async throws {
        let fixture = try LedgerFixture()
        let (ledger, sources) = try await fixture.open(feeds: ["news"])
        for (round, letter) in ["a", "b", "c"].enumerated() {
            let churned = (1...5).map { item("Text \($0).", id: "\(letter)\($0)") }
            _ = try await ledger.commit([sources[0].document(churned)], at: Int64(round + 1) * 1000)
        }
        #expect(try fixture.lines().filter { $0 == "source.gap" }.isEmpty)
    }

    @Test("an article that another feed shows too loses a sighting only")
    func duplicate() async throws {
        let fixture = try LedgerFixture()
        let (ledger, sources) = try await fixture.open(feeds: ["north", "south"])
        _ = try await ledger.commit([sources[0].document(items("edcba")), sources[1].document(items("c"))], at: 1)
        for time in 2...4 { _ = try await ledger.commit([sources[0].document(items("edba"))], at: Int64(time)) }
        #expect(try fixture.news().last == "duplicate_removed c@1 inferred")
    }

    @Test("absences are counted on after a restart, and another address begins anew", arguments: [true, false])
    func reopened(isSameAddress: Bool) async throws {
        let fixture = try LedgerFixture()
        do {
            let (ledger, sources) = try await fixture.open(feeds: ["news"])
            _ = try await ledger.commit([sources[0].document(items("edcba"))], at: 1)
            _ = try await ledger.commit([sources[0].document(items("edba"))], at: 2)
        }
        let ledger = try Ledger(path: fixture.path)
        let address = isSameAddress ? "https://news.test/feed" : "https://news.test/other"
        let source = try await ledger.configure([ConfiguredSource(name: "news", kind: .feed, locator: address)], at: 3).rows[0]
        _ = try await ledger.commit([source.document(items("edba"))], at: 4)
        _ = try await ledger.commit([source.document(items("edba"))], at: 5)
        _ = try await ledger.commit([source.document(items("zyx"))], at: 6)
        let told = try fixture.lines().suffix(5)
        #expect(told.contains("removed c@1 inferred") == isSameAddress)
        #expect(told.last == "source.gap")
    }

    @Test("another address has no gap")
    func otherAddress() async throws {
        let fixture = try LedgerFixture()
        let (ledger, sources) = try await fixture.open(feeds: ["news"])
        _ = try await ledger.commit([sources[0].document(items("edcba"))], at: 1)
        let moved = try await ledger.configure([ConfiguredSource(name: "news", kind: .feed, locator: "https://news.test/other")], at: 2).rows[0]
        _ = try await ledger.commit([moved.document(items("zyx"))], at: 3)
        #expect(try fixture.lines().last == "created x@1")
    }

    @Test("a suspect that is declared deleted is removed once")
    func declared() async throws {
        let fixture = try LedgerFixture()
        let (ledger, sources) = try await fixture.open(feeds: ["news"])
        _ = try await ledger.commit([sources[0].document(items("edcba"))], at: 1)
        _ = try await ledger.commit([sources[0].document(items("edba"))], at: 2)
        _ = try await ledger.commit([sources[0].document(items("edba"), tombstones: ["c"])], at: 3)
        for time in 4...6 { _ = try await ledger.commit([sources[0].document(items("edba"))], at: Int64(time)) }
        #expect(try fixture.news().filter { $0.hasPrefix("removed") } == ["removed c@1 declared"])
    }

    @Test("many removals at once are held until a person accepts them, or they have stood for a day, or are back", arguments: ["accepted", "stood", "back"])
    func held(end: String) async throws {
        let fixture = try LedgerFixture()
        let (ledger, sources) = try await fixture.open(feeds: ["news"])
        let all = (0..<200).map { item("Text \($0).", id: "\($0)", date: Int64(-$0)) }
        let rest = Array(all[..<20] + all[100...])
        _ = try await ledger.commit([sources[0].document(all)], at: 1)
        for time in 2...5 { _ = try await ledger.commit([sources[0].document(rest)], at: Int64(time)) }
        let held = try fixture.reader().sources()[0]
        #expect(held.removalsHeld == 80 && held.removalsHeldMilliseconds == 4)
        var last = sources[0].document(end == "back" ? all : rest)
        last.acceptsRemovals = end == "accepted"
        let day: Int64 = 24 * 3600 * 1000
        let commit = try await ledger.commit([last], at: end == "stood" ? 4 + day : 6)
        #expect(commit.changes == (end == "back" ? [:] : [.articleRemoved: 80]))
        #expect(try fixture.reader().sources()[0].removalsHeld == nil)
    }

    @Test("before a document is committed, the ledger tells how much of it is fresh and what need not be derived")
    func asked() async throws {
        let fixture = try LedgerFixture()
        let (ledger, sources) = try await fixture.open(feeds: ["news"])
        func overlap(_ letters: String) async throws -> String {
            let keys = feedKeys(items(letters))
            return "\(try fixture.reader().countUnknown(keys, of: sources[0].id)) of \(keys.count)"
        }
        #expect(try await overlap("cba") == "3 of 3")
        #expect(try fixture.reader().shownItems(of: sources[0].id).isEmpty)
        _ = try await ledger.commit([sources[0].document(items("cba"))], at: 1)
        _ = try await ledger.commit([sources[0].document(items("edc"))], at: 2)
        #expect(try await overlap("fedcba") == "1 of 6")
        let expected = items("edc").map { (SightingKey($0.id ?? "", .id), ShownItem(rawHash: $0.rawHash, metadata: $0.metadata)) }
        #expect(try fixture.reader().shownItems(of: sources[0].id) == Dictionary(uniqueKeysWithValues: expected))
    }

    @Test("a ledger of the first schema goes on")
    func migrated() async throws {
        let fixture = try LedgerFixture()
        do {
            let connection = try Connection(path: fixture.path, access: .write)
            try connection.execute(Schema.steps[0])
            try connection.execute("PRAGMA user_version = 1")
            try connection.execute("INSERT INTO sources (name, kind, locator, imported_ms) VALUES ('news', 'feed', 'https://news.test/feed', 1)")
            try connection.execute("INSERT INTO captures VALUES (1, 'https://news.test/feed', 1, 1, NULL, 0, NULL, 1, 'rss', 0, NULL, 200, NULL, NULL, NULL)")
        }
        let (ledger, sources) = try await fixture.open(feeds: ["news"])
        for (time, letters) in ["edcba", "edba", "edba", "edba"].enumerated() {
            _ = try await ledger.commit([sources[0].document(items(letters))], at: Int64(time + 2))
        }
        #expect(try fixture.news().suffix(1) == ["removed c@1 inferred"])
        #expect(try LedgerReader(path: fixture.path).check().isEmpty)
    }
}
