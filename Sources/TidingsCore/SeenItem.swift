/// An item on its way to the ledger, with its key and everything that can be derived without the ledger.
package struct SeenItem: Equatable, Sendable {
    package private(set) var key: SightingKey
    package let item: Item
    package private(set) var form: CanonicalForm
    package let metadata: Int64
    /// Identifies the item when its key changes; nil if nothing does.
    package let canonicalURL: String?
    /// The id without scheme, host and tracking, if the id is a URL and is the key.
    package private(set) var alias: String?

    package init(key: SightingKey, item: Item) {
        self.key = key
        self.item = item
        form = CanonicalForm(title: item.title, text: item.text)
        metadata = item.metadata
        canonicalURL = item.identifyingURL
        alias = Self.alias(of: item, under: key)
    }

    /// The same sighting of another item.
    package func with(_ item: Item) -> SeenItem { item == self.item ? self : SeenItem(key: key, item: item) }

    /// The same item under the key that the ledger knows it by.
    package func under(_ key: SightingKey) -> SeenItem {
        var item = self
        item.key = key
        item.alias = Self.alias(of: self.item, under: key)
        return item
    }

    /// The same item with the text that its sighting showed before: what differs is no part of the article.
    package func showing(_ form: CanonicalForm) -> SeenItem {
        var item = self
        item.form = form
        return item
    }

    private static func alias(of item: Item, under key: SightingKey) -> String? {
        key.rule == .id ? item.id.flatMap(CanonicalURL.alias) : nil
    }
}

extension Item {
    /// The canonical URL, if it can identify the item. That of an attached file cannot: a bulletin is published every hour
    /// in one file, and each hour's is another item.
    var identifyingURL: String? {
        guard let url, !attachments.contains(where: { $0.url == url }) else { return nil }
        return CanonicalURL.of(url)
    }

    /// A hash of 64 bits over authors, URL, tags and language: equal while the metadata are the same.
    package var metadata: Int64 {
        if authors.isEmpty, url == nil, tags.isEmpty, language == nil { return 0 }
        var input: [UInt8] = []
        func put(_ text: String?) {
            input.append(contentsOf: (text ?? "\u{1}").utf8)
            input.append(0)
        }
        put(url.map { CanonicalURL.of($0) ?? $0 })
        put(language)
        for author in authors {
            put(author.name)
            put(author.email)
        }
        input.append(2)
        // The order of tags does not count.
        for tag in tags.sorted() { put(tag) }
        return ContentHash.of(input).bytes.prefix(8).reduce(0) { $0 << 8 | Int64($1) }
    }
}

/// The fields in which two versions differ, in the order of the line format.
package func changedFields(
    old: (form: CanonicalForm, item: Item), new: (form: CanonicalForm, item: Item)
) -> [ChangedField] {
    var fields: [ChangedField] = []
    if old.form.title != new.form.title { fields.append(.title) }
    if old.form.text != new.form.text { fields.append(.text) }
    return fields + changedMetadata(old: old.item, new: new.item)
}

/// The metadata fields in which two items differ.
package func changedMetadata(old: Item, new: Item) -> [ChangedField] {
    var fields: [ChangedField] = []
    // Only who wrote the item counts: the URL of an author is not compared.
    if old.authors.map(\.name) != new.authors.map(\.name) || old.authors.map(\.email) != new.authors.map(\.email) {
        fields.append(.authors)
    }
    if old.url.map({ CanonicalURL.of($0) ?? $0 }) != new.url.map({ CanonicalURL.of($0) ?? $0 }) { fields.append(.url) }
    if old.tags.sorted() != new.tags.sorted() { fields.append(.tags) }
    if old.language != new.language { fields.append(.language) }
    return fields
}
