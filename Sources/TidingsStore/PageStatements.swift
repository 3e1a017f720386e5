/// The writer's SQL for the table `pages`, prepared once.
struct PageStatements {
    let byRow, bySighting, atLocator, listed: Statement
    let insert, forget, address, feedItem, show, metadata, bind, look, due: Statement
    let rule, isShown, shownWith, unread, well, trouble, outdate, outdateSighting, remember: Statement
    let bodyHash, putBody, dropBody, rereadCapture: Statement
    let newestSet, learnedLines, madeUnder: Statement
    let candidate, countLine, countPage, learn, putSet, trimLines: Statement

    /// What `LedgerTransaction.readPage` reads.
    static let columns = """
        SELECT p.page, p.source, p.locator, p.sighting, p.host, p.due_ms, p.state, p.is_backfill, p.feed_item, p.page_item,
               p.shown_hash, p.raw_hash, p.metadata, p.rules, p.first_item, p.first_form,
               p.learned, p.learned_host
        FROM pages p

        """

    init(_ connection: Connection) throws(StoreError) {
        func prepare(_ sql: String) throws(StoreError) -> Statement { try connection.prepare(sql) }

        byRow = try prepare(Self.columns + "WHERE p.page = ?")
        bySighting = try prepare(Self.columns + "WHERE p.sighting = ?")
        atLocator = try prepare(Self.columns + "WHERE p.source = ? AND p.locator = ?")
        listed = try prepare(Self.columns + "WHERE p.source = ?")
        insert = try prepare(
            "INSERT INTO pages (source, locator, sighting, host, due_ms, state, is_backfill, feed_item) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
        )
        forget = try prepare("DELETE FROM pages WHERE page = ?")
        address = try prepare("UPDATE pages SET locator = ?, host = ? WHERE page = ?")
        feedItem = try prepare("UPDATE pages SET feed_item = ? WHERE page = ?")
        show = try prepare(
            "UPDATE pages SET page_item = ?, shown_hash = ?, raw_hash = ?, metadata = ?, rules = ?, is_backfill = 0 WHERE page = ?")
        metadata = try prepare("UPDATE pages SET metadata = ? WHERE page = ?")
        bind = try prepare("UPDATE pages SET sighting = ? WHERE page = ?")
        look = try prepare(
            "UPDATE pages SET due_ms = ?, problem = ?, state = ?, first_item = ?, first_form = ? WHERE page = ?")
        due = try prepare("UPDATE pages SET due_ms = ?, state = ? WHERE page = ?")

        rule = try prepare("SELECT rule FROM sightings WHERE sighting = ?")
        isShown = try prepare("SELECT 1 FROM windows WHERE source = ? AND sighting = ? AND absences IS NULL")
        remember = try prepare(
            """
            INSERT INTO captures (source, locator, captured_ms, seen_ms, bytes, rules, format, problems, is_whole, blocks)
            VALUES (?1, ?2, ?3, ?3, 0, ?4, ?5, 0, 0, ?6)
            ON CONFLICT DO UPDATE SET blocks = excluded.blocks WHERE rules = excluded.rules
            """)
        outdate = try prepare("UPDATE pages SET rules = 0 WHERE page = ?")
        outdateSighting = try prepare("UPDATE sightings SET rules = 0 WHERE sighting = ?")
        // A page without a problem that was not looked at yet has no sighting.
        unread = try prepare("SELECT 1 FROM pages WHERE source = ? AND sighting IS NULL AND problem IS NULL LIMIT 1")
        well = try prepare("SELECT 1 FROM pages WHERE source = ? AND sighting IS NOT NULL AND problem IS NULL LIMIT 1")
        trouble = try prepare("SELECT count(*), min(locator || ': ' || problem) FROM pages WHERE source = ? AND problem IS NOT NULL")
        bodyHash = try prepare("SELECT raw_hash FROM page_bodies WHERE page = ?")
        // The same bytes, read in the same way, are not written again.
        putBody = try prepare(
            """
            INSERT INTO page_bodies VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT DO UPDATE SET
                captured_ms = iif(raw_hash = excluded.raw_hash, captured_ms, excluded.captured_ms), raw_hash = excluded.raw_hash,
                bytes = excluded.bytes, content_type = excluded.content_type, base_url = excluded.base_url,
                feed_title = excluded.feed_title, headline = excluded.headline, body = excluded.body
            WHERE (raw_hash, content_type, base_url, feed_title, headline)
                IS NOT (excluded.raw_hash, excluded.content_type, excluded.base_url, excluded.feed_title, excluded.headline)
            """)
        dropBody = try prepare("DELETE FROM page_bodies WHERE page = ?")
        rereadCapture = try prepare("UPDATE captures SET rules = ?, blocks = ? WHERE source = ? AND locator = ? AND raw_hash = ?")

        newestSet = try prepare("SELECT newest, pages FROM learned_sets WHERE host = ?")
        learnedLines = try prepare(
            "SELECT line FROM learned_lines WHERE host = ?1 AND since IS NOT NULL AND since <= ?2 AND (until IS NULL OR until > ?2)")
        madeUnder = try prepare("UPDATE pages SET learned = ?, learned_host = ? WHERE page = ?")
        candidate = try prepare("SELECT since IS NULL FROM learned_lines WHERE host = ? AND line = ?")
        // A figure that differs from article to article is the article's.
        countLine = try prepare(
            """
            INSERT INTO learned_lines (host, line, text, pages) VALUES (?, ?, ?, 1) ON CONFLICT DO UPDATE SET
                pages = iif(text = excluded.text OR since IS NOT NULL, pages + 1, 1), text = excluded.text
            RETURNING iif(since IS NULL, pages, 0)
            """)
        countPage = try prepare("INSERT INTO learned_sets VALUES (?, 1, 0) ON CONFLICT DO UPDATE SET pages = pages + 1")
        learn = try prepare("UPDATE learned_lines SET since = ? WHERE host = ? AND line = ?")
        putSet = try prepare("UPDATE learned_sets SET newest = ? WHERE host = ?")
        trimLines = try prepare(
            """
            DELETE FROM learned_lines WHERE row IN (
                SELECT row FROM learned_lines WHERE host = ?1 AND since IS NULL ORDER BY pages > 1, row
                LIMIT max(0, (SELECT count(*) FROM learned_lines WHERE host = ?1 AND since IS NULL) - ?2))
            """)
        shownWith = try prepare(
            Statements.sightingColumns + """
                WHERE s.sighting IN (SELECT w.sighting FROM windows w JOIN pages p USING (sighting) WHERE w.source = ?1)
                AND s.shown_hash = ?2 ORDER BY s.sighting
                """)
    }
}
