import Testing
import TidingsCore

@testable import TidingsStore

@Suite("How texts are stored") struct StoredFormTests {
    /// An article of some kilobytes, whose sentences are all different. `edit` changes one of them.
    private func article(_ number: Int, edit: Int = 0, sentences: Int = 60) -> String {
        let words = ["harbour", "ferry", "pier", "tide", "crane", "lock", "buoy", "warden", "cargo", "quay", "sluice"]
        return (0..<sentences).map { sentence in
            let place = number * 7919 + sentence * 104_729
            return "The \(words[place % 11]) at berth \(place % 997) waits for \(words[place / 11 % 11]) number \(place / 7 % 9973)\(sentence == 30 ? ", edit \(edit)" : "")."
        }.joined(separator: " ")
    }

    private struct Row: Equatable {
        var content, encoding, bytes: Int64
        var base: Int64?
    }

    private func rows(_ fixture: LedgerFixture) throws -> [Row] {
        var rows: [Row] = []
        let connection = try Connection(path: fixture.path, access: .read)
        try connection.prepare("SELECT content, encoding, length(form), base FROM contents ORDER BY content").each { row in
            rows.append(Row(content: row.integer(0), encoding: row.integer(1), bytes: row.integer(2), base: row.optionalInteger(3)))
            return true
        }
        return rows
    }

    private func decompressed(_ frame: [UInt8], besides base: [UInt8]? = nil) -> [UInt8] {
        unsafe frame.withUnsafeBytes { unsafe Decompressor().bytes(of: $0, besides: base) }
    }

    @Test("what is compressed, with a base and without, comes back as it was", arguments: [0, 1, 95, 96, 97, 4_096, 300_000])
    func roundTrip(count: Int) throws {
        let compressor = Compressor.forForms()
        let text = Array(article(1, sentences: 1 + count / 40).utf8.prefix(count))
        var edited = text
        if count > 50 { edited.replaceSubrange(40..<50, with: "edited".utf8) }
        var state: UInt64 = 7
        let unlike = (0..<count).map { _ in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407  // Knuth's MMIX
            return UInt8(truncatingIfNeeded: state >> 33)
        }
        for base in [nil, text, unlike] {
            for form in [text, edited, unlike] {
                guard let frame = compressor.frame(of: form, besides: base) else { continue }
                #expect(frame.count < form.count)
                #expect(decompressed(frame, besides: base) == form)
                let isFrame = unsafe frame.withUnsafeBytes { unsafe Decompressor.isFrame($0) }
                #expect(isFrame)
            }
        }
        if count >= 96 { #expect(compressor.frame(of: text) != nil) }
        #expect((compressor.frame(of: unlike) == nil) as Bool, "what does not become smaller stays as it is")
    }

    @Test("a damaged frame gives no text, whatever it claims")
    func damage() throws {
        let frame = try #require(Compressor.forForms().frame(of: Array(article(1).utf8)))
        for position in frame.indices {
            var damaged = frame
            damaged[position] ^= 0x41
            // Some damage gives other text, which its hash shows.
            _ = decompressed(damaged)
            #expect(decompressed(Array(frame[..<position])) == [])
        }
        var huge: [UInt8] = [0x28, 0xB5, 0x2F, 0xFD, 0xE0] + Array(repeating: 0xFF, count: 8)
        huge[12] = 0x7F
        #expect(decompressed(huge) == [])
    }

    @Test("an edit takes a few bytes, however many there are, and every version comes back")
    func edits() async throws {
        let fixture = try LedgerFixture()
        let (ledger, sources) = try await fixture.open(folders: ["docs"])
        for edit in 0..<40 { _ = try await ledger.commit([sources[0].file("a", article(1, edit: edit))], at: Int64(edit + 2)) }
        let rows = try rows(fixture)
        #expect(rows.count == 40)
        #expect(rows.dropFirst().allSatisfy { $0.encoding == FormEncoding.difference.rawValue && $0.base == rows[0].content && $0.bytes < 150 }, "\(rows)")
        let versions = try fixture.reader().versions(of: ArticleID(source: "docs", key: "a"))
        #expect(versions.map(\.item.text) == (0..<40).map { article(1, edit: $0) })
        #expect(try fixture.reader().check() == [])
    }

    @Test("a text that has little in common with the base becomes the base of those after it")
    func newBase() async throws {
        let fixture = try LedgerFixture()
        let (ledger, sources) = try await fixture.open(folders: ["docs"])
        let texts = [article(1), article(1, edit: 1), article(2), article(2, edit: 1), "short", article(2, edit: 2)]
        for (number, text) in texts.enumerated() { _ = try await ledger.commit([sources[0].file("a", text)], at: Int64(number + 2)) }
        let rows = try rows(fixture)
        #expect(rows.map(\.encoding) == [1, 2, 1, 2, 0, 1])
        #expect(rows.map { $0.base.map(Int.init) } == [nil, 1, nil, 3, nil, nil])
        #expect(try fixture.reader().versions(of: ArticleID(source: "docs", key: "a")).map(\.item.text) == texts)
    }

    @Test("a base stays for as long as a text needs it, and goes with the last one")
    func prunedBase() async throws {
        let fixture = try LedgerFixture()
        let (ledger, sources) = try await fixture.open(folders: ["docs"])
        // The third version is the base of the fourth, which another article has too.
        let texts = [article(1), article(1, edit: 1), article(2), article(2, edit: 1), article(3), article(3, edit: 1)]
        for (number, text) in texts.enumerated() { _ = try await ledger.commit([sources[0].file("a", text)], at: Int64(number + 2)) }
        _ = try await ledger.commit([sources[0].file("b", texts[3])], at: 10)
        try await ledger.indexVersions()
        let a = try row(of: "a", fixture)
        func prune(_ numbers: Int...) async throws { _ = try await ledger.pruneVersions(numbers.map { VersionKey(article: a, number: $0) }[...]) }
        try await prune(3)
        #expect(try rows(fixture).map(\.content) == [1, 2, 3, 4, 5, 6], "nothing has the third text, but the fourth needs it")
        #expect(try fixture.reader().check() == [])
        try await prune(4)
        #expect(try rows(fixture).map(\.content) == [1, 2, 3, 4, 5, 6], "the other article has the fourth")
        #expect(try fixture.reader().versions(of: ArticleID(source: "docs", key: "b")).map(\.item.text) == [texts[3]])
        _ = try await ledger.commit([sources[0].file("c", article(1, edit: 1))], at: 11)
        try await prune(2, 5)
        #expect(try rows(fixture).map(\.content) == [1, 2, 3, 4, 5, 6], "the newest text needs the fifth")
        _ = try await ledger.commit([sources[0].file("a", "short")], at: 12)
        try await prune(6)
        #expect(try rows(fixture).map(\.content) == [1, 2, 3, 4, 7], "the base went with the only text that needed it")
        #expect(try fixture.reader().check() == [])
    }

    private func row(of key: String, _ fixture: LedgerFixture) throws -> Int64 {
        let id = ArticleID(source: "docs", key: key).description
        return try Connection(path: fixture.path, access: .read).prepare("SELECT article FROM articles WHERE id = ?").first(.text(id)) { $0.integer(0) } ?? 0
    }

    @Test("when a base is damaged in a part that a text has nothing of, salvage keeps the text")
    func salvagedBase() async throws {
        let fixture = try LedgerFixture()
        let (ledger, sources) = try await fixture.open(folders: ["docs"])
        let short = "A note of the harbour warden: the ferry to the north pier leaves an hour later until the lock is mended."
        // The base is kept as it is, so that one of its bytes can be changed.
        _ = try await ledger.commit([sources[0].file("a", short + " The old gate stays shut.")], at: 2)
        _ = try await ledger.commit([sources[0].file("b", short + " It opens at noon.")], at: 3)
        let connection = try Connection(path: fixture.path, access: .write)
        let base = CanonicalForm(title: nil, text: short + " The old gate stays shut.").bytes
        let form = CanonicalForm(title: nil, text: short + " It opens at noon.").bytes
        let difference = try #require(Compressor.forForms().frame(of: form, besides: base))
        try connection.prepare("UPDATE contents SET encoding = 0, form = ? WHERE content = 1").run(.blob(base))
        try connection.prepare("UPDATE contents SET encoding = 2, form = ?, base = 1 WHERE content = 2").run(.blob(difference))
        #expect(try fixture.reader().check() == [])
        var damaged = base
        damaged[damaged.count - 3] ^= 1
        try connection.prepare("UPDATE contents SET form = ? WHERE content = 1").run(.blob(damaged))
        let loss = try LedgerRepair(path: fixture.path).salvage(after: 9, now: 9)
        #expect(loss.articles == 1 && loss.versions == 1)
        #expect(try fixture.reader().check() == [])
        #expect(try fixture.reader().versions(of: ArticleID(source: "docs", key: "b")).map(\.item.text) == [short + " It opens at noon."])
    }
}
