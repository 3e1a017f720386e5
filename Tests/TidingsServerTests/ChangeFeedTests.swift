import Testing
import TidingsCore

@testable import TidingsServer

private let stream = "0198f2a4-0000-4000-8000-000000000001"
private let article = "abcdefghijklmnopqrstuvwxyz"

private func line(_ number: Int, _ type: String, _ data: String) -> [UInt8] {
    Array(
        (#"{"specversion":"1.0","id":"\#(number)","source":"urn:uuid:\#(stream)","type":"tidings.\#(type)","time":"2026-02-20T10:00:00.123Z","#
            + #""subject":"\#(article)","sequence":"000","data":\#(data)}"#).utf8)
}

@Suite("The Atom feed of changes")
struct ChangeFeedTests {
    @Test("an entry is a change; titles, names and keys from outside stay text")
    func entry() throws {
        let change = try #require(
            ShownChange(
                line(
                    7, "article.updated",
                    #"{"version":3,"previous_version":2,"changed":["title"],"class":"substantive","characters_added":4,"characters_removed":0,"#
                        + #""origin":{"source":"a&b","kind":"feed","key":"k"},"item":{"title":"</title><script>1 & 2</script>\u0001]]>","#
                        + #""authors":[{"name":"<b>Jo</b>"}]}}"#)))
        let feed = ChangeFeed(
            stream: stream, entries: [ChangeFeed.Entry(change: change, content: .text("one <p>\ntwo"))],
            path: ChangeFeed.Filter(types: ["updated"], sources: ["a&b"]).path, base: "http://localhost:8477")
        let title = "&lt;/title&gt;&lt;script&gt;1 &amp; 2&lt;/script&gt;\u{FFFD}]]&gt;"
        let id = NamedUUID.of(stream, name: "7")
        let expected = """
            <?xml version="1.0" encoding="utf-8"?>
            <feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en"><id>urn:uuid:\(NamedUUID.of(stream, name: feed.path.text))</id>\
            <title>Tidings: changes</title><updated>2026-02-20T10:00:00.123Z</updated><generator>Tidings</generator>\
            <author><name>Tidings</name></author>\
            <link rel="self" type="application/atom+xml" href="http://localhost:8477/feed.atom?type=updated&amp;source=a%26b"/>\
            <link rel="alternate" type="text/html" href="http://localhost:8477/changes"/>\
            <entry><id>urn:uuid:\(id)</id><title>updated: \(title)</title><updated>2026-02-20T10:00:00.123Z</updated>\
            <author><name>&lt;b&gt;Jo&lt;/b&gt;</name></author><category term="tidings.article.updated" label="updated"/>\
            <category term="substantive" label="class: substantive"/>\
            <link rel="alternate" type="text/html" href="http://localhost:8477/articles/\(article)/diff?from=2&amp;to=3"/>\
            <content type="html">&lt;p&gt;a&amp;amp;b · substantive · +4 −0 · title&lt;/p&gt;&lt;p dir=&quot;auto&quot;&gt;one &amp;lt;p&amp;gt;&lt;/p&gt;\
            &lt;p dir=&quot;auto&quot;&gt;two&lt;/p&gt;</content></entry></feed>

            """
        #expect(String(decoding: feed.document, as: UTF8.self) == expected)
    }

    @Test("the id of a change is a UUID of its own, and always the same")
    func ids() {
        #expect(NamedUUID.of(stream, name: "7") == NamedUUID.of(stream, name: "7"))
        let ids = Set((1...1000).map { NamedUUID.of(stream, name: String($0)) })
        #expect(ids.count == 1000)
        for id in ids {
            let parts = id.split(separator: "-")
            #expect(parts.map(\.count) == [8, 4, 4, 4, 12])
            #expect(parts[2].first == "8")
            #expect("89ab".contains(parts[3].first ?? "x"))
        }
    }
}

@Suite("What a change says")
struct ShownChangeTests {
    @Test("each type has its words and its place", arguments: [
        ("article.created", #"{"version":1,"origin":{"source":"s","kind":"folder","key":"k"},"backfill":true}"#, "created", ["first import"], "/articles/\(article)"),
        ("article.updated", #"{"version":2,"previous_version":1,"class":"metadata","changed":["tags"],"characters_added":0,"characters_removed":0}"#, "updated", ["metadata", "tags"], "/articles/\(article)/diff?from=1&to=2"),
        ("article.moved", #"{"version":1,"moved_from":"a","origin":{"source":"s","kind":"folder","key":"b"}}"#, "moved", ["from a", "to b"], "/articles/\(article)"),
        ("article.removed", #"{"version":1,"reason":"file_deleted","origin":{"source":"s","kind":"folder","key":"b"}}"#, "removed", ["the file was deleted", "b"], "/articles/\(article)"),
        ("source.state", #"{"state":"failing","detail":"d","origin":{"source":"s","kind":"feed"}}"#, "source failing", [], "/articles/\(article)"),
    ] as [(String, String, String, [String], String)])
    func words(type: String, data: String, verb: String, facts: [String], place: String) throws {
        let change = try #require(ShownChange(line(1, type, data)))
        #expect(change.verb == verb)
        #expect(change.facts == facts)
        #expect(change.place?.text == place)
    }
}
