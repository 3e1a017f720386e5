import Testing

@testable import TidingsFormats

@Suite struct HTMLReferenceTests {
    private static let rows: [(String, String)] = [
        ("&amp;lt;", "&lt;"), ("&lbrace;a&rcub;", "{a}"), ("&DoubleLongLeftRightArrow;", "⟺"),
        ("&CounterClockwiseContourIntegral;", "∳"), ("&NotEqualTilde;", "≂̸"), ("&AMP;&LT;&QUOT;", "&<\""), ("&apos;", "'"),
        ("&copy 2026", "© 2026"), ("&notit;", "¬it;"), ("&notin;", "∉"), ("&harbour;", "&harbour;"), ("&", "&"), ("&&amp;", "&&"),
        ("&#8211;&#x2013;&#X2013", "–––"), ("&#150;", "–"), ("&#0;&#xD800;&#x110000;&#99999999999;", "\u{FFFD}\u{FFFD}\u{FFFD}\u{FFFD}"),
        ("&#;&#x;", "&#;&#x;"), ("&#1;a", "a"), ("R&D", "R&D"), ("a&b;c", "a&b;c"),
    ]

    @Test("a reference in text is what HTML says it is, in either way to the text", arguments: rows)
    func inText(html: String, text: String) {
        #expect(HTMLText.text(ofFragment: Array(html.utf8)) == text)
        #expect(HTMLText.parsedText(of: Array(html.utf8)) == text)
    }

    @Test("a reference in an attribute needs its end", arguments: [
        ("&lbrace;", "{"), ("a&copy;b", "a©b"), ("?a=1&copy=2", "?a=1&amp;copy=2"), ("&notit;", "&amp;notit;"), ("&copy", "©"),
        ("&quot;", "&quot;"), ("&#39;", "'"), ("&#x3e;", "&gt;"),
    ])
    func inAttribute(value: String, expected: String) {
        let html = SafeHTML.html(ofFragment: Array("<b title=\"\(value)\">x</b>".utf8), base: nil)
        #expect(html == "<b title=\"\(expected)\">x</b>")
    }

    @Test("what is raw text or a comment has no references")
    func opaque() {
        let html = Array("<script>&lbrace;</script><!-- &lbrace; --><p title='a>b &amp;'>&lbrace;</p>".utf8)
        let resolved = String(decoding: HTMLReference.resolved(html), as: UTF8.self)
        #expect(resolved == "<script>&lbrace;</script><!-- &lbrace; --><p title='a>b &#38;'>&#123;</p>")
    }
}
