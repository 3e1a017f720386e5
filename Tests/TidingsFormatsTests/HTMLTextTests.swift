import Testing

@testable import TidingsFormats

@Suite struct HTMLToText {
    @Test("HTML reads as a browser shows it", arguments: [
        ("plain words stay", "plain words stay"),
        ("  plain\n words\u{A0}fold ", "plain words fold"),
        ("<p>One</p><p>Two</p>", "One\nTwo"),
        ("<h2>Berth</h2>The ferry<br>left<br/>early", "Berth\nThe ferry\nleft\nearly"),
        ("light<b>house</b> <i>keeper</i>", "lighthouse keeper"),
        ("<p>a <b> b</b></p>", "a b"),
        ("<ul><li>bell</li><li>rope<ul><li>hemp</li></ul></li></ul>", "bell\nrope\nhemp"),
        ("<table><tr><th>Ship<th>Tonnes</tr><tr><td>Aral</td><td>5,000</td></table>", "Ship | Tonnes\nAral | 5,000"),
        ("<blockquote>It floats.</blockquote>she said", "It floats.\nshe said"),
        ("<pre>first\n  second</pre>", "first\nsecond"),
        ("fish &amp; chips &#8211; &euro;5 &lt;b&gt;", "fish & chips – €5 <b>"),
        ("1990&#150;2026 &#146;s", "1990–2026 ’s"),
        ("a&nbsp;b", "a b"),
        ("see<script>track()</script> <style>p{}</style>here<noscript>enable</noscript>", "see here"),
        ("<p>shown</p><p hidden>a</p><p style='Display : none'>b</p><p aria-hidden=true>c</p>", "shown"),
        ("<p>text<form><input><button>Send</button></form><nav>Menu</nav>", "text"),
        ("<svg><text>drawn</text></svg><iframe>frame</iframe><select><option>one</select>end", "end"),
        ("5 < 6 and 7 > 6", "5 < 6 and 7 > 6"),
        ("", ""),
        ("<p></p><div> </div>", ""),
        ("тарих <em>мұражай</em>ы", "тарих мұражайы"),
    ])
    func reads(html: String, text: String) {
        #expect(HTMLText.text(ofFragment: Array(html.utf8)) == text)
    }

    @Test("a form that holds the page's paragraphs is the page")
    func pageForm() {
        let html = "<form><p>One</p><p>Two</p><p>Three</p></form>"
        #expect(HTMLText.text(ofFragment: Array(html.utf8)) == "One\nTwo\nThree")
    }

    @Test("malformed HTML gives what text it has", arguments: [
        "<", "<<<>>>", "</p></p></div>", "<p", "<p class", "<p class=\"", "&", "&#", "&#xFFFFFFFF;", "&#0;", "<!--",
        "<![CDATA[x", "<!DOCTYPE", "<script>", "\0<p>\0", "<a href='\u{1F6A2}", "<table><td><table><tr>",
    ])
    func malformed(html: String) {
        let text = HTMLText.text(ofFragment: Array((html + "ferry").utf8))
        #expect(text.utf8.count <= html.utf8.count + 5 + 3)
    }

    @Test("bytes that are no UTF-8 give some text", arguments: [[0xC2, 0x41], [0xC2], [0xC2, 0xC2, 0x80], [0x41, 0xE2, 0x82]] as [[UInt8]])
    func broken(bytes: [UInt8]) {
        let text = HTMLText.text(ofFragment: Array("<p>ferry ".utf8) + bytes + Array("</p><unknown>".utf8))
        #expect(text.hasPrefix("ferry "))
        #expect(FeedText(bytes: bytes, kind: .plain).singleLine != nil)
    }

    @Test("elements nested deeper than the limit still give their text, in order")
    func deep() {
        let html = String(repeating: "<div>", count: 500) + "deep" + String(repeating: "</div>", count: 500) + "after"
        #expect(HTMLText.text(ofFragment: Array(html.utf8)) == "deep\nafter")
    }

    @Test("a page of end tags below a deep stack is read in a moment", .timeLimit(.minutes(1)))
    func endTags() {
        let html = String(repeating: "<b>", count: 500) + String(repeating: "</i>", count: 200_000) + "end"
        #expect(HTMLText.text(ofFragment: Array(html.utf8)) == "end")
    }

    @Test("nesting without end stops the reading, and is reported")
    func abyss() {
        let nodes = HTMLNodes(Array(("<p>start</p>" + String(repeating: "<div>", count: 50_000)).utf8))
        #expect(nodes.isTruncated)
        #expect(nodes.nodes.count < 1_000)
    }
}
