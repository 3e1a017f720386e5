import Testing
import TidingsCore

@testable import TidingsFormats

private let paragraphs = [
    "The lighthouse of Port Lune gets a new lamp in autumn, the third since 1871, and for one night the bay will be dark.",
    "The lamp comes from a yard in the north and weighs less than a loaf of bread, where the old one needed four men to carry it.",
    "Captain Ines Calder asks all boats to stay in the harbour on that night, from the ninth hour until the sun is up.",
]

/// A page that calls its article otherwise in each place where it names it.
private func page(
    heading: String? = "Lighthouse gets its third lamp", linked: String? = "One dark night for the bay: a lamp is changed",
    openGraph: String? = "The bay goes dark", title: String? = "New lamp for the lighthouse of Port Lune"
) -> String {
    var head = "<meta property='og:site_name' content='Harbour Post'>"
    if let title { head += "<title>\(title) | Harbour Post</title>" }
    if let openGraph { head += "<meta property='og:title' content='\(openGraph)'>" }
    if let linked { head += #"<script type="application/ld+json">{"@type":"NewsArticle","headline":"\#(linked)"}</script>"# }
    return "<html><head>\(head)</head><body><article>\(heading.map { "<h1>\($0)</h1>" } ?? "")"
        + "\(paragraphs.map { "<p>\($0)</p>" }.joined())</article></body></html>"
}

private struct Found: Equatable {
    var title: String?
    var kind: HeadlineKind?

    init(_ title: String?, _ kind: HeadlineKind?) {
        self.title = title
        self.kind = kind
    }

    init(_ html: String, feed: String? = nil, remembered: HeadlineKind? = nil) {
        let document = readHTML(Array(html.utf8), charset: "utf-8", hints: DocumentHints(feedTitle: feed, headline: remembered))
        self.init(document.items.first?.title, document.headline)
    }
}

@Suite struct PageHeadlines {
    @Test("the feed's title picks which of the page's titles is the headline", arguments: [
        ("Lighthouse gets its third lamp", .heading, "Lighthouse gets its third lamp"),
        ("LIGHTHOUSE gets its ‘third’ lamp", .heading, "Lighthouse gets its third lamp"),
        ("One dark night for the bay: a lamp is changed", .linkedData, "One dark night for the bay: a lamp is changed"),
        ("The bay goes dark", .openGraph, "The bay goes dark"),
        ("New lamp for the lighthouse of Port Lune", .title, "New lamp for the lighthouse of Port Lune"),
        ("New lamp for the lighthouse", .title, "New lamp for the lighthouse of Port Lune"),
        ("Lighthouse gets its third lamp this autumn", .heading, "Lighthouse gets its third lamp"),
        ("Sea news: Lighthouse gets its third lamp", .heading, "Lighthouse gets its third lamp"),
        ("a lamp is changed", .linkedData, "One dark night for the bay: a lamp is changed"),
    ] as [(String, HeadlineKind, String)])
    func picks(feed: String, kind: HeadlineKind, title: String) {
        #expect(Found(page(), feed: feed) == Found(title, kind))
    }

    @Test("a feed's title that the page does not have leaves the page's own choice", arguments: ["Something else", "", "…", "The", "lamp", "Bay"])
    func other(feed: String) {
        #expect(Found(page(), feed: feed) == Found(page()))
    }

    @Test("what was the headline stays it, whatever the other titles become", arguments: HeadlineKind.allCases)
    func remembers(kind: HeadlineKind) {
        let first = Found(page(), remembered: kind)
        #expect(first.kind == kind)
        let changed = [
            page(heading: kind == .heading ? "Lighthouse gets its third lamp" : "The bay goes dark"),
            page(linked: kind == .linkedData ? "One dark night for the bay: a lamp is changed" : nil),
            page(openGraph: kind == .openGraph ? "The bay goes dark" : "Lighthouse gets its third lamp"),
            page(title: kind == .title ? "New lamp for the lighthouse of Port Lune" : "Harbour Post"),
        ]
        for html in changed { #expect(Found(html, feed: "The bay goes dark", remembered: kind) == first) }
    }

    @Test("a remembered place that has none, or only the site's name, gives way to the page's own choice")
    func missing() {
        #expect(Found(page(openGraph: nil), remembered: .openGraph) == Found(page(openGraph: nil)))
        #expect(Found(page(openGraph: "Harbour Post"), remembered: .openGraph) == Found(page(openGraph: nil)))
        #expect(Found(page(heading: " "), remembered: .heading) == Found(page(heading: nil)))
    }

    @Test("of several headings the one with the feed's title is it, now and later")
    func headings() {
        let html = page(heading: "Around the bay</h1><h1>Lighthouse gets its third lamp", linked: nil, openGraph: nil, title: "Sea")
        let title = "Lighthouse gets its third lamp"
        #expect(Found(html, feed: title) == Found(title, .heading))
        #expect(Found(html, feed: title, remembered: .heading) == Found(title, .heading))
    }

    @Test("without a hint the document says where its title is from")
    func unasked() {
        #expect(Found(page(linked: nil, openGraph: "Lighthouse gets its third lamp")) == Found("Lighthouse gets its third lamp", .heading))
        #expect(Found(page(heading: nil, linked: nil, openGraph: nil)) == Found("New lamp for the lighthouse of Port Lune", .title))
        #expect(Found("<p>\(paragraphs[0])</p>").kind == nil)
    }

    @Test("the headline is no line of the text, wherever it was chosen from", arguments: HeadlineKind.allCases)
    func text(kind: HeadlineKind) {
        let same = "Lighthouse gets its third lamp"
        for html in [page(), page(linked: same, openGraph: same, title: same), page(heading: "The bay goes dark", linked: same)] {
            let document = readHTML(Array(html.utf8), charset: "utf-8", hints: DocumentHints(headline: kind))
            let lines = (document.items.first?.text ?? "").split(separator: "\n").map(String.init)
            #expect(lines.suffix(3) == paragraphs[...])
            #expect(!lines.contains(document.items.first?.title ?? ""))
            if kind == .heading { #expect(lines == paragraphs) }
        }
    }
}
