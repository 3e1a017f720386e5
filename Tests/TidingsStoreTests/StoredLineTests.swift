import Testing
import TidingsCore

@testable import TidingsStore

@Suite("How lines are stored") struct StoredLineTests {
    @Test("the dictionaries of the lines that are stored are those that they were made with")
    func dictionaries() {
        #expect(ContentHash.of(LineDictionary.first).description == "sha256:a48463f94268d55ce2c7ff46a0aecbe3c7691d2c3668c2a8e39d2e8caee9da7b")
        #expect(ContentHash.of(LineDictionary.current).description == "sha256:846da7b241a5ef1ecbe3083bac8f83c5a327ac009524ab54b654a21bceed349f")
    }

    @Test(
        "a line that an earlier program has stored is read",
        arguments: [
            // Schema 11, without a dictionary's number.
            """
            28B52FFD20EDCD020052840E14B0A70D78009195A4E63845844C766DCF21269097404AE91C5B7F6206A48ABE68116AAE72DAEDD6187B6447C0\
            FB6ED546D07940893E859945CC0900466B00801B3A7202C018A9019BD607540081F7E3E40FCA613210
            """,
            // Schema 12.
            "28B52FFD2102ED45020053040B1E9D4EC752D7BBE18313E9D06C687A653E7367F0FBDDADF8767EDB5E33E7EE642FB36331C3C72CFD7ADF830109FC465108D3B1E8811C4E0DAFFAB861B0314EEF72B2291209",
        ])
    func earlierFrame(_ frame: String) throws {
        let connection = try Connection(path: ":memory:", access: .write)
        let line = try connection.prepare("SELECT x'\(frame)'").first { $0.line(0) }
        #expect(
            String(decoding: line ?? [], as: UTF8.self) == #"""
                {"specversion":"1.0","id":"1","source":"urn:uuid:655db2ac-56f7-4f82-9d44-053c2f0debd4","type":"tidings.source.added",\#
                "time":"2026-11-29T19:09:18.656Z","sequence":"0000000000000000001","data":{"origin":{"source":"docs","kind":"folder"}}}

                """#)
    }

    @Test("lines of every type take less than half of what is published, and come back byte for byte")
    func lines() throws {
        let connection = try Connection(path: ":memory:", access: .write)
        let compressor = Compressor.forLines()
        for type in ChangeType.allCases where type != .streamHeader {
            for title in ["", "Ferry", "Überfahrt – 渡し船 \u{2028}", String(repeating: "a long title ", count: 4_000)] {
                var change = Change(type: type, article: ArticleID(source: "docs", key: "a"), origin: Origin(source: "docs", kind: .folder, key: "a.txt"))
                change.contentHash = ContentHash.of(Array(title.utf8))
                change.item = Item(title: title, text: "", rawHash: ContentHash.of([]))
                let line = ChangeLine.encode(change, sequence: .max, stream: "6c7ac1a4-9d0c-4b41-8a29-6f1b6b3f0b11", milliseconds: 1_790_000_000_123)
                let frame = try #require(compressor.frame(of: line))
                #expect(frame.count < line.count / 2, "\(type) \(title.count)")
                #expect(try connection.prepare("SELECT ?").first(.blob(frame)) { $0.line(0) } == line)
                #expect(try connection.prepare("SELECT ?").first(.blob(line)) { $0.line(0) } == line, "a line of an older ledger")
            }
        }
    }

    @Test("the ledger stores frames, and gives the lines that were committed")
    func ledger() async throws {
        let fixture = try LedgerFixture()
        let (ledger, sources) = try await fixture.open(folders: ["docs"])
        for edit in 0..<5 { _ = try await ledger.commit([sources[0].file("a", "The ferry waits for tide \(edit).")], at: Int64(edit + 2)) }
        let connection = try Connection(path: fixture.path, access: .read)
        var sizes: [(stored: Int64, published: Int)] = []
        try connection.prepare("SELECT length(line), line, checksum FROM changes").each { row in
            let line = row.line(1)
            #expect(ChangeLine.checksum(of: line) == row.integer(2))
            sizes.append((row.integer(0), line.count))
            return true
        }
        #expect(sizes.count == 6)
        for size in sizes { #expect(size.stored < size.published / 2) }
        #expect(try fixture.lines(after: 1).count == 5)
    }
}
