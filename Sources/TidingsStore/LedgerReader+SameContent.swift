import TidingsCore

extension LedgerReader {
    /// Of an article that thousands of files show, more are not asked about.
    private static let placesLimit = 16

    /// The locators of `source` under which, as far as was noticed, live articles show just `content` now; the oldest first.
    package func places(showing content: ContentHash, in source: SourceID) throws(StoreError) -> [String] {
        var places: [String] = []
        try statement(
            """
            SELECT coalesce(s.locator, s.key) FROM contents c JOIN articles a ON a.newest_content = c.content
            JOIN sightings s ON s.article = a.article
            WHERE c.hash = ? AND a.removed_ms IS NULL AND s.source = ? AND s.gone_ms IS NULL ORDER BY s.sighting LIMIT \(Self.placesLimit)
            """
        ).each(.blob(content.bytes), .integer(source.row)) { row in
            places.append(row.text(0))
            return true
        }
        return places
    }
}
