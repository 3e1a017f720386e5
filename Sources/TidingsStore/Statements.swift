/// The writer's SQL, prepared once.
struct Statements {
    let setMeta, insertChange, countChanges, putLook, putHeldRemovals, addPoll, putPoll: Statement
    let sighting, leader, otherLive, countLive: Statement
    let content, contentWithHash, contentInRow, insertContent: Statement
    let articleByRow, articleByID, insertArticle, reviseArticle, removeArticle, reviveArticle: Statement
    let articlesByHash, sightingsOfArticle, sightingsByIdentity: Statement
    let version, olderWithContent, previousHashes, insertVersion, rederiveVersion: Statement
    let insertSighting, updateSighting, touchSighting, moveSighting, reassignSighting, goneSighting: Statement
    let sightingsAt, sightingsWithin, sightingUnder: Statement
    let capture, putCapture, putBrokenCapture, touchCapture, deleteCapture: Statement
    let anySighting, keyHolder, fileItems, otherForms, shownPlaces, window, clearWindow, insertPlace: Statement
    let sightingByRow, seeSighting: Statement
    let pages: PageStatements

    init(_ connection: Connection) throws(StoreError) {
        func prepare(_ sql: String) throws(StoreError) -> Statement { try connection.prepare(sql) }
        let form = Schema.formColumns(of: "c")

        setMeta = try prepare("INSERT INTO meta VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value")
        insertChange = try prepare("INSERT INTO changes VALUES (?, ?, ?, ?, ?, ?, ?)")
        countChanges = try prepare(
            "INSERT INTO source_changes VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET count = count + excluded.count")
        putLook = try prepare(
            """
            UPDATE sources SET state = ?, state_since_ms = ?, detail = ?, last_attempt_ms = ?, last_success_ms = ?
            WHERE source = ?
            """)
        putHeldRemovals = try prepare("UPDATE sources SET removals_held_ms = ?, removals_held = ? WHERE source = ?")
        addPoll = try prepare(
            """
            INSERT INTO polls VALUES (?, ?, ?, ?, '')
            ON CONFLICT DO UPDATE SET host = excluded.host WHERE host <> excluded.host
            """)
        putPoll = try prepare(
            """
            INSERT INTO polls VALUES (?, ?, ?, ?, ?)
            ON CONFLICT DO UPDATE SET host = excluded.host, due_ms = excluded.due_ms, state = excluded.state
            """)

        sighting = try prepare(Self.sightingColumns + "WHERE s.source = ? AND s.key = ?")
        // A sighting of a source that is not configured leads only if no other source shows the article. There are two queries, so
        // that only the first sighting is read of an article that has thousands.
        leader = try prepare(
            """
            SELECT * FROM (
                SELECT sighting, url FROM sightings WHERE article = ?1 AND gone_ms IS NULL
                AND (SELECT unsubscribed_ms FROM sources o WHERE o.source = sightings.source) IS NULL ORDER BY sighting LIMIT 1)
            UNION ALL SELECT * FROM (
                SELECT sighting, url FROM sightings WHERE article = ?1 AND gone_ms IS NULL ORDER BY sighting LIMIT 1)
            LIMIT 1
            """)
        otherLive = try prepare(
            "SELECT 1 FROM sightings WHERE article = ? AND gone_ms IS NULL AND sighting <> ? LIMIT 1")
        countLive = try prepare("SELECT count(*) FROM sightings WHERE source = ? AND gone_ms IS NULL")
        sightingsOfArticle = try prepare(
            Self.sightingColumns + "WHERE s.article = ? AND s.source = ? ORDER BY s.sighting LIMIT 64")
        sightingsByIdentity = try prepare(
            Self.sightingColumns
                + "WHERE s.source = ?1 AND s.key <> ?4 AND (s.url = ?2 OR s.alias = ?3) ORDER BY s.sighting LIMIT 3")

        content = try prepare("SELECT content FROM contents WHERE hash = ?")
        contentWithHash = try prepare("SELECT \(StoredContent.columns) FROM contents c WHERE hash = ?")
        contentInRow = try prepare("SELECT \(StoredContent.columns) FROM contents c WHERE content = ?")
        insertContent = try prepare(
            "INSERT INTO contents (hash, encoding, form, base) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING")

        articleByRow = try prepare("SELECT id, newest, newest_hash, removed_ms FROM articles WHERE article = ?")
        articleByID = try prepare("SELECT article FROM articles WHERE id = ?")
        articlesByHash = try prepare(
            "SELECT a.article, a.id, a.newest, a.newest_hash, a.removed_ms FROM contents c "
                + "JOIN articles a ON a.newest_content = c.content WHERE c.hash = ? ORDER BY a.article LIMIT 16")
        insertArticle = try prepare(
            "INSERT INTO articles (id, newest, newest_hash, newest_content, first_seen_ms) VALUES (?, 1, ?, ?, ?) "
                + "ON CONFLICT DO NOTHING")
        reviseArticle = try prepare("UPDATE articles SET newest = ?, newest_hash = ?, newest_content = ? WHERE article = ?")
        removeArticle = try prepare("UPDATE articles SET removed_ms = ? WHERE article = ?")
        reviveArticle = try prepare("UPDATE articles SET removed_ms = NULL WHERE article = ?")

        version = try prepare("SELECT \(Schema.itemColumn), content FROM versions v WHERE article = ? AND number = ?")
        olderWithContent = try prepare(
            "SELECT v.number FROM versions v JOIN contents c USING (content) "
                + "WHERE v.article = ? AND c.hash = ? ORDER BY v.number DESC LIMIT 1")
        previousHashes = try prepare(
            "SELECT c.hash FROM versions v JOIN contents c USING (content) "
                + "WHERE v.article = ? AND v.number < ? ORDER BY v.number DESC LIMIT 2")
        insertVersion = try prepare(
            "INSERT INTO versions VALUES (?1, ?2, ?3, ?4, ?5, ?6, \(Schema.storedItem("?7", ofVersion: "?2", of: "?1")))")
        rederiveVersion = try prepare(
            "UPDATE versions SET content = ?1, item = \(Schema.storedItem("?2", ofVersion: "?4", of: "?3")) "
                + "WHERE article = ?3 AND number = ?4")

        insertSighting = try prepare(
            """
            INSERT INTO sightings (source, key, rule, locator, article, shown_hash, raw_hash, metadata, rules, url, alias,
                                   first_seen_ms, last_seen_ms)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """)
        updateSighting = try prepare(
            """
            UPDATE sightings SET locator = ?, shown_hash = ?, raw_hash = ?, metadata = ?, rules = ?, url = ?, alias = ?,
                                 last_seen_ms = ?, gone_ms = NULL
            WHERE sighting = ?
            """)
        touchSighting = try prepare("UPDATE sightings SET last_seen_ms = ? WHERE sighting = ?")
        moveSighting = try prepare("UPDATE sightings SET key = ?, rule = ? WHERE sighting = ?")
        reassignSighting = try prepare("UPDATE sightings SET article = ? WHERE sighting = ?")
        seeSighting = try prepare("UPDATE sightings SET last_seen_ms = ?, gone_ms = NULL WHERE sighting = ?")
        sightingByRow = try prepare(Self.sightingColumns + "WHERE s.sighting = ?")
        goneSighting = try prepare("UPDATE sightings SET gone_ms = ? WHERE sighting = ?")
        sightingsWithin = try prepare(
            "SELECT sighting, key, article, gone_ms FROM sightings WHERE source = ?1 AND locator = ?2")
        sightingsAt = try prepare(
            "SELECT sighting, key, article, gone_ms FROM sightings WHERE source = ?1 AND key = ?2 "
                + "UNION ALL SELECT sighting, key, article, gone_ms FROM sightings WHERE source = ?1 AND locator = ?2")
        sightingUnder = try prepare("SELECT sighting, article, gone_ms FROM sightings WHERE source = ? AND key = ?")
        anySighting = try prepare("SELECT 1 FROM sightings WHERE source = ? LIMIT 1")
        keyHolder = try prepare("SELECT url, raw_hash FROM sightings WHERE source = ? AND key = ? AND rule = ?")

        fileItems = try prepare(
            "SELECT key, rule, raw_hash, shown_hash, url FROM sightings "
                + "WHERE source = ? AND locator = ? AND gone_ms IS NULL AND rule IN ('content', 'position') ORDER BY sighting")
        otherForms = try prepare(
            "SELECT \(form) FROM sightings s JOIN articles a USING (article) JOIN contents c ON c.content = a.newest_content "
                + "WHERE s.source = ? AND s.article <> ? AND s.gone_ms IS NULL ORDER BY s.sighting DESC LIMIT ?")

        window = try prepare(
            "SELECT w.sighting, w.date_ms, w.absences, s.key, s.article, s.gone_ms FROM windows w "
                + "JOIN sightings s USING (sighting) WHERE w.source = ? ORDER BY w.place")
        shownPlaces = try prepare("SELECT sighting FROM windows WHERE source = ? AND absences IS NULL")
        clearWindow = try prepare("DELETE FROM windows WHERE source = ?")
        insertPlace = try prepare("INSERT INTO windows VALUES (?, ?, ?, ?, ?)")

        capture = try prepare("SELECT is_whole, raw_hash FROM captures WHERE source = ? AND locator = ?")
        putCapture = try prepare(
            Self.insertCapture + """
                captured_ms = iif(raw_hash IS excluded.raw_hash, captured_ms, excluded.captured_ms),
                etag = excluded.etag, last_modified = excluded.last_modified
                """)
        putBrokenCapture = try prepare(Self.insertCapture + "captured_ms = captured_ms")
        touchCapture = try prepare(
            "UPDATE captures SET seen_ms = ?, stamp = coalesce(?, stamp), status = coalesce(?, status) "
                + "WHERE source = ? AND locator = ?")
        deleteCapture = try prepare("DELETE FROM captures WHERE source = ? AND locator = ?")
        pages = try PageStatements(connection)
    }

    /// Start of every query for whole sightings; `LedgerTransaction.readSighting` reads its rows.
    static let sightingColumns = """
        SELECT s.sighting, s.key, s.article, s.shown_hash, s.raw_hash, s.metadata, s.rules, s.url, s.gone_ms, s.locator,
               a.id, a.newest, a.newest_hash, a.removed_ms
        FROM sightings s JOIN articles a USING (article)

        """

    private static let insertCapture = """
        INSERT INTO captures VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT DO UPDATE SET
            -- A page that cannot be read for once is remembered.
            blocks = iif(rules = excluded.rules, coalesce(excluded.blocks, blocks), excluded.blocks),
            seen_ms = excluded.seen_ms, raw_hash = excluded.raw_hash, bytes = excluded.bytes, stamp = excluded.stamp,
            rules = excluded.rules, format = excluded.format, problems = excluded.problems, problem = excluded.problem,
            status = excluded.status, final_url = excluded.final_url, is_whole = excluded.is_whole,

        """
}
