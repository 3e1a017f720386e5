import Testing
import TidingsCore

@testable import TidingsFormats

private func isUnsure(_ html: String) -> Bool { readHTML(Array(html.utf8), charset: "utf-8", hints: DocumentHints()).isUnsure }

private let paragraphs = [
    "The lighthouse of Port Lune gets a new lamp in autumn, the third since 1871, and for one night the bay will be dark.",
    "The lamp comes from a yard in the north and weighs less than a loaf of bread, where the old one needed four men to carry it.",
    "Captain Ines Calder asks all boats to stay in the harbour on that night, from the ninth hour until the sun is up.",
].map { "<p>\($0)</p>" }.joined()

@Suite struct UnsurePages {
    @Test("an article is believed, short or long", arguments: [
        "<article><h1>A new lamp</h1>\(paragraphs)</article>",
        "<article><h1>A new lamp</h1><p>The lighthouse gets a new lamp in autumn.</p></article>",
        "<noscript>Please enable JavaScript.</noscript><article><h1>A new lamp</h1>\(paragraphs)</article>",
        "<div id='root'><article><h1>A new lamp</h1>\(paragraphs)</article></div>",
    ])
    func articles(body: String) { #expect(!isUnsure("<html><head><title>A new lamp</title></head><body>\(body)</body></html>")) }

    @Test("a page that only its scripts would fill is not", arguments: [
        "<div id='root'></div><noscript>You need to enable JavaScript to run this app.</noscript>",
        "<div id='__next'><p>Loading the page</p></div>", "<p>Bitte aktivieren Sie JavaScript, um fortzufahren.</p>",
        "<p>Для работы сайта включите JavaScript</p>", "<noscript><p>Activez JavaScript pour lire cette page.</p></noscript><p>Le Port</p>",
        "<app-view></app-view>",
    ])
    func shells(body: String) { #expect(isUnsure("<html><head><title>A new lamp</title></head><body>\(body)</body></html>")) }

    @Test("a page whose scripts have the text as data is believed")
    func data() {
        let text = String(repeating: "The lamp shines over the bay, and all boats come home before the storm. ", count: 12)
        let linked = #"<script type="application/ld+json">{"@type":"NewsArticle","headline":"A new lamp","articleBody":"\#(text)"}</script>"#
        #expect(!isUnsure("<html><head><title>A new lamp</title>\(linked)</head><body><div id='root'></div></body></html>"))
    }

    @Test("a front page is not")
    func listing() {
        let teasers = (1...40).map { "<li class='teaser'><h3><a href='/\($0)'>Ferry number \($0) gets a new engine</a></h3><time>3 May 2026</time></li>" }
        #expect(isUnsure("<html><head><title>Harbour Post</title></head><body><main><h1>News</h1><ul>\(teasers.joined())</ul></main></body></html>"))
    }
}
