import TidingsCore

/// The values of front matter, in whichever language it is written, and what they mean.
struct FrontMatterFields {
    /// By key, in lowercase.
    private let values: [String: JSONTree]
    /// How the source spells values that are a list or a table, for fields that are a text: `title: [draft]`.
    private let spellings: [String: String]

    init(_ values: [String: JSONTree], spellings: [String: String] = [:]) {
        self.values = values
        self.spellings = spellings
    }

    func item(rawHash: ContentHash) -> Item {
        var item = Item(rawHash: rawHash)
        item.id = text("id", "guid")
        item.title = text("title") ?? spelling("title")
        item.url = text("url", "canonical_url", "link", "permalink").flatMap { isAbsoluteURL($0) ? $0 : nil }
        item.datePublished = date("date", "published", "date_published", "publishdate")
        item.dateModified = date("updated", "modified", "date_modified", "lastmod")
        item.language = text("lang", "language")
        item.summary = text("summary", "description") ?? spelling("summary") ?? spelling("description")
        item.authors = Self.list(value("authors") ?? value("author")).compactMap(Self.author)
        item.tags = tags
        return item
    }

    /// Keys that say: this is front matter. The ones that are read, and others that programs write for themselves.
    static func isKnown(_ key: String) -> Bool { known.contains(key) }

    private static let known: Set<String> = [
        "aliases", "author", "authors", "canonical_url", "categories", "category", "created", "cssclass", "cssclasses",
        "date", "date_modified", "date_published", "description", "draft", "excerpt", "guid", "id", "keywords", "lang",
        "language", "lastmod", "layout", "link", "modified", "params", "permalink", "publish", "publishdate", "published",
        "slug", "subtitle", "summary", "tag", "tags", "taxonomies", "template", "title", "updated", "url", "weight",
    ]

    // MARK: One field

    /// Hugo and Zola have authors and tags in tables of these names too.
    private static let tables = ["taxonomies", "params", "extra"]

    private func value(_ key: String) -> JSONTree? {
        if let value = values[key] { return value }
        return Self.tables.lazy.compactMap { values[$0]?[key] }.first
    }

    private func text(_ keys: String...) -> String? { keys.lazy.compactMap { value($0).flatMap(Self.text) }.first }

    private func spelling(_ key: String) -> String? {
        switch values[key] {
        case .array, .object: spellings[key]
        default: nil
        }
    }

    private func date(_ keys: String...) -> ItemDate? {
        keys.lazy.compactMap { value($0).flatMap(Self.text).flatMap(machineDate) }.first
    }

    /// `tags: a, b` is a list, whatever the language says of it. Only authors' names contain commas.
    private var tags: [String] {
        let value = value("tags") ?? value("tag") ?? value("categories")
        if let line = value.flatMap(Self.text), !line.hasPrefix("[") {
            return line.split(separator: ",").map { Self.unlinked(foldedSpace(Array($0.utf8)[...])) }.filter { !$0.isEmpty }
        }
        return Self.list(value).compactMap(Self.name)
    }

    /// The elements of a list; a single value is a list of one. A list that the language could not read is a text that
    /// starts with its bracket.
    private static func list(_ value: JSONTree?) -> [JSONTree] {
        guard let value else { return [] }
        guard let text = value.string, text.hasPrefix("["), !text.hasPrefix("[[") else { return value.list }
        let inner = text.dropFirst().prefix { $0 != "]" }
        return inner.split(separator: ",").map { .string(unquoted(foldedSpace(Array($0.utf8)[...]))) }
    }

    private static func author(_ value: JSONTree) -> Author? {
        if let name = name(value) { return Author(name: name) }
        let author = Author(
            name: value["name"].flatMap(text), url: value["url"].flatMap(text), email: value["email"].flatMap(text))
        return author == Author() ? nil : author
    }

    /// A name, which may be a link to a note: `[[Name]]`, which YAML takes for a list in a list.
    private static func name(_ value: JSONTree) -> String? {
        if let text = text(value) { return unlinked(text) }
        guard let elements = value.elements, elements.count == 1, let inner = elements.first else { return nil }
        if let text = text(inner) { return unlinked(text) }
        guard let innermost = inner.elements, innermost.count == 1, let only = innermost.first else { return nil }
        return text(only).map(unlinked)
    }

    private static func text(_ value: JSONTree) -> String? {
        guard let text = value.text else { return nil }
        let folded = foldedSpace(Array(text.utf8)[...])
        return folded.isEmpty || folded == "null" || folded == "~" ? nil : folded
    }

    /// `[[Note|Name]]` reads as Name, `[[Name]]` as Name.
    private static func unlinked(_ text: String) -> String {
        guard text.hasPrefix("[["), text.hasSuffix("]]"), text.utf8.count > 4 else { return text }
        let link = text.dropFirst(2).dropLast(2)
        return String(link.split(separator: "|").last ?? link)
    }

    /// `text` without the quotes around it.
    static func unquoted(_ text: String) -> String {
        guard let first = text.first, first == "\"" || first == "'", text.last == first, text.utf8.count > 1 else { return text }
        return String(text.dropFirst().dropLast())
    }
}
