import TidingsCore

/// Two versions of one article beside each other.
package struct VersionDifference: Equatable, Sendable {
    package let old: StoredVersion
    package let new: StoredVersion
    package let changed: [ChangedField]
    package let title: [DiffLine]
    /// Authors, URL, tags and language, where they differ.
    package let metadata: [FieldDifference]
    /// All paragraphs of the text.
    package let paragraphs: [DiffLine]

    package init(old: StoredVersion, new: StoredVersion) {
        self.old = old
        self.new = new
        changed = changedFields(old: (old.form, old.item), new: (new.form, new.item))
        title = paragraphDiff(old: old.form.title ?? "", new: new.form.title ?? "")
        metadata = changedMetadata(old: old.item, new: new.item).map { FieldDifference($0, old: old.item, new: new.item) }
        paragraphs = paragraphDiff(old: old.form.text, new: new.form.text)
    }

    /// One JSON object. Keys are a contract: fields may be added, none is renamed.
    /// - Parameter context: how many equal paragraphs its hunks have around a change; nil for all.
    package func json(context: Int?) -> [UInt8] {
        let text = wordDiff(old: old.form.text, new: new.form.text)
        let characters = charactersChanged(old: old.form.text, new: new.form.text)
        var json = JSONWriter(capacity: new.form.bytes.count * 3)
        json.object { json in
            json.field("article", new.article.description)
            json.object("old") { old.summary.write(into: &$0) }
            json.object("new") { new.summary.write(into: &$0) }
            json.array("changed", changed) { json, field in json.string(field.rawValue) }
            json.field("characters_added", characters.added)
            json.field("characters_removed", characters.removed)
            json.array("title", wordDiff(old: old.form.title ?? "", new: new.form.title ?? "")) { $1.write(into: &$0) }
            json.array("metadata", metadata) { $1.write(into: &$0) }
            json.array("text", text) { $1.write(into: &$0) }
            json.array("hunks", hunks(of: paragraphs, context: context)) { $1.write(into: &$0) }
        }
        return json.bytes
    }
}

/// What went from a field that is neither title nor text, and what came.
package struct FieldDifference: Equatable, Sendable {
    package let field: ChangedField
    package let removed: [String]
    package let added: [String]

    fileprivate init(_ field: ChangedField, old: Item, new: Item) {
        self.field = field
        let before = Self.values(of: field, in: old)
        let after = Self.values(of: field, in: new)
        let gone = before.filter { [kept = Set(after)] in !kept.contains($0) }
        let come = after.filter { [known = Set(before)] in !known.contains($0) }
        // The same ones in another order, or another number of times.
        let isOnlyOrder = gone.isEmpty && come.isEmpty
        removed = isOnlyOrder ? before : gone
        added = isOnlyOrder ? after : come
    }

    private static func values(of field: ChangedField, in item: Item) -> [String] {
        switch field {
        case .authors:
            item.authors.map { author in
                guard let name = author.name else { return author.email ?? author.url ?? "" }
                return author.email.map { "\(name) <\($0)>" } ?? name
            }
        case .url: item.url.map { [$0] } ?? []
        case .tags: item.tags
        case .language: item.language.map { [$0] } ?? []
        case .title, .text: []
        }
    }
}

extension LedgerReader {
    /// How two versions of an article differ.
    /// - Parameters:
    ///   - old: the one before `new` if nil.
    ///   - new: the one after the reference's `@` if nil, else the newest.
    /// - Throws: `ArticleReferenceError`, `StoreError`.
    package func difference(_ reference: ArticleReference, old: Int?, new: Int?) throws -> VersionDifference {
        let newer = try version(reference, number: new)
        let number = old ?? newer.summary.number - 1
        guard number > 0 else {
            throw ArticleReferenceError.firstVersion(ArticleVersion(article: newer.article, number: newer.summary.number))
        }
        return VersionDifference(old: try version(reference, number: number), new: newer)
    }
}
