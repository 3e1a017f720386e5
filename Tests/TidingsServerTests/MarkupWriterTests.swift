import Testing

@testable import TidingsServer

@Suite("Markup")
struct MarkupWriterTests {
    private func written(_ write: (inout MarkupWriter) -> Void) -> String {
        var writer = MarkupWriter()
        write(&writer)
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    @Test("what comes from outside is text, whatever it says", arguments: [
        ("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"),
        ("a & b &amp; c", "a &amp; b &amp;amp; c"),
        ("\" onload='x'", "&quot; onload=&#39;x&#39;"),
        ("]]> <!-- -->", "]]&gt; &lt;!-- --&gt;"),
        ("\u{0}\u{8}\u{B}\u{1B}[31m", "\u{FFFD}\u{FFFD}\u{FFFD}\u{FFFD}[31m"),
        ("a\tb\nc\rd", "a\tb\nc&#13;d"),
        ("\u{FFFE}\u{FFFF}\u{FFFD}ÿ¾", "\u{FFFD}\u{FFFD}\u{FFFD}ÿ¾"),
        ("العربية 新 🎈", "العربية 新 🎈"),
    ])
    func escapes(text: String, expected: String) {
        #expect(written { $0.text(text) } == expected)
        #expect(written { $0.element("p", .named("title", text), text: text) } == "<p title=\"\(expected)\">\(expected)</p>")
    }

    @Test("an attribute or an element without a value is left out")
    func absent() {
        let html = written { html in
            html.empty("input", .name("q"), .named("value", nil), .flag("checked", false), .flag("disabled", true))
            html.element("p", text: String?.none)
        }
        #expect(html == #"<input name="q" disabled="disabled"/>"#)
    }

    @Test("names lead nowhere else in a path, and values stay within their parameter", arguments: [
        (PagePath.source("a/../b?c#d"), "/sources/a%2F..%2Fb%3Fc%23d"), (PagePath.source(".."), "/sources/%2E%2E"),
        (PagePath.changes(type: "a&source=b", source: "ü"), "/changes?type=a%26source%3Db&source=%C3%BC"),
        (PagePath.changes(before: 7), "/changes?before=7"),
    ])
    func paths(path: PagePath, expected: String) { #expect(path.text == expected) }
}

@Suite("Addresses from outside")
struct OutsideAddressTests {
    @Test("an address of a source is shown without what is a key to it, and then leads nowhere", arguments: [
        ("https://news.example/feed", "https://news.example/feed", "https://news.example/feed"),
        ("https://news.example/feed?format=rss&page=2", "https://news.example/feed?format=rss&page=2", "https://news.example/feed?format=rss&page=2"),
        ("https://jo:secret@news.example/feed", "https://news.example/feed", nil),
        ("https://news.example/feed?user=7&token=abc", "https://news.example/feed?user=…&token=…", nil),
        ("https://news.example/feed?x=9f8e7d6c5b4a39281706", "https://news.example/feed?x=…", nil),
        ("https://news.example/feed?9f8e7d6c5b4a39281706", "https://news.example/feed?…", nil),
        ("javascript:alert(1)", "javascript:alert(1)", nil), ("data:text/html,x", "data:text/html,x", nil),
        ("//news.example/a", "//news.example/a", nil), ("/etc/passwd", "/etc/passwd", nil),
    ] as [(String, String, String?)])
    func source(url: String, text: String, href: String?) {
        let address = OutsideAddress.source(url)
        #expect(address.text == text)
        #expect(address.href == href)
    }

    @Test("an article's address is its publisher's and stays whole, but for a password")
    func article() {
        #expect(OutsideAddress.article("HTTPS://News.example/a?id=9f8e7d6c5b4a39281706").href == "HTTPS://News.example/a?id=9f8e7d6c5b4a39281706")
        #expect(OutsideAddress.article("https://jo:secret@news.example/a").text == "https://news.example/a")
        #expect(OutsideAddress.article(" javascript:alert(1)").href == nil)
    }
}
