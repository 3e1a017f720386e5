import FoundationEssentials
import TidingsCore

/// Repairs a ledger that no other process has open.
package struct LedgerRepair {
    let connection: Connection

    package init(path: String) throws(StoreError) {
        // Opened for reading first, so that a file that is not a database, or has a newer schema, is left unchanged.
        _ = try LedgerReader(path: path)
        connection = try Connection(path: path, access: .write)
        try connection.execute("PRAGMA synchronous = FULL")
        // The steps below delete rows that refer to lost rows. With foreign keys on, each DELETE would search whole tables.
        try connection.execute("PRAGMA foreign_keys = OFF")
    }

    /// Rebuilds every index from its rows.
    package func rebuildIndexes() throws(StoreError) { try connection.execute("REINDEX") }

    /// Raises each counter of changes to the number of changes that are kept. Sets it to exactly that number if every change is
    /// kept.
    package func recount() throws(StoreError) {
        let isExact = try connection.keepsEveryChange()
        try connection.transaction { () throws(StoreError) in
            if isExact { try connection.execute("DELETE FROM source_changes") }
            try connection.execute(
                """
                INSERT INTO source_changes SELECT source, type, count(*) FROM changes WHERE source IS NOT NULL
                AND source IN (SELECT source FROM sources) GROUP BY source, type
                ON CONFLICT DO UPDATE SET count = max(count, excluded.count)
                """)
        }
    }

    /// What `salvage` removed.
    package struct Loss: Equatable, Sendable {
        package var articles = 0
        package var versions = 0
        package var changes = 0
        /// The id of the new stream, whose first change tells the consumers.
        package var stream = ""
    }

    /// Removes what is damaged, so that the rest is a consistent ledger, and begins a new stream, because consumers may have
    /// changes that the ledger has lost. An article that is removed here gets the same id when its source shows it again, but its
    /// history is lost. The next look reads every source completely.
    /// - Parameter published: the highest sequence number that consumers may have seen.
    package func salvage(after published: Int64, now milliseconds: Int64) throws(StoreError) -> Loss {
        var loss = Loss()
        let damaged = try damagedContents()
        try connection.transaction { () throws(StoreError) in
            loss.changes = try removeDamagedChanges()
            try connection.execute("CREATE TEMP TABLE bad (row INTEGER PRIMARY KEY)")
            let insert = try connection.prepare("INSERT INTO bad VALUES (?)")
            for row in damaged { try insert.run(.integer(row)) }
            try freeFromDamagedBases()
            loss.versions = try delete(
                "versions WHERE content IN (SELECT row FROM bad) OR content NOT IN (SELECT content FROM contents)")
            try connection.execute("DELETE FROM contents WHERE content IN (SELECT row FROM bad)")
            _ = try delete("sightings WHERE source NOT IN (SELECT source FROM sources) OR article NOT IN (SELECT article FROM articles)")
            try connection.execute("DELETE FROM bad")
            try connection.execute(Self.findBrokenArticles)
            loss.articles = try delete("articles WHERE article IN (SELECT row FROM bad)")
            for table in ["versions", "sightings"] {
                _ = try delete("\(table) WHERE article NOT IN (SELECT article FROM articles)")
            }
            // A page keeps its authority: without its row the article would go back to what the feed says.
            _ = try delete("pages WHERE sighting NOT IN (SELECT sighting FROM sightings) OR source NOT IN (SELECT source FROM sources)")
            try connection.execute("UPDATE pages SET due_ms = 0, state = ''")
            _ = try delete("page_bodies WHERE page NOT IN (SELECT page FROM pages)")
            // Without these rows every source is read again: documents that were already read may contain what is lost.
            for table in ["windows", "captures", "polls"] { _ = try delete(table) }
            // SQLite will use the row numbers of deleted rows again.
            for (column, table) in [("article", "articles"), ("source", "sources")] {
                try connection.execute("UPDATE changes SET \(column) = NULL WHERE \(column) NOT IN (SELECT \(column) FROM \(table))")
            }
            _ = try delete("source_changes WHERE source NOT IN (SELECT source FROM sources)")
            try connection.execute("DROP TABLE temp.bad")
            loss.stream = try beginStream(after: published, now: milliseconds)
        }
        return loss
    }

    /// An article is broken unless its first and newest versions exist, the newest with its content, and it has a sighting; a live
    /// article needs a live one.
    private static let findBrokenArticles = """
        INSERT INTO bad SELECT a.article FROM articles a WHERE length(a.id) <> 26
            OR (SELECT min(number) FROM versions v WHERE v.article = a.article) IS NOT 1
            OR (SELECT max(number) FROM versions v WHERE v.article = a.article) IS NOT a.newest
            OR NOT EXISTS (
                SELECT 1 FROM versions v JOIN contents c USING (content) WHERE v.article = a.article AND v.number = a.newest
                AND v.content = a.newest_content AND c.hash = a.newest_hash)
            OR NOT EXISTS (
                SELECT 1 FROM sightings s WHERE s.article = a.article AND (a.removed_ms IS NOT NULL OR s.gone_ms IS NULL))
        """

    private func delete(_ rows: String) throws(StoreError) -> Int {
        try connection.execute("DELETE FROM \(rows)")
        return connection.changedRows
    }

    private func damagedContents() throws(StoreError) -> [Int64] {
        var list: [Int64] = []
        let form = Schema.formColumns(of: "c", hasBases: try Schema.hasBases(connection))
        try connection.prepare("SELECT c.content, c.hash, \(form) FROM contents c").each { row in
            if row.form(2).hash.bytes != row.blob(1) { list.append(row.integer(0)) }
            return true
        }
        return list
    }

    /// Stores those texts as they are that are right although their base is damaged, in a part that they have nothing of.
    private func freeFromDamagedBases() throws(StoreError) {
        guard try Schema.hasBases(connection) else { return }
        let update = try connection.prepare("UPDATE contents SET encoding = ?, form = ?, base = NULL WHERE content = ?")
        var rescued: [(content: Int64, form: [UInt8])] = []
        try connection.prepare(
            """
            SELECT c.content, \(Schema.formColumns(of: "c")) FROM contents c
            WHERE c.encoding = ? AND c.content NOT IN (SELECT row FROM bad) AND c.base IN (SELECT row FROM bad)
            """
        ).each(.integer(FormEncoding.difference.rawValue)) { row in
            rescued.append((row.integer(0), row.formBytes(1)))
            return true
        }
        for (content, form) in rescued {
            try update.run(.integer(FormEncoding.plain.rawValue), .blob(form), .integer(content))
        }
    }

    private func removeDamagedChanges() throws(StoreError) -> Int {
        var damaged: [Int64] = []
        try LedgerReader.linesWithRows(connection).each { row in
            if LedgerReader.wrong(row, stream: nil) != nil { damaged.append(row.integer(0)) }
            return true
        }
        let statement = try connection.prepare("DELETE FROM changes WHERE seq = ?")
        for sequence in damaged { try statement.run(.integer(sequence)) }
        return damaged.count
    }

    private func beginStream(after published: Int64, now milliseconds: Int64) throws(StoreError) -> String {
        let used = max(
            published, try connection.integer("SELECT max(seq) FROM changes"),
            try connection.integer("SELECT max(seq) FROM sqlite_sequence WHERE name = 'changes'"))
        let stream = UUID().uuidString.lowercased()
        var change = Change(type: .streamReset)
        change.detail = "the database was damaged, and recovered as far as it could be; the stream before had reached \(used)"
        let line = ChangeLine.encode(change, sequence: used + 1, stream: stream, milliseconds: milliseconds)
        let setMeta = try connection.prepare("INSERT INTO meta VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value")
        // The old stream's files are set aside at the next start.
        try connection.execute(
            """
            INSERT INTO meta SELECT 'superseded', value FROM meta WHERE key = 'stream'
            ON CONFLICT DO UPDATE SET value = value || ' ' || excluded.value
            """)
        try setMeta.run(.text("stream"), .text(stream))
        try setMeta.run(.text("stream_first"), .text(String(used + 1)))
        try connection.prepare("INSERT INTO changes (seq, committed_ms, type, line, checksum) VALUES (?, ?, ?, ?, ?)").run(
            .integer(used + 1), .integer(milliseconds), .text(change.type.rawValue), .blob(line),
            .integer(ChangeLine.checksum(of: line)))
        return stream
    }

    /// Copies the log into the database and truncates it to zero bytes.
    package func finish() throws(StoreError) { try connection.execute("PRAGMA wal_checkpoint(TRUNCATE)") }
}
