import Testing
import TidingsCore

@testable import TidingsFormats

// The name alone is also one of Swift Testing.
private typealias File = TidingsCore.Attachment

@Suite("What a feed says of itself, and the fields of items beyond title and text")
struct FeedFieldTests {
    /// RSS around channel elements, with no item.
    private func channel(_ elements: String) -> String {
        """
        <rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" \
        xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd" xmlns:media="http://search.yahoo.com/mrss/" \
        xmlns:atom="http://www.w3.org/2005/Atom" xmlns:admin="http://webns.net/mvcb/" \
        xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><channel>\(elements)</channel></rss>
        """
    }

    private func item(_ elements: String) throws -> Item {
        try #require(try read(channel("<item>\(elements)</item>")).items.first)
    }

    @Test("an RSS channel is read whole")
    func wholeChannel() throws {
        let document = try read(
            channel(
                """
                <title>Harbour &amp; sea</title><link>https://harbour.example/</link><description>All <b>boats</b></description>
                <language>en_GB</language><copyright>Harbour board</copyright><generator>Quill 2</generator>
                <managingEditor>mira@harbour.example (Mira Voss)</managingEditor><webMaster>w@harbour.example</webMaster>
                <pubDate>Fri, 20 Feb 2026 10:00:00 GMT</pubDate><lastBuildDate>Fri, 20 Feb 2026 11:00:00 GMT</lastBuildDate>
                <category>sea</category><category>boats</category>
                <image><title>no</title><link>https://no.example/</link><url>https://harbour.example/a.png</url></image>
                <atom:link rel="self" href="https://harbour.example/feed"/>
                """))
        #expect(document.title == "Harbour & sea")
        #expect(document.homePageURL == "https://harbour.example/")
        #expect(document.feedURL == "https://harbour.example/feed")
        #expect(document.description == "All boats")
        #expect(document.language == "en-GB")
        #expect(document.rights == "Harbour board")
        #expect(document.generator == "Quill 2")
        #expect(document.authors == [Author(name: "Mira Voss", email: "mira@harbour.example")])
        #expect(document.published == ItemDate("2026-02-20T10:00:00Z"))
        #expect(document.updated == ItemDate("2026-02-20T11:00:00Z"))
        #expect(document.categories == ["sea", "boats"])
        #expect(document.image == "https://harbour.example/a.png")
        #expect(!document.isMalformed)
    }

    @Test("an Atom feed is read whole, in both versions", arguments: [
        """
        <feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://log.example/"><id>urn:x:1</id><title>Log</title>
        <subtitle type="html">of &lt;i&gt;boats&lt;/i&gt;</subtitle><link href="/"/><updated>2026-02-20T10:00:00Z</updated>
        <author><name>Jon Aas</name><email>jon@log.example</email></author><category term="Sea" label="The sea"/>
        <logo>logo.png</logo><icon>icon.png</icon><rights>Free</rights><generator uri="https://q.example/">Quill</generator></feed>
        """,
        """
        <feed version="0.3" xmlns="http://purl.org/atom/ns#" xml:base="https://log.example/"><id>urn:x:1</id><title>Log</title>
        <tagline>of boats</tagline><link rel="alternate" href="/"/><modified>2026-02-20T10:00:00Z</modified>
        <author><name>Jon Aas</name><email>jon@log.example</email></author><category>Sea</category>
        <logo>logo.png</logo><copyright>Free</copyright><generator>Quill</generator></feed>
        """,
    ])
    func wholeFeed(text: String) throws {
        let document = try read(text)
        #expect(document.id == "urn:x:1")
        #expect(document.title == "Log")
        #expect(document.description == "of boats")
        #expect(document.homePageURL == "https://log.example/")
        #expect(document.updated == ItemDate("2026-02-20T10:00:00Z"))
        #expect(document.authors == [Author(name: "Jon Aas", email: "jon@log.example")])
        #expect(document.categories == ["Sea"])
        #expect(document.image == "https://log.example/logo.png")
        #expect(document.rights == "Free")
        #expect(document.generator == "Quill")
    }

    @Test("what modules say of the feed counts where the format's own element is missing, wherever it stands")
    func modules() throws {
        let document = try read(
            channel(
                """
                <dc:title>No</dc:title><title>Yes</title><dc:creator>Ann Lee</dc:creator><dc:date>2026-02-20</dc:date>
                <dcterms:issued>2026-01-01</dcterms:issued><itunes:summary>No</itunes:summary><itunes:subtitle>Short</itunes:subtitle>
                <itunes:category text="Technology"><itunes:category text="Gadgets"/></itunes:category>
                <itunes:image href="https://p.example/i.png"/><dc:rights>Ours</dc:rights>
                <admin:generatorAgent rdf:resource="https://quill.example/?v=2"/>
                """))
        #expect(document.title == "Yes")
        #expect(document.authors == [Author(name: "Ann Lee")])
        #expect(document.updated == ItemDate("2026-02-20"))
        #expect(document.published == ItemDate("2026-01-01"))
        #expect(document.description == "Short")
        #expect(document.categories == ["Technology", "Gadgets"])
        #expect(document.image == "https://p.example/i.png")
        #expect(document.rights == "Ours")
        #expect(document.generator == "https://quill.example/?v=2")
    }

    @Test("hours and days without news are read as GMT hours 0…23 and days from Sunday")
    func skips() throws {
        let document = try read(
            channel(
                """
                <skipHours><hour>24</hour><hour>7</hour><hour> 23 </hour><hour>31</hour></skipHours>
                <skipDays><day>Sunday</day><day>saturday</day><day>Someday</day></skipDays>
                """))
        #expect(document.skipHours == [0, 7, 23])
        #expect(document.skipDays == [0, 6])
    }

    @Test("files are read from the elements of each format; Media RSS adds what is no enclosure", arguments: [
        ("<enclosure url='/a.mp3' type='audio/mpeg' length='12'/><enclosure url=''/>",
         [File(url: "/a.mp3", mimeType: "audio/mpeg", sizeBytes: 12)]),
        ("<atom:link rel='enclosure' href='https://a.example/b.mp4' type='video/mp4' length='-1'/>",
         [File(url: "https://a.example/b.mp4", mimeType: "video/mp4")]),
        ("<media:group><media:content url='https://a.example/c.jpg' type='image/jpeg' fileSize='9'/></media:group>",
         [File(url: "https://a.example/c.jpg", mimeType: "image/jpeg", sizeBytes: 9)]),
        ("<media:content url='https://a.example/d.mp3'/><enclosure url='https://a.example/d.mp3' type='audio/mpeg'/>",
         [File(url: "https://a.example/d.mp3", mimeType: "audio/mpeg")]),
    ])
    fileprivate func readsFiles(elements: String, attachments: [File]) throws {
        #expect(try item(elements).attachments == attachments)
    }

    @Test("an item without an address has that of its first file, enclosures first", arguments: [
        ("<guid isPermaLink='false'>g</guid><enclosure url='/a.mp3'/><enclosure url='/b.mp3'/>", "/a.mp3"),
        ("<media:content url='https://a.example/c.jpg'/><enclosure url='https://a.example/d.mp3'/>", "https://a.example/d.mp3"),
        ("<media:group><media:content url='https://a.example/c.jpg'/></media:group>", "https://a.example/c.jpg"),
        ("<atom:link rel='enclosure' href='https://a.example/b.mp4'/>", "https://a.example/b.mp4"),
        ("<link>https://a.example/1</link><enclosure url='https://a.example/d.mp3'/>", "https://a.example/1"),
        ("<guid>https://a.example/2</guid><enclosure url='https://a.example/d.mp3'/>", "https://a.example/2"),
        ("<title>a</title>", nil),
    ] as [(String, String?)])
    func fileAsAddress(elements: String, url: String?) throws {
        #expect(try item(elements).url == url)
    }

    @Test("rights, comments and a summary in HTML are kept")
    func otherFields() throws {
        let item = try item(
            """
            <dc:rights>Ours</dc:rights><comments>https://a.example/1#comments</comments>
            <description>&lt;p&gt;Short&lt;/p&gt;</description><atom:content>Long</atom:content>
            """)
        #expect(item.rights == "Ours")
        #expect(item.commentsURL == "https://a.example/1#comments")
        #expect(item.summary == "Short")
        #expect(item.summaryHTML == "<p>Short</p>")
    }

    @Test("dc:date stands for the dates that have nothing better", arguments: [
        ("<dc:date>2026-02-20</dc:date>", "2026-02-20", "2026-02-20"),
        ("<dc:date>2026-02-20</dc:date><pubDate>21 Feb 2026</pubDate>", "2026-02-21", "2026-02-20"),
        ("<dc:date>2026-02-20</dc:date><dcterms:modified>2026-02-22</dcterms:modified>", "2026-02-20", "2026-02-22"),
        ("<dcterms:issued>2026-02-20</dcterms:issued>", "2026-02-20", nil),
        ("<atom:updated>2026-02-20</atom:updated>", nil, "2026-02-20"),
    ] as [(String, String?, String?)])
    func dates(elements: String, published: String?, modified: String?) throws {
        let item = try item(elements)
        #expect(item.datePublished?.description == published)
        #expect(item.dateModified?.description == modified)
    }

    @Test("the language nearest to the text counts", arguments: [
        ("<entry xml:lang='de'><content xml:lang='kk'>a</content></entry>", "kk"),
        ("<entry xml:lang='de'><summary xml:lang='kk'>a</summary><title xml:lang='fr'>b</title></entry>", "kk"),
        ("<entry xml:lang='de_AT'><title>b</title></entry>", "de-AT"),
    ])
    func language(entry: String, language: String) throws {
        let document = try read("<feed xmlns='http://www.w3.org/2005/Atom' xml:lang='en'>\(entry)</feed>")
        #expect(document.items.map(\.language) == [language])
    }

    @Test("a document of the Channel Definition Format is read")
    func channelDefinition() throws {
        let document = try read(
            """
            <?xml version="1.0"?><CHANNEL HREF="https://c.example/" LASTMOD="2026-02-20T10:00:00Z"><TITLE>Quay</TITLE>
            <ABSTRACT>On the quay</ABSTRACT><LOGO HREF="https://c.example/l.gif" STYLE="IMAGE"/>
            <ITEM HREF="https://c.example/1" LASTMOD="2026-02-19T10:00:00Z"><TITLE>One</TITLE><ABSTRACT>First</ABSTRACT></ITEM>
            <CHANNEL HREF="https://c.example/more"><TITLE>More</TITLE><ITEM HREF="https://c.example/2"><TITLE>Two</TITLE></ITEM>
            </CHANNEL></CHANNEL>
            """)
        #expect(document.version == "cdf")
        #expect(document.title == "Quay")
        #expect(document.description == "On the quay")
        #expect(document.homePageURL == "https://c.example/")
        #expect(document.image == "https://c.example/l.gif")
        #expect(document.updated == ItemDate("2026-02-20T10:00:00Z"))
        #expect(document.items.map(\.title) == ["One", "Two"])
        #expect(document.items.map(\.url) == ["https://c.example/1", "https://c.example/2"])
        #expect(document.items.first?.text == "First")
        #expect(document.items.first?.dateModified == ItemDate("2026-02-19T10:00:00Z"))
    }

    @Test("a document of RSS 1.1 is read")
    func rss11() throws {
        let document = try read(
            """
            <Channel xmlns="http://purl.org/net/rss1.1#" xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" \
            rdf:about="https://r.example/rss"><title>Reef</title><link>https://r.example/</link><description>d</description>
            <items rdf:parseType="Collection"><item rdf:about="https://r.example/1"><title>One</title></item></items></Channel>
            """)
        #expect(document.version == "rss11")
        #expect(document.items.map(\.id) == ["https://r.example/1"])
    }

    @Test("what breaks the rules of XML is told apart from what is only odd", arguments: [
        (rss("<title>a</title>"), false), (rss("<pubDate>soon</pubDate>"), false),
        (rss("<title>a & b</title>"), true), (rss("<title>a<title>"), true),
    ])
    func malformed(text: String, isMalformed: Bool) throws {
        #expect(try read(text).isMalformed == isMalformed)
    }

    @Test("the new fields are no part of what is compared")
    func notCompared() throws {
        let plain = try item("<title>a</title><description>b</description>")
        let rich = try item(
            "<title>a</title><description>b</description><dc:rights>c</dc:rights><enclosure url='https://a.example/'/>")
        #expect(plain.rawHash == rich.rawHash)
        #expect(CanonicalForm(title: plain.title, text: plain.text).hash == CanonicalForm(title: rich.title, text: rich.text).hash)
    }
}
