import CMarkup
import TidingsCore

/// What a page says of its article beside its text: in its head, in JSON-LD and microdata, and around its heading.
struct PageMetadata {
    var title: String?
    var url: String?
    var datePublished: ItemDate?
    var dateModified: ItemDate?
    var authors: [Author] = []
    var language: String?
    var tags: [String] = []
    var summary: String?

    /// - Parameter url: where the page was found, or nil.
    init(_ nodes: HTMLNodes, url found: String? = nil) {
        let fields = PageFields(nodes)
        let inHead = nodes.first(TIDINGS_HTML_TITLE).map(nodes.plainText(of:))
        let named = fields.first(["og:title", "twitter:title", "parsely-title", "dc.title", "dc:title", "dcterms.title", "citation_title", "sailthru.title"])
            // Some programs write references twice.
            .flatMap { FeedText(bytes: Array($0.utf8), kind: .undeclared).title }
        let declared = PageLanguage.first([
            nodes.first(TIDINGS_HTML_HTML).flatMap { nodes.attribute("lang", of: $0) ?? nodes.attribute("xml:lang", of: $0) },
            fields.first(["og:locale"]), fields.first(["content-language", "language", "dc.language"]),
        ])
        let linked = LinkedData(nodes, title: named ?? inHead, language: declared)
        language = PageLanguage.first([linked.language])

        let addresses = [fields.canonical, fields.first(["og:url"])].compactMap { $0 }.filter(isAbsoluteURL)
        url = addresses.first
        let all = addresses + [found].compactMap { $0 }
        let site = PageSite(
            names: fields.each(["og:site_name", "application-name", "apple-mobile-web-app-title"]) + linked.siteNames, address: all.first)

        let headings = nodes.all.filter { nodes.tag($0) == TIDINGS_HTML_H1 }
        let title = PageTitle(named: [named, linked.headline, inHead], headings: headings, in: nodes, site: site)
        self.title = title.text

        var parts = PageParts(nodes, heading: title.heading)
        let lines = title.heading.map { PageLines(nodes, heading: $0, parts: &parts).all } ?? []
        let date = PageDate(
            nodes, fields: fields, linked: linked, addresses: all, heading: title.heading, lines: lines, language: language, parts: &parts)
        datePublished = date.published
        dateModified = date.modified
        authors = PageAuthors(
            nodes, fields: fields, linked: linked, heading: title.heading, lines: lines, site: site, parts: &parts
        ).names.map { Author(name: $0) }
        tags = fields.all(["article:tag"])
        if tags.isEmpty { tags = Self.keywords(fields.first(["keywords", "news_keywords"])) }
        summary = fields.first(["og:description", "description"])
    }

    /// More than a few keywords are there for search engines, not for readers.
    private static func keywords(_ line: String?) -> [String] {
        guard let line else { return [] }
        let words = line.split(separator: ",").map { foldedSpace(Array($0.utf8)[...]) }.filter { !$0.isEmpty }
        return words.count <= 10 ? words : []
    }
}
