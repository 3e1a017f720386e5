import CMarkup
import TidingsCore

/// The named values of a page's head: `<meta>` by any of its names, and the canonical address.
struct PageFields {
    /// By name in lowercase, in document order.
    private var values: [String: [String]] = [:]
    /// The names, in the order in which they are first used.
    private var order: [String] = []
    private(set) var canonical: String?
    /// Where the article goes on, of one that a page cuts into several.
    private(set) var next: String?

    init(_ nodes: HTMLNodes) {
        for node in nodes.all {
            switch nodes.tag(node) {
            case TIDINGS_HTML_META: readMeta(node, nodes)
            case TIDINGS_HTML_LINK, TIDINGS_HTML_A:
                // `rel` is a set of words (WHATWG HTML §4.6.6).
                let relations = nodes.attribute("rel", of: node)?.lowercased().split(separator: " ") ?? []
                if canonical == nil, nodes.tag(node) == TIDINGS_HTML_LINK, relations.contains("canonical") {
                    canonical = nodes.attribute("href", of: node)
                } else if next == nil, relations.contains("next") {
                    next = nodes.attribute("href", of: node)
                }
            default: break
            }
        }
    }

    private mutating func readMeta(_ node: Int, _ nodes: HTMLNodes) {
        guard let content = nodes.attributeBytes("content", of: node) else { return }
        let value = foldedSpace(content)
        guard !value.isEmpty else { return }
        var names: [String] = []
        for attribute in ["property", "name", "http-equiv", "itemprop"] as [StaticString] {
            guard let name = nodes.attribute(attribute, of: node)?.lowercased() else { continue }
            // One element may have several names: `property="dc.date article:published_time"`.
            for part in name.split(separator: " ").map(String.init) where !names.contains(part) { names.append(part) }
        }
        for name in names {
            if values[name] == nil { order.append(name) }
            values[name, default: []].append(value)
        }
    }

    /// All values of the first of `names` that has any.
    func all(_ names: [String]) -> [String] { names.lazy.compactMap { values[$0] }.first ?? [] }

    func first(_ names: [String]) -> String? { all(names).first }

    /// The first value of each name that `isMeant` accepts by its words, in document order.
    func each(whereName isMeant: ([String]) -> Bool) -> [String] {
        order.filter { isMeant(NameWords.words(Array($0.utf8)[...])) }.compactMap { values[$0]?.first }
    }

    /// The values of each of `names`, in the order of the names.
    func each(_ names: [String]) -> some Sequence<String> { names.lazy.compactMap { values[$0]?.first } }
}
