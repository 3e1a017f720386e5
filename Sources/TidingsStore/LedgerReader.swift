import TidingsCore

/// Reads the ledger beside its writer, through its own read-only connection. Publishing and the commands use it. One reader is used
/// by one thread at a time; each query sees the newest commit.
package final class LedgerReader {
    let connection: Connection

    /// - Throws: `cannotOpen` if there is no ledger yet, `newerSchema`.
    package init(path: String) throws(StoreError) {
        connection = try Connection(path: path, access: .read)
        try Schema.version(of: connection, for: "read the ledger")
        connection.watchPlace()
    }

    /// Gives the pages of the database back that are kept in memory. The next queries read those anew that they need.
    package func releaseMemory() throws(StoreError) { try connection.releaseMemory() }

    /// The statement for `sql`. It is prepared once in the life of the reader.
    func statement(_ sql: String) throws(StoreError) -> Statement {
        if let prepared = statements[sql] { return prepared }
        let statement = try connection.prepare(sql)
        statements[sql] = statement
        return statement
    }
    private var statements: [String: Statement] = [:]

    /// The SQL for the columns of the contents `table` that `Row.form` reads.
    func formColumns(_ table: String) throws(StoreError) -> String {
        if !hasBases { hasBases = try Schema.hasBases(connection) }
        return Schema.formColumns(of: table, hasBases: hasBases)
    }
    private var hasBases = false

    package func stream() throws(StoreError) -> String {
        try connection.prepare("SELECT value FROM meta WHERE key = 'stream'").first { $0.text(0) } ?? ""
    }

    // MARK: the committed change rows

    /// Sequence number of the newest change, whether or not its row is kept; 0 if there was none.
    package func lastSequence() throws(StoreError) -> Int64 {
        try connection.integer(Self.lastSequenceSQL)
    }

    /// The counter of AUTOINCREMENT outlives the rows. The rows are read too, because a database that was recovered from its parts
    /// may lack the counter.
    static let lastSequenceSQL = """
        SELECT max(ifnull((SELECT seq FROM sqlite_sequence WHERE name = 'changes'), 0), ifnull((SELECT max(seq) FROM changes), 0))
        """

    /// Sequence number of the oldest change of the present stream whose row is kept; the number of the next change if there is
    /// none. Pruning removes rows from the old end only.
    package func firstSequence() throws(StoreError) -> Int64 {
        let oldest = try connection.prepare(
            """
            SELECT min(seq) FROM changes
            WHERE seq >= coalesce((SELECT CAST(value AS INTEGER) FROM meta WHERE key = 'stream_first'), 1)
            """
        ).first { $0.optionalInteger(0) } ?? nil
        if let oldest { return oldest }
        return try lastSequence() + 1
    }

    /// The lines of the changes after `sequence`, in order, until their sum reaches `limitBytes`; at least one if there is one.
    /// - Parameter trusting: whether to skip the checks, for a caller that compares the lines itself.
    /// - Throws: `corrupt` if a line does not match its checksum; `moved`.
    package func lines(
        after sequence: Int64, limitBytes: Int, trusting: Bool = false
    ) throws(StoreError) -> [(sequence: Int64, bytes: [UInt8])] {
        if readLines == nil {
            let checksum = try Schema.checksumColumn(of: connection)
            readLines = try connection.prepare("SELECT seq, line, \(checksum) FROM changes c WHERE seq > ? ORDER BY seq")
        }
        var list: [(sequence: Int64, bytes: [UInt8])] = []
        var total = 0
        try readLines?.each(.integer(sequence)) { row throws(StoreError) in
            let line = row.line(1)
            if !trusting, let checksum = row.optionalInteger(2), ChangeLine.checksum(of: line) != checksum {
                throw StoreError(
                    reason: .corrupt, attempt: "read change \(row.integer(0))",
                    detail: "its line is not the one that was committed (\(connection.path))")
            }
            list.append((row.integer(0), line))
            total += line.count
            return total < limitBytes
        }
        // Checked last, so that nothing is announced that the database under this name does not have.
        if !trusting { try connection.checkPlace() }
        return list
    }
    private var readLines: Statement?

    package func sizeBytes() throws(StoreError) -> Int64 {
        try connection.integer("PRAGMA page_count") * connection.integer("PRAGMA page_size")
    }
}
