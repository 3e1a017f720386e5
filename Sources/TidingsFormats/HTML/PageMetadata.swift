import CMarkup
import TidingsCore

/// What the head of a page says of its article: Open Graph, `<meta>`, `<link>`, JSON-LD, `<title>`, `<html lang>`.
struct PageMetadata {
    var title: String?
    var url: String?
    var datePublished: ItemDate?
    var dateModified: ItemDate?
    var authors: [Author] = []
    var language: String?
    var tags: [String] = []
    var summary: String?

    init(_ nodes: HTMLNodes) {
        var fields: [String: [String]] = [:]
        var canonical: String?
        for node in nodes.all {
            if nodes.tag(node) == TIDINGS_HTML_META {
                let name =
                    nodes.attribute("property", of: node) ?? nodes.attribute("name", of: node)
                    ?? nodes.attribute("itemprop", of: node)
                guard let name, let content = nodes.attribute("content", of: node) else { continue }
                let value = foldedSpace(Array(content.utf8)[...])
                if !value.isEmpty { fields[name.lowercased(), default: []].append(value) }
            } else if nodes.tag(node) == TIDINGS_HTML_LINK, canonical == nil,
                nodes.attribute("rel", of: node)?.lowercased() == "canonical"
            {
                canonical = nodes.attribute("href", of: node)
            }
        }
        func first(_ names: String...) -> String? { names.lazy.compactMap { fields[$0]?.first }.first }
        let linked = LinkedData(nodes)

        title = first("og:title", "twitter:title") ?? linked.headline ?? Self.title(nodes)
        title = title.map { Self.withoutSite($0, site: first("og:site_name")) }
        if title?.isEmpty == true { title = nil }

        url = [canonical, first("og:url")].lazy.compactMap { $0 }.first(where: isAbsoluteURL)
        datePublished =
            first("article:published_time", "og:article:published_time", "datepublished", "date", "dc.date")
            .flatMap(machineDate) ?? linked.datePublished ?? Self.time(nodes)
        dateModified =
            first("article:modified_time", "og:updated_time", "datemodified").flatMap(machineDate)
            ?? linked.dateModified
        authors = linked.authors
        if authors.isEmpty {
            let names = fields["author"] ?? fields["article:author"] ?? []
            authors = names.filter { !$0.contains("/") }.map { Author(name: $0) }
        }
        language = nodes.first(TIDINGS_HTML_HTML).flatMap { nodes.attribute("lang", of: $0) } ?? linked.language
        if language?.isEmpty == true { language = nil }
        tags = fields["article:tag"] ?? Self.keywords(first("keywords", "news_keywords"))
        summary = first("og:description", "description")
    }

    /// The first heading if `<title>` contains it too, else `<title>`: many sites use `<h1>` for their own name, or for
    /// parts of the article.
    private static func title(_ nodes: HTMLNodes) -> String? {
        let first = nodes.first(TIDINGS_HTML_H1)
        let heading = first.map { HTMLText.line(of: $0, in: nodes) }.flatMap { $0.isEmpty ? nil : $0 }
        let title = nodes.first(TIDINGS_HTML_TITLE).map(nodes.plainText(of:)).flatMap { $0.isEmpty ? nil : $0 }
        guard let heading, let title else { return heading ?? title }
        // `<title>` has no exponents.
        return title.hasPrefix(heading) || first.map({ title.hasPrefix(nodes.plainText(of: $0)) }) == true ? heading : title
    }

    /// The date of the first `<time>` that has one.
    private static func time(_ nodes: HTMLNodes) -> ItemDate? {
        nodes.all.lazy.filter { nodes.tag($0) == TIDINGS_HTML_TIME }
            .compactMap { nodes.attribute("datetime", of: $0).flatMap(machineDate) }.first
    }

    /// More than a few keywords are there for search engines, not for readers.
    private static func keywords(_ line: String?) -> [String] {
        guard let line else { return [] }
        let words = line.split(separator: ",").map { foldedSpace(Array($0.utf8)[...]) }.filter { !$0.isEmpty }
        return words.count <= 10 ? words : []
    }

    /// "Harbour reopens | Harbour Post" without its end, if that is the site's name.
    private static func withoutSite(_ title: String, site: String?) -> String {
        guard let site, title.hasSuffix(site) else { return title }
        let rest = title.dropLast(site.count)
        for separator in [" | ", " – ", " — ", " - ", " :: ", " » ", " · "] where rest.hasSuffix(separator) {
            return String(rest.dropLast(separator.count))
        }
        return title
    }
}
