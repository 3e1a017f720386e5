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
    package let sightings: [Origin]
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
    /// The articles whose id starts with `prefix`, at most `limit`.
    package func articles(withPrefix prefix: String, limit: Int = 16) throws(StoreError) -> [ArticleID] {
        // An id is of letters and digits, so that the character after the last of them closes the range.
        guard prefix.utf8.allSatisfy(ArticleID.isDigit) else { return [] }
        var list: [ArticleID] = []
        let statement = try connection.prepare("SELECT id FROM articles WHERE id >= ? AND id < ? || '{' ORDER BY id LIMIT ?")
        try statement.each(.text(prefix), .text(prefix), .integer(Int64(limit))) { row in
            if let id = ArticleID(row.text(0)) { list.append(id) }
            return true
        }
        return list
    }

    /// Calls `body` with each article, oldest first, until it returns false. It may ask this reader for more meanwhile.
    /// - Parameters:
    ///   - source: only those seen in the source of this name.
    ///   - includesRemoved: whether removed ones are among them.
    package func eachArticle(source: String?, includesRemoved: Bool, _ body: (ArticleSummary) throws -> Bool) throws {
        let statement = try connection.prepare(
            """
            SELECT a.article, a.id, a.newest, a.first_seen_ms, v.committed_ms, a.removed_ms, c.form
            FROM articles a JOIN versions v ON v.article = a.article AND v.number = a.newest JOIN contents c USING (content)
            WHERE (?1 OR a.removed_ms IS NULL) AND (?2 IS NULL OR EXISTS (
                SELECT 1 FROM sightings s JOIN sources o USING (source)
                WHERE s.article = a.article AND o.name = ?2 AND (s.gone_ms IS NULL OR a.removed_ms IS NOT NULL)))
            ORDER BY a.article
            """)
        let origins = try connection.prepare(
            """
            SELECT o.name, o.kind, s.key FROM sightings s JOIN sources o USING (source)
            WHERE s.article = ? AND (s.gone_ms IS NULL OR ?) ORDER BY s.sighting
            """)
        var failure: (any Error)?
        try statement.each(.integer(includesRemoved ? 1 : 0), .optional(source)) { row throws(StoreError) in
            guard let id = ArticleID(row.text(1)) else { return true }
            let removed = row.optionalInteger(5)
            var sightings: [Origin] = []
            try origins.each(.integer(row.integer(0)), .integer(removed == nil ? 0 : 1)) { origin throws(StoreError) in
                sightings.append(
                    Origin(source: origin.text(0), kind: try sourceKind(origin.text(1)), key: origin.text(2)))
                return true
            }
            let article = ArticleSummary(
                id: id, title: CanonicalForm(stored: row.blob(6)).title, versions: Int(row.integer(2)),
                firstSeenMilliseconds: row.integer(3), changedMilliseconds: row.integer(4), removedMilliseconds: removed,
                sightings: sightings)
            do {
                return try body(article)
            } catch {
                failure = error
                return false
            }
        }
        if let failure { throw failure }
    }

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
            SELECT v.number, v.committed_ms, v.seq, v.class, v.item, c.form
            FROM articles a JOIN versions v USING (article) JOIN contents c USING (content)
            WHERE a.id = ? \(condition) ORDER BY v.number
            """)
        try statement.each(.text(id.description), .integer(Int64(number))) { row in
            let form = CanonicalForm(stored: row.blob(5))
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
