import TidingsCore

/// What holds for a whole snapshot.
package struct SnapshotHead: Equatable, Sendable {
    package let stream: String
    /// The newest change that is in it; 0 before the first.
    package let sequence: Int64
    package let articles: Int
}

extension LedgerReader {
    /// Everything that lives, as it was after one change, as lines: calls `write` with the first, and then with that of each article,
    /// in the order in which they came. All of it is read in one transaction, row by row, in memory that does not depend on how
    /// much there is.
    ///
    /// Until the last of these calls has returned the database's log cannot be cut, so that none of them must wait for ever.
    /// - Parameters:
    ///   - names: only articles that are seen in one of these sources; nil for all.
    ///   - withText: whether the articles have their texts.
    ///   - milliseconds: the time now.
    /// - Returns: with the last line, which is to be written when a reader of the stream can go on from there.
    /// - Throws: what `write` throws; `StoreError`.
    package func snapshotLines(
        of names: [String]?, withText: Bool, at milliseconds: Int64, _ write: ([UInt8], SnapshotHead) throws -> Void
    ) throws -> (head: SnapshotHead, end: [UInt8]) {
        try inSnapshot(of: names) { head, condition in
            let line = SnapshotLine(
                stream: head.stream, sequence: head.sequence, articles: head.articles, milliseconds: milliseconds)
            try write(line.begin, head)
            try eachLiveArticle(condition, withText: withText) { try write(line.article($0), head) }
            return (head, line.end)
        }
    }

    /// Runs `body` in one read transaction.
    /// - Parameter body: is given an SQL condition on articles `a`, which holds for those that live and are seen in the sources.
    func inSnapshot<Result>(of names: [String]?, _ body: (SnapshotHead, String) throws -> Result) throws -> Result {
        // DEFERRED, the first SELECT decides what is seen: "If the first statement after BEGIN DEFERRED is a SELECT, then a read
        // transaction is started" (sqlite.org/lang_transaction.html). For the rest of it commits of others do not show.
        try connection.execute("BEGIN")
        defer { try? connection.execute("ROLLBACK") }
        let condition = "a.removed_ms IS NULL" + (try sourceCondition(names))
        let head = SnapshotHead(
            stream: try stream(), sequence: try lastSequence(),
            articles: Int(try connection.integer("SELECT count(*) FROM articles a WHERE \(condition)")))
        return try body(head, condition)
    }

    func eachLiveArticle(_ condition: String, withText: Bool, _ body: (SnapshotArticle) throws -> Void) throws {
        let sightings = try connection.prepare(
            """
            SELECT o.name, o.kind, s.key, s.last_seen_ms, o.unsubscribed_ms FROM sightings s JOIN sources o USING (source)
            WHERE s.article = ? AND s.gone_ms IS NULL ORDER BY s.sighting
            """)
        let articles = try connection.prepare(
            """
            SELECT a.article, a.id, a.newest, a.newest_hash, a.first_seen_ms, v.committed_ms, \(Schema.itemColumn), \(try formColumns("c"))
            FROM articles a JOIN versions v ON v.article = a.article AND v.number = a.newest JOIN contents c USING (content)
            WHERE \(condition) ORDER BY a.article
            """)
        var failure: (any Error)?
        try articles.each { row throws(StoreError) in
            guard let found = try article(row, sightings, withText: withText) else {
                throw StoreError(reason: .corrupt, attempt: "take a snapshot", detail: "article \(row.text(1)) is damaged")
            }
            do {
                try body(found)
                return true
            } catch {
                failure = error
                return false
            }
        }
        if let failure { throw failure }
    }

    private func sourceCondition(_ names: [String]?) throws(StoreError) -> String {
        guard let names else { return "" }
        let rows = try SourceRow.all(connection).filter { names.contains($0.name) }.map { "\($0.id.row)" }
        return """
             AND EXISTS (SELECT 1 FROM sightings s WHERE s.article = a.article AND s.gone_ms IS NULL
                         AND s.source IN (\(rows.joined(separator: ","))))
            """
    }

    private func article(
        _ row: borrowing Row, _ sightings: Statement, withText: Bool
    ) throws(StoreError) -> SnapshotArticle? {
        var origins: [Origin] = []
        var leader: Origin?
        var lastSeen: Int64 = 0
        try sightings.each(.integer(row.integer(0))) { sighting throws(StoreError) in
            let origin = Origin(source: sighting.text(0), kind: try sourceKind(sighting.text(1)), key: sighting.text(2))
            origins.append(origin)
            lastSeen = max(lastSeen, sighting.integer(3))
            // A source that nobody looks at any more leads only where no other shows the article.
            if leader == nil, sighting.optionalInteger(4) == nil { leader = origin }
            return true
        }
        guard let id = ArticleID(row.text(1)), let hash = ContentHash(bytes: row.blob(3)) else { return nil }
        let form = row.form(7)
        return SnapshotArticle(
            id: id, version: Int(row.integer(2)), contentHash: hash, firstSeenMilliseconds: row.integer(4),
            lastSeenMilliseconds: lastSeen, changedMilliseconds: row.integer(5), sightings: origins,
            leader: leader ?? origins.first, itemMembers: ItemRecord.lineMembers(of: row.blob(6)),
            characters: form.characters, text: withText ? form.text : nil)
    }
}
