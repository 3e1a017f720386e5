import CMarkup
import TidingsCore

/// What a page says of its article beside the article's text, and where: what `PageDate` and `PageAuthors` choose from.
struct PageEvidence {
    let nodes: HTMLNodes
    let fields: PageFields
    let linked: LinkedData
    /// Where the page is, as it says and as it was found, in that order.
    let addresses: [String]
    let site: PageSite
    let language: String?
    let title: PageTitle
    /// What stands near the heading, nearest first; empty without a heading.
    let lines: [PageLines.Line]
    var parts: PageParts

    var heading: Int? { title.heading }

    /// - Parameter found: where the page was found, or nil.
    /// - Parameter headline: what is known of its headline.
    init(_ nodes: HTMLNodes, url found: String?, headline: KnownHeadline = KnownHeadline()) {
        self.nodes = nodes
        let fields = PageFields(nodes)
        let inHead = nodes.first(TIDINGS_HTML_TITLE).map(nodes.plainText(of:))
        // Some programs write references twice.
        let named = fields.first(Self.titleNames).flatMap { FeedText(bytes: Array($0.utf8), kind: .undeclared).title }
        let declared = PageLanguage.first([
            nodes.first(TIDINGS_HTML_HTML).flatMap { nodes.attribute("lang", of: $0) ?? nodes.attribute("xml:lang", of: $0) },
            fields.first(["og:locale"]), fields.first(["content-language", "language", "dc.language"]),
        ])
        linked = LinkedData(nodes, title: named ?? inHead, language: declared)
        language = PageLanguage.first([linked.language])
        let stated = [fields.canonical, fields.first(["og:url"])].compactMap { $0 }.filter(isAbsoluteURL)
        addresses = stated + [found].compactMap { $0 }
        site = PageSite(
            names: fields.each(["og:site_name", "application-name", "apple-mobile-web-app-title"]) + linked.siteNames,
            address: addresses.first)
        let headings = nodes.all.filter { nodes.tag($0) == TIDINGS_HTML_H1 }
        title = PageTitle(
            named: [(.openGraph, named), (.linkedData, linked.headline), (.title, inHead)], headings: headings, in: nodes, site: site,
            known: headline)
        var parts = PageParts(nodes, heading: title.heading)
        lines = title.heading.map { PageLines(nodes, heading: $0, parts: &parts).all } ?? []
        self.parts = parts
        self.fields = fields
    }

    private static let titleNames = [
        "og:title", "twitter:title", "parsely-title", "dc.title", "dc:title", "dcterms.title", "citation_title", "sailthru.title",
    ]
}
