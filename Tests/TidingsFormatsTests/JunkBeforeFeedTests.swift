import Testing
import TidingsCore

@testable import TidingsFormats

@Suite("Feeds that something stands before")
struct JunkBeforeFeedTests {
    private static let junk = [
        "<br />\n<b>Notice</b>:  Undefined index: q in <b>/srv/feed.php</b> on line <b>12</b><br />\n", "Deprecated: old call in /srv/a.php on line 3\n",
        "\n \n\n", "\u{FEFF}\u{FEFF}", "\n\u{FEFF}", "<!-- from <rss> to here -->\n", "[20-Feb-2026] PHP Warning: x\n", "<pre>debug</pre>\n", "0",
        "<?php echo 1; ?>\n",
    ]
    private static let feed = "<?xml version='1.0'?>\n<!-- made by hand -->\n" + rss("<title>Fog</title>").drop(while: { $0 != "\n" })

    @Test("a feed behind junk is read alike on all roads", arguments: junk)
    func roads(junk: String) throws {
        let bytes = Array((junk + Self.feed).utf8)
        for hints in [
            DocumentHints(contentType: "text/html", expectsFeed: true), DocumentHints(fileName: "a.xml"), DocumentHints(fileName: "a.rss"),
            DocumentHints(fileName: "a.atom"), DocumentHints(fileName: "feed"), DocumentHints(contentType: "application/rss+xml"), DocumentHints(),
        ] {
            #expect(try readDocument(bytes, hints: hints).items.map(\.title) == ["Fog"], "\(hints)")
        }
    }

    @Test("a feed behind a whole page is read where a feed is meant")
    func behindPage() throws {
        let text = "<!DOCTYPE html><html><body>Error</body></html>\n" + Self.feed
        #expect(try read(text).items.map(\.title) == ["Fog"])
        #expect(try read(text, as: "a").format == .html)
    }

    @Test("texts that speak of feeds are no feeds", arguments: [
        ("note", "A feed begins so:\n\n\(feed)\n\nAnd that is all.", .text),
        ("note", "Write <rss version='2.0'> at its start.", .text),
        ("note", String(repeating: "A long tale of feeds. ", count: 200) + "\n" + feed, .text),
        ("note.txt", "A feed begins so:\n\(feed)", .text),
        ("note.md", "A feed begins so:\n\(feed)", .markdown),
        ("note.html", "<p>A feed begins so:</p>\n\(feed)", .html),
        ("page", "<!DOCTYPE html><html><body><p>A feed</p></body></html>", .html),
        ("list.json", "[{\"title\": \"Fog\", \"content_text\": \"<?xml version='1.0'?><rss></rss>\"}]", .json),
    ] as [(String, String, DocumentFormat)])
    func noFeeds(fileName: String, text: String, format: DocumentFormat) throws {
        #expect(try read(text, as: fileName).format == format)
    }

    @Test("what is no feed behind junk says what it is")
    func otherXML() {
        #expect(throws: UnreadableDocument.unknownKind("XML document of <opml>")) {
            try read("Notice\n<?xml version='1.0'?><opml><body/></opml>")
        }
    }
}
