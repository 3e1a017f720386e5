/// What the service asks of the ledger besides its commits.
extension Ledger {
    /// The names of the configured sources that cannot be read now, sorted.
    package func failingSources() throws(StoreError) -> [String] {
        var names: [String] = []
        try connection.prepare(
            "SELECT name FROM sources WHERE state IN ('failing', 'gone') AND unsubscribed_ms IS NULL ORDER BY name"
        ).each { row in
            names.append(row.text(0))
            return true
        }
        return names
    }

    /// Gives the pages of the database back that are kept in memory. The next commits read those anew that they need.
    package func releaseMemory() throws(StoreError) { try connection.releaseMemory() }

    /// How long `emptyLog` waits for readers that still use the log.
    private static let readersPatienceMilliseconds: Int32 = 1_000

    /// Copies the log into the database and empties it, so that a copy of the one file has everything. To be called at the end: while
    /// the daemon runs, the log is what makes commits cheap.
    /// - Returns: whether the log is empty now. What a reader or another writer keeps from being copied stays in the log, and nothing
    ///   is lost.
    package func emptyLog() throws(StoreError) -> Bool {
        connection.waitForLocks(milliseconds: Self.readersPatienceMilliseconds)
        defer { connection.waitForLocks(milliseconds: Connection.busyTimeoutMilliseconds) }
        // "If the RESTART or FULL or TRUNCATE checkpoint was blocked from completing", the first column is 1
        // (sqlite.org/pragma.html#pragma_wal_checkpoint).
        return try connection.integer("PRAGMA wal_checkpoint(TRUNCATE)") == 0
    }
}
