import TidingsCore

/// An article as lists show it.
package struct ArticleSummary: Equatable, Sendable {
    package let id: ArticleID
    package let title: String?
    package let versions: Int
    package let firstSeenMilliseconds: Int64
    package let changedMilliseconds: Int64
    package let removedMilliseconds: Int64?
    /// Where it is seen now; where it was seen last, if it is removed.
    package var sightings: [Origin]
}

extension ArticleSummary {
    /// When its newest version was committed, or it was removed.
    package var lastChangeMilliseconds: Int64 { max(changedMilliseconds, removedMilliseconds ?? 0) }
}

/// A version as `log` shows it.
package struct VersionSummary: Equatable, Sendable {
    package let number: Int
    package let committedMilliseconds: Int64
    package let sequence: Int64
    package let changeClass: ChangeClass?
    package let contentHash: ContentHash
    package let title: String?
    package let characters: Int
}

/// One version, whole.
package struct StoredVersion: Equatable, Sendable {
    package let article: ArticleID
    package let summary: VersionSummary
    package let form: CanonicalForm
    package let item: Item
}

extension LedgerReader {
    /// All versions of an article, oldest first.
    package func versions(of id: ArticleID) throws(StoreError) -> [StoredVersion] {
        try readVersions(id, "AND v.number > ?", 0)
    }

    /// Version `number` of an article, or its newest; nil if there is none such.
    package func version(of id: ArticleID, number: Int?) throws(StoreError) -> StoredVersion? {
        if let number { return try readVersions(id, "AND v.number = ?", number).first }
        return try readVersions(id, "AND v.number = a.newest AND v.number > ?", 0).first
    }

    /// The text of a version; nil if there is none such, or it is no longer kept.
    package func text(of version: ArticleVersion) throws(StoreError) -> String? {
        try self.version(of: version.article, number: version.number)?.form.text
    }

    /// - Throws: `corrupt` for a kind that this program does not know, as `SourceRow.all`.
    func sourceKind(_ name: String) throws(StoreError) -> SourceKind {
        if let kind = SourceKind(rawValue: name) { return kind }
        throw StoreError(
            reason: .corrupt, attempt: "read the sources of an article",
            detail: "one is of the kind '\(name)', which this program does not know (\(connection.path))")
    }

    private func readVersions(
        _ id: ArticleID, _ condition: String, _ number: Int
    ) throws(StoreError) -> [StoredVersion] {
        var list: [StoredVersion] = []
        let statement = try connection.prepare(
            """
            SELECT v.number, v.committed_ms, v.seq, v.class, \(Schema.itemColumn), \(try formColumns("c"))
            FROM articles a JOIN versions v USING (article) JOIN contents c USING (content)
            WHERE a.id = ? \(condition) ORDER BY v.number
            """)
        try statement.each(.text(id.description), .integer(Int64(number))) { row in
            let form = row.form(5)
            list.append(
                StoredVersion(
                    article: id,
                    summary: VersionSummary(
                        number: Int(row.integer(0)), committedMilliseconds: row.integer(1), sequence: row.integer(2),
                        changeClass: row.optionalText(3).flatMap(ChangeClass.init(rawValue:)),
                        contentHash: form.hash, title: form.title, characters: form.characters),
                    form: form, item: ItemRecord.decode(row.text(4), form: form, rawHash: form.hash)))
            return true
        }
        return list
    }
}
