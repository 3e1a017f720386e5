import TidingsCore

/// A version as a timeline shows it: without its text.
package struct TimelineVersion: Equatable, Sendable {
    package let number: Int
    package let committedMilliseconds: Int64
    package let sequence: Int64
    /// Nil for the first.
    package let changeClass: ChangeClass?
    package let title: String?
    /// The line that announced it; nil if its row is not kept.
    package let line: [UInt8]?
}

/// What an article's row says.
package struct ArticleFacts: Equatable, Sendable {
    package let id: ArticleID
    package let newest: Int
    package let firstSeenMilliseconds: Int64
    package let removedMilliseconds: Int64?
}

extension LedgerReader {
    /// Nil if there is no such article.
    package func facts(of id: ArticleID) throws(StoreError) -> ArticleFacts? {
        try statement("SELECT newest, first_seen_ms, removed_ms FROM articles WHERE id = ?").first(.text(id.description)) { row in
            ArticleFacts(
                id: id, newest: Int(row.integer(0)), firstSeenMilliseconds: row.integer(1), removedMilliseconds: row.optionalInteger(2))
        }
    }

    /// The versions of an article before `number`, the newest first.
    /// - Parameter number: nil for the newest.
    package func timeline(of id: ArticleID, before number: Int? = nil, limit: Int) throws(StoreError) -> [TimelineVersion] {
        var list: [TimelineVersion] = []
        try statement(
            """
            SELECT v.number, v.committed_ms, v.seq, v.class, \(Schema.itemColumn), c.line
            FROM articles a JOIN versions v USING (article) LEFT JOIN changes c USING (seq)
            WHERE a.id = ? AND v.number < ? ORDER BY v.number DESC LIMIT ?
            """
        ).each(.text(id.description), .integer(number.map(Int64.init) ?? .max), .integer(Int64(limit))) { row in
            let line = row.line(5)
            list.append(
                TimelineVersion(
                    number: Int(row.integer(0)), committedMilliseconds: row.integer(1), sequence: row.integer(2),
                    changeClass: row.optionalText(3).flatMap(ChangeClass.init(rawValue:)), title: ItemRecord.title(in: row.blob(4)),
                    line: line.isEmpty ? nil : line))
            return true
        }
        return list
    }

    /// The newest title of an article; nil if it has none.
    package func title(of id: ArticleID) throws(StoreError) -> String? {
        try statement(
            """
            SELECT \(Schema.itemColumn) FROM articles a JOIN versions v ON v.article = a.article AND v.number = a.newest
            WHERE a.id = ?
            """
        ).first(.text(id.description)) { ItemRecord.title(in: $0.blob(0)) } ?? nil
    }
}
