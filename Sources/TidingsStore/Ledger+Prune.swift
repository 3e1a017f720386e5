import TidingsCore

// Retention removes what the settings no longer keep. Each call is one small transaction, so that a commit never waits longer than
// one of them. The transactions do not depend on each other: a kill between two of them leaves a consistent ledger. Tombstones,
// which are gone sightings and removed articles, are never deleted, so that an item that returns after years is not new.

extension Ledger {
    /// Rows that one transaction removes at most.
    package static let pruneLimit = 500
    /// Pages that one transaction returns to the file system at most.
    private static let reclaimLimit = 256

    /// What one transaction removed.
    package struct PrunedRows: Equatable, Sendable {
        package var rows = 0
        package var bytes: Int64 = 0
        /// Whether another call may remove more.
        package var hasMore = false
    }

    /// Removes the oldest change rows that `limit` does not keep, but never the newest row, nor one from `floor` on.
    /// - Parameters:
    ///   - total: the stored bytes of the lines of all change rows.
    ///   - floor: the first change that must stay. The live segment is repaired from the rows, and a sink still lacks those after what
    ///     it has confirmed.
    package func pruneChanges(
        keeping limit: RetentionLimit, total: Int64, before floor: Int64, at now: Int64
    ) throws -> PrunedRows {
        try prune { () throws(StoreError) in
            var sequences: [Int64] = []
            var oldest: [RetentionLimit.Thing] = []
            let read = try connection.prepare(
                "SELECT seq, committed_ms, length(line) FROM changes WHERE seq < ? ORDER BY seq LIMIT \(Self.pruneLimit)")
            try read.each(.integer(min(floor, lastSequence))) { row in
                sequences.append(row.integer(0))
                oldest.append(RetentionLimit.Thing(milliseconds: row.integer(1), bytes: row.integer(2)))
                return true
            }
            let count = limit.countToRemove(of: oldest, total: total, now: now)
            guard count > 0 else { return PrunedRows() }
            try connection.prepare("DELETE FROM changes WHERE seq <= ?").run(.integer(sequences[count - 1]))
            return PrunedRows(
                rows: count, bytes: oldest.prefix(count).reduce(0) { $0 + $1.bytes }, hasMore: count == Self.pruneLimit)
        }
    }

    /// Removes versions and the contents that nothing refers to any more. Keeps the first and the newest version of an article.
    /// - Returns: how many versions were removed.
    package func pruneVersions(_ versions: ArraySlice<VersionKey>) throws -> Int {
        try prune { () throws(StoreError) in
            let remove = try connection.prepare(
                """
                DELETE FROM versions
                WHERE article = ?1 AND number = ?2 AND number > 1 AND number < (SELECT newest FROM articles WHERE article = ?1)
                RETURNING content
                """)
            let release = try connection.prepare(
                """
                DELETE FROM contents WHERE content = ?1 AND NOT EXISTS (SELECT 1 FROM versions WHERE content = ?1)
                AND NOT EXISTS (SELECT 1 FROM articles WHERE newest_content = ?1)
                AND NOT EXISTS (SELECT 1 FROM contents WHERE base = ?1)
                RETURNING base
                """)
            var count = 0
            for version in versions {
                let content = try remove.first(.integer(version.article), .integer(Int64(version.number))) { $0.integer(0) }
                guard let content else { continue }
                // Its base may have been kept for its sake only.
                let base = try release.first(.integer(content)) { $0.optionalInteger(0) } ?? nil
                if let base { try release.run(.integer(base)) }
                count += 1
            }
            return count
        }
    }

    /// Creates indexes that find the versions of a content, and the contents of a base. They are created only where versions are
    /// pruned, because they make every new version dearer to write.
    package func indexVersions() throws {
        let indexes = "name IN ('versions_by_content', 'contents_by_base')"
        guard try connection.integer("SELECT count(*) FROM sqlite_schema WHERE \(indexes)") < 2 else { return }
        try prune { () throws(StoreError) in
            try connection.execute(
                """
                CREATE INDEX IF NOT EXISTS versions_by_content ON versions (content);
                CREATE INDEX IF NOT EXISTS contents_by_base ON contents (base) WHERE base IS NOT NULL
                """)
        }
    }

    /// Removes captures of what has been gone since before `cutoff`. Checks each once more in this transaction.
    /// - Parameter cutoff: milliseconds since 1970.
    /// - Returns: how many captures were removed.
    package func pruneCaptures(_ captures: ArraySlice<CaptureKey>, before cutoff: Int64) throws -> Int {
        try prune { () throws(StoreError) in
            let remove = try connection.prepare(
                """
                DELETE FROM captures AS c WHERE c.source = ?2 AND c.locator = ?3
                AND EXISTS (SELECT 1 FROM sources o WHERE o.source = c.source AND \(CaptureKey.isGone))
                """)
            var count = 0
            for capture in captures {
                try remove.run(.integer(cutoff), .integer(capture.source), .text(capture.locator))
                count += connection.changedRows
            }
            return count
        }
    }

    /// Runs one step, which a test can have die.
    func prune<Result>(_ body: () throws(StoreError) -> Result) throws(StoreError) -> Result {
        let result = try connection.transaction { () throws(StoreError) in
            try reach(.pruneBegun)
            let result = try body()
            try reach(.pruneApplied)
            return result
        }
        try reach(.pruneCommitted)
        return result
    }

    // MARK: space

    /// Returns some free pages to the file system. A database that was created without `auto_vacuum` keeps them for later rows,
    /// until somebody runs VACUUM.
    /// - Returns: whether there are more pages to return.
    package func reclaim() throws -> Bool {
        // "2 or INCREMENTAL" (sqlite.org/pragma.html#pragma_auto_vacuum).
        guard try connection.integer("PRAGMA auto_vacuum") == 2 else { return false }
        let free = try connection.integer("PRAGMA freelist_count")
        // Some stay, because the next commits need pages again.
        guard free > Int64(Self.reclaimLimit) else { return false }
        try connection.execute("PRAGMA incremental_vacuum(\(Self.reclaimLimit))")
        return try connection.integer("PRAGMA freelist_count") < free
    }

    /// Copies the log into the database as far as no reader prevents it. When all is copied, the next commit starts the log again
    /// from its beginning and truncates it to its limit. PASSIVE, because the other modes wait for readers and hold the write lock.
    package func checkpoint() throws {
        try connection.execute("PRAGMA wal_checkpoint(PASSIVE)")
    }
}
