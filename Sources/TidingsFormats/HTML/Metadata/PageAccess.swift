import TidingsCore

/// What a page says in its structured data of how its article may be read, in the manner that search engines ask publishers
/// to mark what only subscribers see (schema.org, `isAccessibleForFree`).
struct PageAccess {
    /// Nil if the page does not say.
    private(set) var isFree: Bool?
    /// How many words the article has.
    private(set) var words: Int?
    /// The parts that are not free, as CSS selectors.
    private(set) var lockedParts: [String] = []
    /// Whether the page describes an article at all.
    let describesArticle: Bool

    /// - Parameter article: what the page says of its article.
    /// - Parameter pages: what it says of itself.
    init(article: JSONTree?, pages: [JSONTree]) {
        describesArticle = article != nil
        for source in [article].compactMap({ $0 }) + pages {
            if isFree == nil { isFree = source["isAccessibleForFree"].flatMap(Self.truth) }
            if lockedParts.isEmpty { lockedParts = source["hasPart"]?.list.prefix(Self.partLimit).compactMap(Self.lockedPart) ?? [] }
        }
        words = article?["wordCount"]?.text.flatMap { Int($0) }
    }

    private static let partLimit = 16

    private static func lockedPart(_ part: JSONTree) -> String? {
        guard part["isAccessibleForFree"].flatMap(truth) == false else { return nil }
        return part["cssSelector"]?.list.first?.string
    }

    /// Many write a truth value as text: `"False"`, `"http://schema.org/False"`.
    private static func truth(_ value: JSONTree) -> Bool? {
        if let bool = value.list.first?.bool { return bool }
        guard let text = value.list.first?.string?.lowercased() else { return nil }
        if text == "true" || text.hasSuffix("/true") { return true }
        return text == "false" || text.hasSuffix("/false") ? false : nil
    }
}
