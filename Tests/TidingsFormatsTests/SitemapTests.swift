import TidingsCore
import Testing

@testable import TidingsFormats

private func urlset(
    _ entries: String, namespaces: String = """
        xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9" \
        xmlns:image="http://www.google.com/schemas/sitemap-image/1.1" xmlns:video="http://www.google.com/schemas/sitemap-video/1.1"
        """
) -> String {
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<urlset \(namespaces)>\(entries)</urlset>"
}

private func news(_ number: Int, _ more: String = "") -> String {
    """
    <url><loc>https://quay.example/\(number)</loc><lastmod>2026-02-20T11:30:00Z</lastmod>
    <news:news><news:publication><news:name>Quay Post</news:name><news:language>en_GB</news:language></news:publication>
    <news:publication_date>2026-02-20T10:00:00+01:00</news:publication_date>
    <news:title>Crane &amp; barge \(number)</news:title><news:keywords>cranes, barges ,cranes</news:keywords></news:news>\(more)</url>
    """
}

@Suite struct SitemapTests {
    private let article: Item = {
        var item = Item(
            title: "Crane & barge 1", url: "https://quay.example/1", datePublished: ItemDate("2026-02-20T10:00:00+01:00"),
            dateModified: ItemDate("2026-02-20T11:30:00Z"), language: "en-GB", tags: ["cranes", "barges"],
            rawHash: Item.rawHash(title: "Crane & barge 1", body: []))
        return item
    }()

    @Test("an article of a news sitemap has address, title, dates, language and keywords, whatever the namespaces are called", arguments: [
        urlset(news(1)),
        urlset(news(1, "<image:image><image:loc>https://quay.example/a.jpg</image:loc><image:title>A photo</image:title></image:image>")),
        urlset(news(1, "<video:video><video:title>Film</video:title><video:publication_date>2020-01-01</video:publication_date></video:video>")),
        urlset(news(1), namespaces: ""),
        urlset(news(1), namespaces: "xmlns='https://sitemaps.org/schemas/sitemap/0.9/' xmlns:news='https://google.com/schemas/sitemap-news/0.9'"),
        urlset(news(1), namespaces: "xmlns='http://quay.example/a' xmlns:news='http://quay.example/b'"),
        urlset(news(1)).replacing("<", with: "<sm:").replacing("<sm:/", with: "</sm:").replacing("sm:news:", with: "news:")
            .replacing("<sm:?", with: "<?").replacing("xmlns=", with: "xmlns:sm="),
        urlset(news(1)).replacing("news:", with: "n:"),
        urlset(news(1)).replacing("Crane &amp; barge 1", with: "<![CDATA[Crane & barge 1]]>"),
        "<!-- made by hand -->\n" + urlset(news(1)).replacing("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n", with: ""),
    ])
    func article(text: String) throws {
        let document = try read(text, as: "news.xml")
        #expect(document.items == [article])
        #expect(document.format == .sitemap)
        #expect(document.shape == .window)
        #expect(document.title == "Quay Post")
        #expect(document.problems == [])
        #expect(!document.isPartial)
    }

    @Test("a sitemap without news has addresses, and dates of change")
    func plain() throws {
        let document = try read(
            urlset("<url><loc> https://quay.example/1?a=1&amp;b=2\n</loc><lastmod>2026-02-20</lastmod><priority>0.5</priority></url><url><loc>/2</loc></url>"),
            base: "https://quay.example/sitemap.xml")
        #expect(document.items.map(\.url) == ["https://quay.example/1?a=1&b=2", "https://quay.example/2"])
        #expect(document.items.map(\.dateModified) == [ItemDate("2026-02-20"), nil])
        #expect(document.items.allSatisfy { $0.id == nil && $0.title == nil && $0.text.isEmpty && $0.datePublished == nil })
        #expect(feedKeys(document.items).map(\.value) == ["quay.example/1?a=1&b=2", "quay.example/2"])
        #expect(document.problems == [])
    }

    @Test("a sitemap is one whether a feed is polled, a file has another name, or junk precedes it", arguments: [
        DocumentHints(contentType: "text/html", expectsFeed: true), DocumentHints(contentType: "application/octet-stream", expectsFeed: true),
        DocumentHints(fileName: "sitemap.txt"), DocumentHints(),
    ])
    func recognised(hints: DocumentHints) throws {
        for junk in ["", "\u{FEFF}\n", "Warning: division by zero\n"] where junk.isEmpty || hints.fileName == nil {
            let document = try readDocument(Array((junk + urlset(news(1))).utf8), hints: hints)
            #expect(document.format == .sitemap)
            #expect(document.items == [article])
        }
    }

    @Test("a sitemap that is cut off keeps the pages that are whole", arguments: [
        ("</urlset>", 2), ("</url></urlset>", 1), ("<news:keywords>", 1), ("<news:title>", 1), ("2</loc>", 1), ("<loc>https://quay.example/2", 1),
    ])
    func cut(behind mark: String, items: Int) throws {
        let text = urlset(news(1) + news(2))
        let end = try #require(text.ranges(of: mark).last)
        let document = try read(String(text[..<end.lowerBound]))
        #expect(document.items.map(\.url) == (1...items).map { "https://quay.example/\($0)" })
        #expect(document.isPartial)
    }

    @Test("a page that is not closed, or has no address, takes no other with it")
    func broken() throws {
        let open = news(1).replacing("</url>", with: "")
        #expect(try read(urlset(open + news(2) + news(3))).items.map(\.url) == (1...3).map { "https://quay.example/\($0)" })
        let document = try read(urlset("<url><lastmod>2026-02-20</lastmod></url>" + news(2) + "<url/>"))
        #expect(document.items.map(\.url) == ["https://quay.example/2"])
        #expect(document.problems.map(\.message) == ["<url> without an address", "<url> without an address"])
        #expect(!document.isPartial)
    }

    @Test("an empty sitemap is whole, and what has other things than pages says so")
    func empty() throws {
        #expect(try read(urlset("")).items == [])
        #expect(try read(urlset("<page><loc>https://quay.example/1</loc></page>")).problems.map(\.message) == [
            "no item is found in <urlset>, but <page>, of which nothing is known"
        ])
    }

    @Test("a sitemap index lists its sitemaps, and has no items")
    func index() throws {
        let text = """
            <sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
            <sitemap><loc>https://quay.example/news.xml.gz</loc><lastmod>2026-02-20T10:00:00Z</lastmod></sitemap>
            <sitemap><lastmod>2026-02-20</lastmod></sitemap>
            <sitemap><loc>\n/more.xml?a=1&amp;b=2 </loc></sitemap>
            </sitemapindex>
            """
        let document = try read(text, base: "https://quay.example/index.xml")
        let listed = [
            SitemapReference(url: "https://quay.example/news.xml.gz", dateModified: ItemDate("2026-02-20T10:00:00Z")),
            SitemapReference(url: "https://quay.example/more.xml?a=1&b=2"),
        ]
        #expect(document.sitemaps == listed)
        #expect(document.format == .sitemapIndex)
        #expect(document.items == [])
        #expect(document.problems == [])
        #expect(!document.isPartial)
        // A second copy behind it adds nothing.
        #expect(try read(text + text, base: "https://quay.example/index.xml").sitemaps == listed)
        let end = try #require(text.firstRange(of: "b=2"))
        let cut = try read(String(text[..<end.lowerBound]), base: "https://quay.example/index.xml")
        #expect(cut.sitemaps == [listed[0]])
        #expect(cut.isPartial)
    }

    @Test("an index lists no more sitemaps than its protocol allows")
    func limit() throws {
        let entries = String(repeating: "<sitemap><loc>a</loc></sitemap>", count: FeedLimits.sitemaps + 1)
        let document = try read("<sitemapindex>\(entries)</sitemapindex>")
        #expect(document.sitemaps.count == FeedLimits.sitemaps)
        #expect(document.isPartial)
    }
}
