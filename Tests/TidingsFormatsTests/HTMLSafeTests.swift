import TestSupport
import Testing
import TidingsCore

@testable import TidingsFormats

private func safe(_ html: String, base: String? = "https://harbour.example/log/9?x=1") -> String {
    SafeHTML.html(ofFragment: Array(html.utf8), base: base)
}

@Suite struct SafeHTMLTests {
    @Test("what an article says and how it is laid out is kept", arguments: [
        ("plain words", "plain words"),
        ("<p>One</p><p>Two &amp; three</p>", "<p>One</p><p>Two &amp; three</p>"),
        ("a <b>bold</b> <EM>word</EM>", "a <b>bold</b> <em>word</em>"),
        ("<table><tr><td colspan=2>5</td></tr></table>", "<table><tr><td colspan=\"2\">5</td></tr></table>"),
        ("<figure><img src=a.png alt='a \"b\"'><figcaption>c</figcaption></figure>",
         "<figure><img src=\"https://harbour.example/log/a.png\" alt=\"a &quot;b&quot;\"><figcaption>c</figcaption></figure>"),
        ("<details open><summary>s</summary>t</details>", "<details open=\"\"><summary>s</summary>t</details>"),
        ("<ruby>漢<rp>(</rp><rt>kan</rt><rp>)</rp></ruby>", "<ruby>漢<rp>(</rp><rt>kan</rt><rp>)</rp></ruby>"),
        ("<time datetime=2026-02-20>today</time>", "<time datetime=\"2026-02-20\">today</time>"),
        ("<video controls autoplay poster=p.jpg><source src=a.mp4><source src=b.webm>none</video>",
         "<video controls=\"\" poster=\"https://harbour.example/log/p.jpg\"><source src=\"https://harbour.example/log/a.mp4\">"
             + "<source src=\"https://harbour.example/log/b.webm\">none</video>"),
        ("one<br/>two<hr>three<wbr>four", "one<br>two<hr>three<wbr>four"),
        ("<blockquote cite=/q><p>It floats.</blockquote>",
         "<blockquote cite=\"https://harbour.example/q\"><p>It floats.</p></blockquote>"),
        ("<custom-tag><font color=red>kept</font></custom-tag>", "kept"),
        ("a &lt;script&gt; b&nbsp;c", "a &lt;script&gt; b&nbsp;c"),
        ("<html><head><title>t</title></head><body class=x>message</body></html>", "message"),
    ])
    func keeps(html: String, expected: String) { #expect(safe(html) == expected) }

    @Test("what acts or hides goes", arguments: [
        ("a<script>alert(1)</script>b", "ab"),
        ("a<SCRIPT SRC=x.js></SCRIPT>b", "ab"),
        ("<p onclick=alert(1) ONLOAD='x' style='color:red' class=c id=i>a</p>", "<p>a</p>"),
        ("<img src=x onerror=alert(1)>", "<img src=\"https://harbour.example/log/x\">"),
        ("<style>p{}</style><link rel=stylesheet href=x><meta http-equiv=refresh content=0>a", "a"),
        ("<iframe src=https://video.example/>frame</iframe>a", "a"),
        ("<object data=x><embed src=y>fallback</object>a<embed src=y>", "a"),
        ("<form action=/x><input name=q><button>Go</button><select><option>1</select><textarea>t</textarea>a</form>", "a"),
        ("<base href=https://evil.example/><a href=b>b</a>", "<a href=\"https://harbour.example/log/b\">b</a>"),
        ("<svg><a xlink:href='javascript:alert(1)'>x</a></svg>a", "a"),
        ("<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=alert(1)&gt;'></math>a", ""),
        ("<noscript><p title='</noscript><img src=x onerror=alert(1)>'></noscript>a", "a"),
        ("<template><script>alert(1)</script></template>a", "a"),
        ("a<!-- <script>alert(1)</script> -->b", "ab"),
        ("<p hidden>h</p><p style='display: none'>d</p>a", "a"),
        ("<title><img src=x onerror=alert(1)></title>a", "a"),
    ])
    func removes(html: String, expected: String) { #expect(safe(html) == expected) }

    @Test("links are resolved", arguments: [
        ("<a href=../tide>t</a>", "<a href=\"https://harbour.example/tide\">t</a>"),
        ("<a href='#n1'>1</a>", "<a href=\"https://harbour.example/log/9?x=1#n1\">1</a>"),
        ("<a href='?a=1&amp;b=2'>t</a>", "<a href=\"https://harbour.example/log/9?a=1&amp;b=2\">t</a>"),
        ("<a href='?a=1&copy=2'>t</a>", "<a href=\"https://harbour.example/log/9?a=1&amp;copy=2\">t</a>"),
        ("<a href=mailto:mira@harbour.example>m</a>", "<a href=\"mailto:mira@harbour.example\">m</a>"),
        ("<img srcset='a.png 1x, /b.png 2x,c.png'>",
         "<img srcset=\"https://harbour.example/log/a.png 1x, https://harbour.example/b.png 2x, https://harbour.example/log/c.png\">"),
        ("<img srcset='javascript:alert(1) 1x, b.png 2x'>", "<img srcset=\"https://harbour.example/log/b.png 2x\">"),
        ("<q cite=a>b</q>", "<q cite=\"https://harbour.example/log/a\">b</q>"),
    ])
    func resolves(html: String, expected: String) { #expect(safe(html) == expected) }

    @Test("an address that is a program is none, however it is spelled", arguments: [
        "javascript:alert(1)", "JaVaScRiPt:alert(1)", " \u{1}\u{1F}javascript:alert(1)", "java\nscript:alert(1)",
        "java&#9;script:alert(1)", "java&Tab;script&colon;alert(1)", "&#106;avascript:alert(1)", "&#x6A;avascript&#58;alert(1)",
        "vbscript:x", "data:text/html,<script>alert(1)</script>", "data:image/svg+xml,<svg/>",
        "jav&#x0A;ascript:alert(1)", "livescript:x", "mocha:x", "javascript&#x3A;//%0aalert(1)", "file:///etc/passwd",
        "blob:https://harbour.example/1", "view-source:x",
    ])
    func scheme(address: String) {
        for base in ["https://harbour.example/", nil, "javascript://x/"] {
            #expect(safe("<a href='\(address)'>a</a>", base: base) == "<a>a</a>")
            #expect(safe("<img src='\(address)'>", base: base) == "<img>")
            #expect(safe("<video poster='\(address)'></video>", base: base) == "<video></video>")
        }
    }

    @Test("a base that is a program resolves nothing")
    func base() {
        #expect(safe("<a href=/x>a</a>", base: "javascript://x/%0aalert(1)//") == "<a>a</a>")
        #expect(safe("<a href=x>a</a>", base: nil) == "<a href=\"x\">a</a>")
    }

    @Test("a picture within the text stays where it is pixels only")
    func imageData() {
        #expect(safe("<img src='data:image/png;base64,AAAA'>") == "<img src=\"data:image/png;base64,AAAA\">")
        #expect(safe("<a href='data:image/png;base64,AAAA'>a</a>") == "<a>a</a>")
    }

    @Test("whatever comes in, only tags and attributes that are kept come out, and so again")
    func closed() {
        var random = Seeded(seed: 11)
        let pieces = [
            "<", ">", "</", "/", "=", "\"", "'", "&", "&lt;", "&amp;lt;", "<!--", "-->", "<![CDATA[", "]]>", " ", "a", "p", "b", "svg",
            "math", "style", "script", "noscript", "title", "textarea", "table", "td", "img", "src", "href", " onerror=x ",
            "javascript:", "template", "<p>", "</p>", "<a href=x>", "</a>", "<li>", "\0", "é", "<select>", "<br>",
        ]
        var tags = 0
        for _ in 0..<2000 {
            let html = (0..<Int.random(in: 1...30, using: &random)).map { _ in pieces.randomElement(using: &random)! }.joined()
            let once = safe(html)
            #expect(isOfKeptTags(once), "\(html)")
            #expect(isOfKeptTags(safe(once)), "\(html)")
            tags += once.count { $0 == "<" }
        }
        #expect(tags > 2000, "much of it is tags that are kept")
    }

    /// Whether each `<` starts a tag of ours, written as ours are.
    private func isOfKeptTags(_ html: String) -> Bool {
        let kept = ["a", "b", "p", "li", "br", "img", "table", "td"]
        return html.split(separator: "<", omittingEmptySubsequences: false).dropFirst().allSatisfy { part in
            guard let end = part.firstIndex(of: ">") else { return false }
            let message = part[..<end].split(separator: " ")
            guard let name = message.first, kept.contains(String(name.drop { $0 == "/" })) else { return false }
            return message.dropFirst().allSatisfy { $0.hasPrefix("href=\"https://") || $0.hasPrefix("src=\"https://") }
        }
    }

    @Test("deep nesting ends in an answer of limited depth")
    func depth() {
        let html = safe(String(repeating: "<div><b>", count: 400) + "deep")
        #expect(html.count { $0 == "<" } <= 2 * 512)
        _ = safe(String(repeating: "<div>", count: 100_000))
    }

    @Test("HTML is kept when it is asked for, and only then")
    func onRequest() throws {
        let feed = Array(rss("<guid>1</guid><description>&lt;p onclick=x&gt;a &lt;a href=/b&gt;b&lt;/a&gt;</description>").utf8)
        let base = "https://harbour.example/feed"
        let asked = try readDocument(feed, hints: DocumentHints(baseURL: base, keepsHTML: true))
        #expect(asked.items.map(\.contentHTML) == ["<p>a <a href=\"https://harbour.example/b\">b</a></p>"])
        let unasked = try readDocument(feed, hints: DocumentHints(baseURL: base))
        #expect(unasked.items.map(\.contentHTML) == [nil])
        #expect(unasked.items.map(\.text) == asked.items.map(\.text))
    }
}
