import Foundation
import TestSupport
import Testing
@testable import TidingsCore

private let stream = "0198f2a4-0000-4000-8000-000000000001"
private let time: Int64 = 1_771_581_600_123
private let article = ArticleID(source: "world", key: "a.txt")
private let hashA = ContentHash.of(Array("a".utf8))
private let hashB = ContentHash.of(Array("b".utf8))

private let item = Item(
    id: "1", title: "A \"title\"", url: "https://news.test/a", datePublished: ItemDate(year: 2026, month: 2, day: 20),
    dateModified: ItemDate(milliseconds: time), authors: [Author(name: "A. Writer", email: "a@news.test"), Author(url: "https://news.test/b")],
    language: "en", tags: ["one", "two"], summary: "not in the line", text: "not in the line", rawHash: hashA)

private func change(_ type: ChangeType, _ fill: (inout Change) -> Void = { _ in }) -> Change {
    var change = Change(type: type, article: article, origin: Origin(source: "world", kind: .feed, key: "1", url: "https://news.test/a"))
    fill(&change)
    return change
}

private func sourceChange(_ type: ChangeType, _ fill: (inout Change) -> Void = { _ in }) -> Change {
    var change = Change(type: type, origin: Origin(source: "world", kind: .folder))
    fill(&change)
    return change
}

/// The start of every line up to its data.
private func head(_ type: String, subject: Bool = true) -> String {
    #"{"specversion":"1.0","id":"1042","source":"urn:uuid:0198f2a4-0000-4000-8000-000000000001","type":"tidings."# + type
        + #"","time":"2026-02-20T10:00:00.123Z","# + (subject ? "\"subject\":\"\(article)\"," : "") + #""sequence":"0000000000000001042","data":"#
}

private let origin = #""origin":{"source":"world","kind":"feed","key":"1","url":"https://news.test/a"}"#
private let itemJSON =
    #""item":{"title":"A \"title\"","url":"https://news.test/a","date_published":"2026-02-20","date_modified":"2026-02-20T10:00:00.123Z","#
    + #""authors":[{"name":"A. Writer","email":"a@news.test"},{"url":"https://news.test/b"}],"language":"en","tags":["one","two"]}"#

@Suite("Lines of the change stream") struct ChangeLineTests {
    // The bytes are a contract: an expectation here is never changed, except that fields may be added at the end of data.
    @Test("the golden line of each kind", arguments: [
        (change(.articleCreated) { $0.version = 1; $0.contentHash = hashA; $0.isBackfill = true; $0.item = item; $0.characters = 15 },
            head("article.created") + #"{"version":1,"content_hash":"\#(hashA)","backfill":true,\#(origin),\#(itemJSON),"characters":15}}"#),
        (change(.articleCreated) {
            $0.version = 1; $0.contentHash = hashA; $0.forkedFrom = ArticleVersion(article: article, number: 3); $0.item = item; $0.characters = 15
        }, head("article.created")
            + #"{"version":1,"content_hash":"\#(hashA)","forked_from":{"article":"\#(article)","version":3},\#(origin),\#(itemJSON),"characters":15}}"#),
        (change(.articleUpdated) {
            $0.version = 3; $0.previousVersion = 2; $0.contentHash = hashB; $0.previousContentHash = hashA; $0.changed = [.title, .text]
            $0.changeClass = .substantive; $0.charactersAdded = 212; $0.charactersRemoved = 8; $0.item = item; $0.characters = 3821
        }, head("article.updated")
            + #"{"version":3,"previous_version":2,"content_hash":"\#(hashB)","previous_content_hash":"\#(hashA)","changed":["title","text"],"#
            + #""class":"substantive","characters_added":212,"characters_removed":8,\#(origin),\#(itemJSON),"characters":3821}}"#),
        (change(.articleRemoved) { $0.version = 3; $0.contentHash = hashB; $0.reason = .fileDeleted },
            head("article.removed") + #"{"version":3,"content_hash":"\#(hashB)","reason":"file_deleted",\#(origin)}}"#),
        (change(.articleRestored) { $0.version = 3; $0.contentHash = hashB; $0.item = item },
            head("article.restored") + #"{"version":3,"content_hash":"\#(hashB)",\#(origin),\#(itemJSON)}}"#),
        (change(.articleMoved) { $0.version = 3; $0.contentHash = hashB; $0.movedFrom = "0" },
            head("article.moved") + #"{"version":3,"content_hash":"\#(hashB)","moved_from":"0",\#(origin)}}"#),
        (change(.articleDuplicate) { $0.version = 3; $0.contentHash = hashB },
            head("article.duplicate") + #"{"version":3,"content_hash":"\#(hashB)",\#(origin)}}"#),
        (change(.articleDuplicateRemoved) { $0.version = 3; $0.contentHash = hashB; $0.reason = .declared },
            head("article.duplicate_removed") + #"{"version":3,"content_hash":"\#(hashB)","reason":"declared",\#(origin)}}"#),
        (sourceChange(.sourceState) { $0.state = .failing; $0.detail = "the folder cannot be read" },
            head("source.state", subject: false)
                + #"{"state":"failing","detail":"the folder cannot be read","origin":{"source":"world","kind":"folder"}}}"#),
        (sourceChange(.sourceGap), head("source.gap", subject: false) + #"{"origin":{"source":"world","kind":"folder"}}}"#),
        (sourceChange(.sourceAdded), head("source.added", subject: false) + #"{"origin":{"source":"world","kind":"folder"}}}"#),
        (sourceChange(.sourceRemoved), head("source.removed", subject: false) + #"{"origin":{"source":"world","kind":"folder"}}}"#),
        (Change(type: .streamReset), head("stream.reset", subject: false) + "{}}"),
    ])
    func golden(change: Change, line: String) throws {
        let bytes = ChangeLine.encode(change, sequence: 1042, stream: stream, milliseconds: time)
        #expect(String(decoding: bytes, as: UTF8.self) == line + "\n")
        #expect(ChangeLine.sequence(of: bytes) == 1042)
        #expect(try EventSchema.event().complaints(line) == [], "the schema that consumers are given says the same")
    }

    @Test("the header of a change file is longer than the 1,024 bytes by which programs tell files apart")
    func header() {
        let bytes = ChangeLine.header(stream: stream, first: 7, milliseconds: time)
        let start =
            #"{"specversion":"1.0","id":"header-7","source":"urn:uuid:\#(stream)","type":"tidings.stream.header","#
            + #""time":"2026-02-20T10:00:00.123Z","data":{"schema":1,"first":7,"padding":""#
        let end = #""}}"# + "\n"
        #expect(String(decoding: bytes, as: UTF8.self) == start + String(repeating: " ", count: 1_100 - start.utf8.count - end.utf8.count) + end)
        #expect(ChangeLine.sequence(of: bytes) == nil)
    }

    @Test("the names of types, classes and reasons are a contract")
    func names() {
        #expect(
            ChangeType.allCases.map(\.name) == [
                "tidings.article.created", "tidings.article.updated", "tidings.article.removed", "tidings.article.restored",
                "tidings.article.moved", "tidings.article.duplicate", "tidings.article.duplicate_removed", "tidings.source.state",
                "tidings.source.gap", "tidings.source.added", "tidings.source.removed", "tidings.stream.reset", "tidings.stream.header",
            ])
        #expect([ChangeClass.substantive, .cosmetic, .metadata, .revert, .flap].map(\.rawValue) == ["substantive", "cosmetic", "metadata", "revert", "flap"])
        #expect(
            [RemovalReason.fileDeleted, .declared, .inferred, .pageGone, .unsubscribed].map(\.rawValue) == [
                "file_deleted", "declared", "inferred", "page_gone", "unsubscribed",
            ])
    }

    @Test("a line is read back by its sequence number, and what is no line has none", arguments: [
        (#"{"specversion":"1.0","id":"1","source""#, 1), (#"{"specversion":"1.0","id":"900000000000000000","#, 900_000_000_000_000_000),
        (#"{"specversion":"1.0","id":"","#, nil), (#"{"specversion":"1.0","id":"12"#, nil), (#"{"specversion":"1.0","id":"-1","#, nil),
        (#"{"specversion":"1.0","id":"9999999999999999999999","#, nil), ("", nil), (#"{"id":"1"}"#, nil),
    ] as [(String, Int64?)])
    func sequence(line: String, expected: Int64?) { #expect(ChangeLine.sequence(of: Array(line.utf8)) == expected) }

    /// What hides in the names and texts of the world.
    private static let nasty = [
        "\"\\\"", "a\nb\r\tc", "\u{0}\u{1}\u{1F}\u{7F}", "\u{2028}a\u{2029}\u{85}", "\u{A9}\u{20AC}\u{2026}", "</script>", "\u{1F600}\u{10FFFF}\u{FFFE}", "\u{301}e", "{", ":", "[", ",",
        "", "x\u{FEFF}", String(decoding: [0x61, 0xFF, 0xC3, 0x62] as [UInt8], as: UTF8.self),
    ]

    private func decoded(_ line: [UInt8]) throws -> [String: Any] {
        try #require(JSONSerialization.jsonObject(with: Data(line)) as? [String: Any])
    }

    @Test("every string comes back as it was", arguments: nasty)
    func strings(text: String) throws {
        var nasty = item
        nasty.title = text
        nasty.tags = [text, text]
        nasty.authors = [Author(name: text)]
        let line = ChangeLine.encode(
            change(.articleMoved) { $0.item = nasty; $0.movedFrom = text; $0.detail = text; $0.origin?.key = text }, sequence: 1, stream: stream,
            milliseconds: time)
        #expect(line.filter { $0 == 0x0A }.count == 1)
        #expect(String(decoding: line, as: UTF8.self).split(whereSeparator: \.isNewline).count == 1, "any reader of lines gets it whole")
        let data = try #require(try decoded(line)["data"] as? [String: Any])
        let itemFields = try #require(data["item"] as? [String: Any])
        #expect((data["moved_from"] as? String)?.unicodeScalars.elementsEqual(text.unicodeScalars) == true)
        #expect((itemFields["title"] as? String)?.unicodeScalars.elementsEqual(text.unicodeScalars) == true)
        #expect((itemFields["tags"] as? [String]) == [text, text])
        #expect((data["origin"] as? [String: Any])?["key"] as? String == text)
    }

    @Test("no line is longer than its limit, and none is less than JSON", arguments: ["x", "\u{1}", "\"", "\u{E9}", "\u{1F600}"])
    func limit(letter: String) throws {
        let huge = String(repeating: letter, count: 5_000)
        let author = Author(name: huge, url: huge, email: huge)
        let full = change(.articleUpdated) {
            $0.version = .max
            $0.previousVersion = .max
            $0.contentHash = hashA
            $0.previousContentHash = hashB
            $0.changed = ChangedField.allCases
            $0.changeClass = .substantive
            $0.charactersAdded = .max
            $0.charactersRemoved = .max
            $0.reason = .unsubscribed
            $0.forkedFrom = ArticleVersion(article: article, number: .max)
            $0.movedFrom = huge
            $0.state = .failing
            $0.detail = huge
            $0.isBackfill = true
            $0.origin = Origin(source: huge, kind: .folder, key: huge, url: huge)
            $0.item = Item(
                title: huge, url: huge, datePublished: ItemDate(milliseconds: 1), dateModified: ItemDate(milliseconds: 1),
                authors: Array(repeating: author, count: 40), language: huge, tags: Array(repeating: huge, count: 40), rawHash: hashA)
            $0.characters = .max
        }
        let line = ChangeLine.encode(full, sequence: .max / 2, stream: stream, milliseconds: time)
        #expect(line.count <= ChangeLine.limitBytes)
        let data = try #require(try decoded(line)["data"] as? [String: Any])
        #expect(data["cut"] as? Bool == true)
        #expect(((data["origin"] as? [String: Any])?["key"] as? String)?.isEmpty == false)
    }

    @Test("a line at its limit is whole, and one byte more is cut")
    func exactLimit() {
        func line(_ count: Int) -> [UInt8] {
            ChangeLine.encode(
                change(.articleMoved) { $0.movedFrom = String(repeating: "x", count: count) }, sequence: 1, stream: stream, milliseconds: time)
        }
        let room = ChangeLine.limitBytes - line(0).count
        #expect(line(room).count == ChangeLine.limitBytes)
        #expect(line(room + 1).count < ChangeLine.limitBytes)
        #expect(!String(decoding: line(room), as: UTF8.self).contains(#""cut":true"#))
        #expect(String(decoding: line(room + 1), as: UTF8.self).contains(#""cut":true"#))
    }
}
