import Testing
import TidingsCore

@testable import TidingsFormats

@Suite("Marks of CDATA that were escaped by mistake")
struct CDATAMarkersTests {
    @Test("marks around a text are no part of it", arguments: [
        ("around plain text", "&lt;![CDATA[Gulls left the pier.]]&gt;", "Gulls left the pier."),
        ("around escaped markup", "&lt;![CDATA[&lt;p&gt;Gulls &lt;i&gt;left&lt;/i&gt;.&lt;/p&gt;]]&gt;", "Gulls left."),
        ("around markup", "&lt;![CDATA[<p>Gulls <i>left</i>.</p>]]&gt;", "Gulls left."),
        ("with white space around", "\n  &lt;![CDATA[  Gulls left.  ]]&gt;\n ", "Gulls left."),
        ("of which the second is lost", "&lt;![CDATA[Gulls left.", "Gulls left."),
        ("of which the first is lost", "Gulls left.]]&gt;", "Gulls left."),
        ("in a section", "<![CDATA[<![CDATA[Gulls left.]]]]><![CDATA[>]]>", "Gulls left."),
        ("twice", "&lt;![CDATA[&lt;![CDATA[Gulls left.]]&gt;]]&gt;", "Gulls left."),
        ("escaped twice too often", "&amp;lt;![CDATA[Gulls left.]]&amp;gt;", "Gulls left."),
        ("in lowercase", "&lt;![cdata[Gulls left.]]&gt;", "Gulls left."),
        ("inside markup", "&lt;p&gt;&lt;![CDATA[Gulls left.]]&gt;&lt;/p&gt;&lt;p&gt;Soon.&lt;/p&gt;", "Gulls left.\nSoon."),
        ("behind other words of HTML", "&lt;b&gt;Pier&lt;/b&gt; &lt;![CDATA[&lt;i&gt;Gulls&lt;/i&gt;]]&gt;", "Pier Gulls"),
    ])
    func inText(what: String, description: String, text: String) throws {
        #expect(try read(rss("<description>\(description)</description>")).items.first?.text == text)
    }

    @Test("marks that a text speaks of stay")
    func words() throws {
        let item = try read(
            rss(
                """
                <title>Between &lt;![CDATA[ and ]]&gt; nothing is markup</title>
                <description>Begin with &lt;![CDATA[ and end with ]]&gt; there.</description>
                """)
        ).items.first
        #expect(item?.title == "Between <![CDATA[ and ]]> nothing is markup")
        #expect(item?.text == "Begin with <![CDATA[ and end with ]]> there.")
        #expect(try read(rss("<title>See a[b[0]]&gt;</title>")).items.first?.title == "See a[b[0]]>")
    }

    @Test("all fields are read without them")
    func fields() throws {
        func marked(_ value: String) -> String { "&lt;![CDATA[\(value)]]&gt;" }
        let item = try #require(
            try read(
                rss(
                    """
                    <title>\(marked("Gulls &amp;amp; terns"))</title><link>\(marked("https://pier.example/1"))</link>
                    <guid isPermaLink="false">\(marked("p-1"))</guid><pubDate>\(marked(" Fri, 20 Feb 2026 10:00:00 GMT "))</pubDate>
                    <dc:creator>\(marked("Ada Finn"))</dc:creator><category>\(marked("birds"))</category>
                    """)
            ).items.first)
        #expect(item.title == "Gulls & terns")
        #expect(item.url == "https://pier.example/1")
        #expect(item.id == "p-1")
        #expect(item.datePublished == ItemDate("2026-02-20T10:00:00Z"))
        #expect(item.authors == [Author(name: "Ada Finn")])
        #expect(item.tags == ["birds"])
        let entry = try #require(
            try read(
                atom("<title type='text'>\(marked("Gulls"))</title><link href='\(marked("https://pier.example/2"))'/>")
            ).items.first)
        #expect(entry.title == "Gulls")
        #expect(entry.url == "https://pier.example/2")
    }

    @Test("an empty section is no text, and does not hide another")
    func empty() throws {
        let item = try read(rss("<content:encoded>&lt;![CDATA[ ]]&gt;</content:encoded><description>Gulls</description>")).items.first
        #expect(item?.text == "Gulls")
    }

    @Test("the raw hash is that of what the source wrote")
    func rawHash() throws {
        let item = try read(rss("<title>a</title><description>&lt;![CDATA[b]]&gt;</description>")).items.first
        #expect(item?.rawHash == Item.rawHash(title: "a", body: Array("<![CDATA[b]]>".utf8)))
    }
}
