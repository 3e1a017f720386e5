import Testing
import TidingsCore
import TidingsFailpoints

@testable import TidingsStore

@Suite("What the ledger no longer keeps") struct PruneTests {
    private func text(_ number: Int) -> String { "Tide table \(number).\n" + String(repeating: "Water rises at pier \(number). ", count: 60) }

    /// All that `rule` removes.
    @discardableResult
    private func prune(_ fixture: LedgerFixture, _ ledger: Ledger, _ rule: VersionRule) async throws -> Int {
        try await ledger.indexVersions()
        let (versions, next) = try LedgerReader(path: fixture.path).oldVersions(after: 0, removedBy: rule)
        #expect(try next.map { try LedgerReader(path: fixture.path).oldVersions(after: $0, removedBy: rule).versions } ?? [] == [])
        return try await ledger.pruneVersions(versions[...])
    }

    private func numbers(_ fixture: LedgerFixture, _ key: String) throws -> [Int] {
        try LedgerReader(path: fixture.path).versions(of: ArticleID(source: "docs", key: key)).map(\.summary.number)
    }

    @Test("change rows go from the oldest end, up to the live segment, and the newest stays; numbers go on")
    func changes() async throws {
        let fixture = try LedgerFixture()
        var (ledger, rows) = try await fixture.open(folders: ["docs"])
        for number in 2...30 { _ = try await ledger.commit([rows[0].file("n\(number)", text(number))], at: Int64(number)) }
        let old = RetentionLimit(ageMilliseconds: 10)
        let reader = try LedgerReader(path: fixture.path)
        #expect(try await ledger.pruneChanges(keeping: old, total: 0, before: 31, at: 20).rows == 9)
        #expect(try reader.firstSequence() == 10)
        #expect(try await ledger.pruneChanges(keeping: old, total: 0, before: 31, at: 20).rows == 0)
        // The live segment begins at 15.
        #expect(try await ledger.pruneChanges(keeping: old, total: 0, before: 15, at: 1000).rows == 5)
        #expect(try (reader.firstSequence(), reader.lastSequence()) == (15, 30))
        // By size: so many bytes of the newest stay.
        let total = try #require(try reader.changeBytes(after: 0))
        #expect(total.through == 30)
        let newest = try #require(try reader.changeBytes(after: 25)).bytes
        let step = try await ledger.pruneChanges(keeping: RetentionLimit(bytes: newest), total: total.bytes, before: 31, at: 1000)
        #expect(step.rows == 11)
        #expect(total.bytes - step.bytes == newest)
        // An empty live segment does not let the newest row go.
        #expect(try await ledger.pruneChanges(keeping: old, total: 0, before: 31, at: 1000).rows == 4)
        #expect(try (reader.firstSequence(), reader.lastSequence()) == (30, 30))
        (ledger, rows) = try await fixture.open(folders: ["docs"])
        _ = try await ledger.commit([rows[0].file("n31", text(31))], at: 31)
        #expect(await ledger.lastSequence == 31)
        // What nobody should do: without any row the numbers still go on.
        try Connection(path: fixture.path, access: .write).execute("DELETE FROM changes")
        #expect(try (reader.firstSequence(), reader.lastSequence()) == (32, 31))
        (ledger, rows) = try await fixture.open(folders: ["docs"])
        _ = try await ledger.commit([rows[0].file("n32", text(32))], at: 32)
        #expect(await ledger.lastSequence == 32)
        #expect(try reader.check() == [])
    }

    @Test("old versions go by age, by count and by size; the first and the newest never do", arguments: [
        ("age", VersionRetention(ageMilliseconds: 5), [1, 6, 7, 8], [1]),
        ("count", VersionRetention(count: 2), [1, 7, 8], [1]),
        ("count of one", VersionRetention(count: 1), [1, 8], [1]),
        ("either", VersionRetention(ageMilliseconds: 5, count: 2), [1, 7, 8], [1]),
        ("any age", VersionRetention(ageMilliseconds: 0), [1, 8], [1]),
        ("nothing", VersionRetention(count: 100), Array(1...8), [1]),
    ] as [(String, VersionRetention, [Int], [Int])])
    func versions(name: String, retention: VersionRetention, kept: [Int], other: [Int]) async throws {
        let fixture = try LedgerFixture()
        let (ledger, rows) = try await fixture.open(folders: ["docs"])
        for number in 1...8 { _ = try await ledger.commit([rows[0].file("a", text(number))], at: 10 + Int64(number)) }
        _ = try await ledger.commit([rows[0].file("b", text(100))], at: 20)
        try await prune(fixture, ledger, VersionRule(retention, now: 21))
        #expect(try numbers(fixture, "a") == kept)
        #expect(try numbers(fixture, "b") == other)
        let reader = try LedgerReader(path: fixture.path)
        #expect(try reader.counts().contents == kept.count + 1)
        #expect(try reader.check() == [])
        #expect(try await prune(fixture, ledger, VersionRule(retention, now: 21)) == 0)
    }

    @Test("of old texts the newest stay that fit the size")
    func size() async throws {
        let fixture = try LedgerFixture()
        let (ledger, rows) = try await fixture.open(folders: ["docs"])
        for number in 1...20 {
            _ = try await ledger.commit([rows[0].file(number.isMultiple(of: 2) ? "a" : "b", text(1000 + number))], at: Int64(number))
        }
        let reader = try LedgerReader(path: fixture.path)
        var bytes = BytesBySequence(through: try reader.lastSequence())
        var each: Int64 = 0
        _ = try reader.eachOldVersion(after: 0, withBytes: true) { version in
            each = version.bytes
            bytes.add(version)
            return true
        }
        var rule = VersionRule(VersionRetention(), now: 0)
        rule.firstKeptSequence = bytes.firstKept(in: each * 5)
        #expect(try await prune(fixture, ledger, rule) == 11)
        #expect(try numbers(fixture, "a") == [1, 7, 8, 9, 10])
        #expect(try numbers(fixture, "b") == [1, 8, 9, 10])
        #expect(bytes.firstKept(in: each * 16) == 0)
        #expect(BytesBySequence(through: 1_000_000).firstKept(in: 0) == 0)
    }

    @Test("a content stays for as long as any version or article has it")
    func shared() async throws {
        let fixture = try LedgerFixture()
        let (ledger, rows) = try await fixture.open(folders: ["docs"])
        // Version 2 of a is version 1 of b, and its version 4 what it was first.
        for (key, number) in [("a", 1), ("a", 2), ("b", 7), ("b", 2), ("a", 3), ("a", 1), ("a", 5), ("b", 8)] {
            _ = try await ledger.commit([rows[0].file(key, text(number))], at: 2)
        }
        let before = try LedgerReader(path: fixture.path).versions(of: ArticleID(source: "docs", key: "b"))
        try await prune(fixture, ledger, VersionRule(VersionRetention(count: 1), now: 3))
        let reader = try LedgerReader(path: fixture.path)
        #expect(try numbers(fixture, "a") == [1, 5])
        #expect(try reader.versions(of: ArticleID(source: "docs", key: "b")).first == before.first)
        #expect(try reader.counts().contents == 4)
        #expect(try reader.check() == [])
    }

    @Test("going back to what is no longer kept is an update like any other")
    func revert() async throws {
        for retention in [VersionRetention(count: 1), VersionRetention()] {
            let fixture = try LedgerFixture()
            let (ledger, rows) = try await fixture.open(folders: ["docs"])
            for number in 1...4 { _ = try await ledger.commit([rows[0].file("a", text(number))], at: Int64(number)) }
            try await prune(fixture, ledger, VersionRule(retention, now: 9))
            for number in [2, 1] { _ = try await ledger.commit([rows[0].file("a", text(number))], at: 10) }
            let known = retention.isOff
            // Back to the first it is a revert in any case: that one is always known.
            #expect(try fixture.news().suffix(2) == [known ? "updated a@5 revert" : "updated a@5 substantive", "updated a@6 revert"])
            #expect(try numbers(fixture, "a") == (known ? [1, 2, 3, 4, 5, 6] : [1, 4, 5, 6]))
        }
    }

    @Test("captures go with documents and sources that are gone, and never with what is there")
    func captures() async throws {
        let fixture = try LedgerFixture()
        let (ledger, rows) = try await fixture.open(folders: ["docs", "old"], feeds: ["news", "dead", "quiet"])
        let (docs, old, news, dead, quiet) = (rows[0], rows[1], rows[2], rows[3], rows[4])
        _ = try await ledger.commit(
            [
                docs.file("here", "One."), docs.unreadable("picture"), docs.list("list", ["x": "Two.", "y": "Three."]),
                old.file("a", "Four."), news.document([item("Five.", id: "5")]), dead.document([item("Six.", id: "6")]),
                quiet.document([item("Seven.", id: "7")], etag: "\"7\""),
            ], at: 10)
        // A list all of whose items are gone although its file is not; and a feed that says the same for years, and next to nothing.
        try Connection(path: fixture.path, access: .write)
            .execute("UPDATE sightings SET gone_ms = 15 WHERE locator = 'list' OR key = '7'")
        let stay = [ConfiguredSource(name: "docs", kind: .folder, locator: "/docs"),
                    ConfiguredSource(name: "news", kind: .feed, locator: "https://news.test/feed"),
                    ConfiguredSource(name: "quiet", kind: .feed, locator: "https://quiet.test/feed")]
        _ = try await ledger.configure(stay, at: 20)
        let reader = try LedgerReader(path: fixture.path)
        func purge(_ cutoff: Int64) async throws -> [String] {
            let (captures, next) = try reader.goneCaptures(after: .start, before: cutoff)
            #expect(next == nil)
            let count = try await ledger.pruneCaptures(captures[...], before: cutoff)
            #expect(count == captures.count)
            return captures.map(\.locator)
        }
        #expect(try await purge(15) == [])
        #expect(try await purge(16) == ["list"])
        // Not before the source has been unsubscribed for so long.
        #expect(try await purge(20) == [])
        #expect(try await purge(21) == ["a", "https://dead.test/feed"])
        #expect(try await purge(.max) == [])
        var left: [String] = []
        try fixture.reader().eachCapture(of: docs.id) { locator, _ in left.append(locator) }
        #expect(left == ["here", "picture"])
        #expect(try fixture.reader().shownItems(of: news.id).count == 1)

        // Meanwhile seen again: what was found is asked once more when it is removed.
        #expect(try await ledger.pruneCaptures([CaptureKey(source: docs.id.row, locator: "here")], before: .max) == 0)
        // The source comes back, and has nothing new to say.
        let before = try fixture.lines().count
        let back = try await ledger.configure(stay + [ConfiguredSource(name: "old", kind: .folder, locator: "/old")], at: 30).rows
        _ = try await ledger.commit([back[3].file("a", "Four.")], at: 31)
        #expect(try fixture.lines(after: Int64(before)) == ["source.added"])
    }

    @Test("what is gone is known for ever: when all has been purged, nothing that comes back is new")
    func tombstones() async throws {
        let fixture = try LedgerFixture()
        let (ledger, rows) = try await fixture.open(folders: ["docs"], feeds: ["news"])
        let (docs, news) = (rows[0], rows[1])
        for number in 1...4 { _ = try await ledger.commit([docs.file("a", text(number)), docs.file("b", text(50 + number))], at: 2) }
        let window = (1...30).map { item("Item \($0).", id: "\($0)") }
        _ = try await ledger.commit([news.document(Array(window[0..<20]))], at: 3)
        // It leaves the window at its end, which is no removal; and an item declares itself deleted.
        _ = try await ledger.commit([news.document(Array(window[10..<30]))], at: 4)
        _ = try await ledger.commit([news.document(Array(window[11..<30]), tombstones: ["11"])], at: 5)
        _ = try await ledger.remove(["a", "b"], of: docs.id, pass: .confirmed, at: 6)

        let reader = try LedgerReader(path: fixture.path)
        let last = try reader.lastSequence()
        _ = try await ledger.pruneChanges(keeping: RetentionLimit(ageMilliseconds: 0), total: 0, before: last, at: .max)
        try await prune(fixture, ledger, VersionRule(VersionRetention(ageMilliseconds: 0, count: 1), now: .max))
        let gone = try reader.goneCaptures(after: .start, before: .max).captures
        _ = try await ledger.pruneCaptures(gone[...], before: .max)
        #expect(try reader.counts().changes == 1)

        _ = try await ledger.commit([docs.file("a", text(4))], at: 100)
        _ = try await ledger.commit([docs.file("b", text(52))], at: 100)
        _ = try await ledger.commit([news.document(Array(window[0..<20]))], at: 101)
        let back = try fixture.lines(after: last)
        #expect(back.filter { $0.hasPrefix("created") } == [])
        #expect(back == ["restored a@4", "restored b@4", "updated b@5 substantive", "restored 11@1"])
    }

    @Test("space is given back to the file system")
    func reclaims() async throws {
        let fixture = try LedgerFixture()
        let (ledger, rows) = try await fixture.open(folders: ["docs"])
        _ = try await ledger.commit([rows[0].file("a", text(1))], at: 2)
        // Where contents were that nothing refers to any more.
        let other = try Connection(path: fixture.path, access: .write)
        try other.execute("INSERT INTO contents (hash, encoding, form) VALUES (randomblob(32), 0, randomblob(4000000))")
        try other.execute("DELETE FROM contents WHERE length(form) = 4000000")
        let reader = try LedgerReader(path: fixture.path)
        let before = try reader.sizeBytes()
        var steps = 0
        while try await ledger.reclaim() { steps += 1 }
        #expect(steps > 1)
        #expect(try before - reader.sizeBytes() > 2 << 20)
        try await ledger.checkpoint()
        #expect(try reader.check() == [])
    }

    @Test("a kill at any step leaves what was removed so far, and the next time removes the rest")
    func killed() async throws {
        var wasKilled = true
        var step = 0
        while wasKilled {
            step += 1
            let fixture = try LedgerFixture()
            var (ledger, rows) = try await fixture.open(folders: ["docs"])
            for number in 1...5 { _ = try await ledger.commit([rows[0].file("a", text(number)), rows[0].file("b", text(50 + number))], at: 2) }
            func pruneAll(_ ledger: Ledger) async throws {
                _ = try await ledger.pruneChanges(keeping: RetentionLimit(ageMilliseconds: 0), total: 0, before: 8, at: 9)
                try await prune(fixture, ledger, VersionRule(VersionRetention(count: 1), now: 9))
            }
            do {
                try await FailurePlan.$current.withValue(FailurePlan("*=die@\(step)-")) { [ledger] in try await pruneAll(ledger) }
                wasKilled = false
            } catch let error as StoreError {
                #expect(error.reason == .other(code: Fault.death))
            }
            let reader = try LedgerReader(path: fixture.path)
            #expect(try [1, 8].contains(reader.firstSequence()))
            #expect(try reader.check() == [], "step \(step)")
            (ledger, rows) = try await fixture.open(folders: ["docs"])
            _ = try await ledger.commit([rows[0].file("c", text(99))], at: 10)
            #expect(await ledger.lastSequence == 12)
            try await pruneAll(ledger)
            #expect(try numbers(fixture, "a") == [1, 5])
            #expect(try reader.counts().contents == 5)
            #expect(try (reader.firstSequence(), reader.lastSequence()) == (8, 12))
        }
        #expect(step == 10)
    }
}
