import Testing
import TidingsCore

@testable import TidingsFormats

/// A document in UTF-8, read as a file of that name.
func read(_ text: String, as fileName: String = "feed.xml", base: String? = nil) throws -> ParsedDocument {
    try readDocument(Array(text.utf8), hints: DocumentHints(fileName: fileName, baseURL: base, keepsHTML: true))
}

/// An RSS 2.0 document around `item`, with the namespaces that feeds use.
func rss(_ item: String, channel: String = "") -> String {
    """
    <?xml version="1.0"?>
    <rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/" \
    xmlns:atom="http://www.w3.org/2005/Atom" xmlns:sy="http://purl.org/rss/1.0/modules/syndication/">
    <channel><title>Harbour news</title><link>https://harbour.example/</link>\(channel)
    <item>\(item)</item>
    </channel></rss>
    """
}

/// An Atom 1.0 document around `entry`.
func atom(_ entry: String, feed: String = "") -> String {
    """
    <feed xmlns="http://www.w3.org/2005/Atom" xmlns:at="http://purl.org/atompub/tombstones/1.0">
    <title>Harbour log</title>\(feed)<entry>\(entry)</entry></feed>
    """
}

@Suite struct FeedFormatTests {
    @Test("each version of each format is recognised, and its item read", arguments: [
        ("rss090", .rdf, """
            <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://my.netscape.com/rdf/simple/0.9/">
            <channel><title>C</title></channel><item><title>A ferry</title><link>https://f.example/1</link></item></rdf:RDF>
            """),
        ("rss091", .rss, """
            <!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" "http://my.netscape.com/publish/formats/rss-0.91.dtd">
            <rss version="0.91"><channel><item><title>A ferry</title><link>https://f.example/1</link></item></channel></rss>
            """),
        ("rss092", .rss, "<rss version='0.92'><channel><item><title>A ferry</title><link>https://f.example/1</link></item></channel></rss>"),
        ("rss093", .rss, "<rss version='0.93'><channel><item><title>A ferry</title><link>https://f.example/1</link></item></channel></rss>"),
        ("rss094", .rss, "<rss version='0.94'><channel><item><title>A ferry</title><link>https://f.example/1</link></item></channel></rss>"),
        ("rss10", .rdf, """
            <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/">
            <channel rdf:about="https://f.example/"><title>C</title><items/></channel>
            <item rdf:about="https://f.example/1"><title>A ferry</title></item></rdf:RDF>
            """),
        ("rss20", .rss, "<rss version='2.0'><channel><item><title>A ferry</title><link>https://f.example/1</link></item></channel></rss>"),
        ("atom03", .atom, """
            <feed version="0.3" xmlns="http://purl.org/atom/ns#"><entry><title mode="escaped">A ferry</title>
            <link rel="alternate" type="text/html" href="https://f.example/1"/></entry></feed>
            """),
        ("atom10", .atom, """
            <a:feed xmlns:a="http://www.w3.org/2005/Atom"><a:entry><a:title>A ferry</a:title>
            <a:link href="https://f.example/1"/></a:entry></a:feed>
            """),
    ] as [(version: String, format: DocumentFormat, text: String)])
    func recognises(version: String, format: DocumentFormat, text: String) throws {
        let document = try read(text)
        #expect(document.version == version)
        #expect(document.format == format)
        #expect(document.shape == .window)
        #expect(document.items.map(\.title) == ["A ferry"])
        #expect(document.items.map(\.url) == ["https://f.example/1"])
        #expect(document.problems == [])
        #expect(!document.isPartial)
    }

    @Test("a whole RSS item is read")
    func wholeItem() throws {
        let document = try read(
            rss(
                """
                <guid isPermaLink="false"> h-17 </guid><title>Tide &amp; wind</title><link>/tide</link>
                <pubDate>Fri, 20 Feb 2026 10:00:00 +0100</pubDate><author>mira@harbour.example (Mira Voss)</author>
                <category>weather</category><category>weather</category><dc:subject>sea</dc:subject>
                <description>Short.</description><content:encoded><![CDATA[<p>The tide is high.</p>]]></content:encoded>
                """, channel: "<language>en-GB</language><ttl>90</ttl>"), base: "https://harbour.example/feed.xml")
        let body = Array("<p>The tide is high.</p>".utf8)
        #expect(document.timeToLiveSeconds == 5400)
        #expect(
            document.items == [
                Item(
                    id: "h-17", title: "Tide & wind", url: "https://harbour.example/tide",
                    datePublished: ItemDate("2026-02-20T09:00:00Z"),
                    authors: [Author(name: "Mira Voss", email: "mira@harbour.example")], language: "en-GB",
                    tags: ["weather", "sea"], summary: "Short.", text: "The tide is high.",
                    contentHTML: "<p>The tide is high.</p>", rawHash: Item.rawHash(title: "Tide & wind", body: body))
            ])
    }

    @Test("a whole Atom entry is read; what it lacks comes from its feed")
    func wholeEntry() throws {
        let document = try read(
            atom(
                """
                <id>tag:harbour.example,2026:9</id><title type="text">1 &lt; 2</title>
                <link rel="enclosure" href="a.mp3"/><link href="nine"/>
                <published>2026-02-20T09:00:00Z</published><updated>2026-02-20T11:30:00.5Z</updated>
                <category term="sea" label="The sea"/>
                <content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Low <b>water</b></p></div></content>
                """,
                feed: """
                    <author><name>Jon Aas</name><uri>/jon</uri></author>
                    <link rel="self" href="https://harbour.example/log/feed"/>
                    """), base: "https://harbour.example/log/feed")
        let item = try #require(document.items.first)
        #expect(item.id == "tag:harbour.example,2026:9")
        #expect(item.title == "1 < 2")
        #expect(item.url == "https://harbour.example/log/nine")
        #expect(item.datePublished == ItemDate("2026-02-20T09:00:00Z"))
        #expect(item.dateModified == ItemDate("2026-02-20T11:30:00.500Z"))
        #expect(item.authors == [Author(name: "Jon Aas", url: "https://harbour.example/jon")])
        #expect(item.tags == ["sea"])
        #expect(item.text == "Low water")
        #expect(item.contentHTML == "<div><p>Low <b>water</b></p></div>")
        #expect(document.feedURL == "https://harbour.example/log/feed")
    }

    @Test("a feed names who tells of its news, in each format", arguments: [
        atom("", feed: #"<link rel="hub" href="/hub"/><link rel="HUB" href="https://two.example/"/><link rel="self" href="feed"/>"#),
        rss("", channel: #"<atom:link rel="hub" href="/hub"/><atom:link rel="hub" href="https://two.example/"/><atom:link rel="self" href="feed"/>"#),
        #"{"version":"https://jsonfeed.org/version/1.1","title":"","feed_url":"https://harbour.example/log/feed","hubs":[{"type":"WebSub","url":"https://harbour.example/hub"},{"type":"rssCloud","url":"https://no.example/"},{"type":"PubSubHubbub","url":"https://two.example/"},7],"items":[]}"#,
    ])
    func hubs(text: String) throws {
        let document = try read(text, base: "https://harbour.example/log/")
        #expect(document.hubs == ["https://harbour.example/hub", "https://two.example/"])
        #expect(document.feedURL == "https://harbour.example/log/feed")
    }

    @Test("of several elements that could be the text, the worthiest counts", arguments: [
        ("content:encoded over description, wherever it stands",
         rss("<content:encoded>The whole story.</content:encoded><description>Short.</description>"), "The whole story.", "Short."),
        ("description where the content is blank",
         rss("<content:encoded> </content:encoded><description>Short.</description>"), "Short.", nil),
        ("Atom content over summary", atom("<summary>Short.</summary><content>The whole story.</content>"),
         "The whole story.", "Short."),
        ("Atom's summary where there is no content", atom("<summary>Short.</summary>"), "Short.", nil),
        ("plain text keeps its lines", rss("<description>One.\n\n  Two  words.</description>"), "One.\nTwo words.", nil),
        ("what is in angle brackets and no tag stays", rss("<description>A List&lt;Ferry&gt; of boats</description>"),
         "A List<Ferry> of boats", nil),
        ("base64 of Atom 0.3", """
            <feed version="0.3" xmlns="http://purl.org/atom/ns#"><entry><id>1</id>
            <content type="text/plain" mode="base64">SGlnaCB0aWRl</content></entry></feed>
            """, "High tide", nil),
        ("pictures are no text", atom("<id>1</id><content type='image/png'>iVBORw0KGgo=</content><summary>A view</summary>"),
         "A view", nil),
        ("tags that were not escaped are tags", rss("<description>Fair <b>wind</b> &amp; sun</description>"), "Fair wind & sun", nil),
    ] as [(rule: String, text: String, body: String, summary: String?)])
    func choosesBody(rule: String, text: String, body: String, summary: String?) throws {
        let item = try #require(try read(text).items.first)
        #expect(item.text == body)
        #expect(item.summary == summary)
    }

    @Test("titles are plain text, however they were written", arguments: [
        (rss("<title>Fish &amp;amp; chips</title>"), "Fish & chips"),
        (rss("<title><![CDATA[Fish &amp; <i>chips</i>]]></title>"), "Fish & chips"),
        (rss("<title>  Fish\n and chips </title>"), "Fish and chips"),
        (atom("<title type='html'>Fish &amp;amp; chips</title>"), "Fish & chips"),
        (atom("<title type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'>Fish <i>&amp;</i> chips</div></title>"), "Fish & chips"),
        (rss("<title>if a &lt; b</title>"), "if a < b"),
    ])
    func cleansTitle(text: String, title: String) throws {
        #expect(try read(text).items.first?.title == title)
    }

    @Test("of several addresses the article's own counts", arguments: [
        (rss("<atom:link href='https://a.example/2'/><link>https://a.example/1</link>"), "https://a.example/1"),
        (rss("<link/><atom:link rel='alternate' href='https://a.example/2'/>"), "https://a.example/2"),
        (rss("<guid>https://a.example/3</guid>"), "https://a.example/3"),
        (rss("<guid isPermaLink='false'>https://a.example/3</guid>"), nil),
        (rss("<guid>not an address</guid>"), nil),
        (rss("<link>news/4</link>"), "https://harbour.example/news/4"),
        (atom("<link rel='self' href='https://a.example/x'/><link rel='alternate' href='https://a.example/5'/>"), "https://a.example/5"),
        (atom("<link type='application/pdf' href='https://a.example/6.pdf'/><link type='text/html' href='https://a.example/6'/>"),
         "https://a.example/6"),
        (atom("<id>https://a.example/7</id>"), "https://a.example/7"),
        ("""
         <feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://a.example/one/"><entry xml:base="two/"><link href="8?x#y"/></entry></feed>
         """, "https://a.example/one/two/8?x#y"),
    ] as [(String, String?)])
    func choosesAddress(text: String, url: String?) throws {
        #expect(try read(text).items.map(\.url) == [url])
    }

    @Test("authors are read from all their places", arguments: [
        (rss("<author>ann@a.example (Ann Lee)</author>"), [Author(name: "Ann Lee", email: "ann@a.example")]),
        (rss("<author>Ann Lee &lt;ann@a.example&gt;</author>"), [Author(name: "Ann Lee", email: "ann@a.example")]),
        (rss("<author>ann@a.example</author>"), [Author(email: "ann@a.example")]),
        (rss("<dc:creator>Ann Lee</dc:creator><dc:creator>Bo Ek</dc:creator>"), [Author(name: "Ann Lee"), Author(name: "Bo Ek")]),
        (rss("<author>ann@a.example (Ann Lee)</author><dc:creator>Ann Lee</dc:creator>"),
         [Author(name: "Ann Lee", email: "ann@a.example")]),
        (rss("<atom:author><atom:name>Ann Lee</atom:name></atom:author>"), [Author(name: "Ann Lee")]),
        (atom("<author><name>Ann Lee</name><email>ann@a.example</email></author>", feed: "<author><name>Bo</name></author>"),
         [Author(name: "Ann Lee", email: "ann@a.example")]),
        (atom("<id>1</id><source><author><name>Cy</name></author></source>", feed: "<author><name>Bo</name></author>"),
         [Author(name: "Cy")]),
    ])
    func readsAuthors(text: String, authors: [Author]) throws {
        #expect(try read(text).items.map(\.authors) == [authors])
    }

    @Test("the language of an item is its own, else its surroundings'", arguments: [
        (rss("<title>a</title>", channel: "<language>kk</language>"), "kk"),
        (rss("<title>a</title><dc:language>ru</dc:language>", channel: "<language>kk</language>"), "ru"),
        ("<feed xmlns='http://www.w3.org/2005/Atom' xml:lang='en'><entry xml:lang='de'><title>a</title></entry></feed>", "de"),
        ("<feed xmlns='http://www.w3.org/2005/Atom' xml:lang='en'><entry><title>a</title></entry></feed>", "en"),
        (atom("<title>a</title>"), nil),
    ] as [(String, String?)])
    func readsLanguage(text: String, language: String?) throws {
        #expect(try read(text).items.map(\.language) == [language])
    }

    @Test("a feed's wish for its pollers is read", arguments: [
        ("<ttl>60</ttl>", 3600),
        ("<sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>4</sy:updateFrequency>", 21_600),
        ("<ttl>30</ttl><sy:updatePeriod>daily</sy:updatePeriod>", 86_400),
        ("<ttl>soon</ttl>", nil),
        ("<sy:updatePeriod>hourly</sy:updatePeriod><sy:updateFrequency>0</sy:updateFrequency>", 3600),
    ] as [(String, Int?)])
    func readsTimeToLive(channel: String, seconds: Int?) throws {
        #expect(try read(rss("<title>a</title>", channel: channel)).timeToLiveSeconds == seconds)
    }

    @Test("deleted entries are declared, once each")
    func tombstones() throws {
        let deleted = "<at:deleted-entry ref='tag:a,1' when='2026-01-01T00:00:00Z'><at:comment>gone</at:comment></at:deleted-entry>"
        #expect(try read(atom("<id>2</id>", feed: deleted + deleted)).tombstones == ["tag:a,1"])
    }

    @Test("an item of RSS 1.0 has its rdf:about for an id, unless there is a guid")
    func about() throws {
        let document = try read(
            """
            <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/">
            <item rdf:about="https://a.example/1"/><item rdf:about="https://a.example/2"><guid>g2</guid></item></rdf:RDF>
            """)
        #expect(document.items.map(\.id) == ["https://a.example/1", "g2"])
    }

    @Test("an id that stands twice keeps both items and is said")
    func repeatedID() throws {
        let document = try read(rss("<guid>g</guid><title>a</title></item><item><guid>g</guid><title>b</title>"))
        #expect(document.items.map(\.title) == ["a", "b"])
        #expect(document.problems == [Problem("the id is that of an earlier item", item: 1)])
    }

    @Test("an item without an id has none, an unreadable date is no date, an empty item loses no other")
    func badItems() throws {
        let document = try read(rss("</item><item><title>b</title><pubDate>the day after</pubDate>"))
        #expect(document.items.map(\.title) == ["b"])
        #expect(document.items.map(\.id) == [nil])
        #expect(document.items.map(\.datePublished) == [nil])
        #expect(
            document.problems == [
                Problem("there is nothing in the item", item: 0), Problem("a date cannot be read", item: 0),
            ])
    }

    @Test("the raw hash follows title and body and nothing else")
    func rawHash() throws {
        func hash(_ item: String) throws -> ContentHash? { try read(rss(item)).items.first?.rawHash }
        let one = try hash("<title>a</title><description>b</description>")
        #expect(try hash("<description>b</description><title>a</title><link>https://x.example/</link>") == one)
        #expect(try hash("<title>a</title><description>b.</description>") != one)
        #expect(try hash("<title>a.</title><description>b</description>") != one)
    }
}
