import TidingsCore

/// Something that is wrong with the ledger.
package struct LedgerProblem: Equatable, Sendable {
    /// What repairs it.
    package enum Remedy: String, Equatable, Sendable {
        /// `verify --repair` rebuilds an index from its rows.
        case rebuildIndexes = "rebuild_indexes"
        /// `verify --repair` counts the rows again.
        case recount
        /// `verify --repair` drops the body of a page. The page's next change brings another.
        case dropBodies = "drop_bodies"
        /// Rows are lost or changed. Only a backup can have them.
        case restore
    }

    package let message: String
    package let remedy: Remedy

    package var isRepairable: Bool { remedy != .restore }
}

/// Checks everything that the ledger alone can prove: SQLite's structures, each hash, each line, and the agreement of the tables.
/// It needs constant memory and reads one snapshot, so that it can run beside the writer.
extension LedgerReader {
    /// How many problems of one kind are reported one by one: a shifted table is wrong in every row.
    private static let problemLimit = 100

    /// - Parameter onProgress: called with a message about the stage, and the fraction of it that is done, if that can be told.
    /// - Throws: errors other than `corrupt` and `inputOutput`, which count as problems that were found.
    package func check(onProgress: @escaping (String, Double?) -> Void = { _, _ in }) throws(StoreError) -> [LedgerProblem] {
        // GROUP BY article sorts all changes. The sorter then uses a file instead of memory.
        try connection.execute("PRAGMA temp_store = FILE")
        try connection.execute("BEGIN")
        defer { try? connection.execute("COMMIT") }
        var found = CheckFindings()
        func look(
            _ message: String, _ stage: (inout CheckFindings, (Double) -> Void) throws(StoreError) -> Void
        ) throws(StoreError) {
            onProgress(message, nil)
            do throws(StoreError) {
                try stage(&found) { onProgress(message, $0) }
            } catch {
                guard error.reason == .corrupt || error.reason == .inputOutput else { throw error }
                // Rows behind a broken page cannot be read. The other tables still can.
                found.add("\(message): \(error.detail)", .restore)
            }
        }
        try look("checking the database file", checkFile)
        try look("hashing the contents", checkContents)
        try look("comparing articles and versions", checkArticles)
        try look("reading the lines", checkLines)
        try look("folding the changes", checkFold)
        try look("counting the changes", checkCounters)
        try look("unpacking the bodies of pages", checkPageBodies)
        return found.problems
    }

    fileprivate struct CheckFindings {
        var problems: [LedgerProblem] = []

        mutating func add(_ message: String, _ remedy: LedgerProblem.Remedy) {
            problems.append(LedgerProblem(message: message, remedy: remedy))
        }
    }

    /// Adds a problem for each row that `sql` finds, up to `problemLimit`; `message` describes the row.
    private func note(
        _ found: inout CheckFindings, _ remedy: LedgerProblem.Remedy, _ sql: String, _ values: SQLValue...,
        message: (borrowing Row) -> String
    ) throws(StoreError) {
        var count = 0
        try connection.prepare(sql).each(values) { row in
            count += 1
            if count <= Self.problemLimit { found.add(message(row), remedy) }
            return true
        }
        if count > Self.problemLimit { found.add("… and \(count - Self.problemLimit) more of this kind", remedy) }
    }

    // MARK: the stages

    private func checkFile(_ found: inout CheckFindings, _ progress: (Double) -> Void) throws(StoreError) {
        try note(&found, .restore, "PRAGMA foreign_key_check") { row in
            "a row of \(row.text(0)) refers to a missing row of \(row.text(2))"
        }
        try connection.prepare("PRAGMA integrity_check").each { row in
            // One row may have several lines of text.
            for line in row.text(0).split(separator: "\n") where line != "ok" {
                let isIndex = line.contains("missing from index ") || line.contains("entries in index ")
                found.add(String(line), isIndex ? .rebuildIndexes : .restore)
            }
            return true
        }
    }

    private func checkContents(_ found: inout CheckFindings, _ progress: (Double) -> Void) throws(StoreError) {
        let last = try connection.integer("SELECT max(content) FROM contents")
        var count = 0
        try connection.prepare("SELECT c.content, c.hash, \(try formColumns("c")) FROM contents c ORDER BY c.content").each { row in
            let number = row.integer(0)
            if number % 1024 == 0, last > 0 { progress(Double(number) / Double(last)) }
            let hash = row.blob(1)
            guard row.form(2).hash.bytes != hash else { return true }
            count += 1
            if count <= Self.problemLimit {
                let problem =
                    FormEncoding(rawValue: row.integer(2)) == nil
                    ? "unknown encoding \(row.integer(2))" : "the text is not that of its hash sha256:\(hex(hash))"
                found.add("content \(number): \(problem)", .restore)
            }
            return true
        }
        if count > Self.problemLimit { found.add("… and \(count - Self.problemLimit) contents more", .restore) }
    }

    private func checkArticles(_ found: inout CheckFindings, _ progress: (Double) -> Void) throws(StoreError) {
        try connection.prepare("SELECT id FROM articles").each { row in
            if ArticleID(row.text(0)) == nil { found.add("article \(row.text(0)): that is no article id", .restore) }
            return true
        }
        // Retention may remove versions between the first and the newest.
        try note(
            &found, .restore,
            """
            SELECT a.id, a.newest, min(v.number), max(v.number) FROM articles a LEFT JOIN versions v USING (article)
            GROUP BY a.article HAVING min(v.number) IS NOT 1 OR max(v.number) IS NOT a.newest
            """
        ) { row in
            let kept = row.optionalInteger(2).map { "\($0) … \(row.integer(3))" } ?? "none"
            return "article \(row.text(0)): its versions should be 1 … \(row.integer(1)), there are \(kept)"
        }
        try note(
            &found, .restore,
            "SELECT id FROM articles a WHERE removed_ms IS NULL AND NOT EXISTS (SELECT 1 FROM sightings s WHERE s.article = a.article)"
        ) { "article \($0.text(0)): it lives, and is seen nowhere" }
        try note(
            &found, .restore,
            """
            SELECT a.id, a.newest FROM articles a JOIN versions v ON v.article = a.article AND v.number = a.newest
            LEFT JOIN contents c ON c.content = v.content
            WHERE v.content <> a.newest_content OR c.hash IS NOT a.newest_hash
            """
        ) { "article \($0.text(0)): its newest content is not that of version \($0.integer(1))" }
        try note(
            &found, .restore,
            """
            SELECT a.id, v.number, v.seq, c.seq FROM versions v JOIN articles a USING (article)
            LEFT JOIN changes c ON c.seq = v.seq
            WHERE v.seq >= ? AND (c.seq IS NULL OR c.article IS NOT v.article
                                  OR c.type NOT IN ('article.created', 'article.updated'))
            """, .integer(try firstSequence())
        ) { row in
            "article \(row.text(0)): version \(row.integer(1)) was announced by change \(row.integer(2)), "
                + (row.optionalInteger(3) == nil ? "which is lost" : "which is about something else")
        }
    }

    /// Each line agrees with its row, and no number is missing.
    private func checkLines(_ found: inout CheckFindings, _ progress: (Double) -> Void) throws(StoreError) {
        let stream = try stream()
        let first = try firstSequence()
        let last = try connection.integer("SELECT max(seq) FROM changes")
        let used = try connection.integer("SELECT seq FROM sqlite_sequence WHERE name = 'changes'")
        if last > 0, last != used { found.add("changes \(last + 1) … \(used) are lost", .restore) }
        try note(
            &found, .restore,
            """
            SELECT seq + 1, next - 1 FROM (SELECT seq, lead(seq) OVER (ORDER BY seq) AS next FROM changes WHERE seq >= ?)
            WHERE next > seq + 1
            """, .integer(first)
        ) { "changes \($0.integer(0)) … \($0.integer(1)) are lost" }

        let statement = try Self.linesWithRows(connection)
        var count = 0
        try statement.each { row in
            let sequence = row.integer(0)
            if sequence % 4096 == 0, last > first { progress(Double(sequence - first) / Double(last - first)) }
            guard let message = Self.wrong(row, stream: sequence >= first ? stream : nil) else { return true }
            count += 1
            if count <= Self.problemLimit { found.add("change \(sequence): \(message)", .restore) }
            return true
        }
        if count > Self.problemLimit { found.add("… and \(count - Self.problemLimit) changes more", .restore) }
    }

    /// Selects the rows that `wrong` checks.
    static func linesWithRows(_ connection: Connection) throws(StoreError) -> Statement {
        try connection.prepare(
            """
            SELECT c.seq, c.committed_ms, c.type, a.id, s.name, c.line, \(try Schema.checksumColumn(of: connection))
            FROM changes c LEFT JOIN articles a ON a.article = c.article LEFT JOIN sources s ON s.source = c.source ORDER BY c.seq
            """)
    }

    /// What is wrong with a line; nil if it is right.
    /// - Parameter stream: the stream that the line must name; nil to accept any, for a change from before a reset.
    static func wrong(_ row: borrowing Row, stream: String?) -> String? {
        let line = row.line(5)
        if let checksum = row.optionalInteger(6), ChangeLine.checksum(of: line) != checksum {
            return "the line is not the one that was committed"
        }
        guard line.count <= ChangeLine.limitBytes else { return "the line has \(line.count) bytes" }
        guard line.last == UInt8(ascii: "\n"), !line.dropLast().contains(UInt8(ascii: "\n")) else { return "the line has no end" }
        var reader = JSONReader(line)
        guard let event = try? reader.document() else { return "the line is no JSON" }
        guard event["id"]?.text == String(row.integer(0)), event["sequence"]?.text.flatMap({ Int64($0) }) == row.integer(0) else {
            return "the line has another number"
        }
        if let stream, event["source"]?.text != "urn:uuid:" + stream { return "the line is of another stream" }
        guard event["type"]?.text == "tidings." + row.text(2) else { return "the line is of another type than the row" }
        guard event["time"]?.text == rfc3339(milliseconds: row.integer(1), fraction: true) else {
            return "the line has another time than the row"
        }
        if let id = row.optionalText(3), event["subject"]?.text != id { return "the line is about another article than the row" }
        let isCut = event["data"]?["cut"] != nil
        if !isCut, let name = row.optionalText(4), let told = event["data"]?["origin"]?["source"]?.text, told != name {
            return "the line is of another source than the row"
        }
        return nil
    }

    /// Replays the changes of each article and compares the result with its row. This is possible only while every change is kept.
    private func checkFold(_ found: inout CheckFindings, _ progress: (Double) -> Void) throws(StoreError) {
        guard try connection.keepsEveryChange() else { return }
        try note(
            &found, .restore,
            """
            SELECT a.id, a.removed_ms IS NOT NULL, a.newest, coalesce(f.versions, 0), f.removed >= f.live
            FROM articles a LEFT JOIN (
                SELECT article, count(*) FILTER (WHERE type IN ('article.created', 'article.updated')) AS versions,
                       coalesce(max(seq) FILTER (WHERE type IN ('article.created', 'article.restored')), 0) AS live,
                       coalesce(max(seq) FILTER (WHERE type = 'article.removed'), 0) AS removed
                FROM changes WHERE article IS NOT NULL GROUP BY article) f USING (article)
            WHERE f.article IS NULL OR f.versions <> a.newest OR (f.removed >= f.live) <> (a.removed_ms IS NOT NULL)
            """
        ) { row in
            if row.integer(2) != row.integer(3) {
                return "article \(row.text(0)): it has \(row.integer(2)) versions, and \(row.integer(3)) were announced"
            }
            return "article \(row.text(0)): it is \(row.integer(1) != 0 ? "removed" : "live"), and the changes say that it is not"
        }
    }

    private func checkCounters(_ found: inout CheckFindings, _ progress: (Double) -> Void) throws(StoreError) {
        try note(
            &found, .recount,
            """
            SELECT source, type, kept, known FROM (
                SELECT source, type, sum(kept) AS kept, sum(known) AS known FROM (
                    SELECT source, type, count(*) AS kept, 0 AS known FROM changes WHERE source IS NOT NULL GROUP BY source, type
                    UNION ALL SELECT source, type, 0, count FROM source_changes)
                GROUP BY source, type)
            WHERE known < kept OR ? AND known <> kept
            """, .integer(try connection.keepsEveryChange() ? 1 : 0)
        ) { row in
            "source \(row.integer(0)): \(row.integer(3)) changes of type \(row.text(1)) were counted, there are \(row.integer(2))"
        }
    }

    private func checkPageBodies(_ found: inout CheckFindings, _ progress: (Double) -> Void) throws(StoreError) {
        guard try Schema.hasPages(connection) else { return }
        var damaged: [Int64] = []
        try PageBody.eachDamaged(connection, onProgress: progress) { damaged.append($0) }
        for page in damaged.prefix(Self.problemLimit) {
            let address = try statement("SELECT locator FROM pages WHERE page = ?").first(.integer(page)) { $0.text(0) }
            found.add("page \(address ?? String(page)): its stored body is not the one that was read", .dropBodies)
        }
        if damaged.count > Self.problemLimit { found.add("… and \(damaged.count - Self.problemLimit) bodies more", .dropBodies) }
    }
}

extension Connection {
    /// Whether the ledger has every change since the first: none was pruned, and the stream was never reset. Then counters can be
    /// computed from the changes.
    func keepsEveryChange() throws(StoreError) -> Bool {
        try integer("SELECT min(seq) = 1 AND NOT EXISTS (SELECT 1 FROM meta WHERE key = 'stream_first') FROM changes") == 1
    }
}
