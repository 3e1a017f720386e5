import CMarkup
import TidingsCore

/// What a page says of its article in JSON-LD (schema.org's `Article` and its subtypes).
struct LinkedData {
    var headline: String?
    var datePublished: ItemDate?
    var dateModified: ItemDate?
    var authors: [Author] = []
    var language: String?

    /// Reads the first article that the page's scripts describe; all fields are empty if there is none.
    init(_ nodes: HTMLNodes) {
        for node in nodes.all where nodes.tag(node) == TIDINGS_HTML_SCRIPT {
            let type = nodes.attribute("type", of: node) ?? ""
            guard type.lowercased().hasPrefix("application/ld+json") else { continue }
            let json = nodes.rawText(of: node)
            guard json.count <= Self.limitBytes,
                let value = JSONTree(json),
                let article = Self.article(in: value, depth: 0)
            else { continue }
            read(article)
            return
        }
    }

    private static let limitBytes = 1 << 20
    private static let limitDepth = 4

    private static func article(in value: JSONTree, depth: Int) -> JSONTree? {
        guard depth < limitDepth else { return nil }
        for element in value.list {
            let types = element["@type"]?.list.compactMap(\.text) ?? []
            if types.contains(where: { $0.hasSuffix("Article") || $0 == "BlogPosting" || $0 == "Report" }) {
                return element
            }
            for key in ["@graph", "mainEntity", "mainEntityOfPage"] {
                if let inner = element[key], let found = article(in: inner, depth: depth + 1) { return found }
            }
        }
        return nil
    }

    private mutating func read(_ article: JSONTree) {
        headline = article["headline"]?.text.flatMap(Self.plain)
        datePublished = article["datePublished"]?.text.flatMap(machineDate)
        dateModified = article["dateModified"]?.text.flatMap(machineDate)
        language = article["inLanguage"]?.text
        for author in article["author"]?.list ?? [] {
            guard let name = (author.text ?? author["name"]?.text).flatMap(Self.plain) else { continue }
            authors.append(Author(name: name))
        }
    }

    /// `text` as one line. Publishers write references and tags into their JSON as if it were HTML.
    private static func plain(_ text: String) -> String? {
        FeedText(bytes: Array(text.utf8), kind: .html).singleLine
    }
}
