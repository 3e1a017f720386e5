import TidingsCore

/// Two versions of one article beside each other.
package struct VersionDifference: Equatable, Sendable {
    package let old: StoredVersion
    package let new: StoredVersion
    /// Names of the fields that differ, as in a line of the stream.
    package let changed: [String]
    package let title: [DiffRun]
    package let text: [DiffRun]

    init(old: StoredVersion, new: StoredVersion) {
        self.old = old
        self.new = new
        changed = changedFields(old: (old.form, old.item), new: (new.form, new.item))
        title = wordDiff(old: old.form.title ?? "", new: new.form.title ?? "")
        text = wordDiff(old: old.form.text, new: new.form.text)
    }

    /// One JSON object. Keys are a contract: fields may be added, none is renamed.
    package var json: [UInt8] {
        let characters = charactersChanged(text)
        var json = JSONWriter(capacity: new.form.bytes.count * 2)
        json.object { json in
            json.field("article", new.article.description)
            json.object("old") { old.summary.write(into: &$0) }
            json.object("new") { new.summary.write(into: &$0) }
            json.array("changed", changed) { json, name in json.string(name) }
            json.field("characters_added", characters.added)
            json.field("characters_removed", characters.removed)
            json.array("title", title, Self.write)
            json.array("text", text, Self.write)
        }
        return json.bytes
    }

    private static func write(_ json: inout JSONWriter, _ run: DiffRun) {
        json.object { json in
            switch run.kind {
            case .same: json.field("kind", "same")
            case .added: json.field("kind", "added")
            case .removed: json.field("kind", "removed")
            }
            json.field("text", run.text)
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
