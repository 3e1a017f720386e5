import TidingsCore

/// A page that a source watches.
package struct WatchedPage: Equatable, Sendable {
    package let locator: String
    package let state: PageState
    /// Whose page it is; nil for a listed page before its first text.
    package let article: ArticleID?
    package let title: String?
    /// Whether a text came from it.
    package let hasText: Bool
}

extension LedgerReader {
    /// The documents of a source that could not be read, or with problems: those that could not be read first.
    package func problems(of source: SourceID, limit: Int) throws(StoreError) -> [CaptureProblem] {
        var list: [CaptureProblem] = []
        try statement(
            "SELECT locator, problem FROM captures WHERE source = ? AND problem IS NOT NULL ORDER BY format IS NOT NULL, locator LIMIT ?"
        ).each(.integer(source.row), .integer(Int64(limit))) { row in
            list.append(CaptureProblem(locator: row.text(0), message: row.text(1)))
            return true
        }
        return list
    }

    /// The pages that a source watches: those in trouble first, then as they are due.
    package func watchedPages(of source: SourceID, limit: Int) throws(StoreError) -> [WatchedPage] {
        guard try Schema.hasPages(connection) else { return [] }
        var list: [WatchedPage] = []
        try statement(
            """
            SELECT p.locator, p.due_ms, p.state, a.id, \(Schema.itemColumn), p.shown_hash IS NOT NULL OR p.feed_item IS NULL AND p.sighting IS NOT NULL
            FROM pages p LEFT JOIN sightings s USING (sighting) LEFT JOIN articles a ON a.article = s.article
            LEFT JOIN versions v ON v.article = a.article AND v.number = a.newest
            WHERE p.source = ? ORDER BY p.problem IS NULL, p.due_ms IS NULL, p.due_ms LIMIT ?
            """
        ).each(.integer(source.row), .integer(Int64(limit))) { row in
            let due = row.optionalInteger(1)
            list.append(
                WatchedPage(
                    locator: row.text(0), state: PageState(json: row.text(2), nextLook: due) ?? PageState(nextLook: due, lastChange: 0),
                    article: row.optionalText(3).flatMap { ArticleID($0) }, title: ItemRecord.title(in: row.blob(4)),
                    hasText: row.integer(5) != 0))
            return true
        }
        return list
    }
}
