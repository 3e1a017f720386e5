import Testing
import TidingsCore

@testable import TidingsFormats

private let first =
    "The harbour of Aktau opened its second ferry berth on Monday, three years after the first stone was laid."
private let second = "Dock workers said the berth would halve the wait of lorries bound for the southern shore."
private let third = "The museum of the sea lent a bell that was rung as the first ferry left the pier."

private func read(_ html: String) -> Item? {
    readHTML(Array(html.utf8), charset: "utf-8", hints: DocumentHints()).items.first
}

private let more = [
    "Until now, one ship had to leave before the next could come in, and drivers slept in their cabs on the quay for two nights.",
    "The port authority borrowed the money from three banks, and means to pay it back from the fees of the next eleven years.",
    "A third berth is drawn already, but nobody will say when its first stone is to be laid, or who is to pay for it.",
]
private let links =
    "<ul><li><a href=/1>Another story of the harbour town</a></li><li><a href=/2>One more story</a></li></ul>"

@Suite struct HTMLPages {
    @Test("a news page gives its article and what its head says of it")
    func newsPage() throws {
        let html = """
            <!DOCTYPE html><html lang="en-GB"><head><title>A berth for Aktau | Harbour Post</title>
            <link rel="canonical" href="https://harbour.example/aktau-berth">
            <meta property="og:title" content="A berth for Aktau"><meta property="og:site_name" content="Harbour Post">
            <meta property="article:published_time" content="2026-03-05T10:00:00+05:00">
            <meta property="article:tag" content="Ferries"><meta property="article:tag" content="Aktau">
            <meta name="description" content="A second berth.">
            <script type="application/ld+json">{"@graph":[{"@type":"WebSite"},{"@type":"NewsArticle","headline":"x",
            "dateModified":"2026-03-06T08:00:00Z","author":[{"@type":"Person","name":"Dana Omarova"}]}]}</script></head>
            <body><header><a href=/>Harbour Post</a></header><nav>\(links)</nav>
            <article><h1>A berth for Aktau</h1><p>By Dana Omarova</p><div>Share | Tweet | Print</div>
            <p>\(first)</p><h2>Shorter waits</h2><p>\(second)</p><p>\(third)</p><aside>\(links)</aside></article>
            <footer><p>© 2026 Harbour Post</p></footer></body></html>
            """
        var expected = Item(rawHash: Item.rawHash(title: nil, body: Array(html.utf8)))
        expected.title = "A berth for Aktau"
        expected.url = "https://harbour.example/aktau-berth"
        expected.datePublished = ItemDate("2026-03-05T05:00:00Z")
        expected.dateModified = ItemDate("2026-03-06T08:00:00Z")
        expected.authors = [Author(name: "Dana Omarova")]
        expected.language = "en-GB"
        expected.tags = ["Ferries", "Aktau"]
        expected.summary = "A second berth."
        expected.text = "\(first)\nShorter waits\n\(second)\n\(third)"
        #expect(read(html) == expected)
    }

    @Test("a page that names no article gives the part with the most prose")
    func densestPart() {
        let item = read(
            """
            <title>A berth for Aktau - Harbour Post</title><body><div id=side>\(links)\(links)</div>
            <div><div id=story><h1>A berth for Aktau</h1><p>\(first)</p><p>\(second)</p><p>\(third)</p>
            \(more.map { "<p>\($0)</p>" }.joined())</div><div>\(links)</div></div><div>Contact us</div>
            """)
        #expect(item?.title == "A berth for Aktau")
        #expect(item?.text == ([first, second, third] + more).joined(separator: "\n"))
    }

    @Test("an article element that holds only a teaser of another story is not the article")
    func sideArticle() {
        let item = read(
            """
            <article><a href=/x>Another story</a></article>
            <div><p>\(first)</p><p>\(second)</p><p>\(third)</p></div>
            """)
        #expect(item?.text == "\(first)\n\(second)\n\(third)")
    }

    @Test("the title is the heading's or the head's, without the site's name", arguments: [
        ("<title>Aktau – Harbour Post</title><meta property=og:site_name content='Harbour Post'>", "Aktau"),
        ("<title>Aktau – the second berth</title>", "Aktau – the second berth"),
        ("<title>News</title><meta property=og:title content='Aktau &amp; the sea'>", "Aktau & the sea"),
        ("<title>A long day in Aktau | Post</title><h1>A long day in Aktau</h1>", "A long day in Aktau"),
        ("<title>A long day in Aktau</title><h1>Harbour Post</h1>", "A long day in Aktau"),
        ("<h1>A long day in Aktau</h1>", "A long day in Aktau"),
    ])
    func titles(head: String, title: String) {
        #expect(read("\(head)<p>\(first)</p>")?.title == title)
    }

    @Test("a relative canonical address is left out")
    func relativeURL() {
        #expect(read("<link rel=canonical href='/aktau'><p>\(first)</p>")?.url == nil)
    }

    @Test("a page without a word is no article, and says so")
    func emptyPage() {
        let page = "<html><body><script>x</script></body></html>"
        let document = readHTML(Array(page.utf8), charset: "utf-8", hints: DocumentHints())
        #expect(document.items.isEmpty)
        #expect(document.problems == [Problem("the page has no text")])
    }

    @Test("a page whose layout has the names of share bars keeps its text")
    func layoutNames() {
        let rows = [first, second, third].map { "<div class='row sidebar'><p>\($0)</p></div>" }.joined()
        #expect(read("<article>\(rows)</article>")?.text == "\(first)\n\(second)\n\(third)")
    }

    @Test("what a page calls related or share is not the article's")
    func namedAsides() {
        let lines = [first, second, third] + more
        let story = lines.map { "<p>\($0)</p>" }.joined(separator: "<p class='related'>Read also</p>")
        let item = read("<article><h1>A berth for Aktau</h1><div class='share-bar'>Send it</div>\(story)</article>")
        #expect(item?.text == lines.joined(separator: "\n"))
    }

    @Test("a page that is cut off anywhere is read as far as it goes")
    func cutOff() {
        let page = "<html lang=en><title>Aktau – Post</title><body><article><h1 id='a\u{1F6A2}'>Aktau</h1><p>\(first)"
            + "<table><tr><td>&amp;<td hidden>b</table><script>x</script><pre>1\n2</pre></article>"
        for count in 0...page.unicodeScalars.count {
            let start = String(String.UnicodeScalarView(page.unicodeScalars.prefix(count)))
            let document = readHTML(Array(start.utf8), charset: "utf-8", hints: DocumentHints())
            #expect(document.items.count <= 1)
        }
    }

    @Test("what JSON-LD says with tags and line breaks is one line, and an empty name is nobody")
    func linkedDataInLines() throws {
        let html = """
            <html><head><script type="application/ld+json">{"@type":"NewsArticle","headline":"Fog<pre>over\\nAktau</pre>",
            "author":[{"name":"<b></b>"},{"name":"Dana<br>Omarova"}]}</script></head><body><p>Ships wait.</p></body></html>
            """
        let item = try #require(try readDocument(Array(html.utf8), hints: DocumentHints(fileName: "a.html")).items.first)
        #expect(item.title == "Fog over Aktau")
        #expect(item.authors == [Author(name: "Dana Omarova")])
    }
}
