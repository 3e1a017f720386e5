import Testing
import TidingsCore

@testable import TidingsFormats

@Suite("What is text and what is markup in a feed")
struct FeedTitleTests {
    /// As XML writes it once.
    private func escaped(_ text: String) -> String {
        text.split(separator: "&", omittingEmptySubsequences: false).joined(separator: "&amp;")
            .split(separator: "<", omittingEmptySubsequences: false).joined(separator: "&lt;")
            .split(separator: ">", omittingEmptySubsequences: false).joined(separator: "&gt;")
    }

    @Test("a title keeps each word in angle brackets", arguments: [
        "Stop using <marquee> today", "<canvas> or <svg>: which one?", "When <b> beats <strong>", "A Map<Key, Value> in Kotlin",
        "if x < y and y > z", "We <3 the sea", "Closing </div> twice", "The <input type=\"range\"> slider", "<template> explained",
        "Lazy <img loading=\"lazy\"> pictures", "<title> in a <head>", "Unclosed <a href=\"x\"> links", "The end <", "Why <!-- notes --> remain",
        "<p> or <hr>?", "Tags <x-card> of your own",
    ])
    func keepsWords(title: String) throws {
        #expect(try read(rss("<title>\(escaped(title))</title>")).items.first?.title == title)
        #expect(try read(rss("<title><![CDATA[\(title)]]></title>")).items.first?.title == title)
        #expect(try read(atom("<title type='html'>\(escaped(title))</title>")).items.first?.title == title)
        #expect(try read(atom("<title type='text'>\(escaped(title))</title>")).items.first?.title == title)
    }

    @Test("of formatting only the tags go", arguments: [
        ("<b>Storm</b> warning", "Storm warning"), ("H<sub>2</sub>O", "H2O"), ("<a href=\"https://x.example/?a>b\">Storm</a> news", "Storm news"),
        ("<span class='x'><em>Storm</em></span>", "Storm"), ("Storm<br/>tonight", "Storm tonight"), ("<P>Storm</P>", "Storm"),
        ("<code>&lt;dialog&gt;</code> is here", "<dialog> is here"), ("Storm<script>count()</script>", "Storm"),
        ("<img src=\"a.png\" alt=\"Fog &amp; rain\"> tonight", "Fog & rain tonight"), ("<img src='a.png'>Storm", "Storm"),
        ("<iframe src='x'>no</iframe>Storm", "Storm"), ("Storm &amp; fog", "Storm & fog"), ("<b>one</b> <b> two", "one <b> two"),
    ])
    func dropsFormatting(title: String, text: String) throws {
        #expect(try read(rss("<title>\(escaped(title))</title>")).items.first?.title == text)
        #expect(try read(atom("<title type='html'>\(escaped(title))</title>")).items.first?.title == text)
    }

    @Test("Atom's text is no markup, in whatever element", arguments: ["", " type='text'", " type='text/plain'", " type=' TEXT '"])
    func atomText(type: String) throws {
        let item = try #require(
            try read(
                atom(
                    """
                    <title\(type)>Use &amp;lt; and &lt;b&gt;bold&lt;/b&gt;</title><summary\(type)>A &lt;p&gt; here</summary>
                    <content\(type)>The &lt;script&gt; element &amp;amp; others</content>
                    """)
            ).items.first)
        #expect(item.title == "Use &lt; and <b>bold</b>")
        #expect(item.summary == "A <p> here")
        #expect(item.text == "The <script> element &amp; others")
        #expect(item.contentHTML == nil)
    }

    @Test("Atom's HTML is markup", arguments: ["html", "text/html", "HTML", "text/html; charset=utf-8", "application/xhtml+xml"])
    func atomHTML(type: String) throws {
        let item = try read(atom("<content type='\(type)'>&lt;p&gt;One&lt;/p&gt;&lt;p&gt;Two&lt;/p&gt;</content>")).items.first
        #expect(item?.text == "One\nTwo")
    }

    @Test("Atom 0.3 does not keep to its types, nor do Atom's elements in RSS without a prefix")
    func undeclared() throws {
        let old = "<feed version='0.3' xmlns='http://purl.org/atom/ns#'><entry><content type='text/plain'>&lt;p&gt;One&lt;/p&gt;</content></entry></feed>"
        #expect(try read(old).items.first?.text == "One")
        #expect(try read(rss("<summary>&lt;p&gt;One&lt;/p&gt;</summary>")).items.first?.text == "One")
        #expect(try read(rss("<atom:summary>&lt;p&gt;</atom:summary>")).items.first?.text == "<p>")
    }

    @Test("a description that only speaks of elements is text", arguments: [
        ("The <script> element blocks. Use <template>.", "The <script> element blocks. Use <template>."),
        ("Salt &amp; the <video> element", "Salt & the <video> element"),
        ("<p>Salt", "Salt"), ("Salt<br>Fog", "Salt\nFog"), ("<b>Salt</b>", "Salt"), ("<a href='x'>Salt</a>", "Salt"),
        ("<div>Salt", "Salt"),
    ])
    func description(source: String, text: String) throws {
        #expect(try read(rss("<description>\(escaped(source))</description>")).items.first?.text == text)
    }

    @Test("a title of thousands of tags is read at once")
    func manyTags() throws {
        let title = String(repeating: "<b <i>x</i> <u a=\"", count: 20_000)
        #expect(try read(rss("<title>\(escaped(title))</title>")).items.first?.title != nil)
    }
}
