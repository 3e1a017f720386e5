import Testing
@testable import TidingsCore

@Suite("Lines of a snapshot") struct SnapshotLineTests {
    private let lines = SnapshotLine(
        stream: "0198f2a4-0000-4000-8000-000000000001", sequence: 1042, articles: 7, milliseconds: 1_771_581_600_123)

    // The bytes are a contract: an expectation here is never changed, except that fields may be added at the end of data.
    @Test("begin and end give the change that the snapshot stands after")
    func bounds() {
        let begin = #"{"specversion":"1.0","id":"snapshot-1042-begin","source":"urn:uuid:0198f2a4-0000-4000-8000-000000000001","#
            + #""type":"tidings.snapshot.begin","time":"2026-02-20T10:00:00.123Z","data":{"sequence":1042,"articles":7}}"# + "\n"
        #expect(String(decoding: lines.begin, as: UTF8.self) == begin)
        #expect(String(decoding: lines.end, as: UTF8.self) == begin.replacing("begin", with: "end"))
    }

    @Test("an article has the fields of its change line, and all its sightings", arguments: [nil, "It \"says\"\nthis."])
    func article(text: String?) {
        let leader = Origin(source: "harbour", kind: .folder, key: "a.txt")
        let hash = ContentHash.of(Array("a".utf8))
        let article = SnapshotArticle(
            id: ArticleID(source: "harbour", key: "a.txt"), version: 3, contentHash: hash,
            firstSeenMilliseconds: 1_771_581_600_001, lastSeenMilliseconds: 1_771_581_600_003,
            changedMilliseconds: 1_771_581_600_002, sightings: [leader, Origin(source: "far", kind: .feed, key: "k")],
            leader: leader, itemMembers: Array(#""title":"A""#.utf8), characters: 9, text: text)
        let added = text == nil ? "" : #","content_text":"It \"says\"\nthis.""#
        #expect(
            String(decoding: lines.article(article), as: UTF8.self)
                == #"{"specversion":"1.0","id":"snapshot-1042-\#(article.id)","source":"urn:uuid:0198f2a4-0000-4000-8000-000000000001","#
                + #""type":"tidings.snapshot.article","time":"2026-02-20T10:00:00.002Z","subject":"\#(article.id)","data":{"version":3,"#
                + #""content_hash":"\#(hash)","origin":{"source":"harbour","kind":"folder","key":"a.txt"},"#
                + #""item":{"title":"A"\#(added)},"characters":9,"#
                + #""sightings":[{"source":"harbour","kind":"folder","key":"a.txt"},{"source":"far","kind":"feed","key":"k"}],"#
                + #""first_seen":"2026-02-20T10:00:00.001Z","last_seen":"2026-02-20T10:00:00.003Z"}}"# + "\n")
    }

    @Test("an item without fields is an empty object")
    func emptyItem() {
        let origin = Origin(source: "harbour", kind: .folder, key: "a.txt")
        let article = SnapshotArticle(
            id: ArticleID(source: "harbour", key: "a.txt"), version: 1, contentHash: ContentHash.of([]),
            firstSeenMilliseconds: 0, lastSeenMilliseconds: 0, changedMilliseconds: 0, sightings: [origin], leader: origin,
            itemMembers: [], characters: 0, text: nil)
        #expect(String(decoding: lines.article(article), as: UTF8.self).contains(#""item":{},"characters":0"#))
    }
}
