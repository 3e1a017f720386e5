import TidingsCore

// Retention: what the settings say is no longer kept. Each call is one small transaction, so that a commit that comes meanwhile
// waits for no more than that, and a kill leaves what was removed so far: there is no order between the parts that could be half
// done. Tombstones, which are sightings that are gone and articles that are removed, always stay: an item that comes back after
// years is not new.

extension Ledger {
    /// Rows of one transaction.
    package static let pruneLimit = 500
    /// Pages that are given back in one transaction.
    private static let reclaimLimit = 256

    package struct PrunedChanges: Equatable, Sendable {
        package var rows = 0
        package var bytes: Int64 = 0
        /// Whether there may be more.
        package var hasMore = false
    }

    /// Removes the oldest change rows that `limit` does not keep. The newest row stays, and all from `floor` on.
    /// - Parameters:
    ///   - total: bytes of all lines.
    ///   - floor: the first change of the live segment, which must be possible to repair; everything before it is published.
    package func pruneChanges(
        keeping limit: RetentionLimit, total: Int64, before floor: Int64, at now: Int64
    ) throws -> PrunedChanges {
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
            guard count > 0 else { return PrunedChanges() }
            try connection.prepare("DELETE FROM changes WHERE seq <= ?").run(.integer(sequences[count - 1]))
            return PrunedChanges(
                rows: count, bytes: oldest.prefix(count).reduce(0) { $0 + $1.bytes }, hasMore: count == Self.pruneLimit)
        }
    }

    /// Removes versions, unless they are the first or the newest of their article, and the contents that nothing refers to then.
    /// - Returns: how many versions.
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
                """)
            var count = 0
            for version in versions {
                let content = try remove.first(.integer(version.article), .integer(Int64(version.number))) { $0.integer(0) }
                guard let content else { continue }
                try release.run(.integer(content))
                count += 1
            }
            return count
        }
    }

    /// Makes it quick to say whether a version has a content. Only where versions are pruned: every version that is written has to
    /// pay for it.
    package func indexVersions() throws {
        guard try connection.integer("SELECT count(*) FROM sqlite_schema WHERE name = 'versions_by_content'") == 0 else { return }
        try prune { () throws(StoreError) in
            try connection.execute("CREATE INDEX IF NOT EXISTS versions_by_content ON versions (content)")
        }
    }

    /// Removes captures that still are of what has been gone since before `cutoff`.
    /// - Returns: how many.
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

    private func prune<Result>(_ body: () throws(StoreError) -> Result) throws(StoreError) -> Result {
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

    /// Gives some of the pages that are free back to the file system. A database that was made before this could be done keeps them
    /// for what comes later, until somebody runs VACUUM on them.
    /// - Returns: whether there is more to give back.
    package func reclaim() throws -> Bool {
        // "2 or INCREMENTAL" (sqlite.org/pragma.html#pragma_auto_vacuum).
        guard try connection.integer("PRAGMA auto_vacuum") == 2 else { return false }
        let free = try connection.integer("PRAGMA freelist_count")
        // A few stay: to give back what the next commit takes again is work for nothing.
        guard free > Int64(Self.reclaimLimit) else { return false }
        try connection.execute("PRAGMA incremental_vacuum(\(Self.reclaimLimit))")
        return try connection.integer("PRAGMA freelist_count") < free
    }

    /// Copies the log into the database as far as no reader needs it. The next commit then begins the log anew, and cuts it to its
    /// limit. PASSIVE, because the other kinds wait for readers with the write lock held.
    package func checkpoint() throws {
        try connection.execute("PRAGMA wal_checkpoint(PASSIVE)")
    }
}
