import TidingsCore

/// What `status` counts of a source's pages.
package struct PageCounts: Equatable, Sendable {
    package var watched: Int
    /// Those that are not looked at any more.
    package var resting: Int
    /// Those whose text came from them.
    package var withText: Int
    /// When the next one is due, in milliseconds since 1970.
    package var nextDueMilliseconds: Int64?
    /// Why the last look brought no text, by name, with how many pages and one of them.
    package var problems: [PageTrouble]

    package init(
        watched: Int, resting: Int, withText: Int, nextDueMilliseconds: Int64?, problems: [PageTrouble] = []
    ) {
        self.watched = watched
        self.resting = resting
        self.withText = withText
        self.nextDueMilliseconds = nextDueMilliseconds
        self.problems = problems
    }
}

package struct PageTrouble: Equatable, Sendable {
    package let name: String
    package let pages: Int
    package let example: String

    package init(name: String, pages: Int, example: String) {
        self.name = name
        self.pages = pages
        self.example = example
    }
}

extension LedgerReader {
    /// When each page of the source is due, as seen at `now`; those that rest are among them.
    package func pages(of source: SourceID, now: Int64) throws(StoreError) -> [PageDue] {
        guard try Schema.hasPages(connection) else { return [] }
        var list: [PageDue] = []
        // A page that was never looked at may have no state, which is no JSON.
        try statement(
            """
            SELECT page, host, due_ms, iif(json_valid(state), json_extract(state, '$.lastAttempt'), NULL)
            FROM pages WHERE source = ? ORDER BY due_ms
            """
        ).each(.integer(source.row)) { row in
            list.append(
                PageDue(
                    page: PageID(row: row.integer(0)), source: source, host: row.text(1),
                    dueMilliseconds: PagePlan.due(row.optionalInteger(2), lastAttempt: row.optionalInteger(3), now: now)))
            return true
        }
        return list
    }

    /// What a look at the page needs; nil if it is not watched any more.
    package func page(_ id: PageID, now: Int64) throws(StoreError) -> PageRow? {
        let page = try statement(PageStatements.columns + "WHERE p.page = ?").first(.integer(id.row)) { StoredPage($0, now: now) }
        guard let page else { return nil }
        var key = SightingKey(page.locator, .page)
        var rawHash = ContentHash.of([])
        if let sighting = page.sighting {
            let known = try statement("SELECT key, rule, raw_hash FROM sightings WHERE sighting = ?").first(.integer(sighting)) {
                row in (SightingKey(row.text(0), KeyRule(rawValue: row.text(1)) ?? .id), ContentHash(bytes: row.blob(2)))
            }
            guard let known, let raw = known.1 else { return nil }
            (key, rawHash) = (known.0, raw)
        }
        return PageRow(
            id: id, source: page.source, locator: page.locator, host: page.host, state: page.state, key: key,
            feedItem: page.feedItem.map { ItemRecord.decode($0, rawHash: rawHash) }, hasText: page.hasText)
    }

    /// What `status` tells of the pages of a source; nil if it has none.
    package func pageCounts(of source: SourceID) throws(StoreError) -> PageCounts? {
        guard try Schema.hasPages(connection) else { return nil }
        var counts = try statement(
            """
            SELECT count(*), count(*) FILTER (WHERE due_ms IS NULL), min(due_ms),
                   count(*) FILTER (WHERE shown_hash IS NOT NULL OR feed_item IS NULL AND sighting IS NOT NULL)
            FROM pages WHERE source = ?
            """
        ).first(.integer(source.row)) { row in
            PageCounts(
                watched: Int(row.integer(0)), resting: Int(row.integer(1)), withText: Int(row.integer(3)),
                nextDueMilliseconds: row.optionalInteger(2))
        } ?? PageCounts(watched: 0, resting: 0, withText: 0, nextDueMilliseconds: nil)
        guard counts.watched > 0 else { return nil }
        try statement(
            "SELECT problem, count(*), min(locator) FROM pages WHERE source = ? AND problem IS NOT NULL GROUP BY problem ORDER BY 2 DESC, 1"
        ).each(.integer(source.row)) { row in
            counts.problems.append(PageTrouble(name: row.text(0), pages: Int(row.integer(1)), example: row.text(2)))
            return true
        }
        return counts
    }
}
