import Testing
import TidingsCore

@testable import TidingsFormats

private func title(_ html: String, url: String? = nil) -> String? { PageMetadata(HTMLNodes(Array(html.utf8)), url: url).title }

@Suite struct PageTitles {
    @Test("the heading is the title if metadata confirm it, whatever else they say", arguments: [
        ("<title>Ferry opens | Post</title><meta property=og:title content='A ferry for the bay'><h1>Post</h1><h1>A ferry for the bay</h1>",
            "A ferry for the bay"),
        ("<title>Harbour Post</title><meta property=og:title content='Harbour Post'><meta property=og:site_name content='Harbour Post'>"
            + "<h1>A ferry for the bay</h1>", "A ferry for the bay"),
        ("<meta property=og:title content='Ferry for bay opened'><h1>A ferry for the bay opened on Monday</h1>",
            "A ferry for the bay opened on Monday"),
        ("<meta property=og:title content='A “ferry” for the bay'><h1>A \"ferry\" for the bay</h1>", "A \"ferry\" for the bay"),
        ("<title>A ferry for the bay</title><h1>5 March 2026 A ferry for the bay</h1>", "A ferry for the bay"),
        ("<title>A ferry for the bay</title><h1>A ferry for the bay¶</h1>", "A ferry for the bay"),
        ("<meta property=og:title content='The bay has a ferry'><h1>Our newsletters</h1>", "The bay has a ferry"),
        ("<meta property=og:title content='Salt &amp;amp; water'>", "Salt & water"),
        (#"<title>Start</title><script type="application/ld+json">{"@type":"NewsArticle","headline":"A ferry for the bay"}</script>"#,
            "A ferry for the bay"),
    ])
    func confirmed(html: String, expected: String) {
        #expect(title(html) == expected)
    }

    @Test("the site's name goes from either end of the title, and nothing else does", arguments: [
        ("A ferry for the bay | Harbour Post", "A ferry for the bay"), ("Harbour Post: A ferry for the bay", "A ferry for the bay"),
        ("Harbour Post - A ferry for the bay", "A ferry for the bay"), ("A ferry for the bay_HARBOUR POST", "A ferry for the bay"),
        ("A ferry for the bay - Sea - Harbour Post", "A ferry for the bay - Sea"), ("Omarova | what comes next", "Omarova | what comes next"),
        ("Aktau – the second berth", "Aktau – the second berth"), ("The Harbour Post: a history", "The Harbour Post: a history"),
        ("Harbour Post", "Harbour Post"), ("A ferry for the bay by Harbour Post", "A ferry for the bay by Harbour Post"),
    ])
    func site(written: String, expected: String) {
        #expect(title("<title>\(written)</title><meta property=og:site_name content='Harbour Post'>") == expected)
    }

    @Test("the host and the publisher name the site too")
    func siteNames() {
        #expect(title("<title>A ferry for the bay | Harbour Post</title>", url: "https://www.harbour-post.example/a") == "A ferry for the bay")
        #expect(title("<title>A ferry – Bay News</title><meta name=application-name content='Bay News'>") == "A ferry")
        let linked = ##"{"@type":"WebPage","publisher":{"@id":"#p"}},{"@id":"#p","@type":"Organization","name":"Bay News"}"##
        #expect(title("<title>A ferry – Bay News</title><script type='application/ld+json'>[\(linked)]</script>") == "A ferry")
    }

    @Test("a declared language is a language's tag or none", arguments: [
        ("<html lang=en-GB>", "en-GB"), ("<html lang=pt_BR>", "pt-BR"), ("<html lang=template>", nil), ("<html lang=''>", nil),
        ("<html lang='{{lang}}'><meta property=og:locale content=de_AT>", "de-AT"), ("<html lang=und><meta name=language content=English>", nil),
        ("<html><meta http-equiv=Content-Language content='kk, ru'>", "kk"),
        (#"<html><script type="application/ld+json">{"@type":"Article","inLanguage":"fr"}</script>"#, "fr"),
    ] as [(String, String?)])
    func language(html: String, expected: String?) {
        #expect(PageMetadata(HTMLNodes(Array((html + "<p>x</p>").utf8))).language == expected)
    }
}
