import TidingsCore

// Retention searches beside the writer, in parts of bounded size: a search through a million rows must not make a commit wait.

extension LedgerReader {
    /// Rows of `changes`, `articles` or `captures` that one call reads.
    private static let part = 10_000
    /// Versions that one call returns at most.
    private static let versionsLimit = 5_000

    /// Sums the stored bytes of the lines of the next change rows after `sequence`.
    /// - Returns: the sum, and the last row that it contains; nil if there is no row.
    package func changeBytes(after sequence: Int64) throws(StoreError) -> (bytes: Int64, through: Int64)? {
        let statement = try connection.prepare(
            """
            SELECT sum(bytes), max(seq)
            FROM (SELECT seq, length(line) AS bytes FROM changes WHERE seq > ? ORDER BY seq LIMIT \(Self.part))
            """)
        return try statement.first(.integer(sequence)) { row in
            row.optionalInteger(1).map { (bytes: row.integer(0), through: $0) }
        } ?? nil
    }

    /// Calls `body` with each old version of the next articles after the row `article`, until it returns false.
    /// - Returns: the article after which the next call goes on; nil at the end.
    package func eachOldVersion(
        after article: Int64, withBytes: Bool, _ body: (OldVersion) -> Bool
    ) throws(StoreError) -> Int64? {
        let last = try connection.integer("SELECT max(article) FROM articles")
        guard article < last else { return nil }
        let bytes = withBytes ? "(SELECT length(c.form) FROM contents c WHERE c.content = v.content)" : "0"
        let statement = try connection.prepare(
            """
            SELECT v.article, v.number, a.newest, v.committed_ms, v.seq, \(bytes)
            FROM articles a JOIN versions v ON v.article = a.article AND v.number > 1 AND v.number < a.newest
            WHERE a.article > ? AND a.article <= ? AND a.newest > 2 ORDER BY a.article, v.number
            """)
        var stoppedAt: Int64?
        try statement.each(.integer(article), .integer(article + Int64(Self.part))) { row in
            let version = OldVersion(
                key: VersionKey(article: row.integer(0), number: Int(row.integer(1))), newest: Int(row.integer(2)),
                milliseconds: row.integer(3), sequence: row.integer(4), bytes: row.integer(5))
            if body(version) { return true }
            stoppedAt = version.key.article
            return false
        }
        // The article at which `body` stopped may have more versions, so the next call begins with it.
        return stoppedAt.map { $0 - 1 } ?? article + Int64(Self.part)
    }

    /// The next old versions that `rule` removes. Call it again with `next` when they are removed; nil means the end.
    package func oldVersions(
        after article: Int64, removedBy rule: VersionRule
    ) throws(StoreError) -> (versions: [VersionKey], next: Int64?) {
        var versions: [VersionKey] = []
        let next = try eachOldVersion(after: article, withBytes: false) { version in
            if rule.removes(version) { versions.append(version.key) }
            return versions.count < Self.versionsLimit
        }
        return (versions, next)
    }

    /// The next captures of what has been gone since before `cutoff`, in milliseconds since 1970.
    /// - Returns: the captures, and the capture after which the next call goes on; nil at the end.
    package func goneCaptures(
        after key: CaptureKey, before cutoff: Int64
    ) throws(StoreError) -> (captures: [CaptureKey], next: CaptureKey?) {
        var captures: [CaptureKey] = []
        var next: CaptureKey?
        var count = 0
        let statement = try connection.prepare(
            """
            SELECT c.source, c.locator, \(CaptureKey.isGone) FROM captures c JOIN sources o USING (source)
            WHERE (c.source, c.locator) > (?2, ?3) ORDER BY c.source, c.locator LIMIT \(Self.part)
            """)
        try statement.each(.integer(cutoff), .integer(key.source), .text(key.locator)) { row in
            let found = CaptureKey(source: row.integer(0), locator: row.text(1))
            if row.integer(2) != 0 { captures.append(found) }
            next = found
            count += 1
            return true
        }
        return (captures, count < Self.part ? nil : next)
    }
}
