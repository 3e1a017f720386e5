import TestSupport
import Testing
import TidingsCore
@testable import TidingsStore

/// Random histories of a small world, after each of which everything that must hold of a ledger is checked. Few texts and few names
/// make copies, reverts, renames and returns meet each other often.
@Suite("Random histories") struct HistoryTests {
    private struct World {
        var random: Seeded
        var files: [String: String] = [:]
        var window: [Item] = []

        mutating func pick<Element>(_ list: [Element]) -> Element { list[Int.random(in: list.indices, using: &random)] }

        mutating func text() -> String { pick(["A", "B", "C", "D", ""]) }

        /// The next document of the feed, after something happened there: a window with few guids and addresses, that are
        /// repeated, shared, lost and found. Sometimes it is ranked.
        mutating func feedItems() -> [Item] {
            let number = Int.random(in: 0..<4, using: &random)
            let fresh = item(
                text(), id: pick(["1", "2", "3", nil, "https://x.test/?p=1", "http://x.test/?p=1"]),
                url: pick([nil, "https://x.test/\(number)", "https://x.test/same"]), author: pick([nil, "X"]))
            if Int.random(in: 0..<3, using: &random) > 0 { window.insert(fresh, at: 0) }
            if Bool.random(using: &random), let place = window.indices.randomElement(using: &random) { window.remove(at: place) }
            window = Array(window.prefix(5))
            if Int.random(in: 0..<4, using: &random) == 0 { window.shuffle(using: &random) }
            return window
        }

        /// The next look at one of the two sources, after something happened there.
        mutating func look(folder: SourceRow, feed: SourceRow) -> [Report] {
            let name = pick(["a", "b", "c", "d/a"])
            switch Int.random(in: 0..<10, using: &random) {
            case 0...3:
                files[name] = text()
                return [folder.file(name, files[name] ?? "")]
            case 4:
                files[name] = nil
                return [Report(source: folder.id, finding: .gone([name], nil))]
            case 5:
                let target = pick(["a", "b", "c", "d/a"])
                guard let moved = files[name], files[target] == nil else { return [] }
                files[name] = nil
                files[target] = moved
                return [
                    folder.file(target, moved, missing: [name]),
                    Report(source: folder.id, finding: .gone([name], nil)),
                ]
            default:
                return [
                    feed.document(
                        feedItems(), isPartial: Int.random(in: 0..<6, using: &random) == 0,
                        tombstones: Int.random(in: 0..<5, using: &random) == 0 ? [pick(["1", "2", "3"])] : [])
                ]
            }
        }
    }

    @Test("whatever happens, the ledger and its stream agree", arguments: 0..<(isLongRun ? 3_000 : 150) as Range<UInt64>)
    func history(seed: UInt64) async throws {
        let fixture = try LedgerFixture()
        let (ledger, rows) = try await fixture.open(folders: ["docs"], feeds: ["news"])
        var world = World(random: Seeded(seed: seed))
        for step in 1...20 {
            let reports = world.look(folder: rows[0], feed: rows[1])
            _ = try await ledger.commit(reports, at: Int64(step) * 1000)
            // The same look again is no news: the bytes are known. It may only complete the proof that items are gone.
            let again = try await ledger.commit(reports.filter(isRepeatable), at: Int64(step) * 1000 + 1)
            let removals: Set<ChangeType> = [.articleRemoved, .articleDuplicateRemoved]
            #expect(removals.isSuperset(of: again.changes.keys), "seed \(seed), step \(step)")
        }
        try await checkStream(fixture, seed: seed)
        try await ledger.checkTables(files: world.files, folder: rows[0].id, seed: seed)
    }

    @Test("what is not derived again changes nothing of what is announced", arguments: 0..<(isLongRun ? 1_000 : 30) as Range<UInt64>)
    func lazily(seed: UInt64) async throws {
        var stories: [[String]] = []
        for isLazy in [false, true] {
            let fixture = try LedgerFixture()
            let (ledger, rows) = try await fixture.open(feeds: ["news"])
            var world = World(random: Seeded(seed: seed))
            for step in 1...25 {
                let items = world.feedItems()
                let shown = try fixture.reader().shownItems(of: rows[0].id)
                let report = isLazy ? rows[0].document(items, knowing: shown) : rows[0].document(items)
                _ = try await ledger.commit([report], at: Int64(step) * 1000)
            }
            stories.append(try fixture.lines())
        }
        #expect(stories[0] == stories[1], "seed \(seed)")
    }

    /// A partial document or a tombstone may say something else the second time; everything else may not.
    private func isRepeatable(_ report: Report) -> Bool {
        guard case .capture(_, .document(let document)) = report.finding else { return true }
        return report.missing.isEmpty && !document.isPartial && document.tombstones.isEmpty
    }

    /// Folding the stream gives the table of articles.
    private func checkStream(_ fixture: LedgerFixture, seed: UInt64) async throws {
        let events = try fixture.events()
        #expect(events.map(\.id) == events.indices.map { String($0 + 1) }, "seed \(seed)")
        let fold = StreamFold(events)
        #expect(fold.contradictions == [], "seed \(seed)")
        var count = 0
        let reader = try LedgerReader(path: fixture.path)
        try reader.eachArticle(ArticleFilter(includesRemoved: true)) { article in
            let told = fold.articles[article.id.description]
            #expect(told?.newest == article.versions && told?.isRemoved == (article.removedMilliseconds != nil), "seed \(seed)")
            count += 1
        }
        #expect(count == fold.articles.count, "seed \(seed)")
        for (id, told) in fold.articles {
            let article = try #require(ArticleID(id))
            #expect(try reader.version(of: article, number: nil)?.summary.contentHash.description == told.contents[told.newest], "seed \(seed)")
        }
        #expect(try reader.check().isEmpty)
    }
}

extension Ledger {
    func checkTables(files: [String: String], folder: SourceID, seed: UInt64) throws {
        func count(_ sql: String) throws -> Int64 { try connection.integer("SELECT count(*) FROM (\(sql))") }
        #expect(
            try count(
                """
                SELECT 1 FROM articles a WHERE (removed_ms IS NULL)
                <> EXISTS (SELECT 1 FROM sightings s WHERE s.article = a.article AND s.gone_ms IS NULL)
                """) == 0, "seed \(seed): an article lives while something shows it, and no longer")
        #expect(
            try count("SELECT article FROM versions GROUP BY article HAVING min(number) <> 1 OR max(number) <> count(*)") == 0,
            "seed \(seed): versions count from 1 without holes")
        #expect(
            try count(
                """
                SELECT 1 FROM articles a LEFT JOIN versions v ON v.article = a.article AND v.number = a.newest
                LEFT JOIN contents c USING (content) WHERE c.hash IS NOT a.newest_hash OR c.content IS NOT a.newest_content
                """) == 0, "seed \(seed): an article's newest hash is that of its newest version's content")
        #expect(
            try count("SELECT 1 FROM versions v LEFT JOIN changes c USING (seq) WHERE c.article IS NOT v.article") == 0,
            "seed \(seed): each version was announced by a change of its article")
        var shown: [String: [UInt8]] = [:]
        try connection.prepare("SELECT key, shown_hash FROM sightings WHERE source = ? AND gone_ms IS NULL").each(.integer(folder.row)) { row in
            shown[row.text(0)] = row.blob(1)
            return true
        }
        #expect(shown == files.mapValues { CanonicalForm(title: nil, text: $0).hash.bytes }, "seed \(seed): each file is a sighting of what it says")
    }
}
