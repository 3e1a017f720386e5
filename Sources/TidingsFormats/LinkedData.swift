import CMarkup
import FoundationEssentials
import TidingsCore

/// What a page says of its article in JSON-LD (schema.org's `Article` and the kinds below it).
struct LinkedData {
    var headline: String?
    var datePublished: ItemDate?
    var dateModified: ItemDate?
    var authors: [Author] = []
    var language: String?

    /// The first article that the scripts of the page describe; nothing where there is none.
    init(_ nodes: HTMLNodes) {
        for node in nodes.all where nodes.tag(node) == TIDINGS_HTML_SCRIPT {
            let type = nodes.attribute("type", of: node) ?? ""
            guard type.lowercased().hasPrefix("application/ld+json") else { continue }
            let json = nodes.rawText(of: node)
            guard json.count <= Self.limitBytes,
                let value = try? JSONDecoder().decode(JSONValue.self, from: Data(json)),
                let article = Self.article(in: value, depth: 0)
            else { continue }
            read(article)
            return
        }
    }

    private static let limitBytes = 1 << 20
    private static let limitDepth = 4

    private static func article(in value: JSONValue, depth: Int) -> JSONValue? {
        guard depth < limitDepth else { return nil }
        for element in value.list {
            guard case .object(let fields) = element else { continue }
            let types = element["@type"]?.list.compactMap(\.string) ?? []
            if types.contains(where: { $0.hasSuffix("Article") || $0 == "BlogPosting" || $0 == "Report" }) {
                return element
            }
            for key in ["@graph", "mainEntity", "mainEntityOfPage"] {
                if let inner = fields[key], let found = article(in: inner, depth: depth + 1) { return found }
            }
        }
        return nil
    }

    private mutating func read(_ article: JSONValue) {
        headline = article["headline"]?.string.map(Self.plain)
        datePublished = article["datePublished"]?.string.flatMap(machineDate)
        dateModified = article["dateModified"]?.string.flatMap(machineDate)
        language = article["inLanguage"]?.string
        for author in article["author"]?.list ?? [] {
            guard let name = author.string ?? author["name"]?.string, !name.isEmpty else { continue }
            authors.append(Author(name: Self.plain(name)))
        }
    }

    /// Publishers write references into their JSON as if it were HTML.
    private static func plain(_ text: String) -> String { HTMLText.text(ofFragment: Array(text.utf8)) }
}
