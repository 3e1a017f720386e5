import Testing
import TidingsCore

@testable import TidingsFormats

private func metadata(_ html: String, url: String? = nil) -> PageMetadata { PageMetadata(HTMLNodes(Array(html.utf8)), url: url) }

@Suite struct PageDates {
    @Test("a day is read as people write it", arguments: [
        ("20 February 2026", "en"), ("February 20th, 2026", "en"), ("Fri, 20 Feb 2026 23:30", "en"), ("Feb. 20, 2026 at 5 pm", "en"),
        ("20. Februar 2026, 10:15 Uhr", "de"), ("le 20 février 2026 à 10h15", "fr"), ("20 de febrero de 2026", "es"),
        ("20 de fevereiro de 2026", "pt"), ("20 febbraio 2026", "it"), ("20 februari 2026", "nl"), ("20. februar 2026", "da"),
        ("20. helmikuuta 2026", "fi"), ("20 lutego 2026", "pl"), ("20. února 2026", "cs"), ("2026. február 20.", "hu"), ("20 Şubat 2026", "tr"),
        ("20 февраля 2026 г.", "ru"), ("20 лютого 2026", "uk"), ("20 Φεβρουαρίου 2026", "el"), ("20 ақпан 2026", "kk"),
        ("20 फरवरी 2026", "hi"), ("20 فبراير 2026", "ar"), ("20 شباط 2026", "ar"), ("20 בפברואר 2026", "he"), ("20 กุมภาพันธ์ 2569", "th"),
        ("2026年2月20日", "ja"), ("2026년 2월 20일", "ko"), ("20 tháng 2, 2026", "vi"), ("20.02.2026", nil), ("2026-02-20", nil),
        ("2026/02/20", nil), ("20/02/2026", nil), ("02/20/2026", nil), ("20260220", nil),
    ] as [(String, String?)])
    func days(text: String, language: String?) {
        #expect(WrittenDay.first(in: text, language: language) == CivilDate(year: 2026, month: 2, day: 20))
    }

    @Test("a date in numbers that may mean two days is none, unless the language tells", arguments: [
        ("02/03/2026", nil, nil), ("02/03/2026", "en", nil), ("02/03/2026", "en-US", "2026-02-03"), ("02/03/2026", "en-GB", "2026-03-02"),
        ("02/03/2026", "fr", "2026-03-02"), ("2/3/2026 9:15 AM", nil, "2026-02-03"), ("02-03-2026", "en-CA", nil), ("3. listopada 2026.", "hr", "2026-10-03"),
        ("3 listopada 2026", "pl", "2026-11-03"), ("Version 10.2.2026.1", nil, nil), ("31 February 2026", nil, nil), ("in 2026", nil, nil),
    ] as [(String, String?, String?)])
    func ambiguous(text: String, language: String?, expected: String?) {
        #expect(WrittenDay.first(in: text, language: language).map { ItemDate($0).description } == expected)
    }

    @Test("a value keeps its instant, unless UTC has another day than is written", arguments: [
        ("2026-02-20T10:00:00+05:00", "2026-02-20T05:00:00Z"), ("2026-02-20T01:00:00+05:00", "2026-02-20"),
        ("2026-02-20T23:00:00-05:00", "2026-02-20"), ("2026-02-20 10:00", "2026-02-20"), ("Fri, 20 Feb 2026 01:00:00 +0100", "2026-02-20"),
        ("1771581600", "2026-02-20T10:00:00Z"), ("0001-01-01T00:00:00Z", nil), ("soon", nil), ("PT5M", nil),
    ])
    func values(text: String, expected: String?) {
        #expect(pageDate(text, language: nil)?.description == expected)
    }

    private static let far = String(repeating: "<p>Waves.</p>", count: 500)

    @Test("the date of publication comes from the best of the places that have one", arguments: [
        ("<meta name=pubdate content=2026-02-20><h1>A</h1><time datetime=2026-01-01>", "2026-02-20"),
        ("<meta name=x-published-date content=2026-02-20><h1>A</h1>", "2026-02-20"),
        (#"<script type="application/ld+json">{"@type":"Recipe","datePublished":"2026-02-20",}</script>"#, "2026-02-20"),
        ("<script type=\"application/ld+json\">{\"@type\":\"Article\",\"name\":\"a\tb\n\",\"datePublished\":\"2026-02-20\"}</script>", "2026-02-20"),
        (#"<script type="application/ld+json">{"@graph":[{"@type":"VideoObject","uploadDate":"2020-01-01"},{"@type":["Thing","Article"],"#
            + #""datePublished":"2026-02-20"}]}</script>"#, "2026-02-20"),
        ("<h1>A</h1><span itemprop=datePublished>20 February 2026</span>", "2026-02-20"),
        ("<h1>A</h1><time datetime=2026-01-01>1 January</time><time class=entry-date datetime=2026-02-20>20 February</time>", "2026-02-20"),
        ("<h1>A</h1><p>By Dana Omarova | 20 February 2026 | 5 min read</p>", "2026-02-20"),
        ("<p>20 February 2026</p><h1>A</h1><p>Updated: 1 March 2026</p>", "2026-02-20"),
        ("<span class=post-date>20 February 2026</span><h1>A</h1>\(far)<span class=post-date>1 May 2026</span>", "2026-02-20"),
        ("<h1>A</h1>\(far)<time>20 February 2026</time>", "2026-02-20"),
    ])
    func places(html: String, expected: String) {
        #expect(metadata(html).datePublished?.description == expected)
    }

    @Test("a day in what stands beside the article is not its date", arguments: [
        "<h1>A</h1><p>Text.</p><div class=comments><time datetime=2026-02-20>20 Feb</time></div>",
        "<h1>A</h1><aside class=related-stories><p>20 February 2026</p></aside>", "<h1>A</h1><footer>20 February 2026</footer>",
        "<h1>A</h1><div id=sidebar><span class=date>20 February 2026</span></div>",
        "<h1>A</h1>\(far)<time>20 February 2026</time><time>21 February 2026</time>",
        "<h1>A</h1><p>Updated 20 February 2026</p>", "<h1>A</h1><meta property=article:modified_time content=2026-02-20>",
    ])
    func beside(html: String) {
        #expect(metadata("<body><main>\(html)</main></body>").datePublished == nil)
    }

    @Test("the address has the date, and tells an instant's day where the article was written")
    func addresses() {
        #expect(metadata("<h1>A</h1>", url: "https://a.example/2026/02/20/ferry").datePublished?.description == "2026-02-20")
        #expect(metadata("<link rel=canonical href=https://a.example/2026-02-20-ferry><h1>A</h1>").datePublished?.description == "2026-02-20")
        #expect(metadata("<h1>A</h1>", url: "https://a.example/2026/02/31/ferry").datePublished == nil)
        let late = "<meta property=article:published_time content=2026-02-21T03:00:00Z><h1>A</h1>"
        #expect(metadata(late, url: "https://a.example/2026/02/20/ferry").datePublished?.description == "2026-02-20")
        #expect(metadata(late, url: "https://a.example/2026/02/10/ferry").datePublished?.description == "2026-02-21T03:00:00Z")
    }

    @Test("the date of a change stands apart")
    func modified() {
        let page = metadata("<h1>A</h1><p>Published 20 February 2026</p><p>Last updated: 1 March 2026</p>")
        #expect(page.datePublished?.description == "2026-02-20")
        #expect(page.dateModified?.description == "2026-03-01")
    }
}
