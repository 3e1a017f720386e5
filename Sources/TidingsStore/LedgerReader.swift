import TidingsCore

/// Reads the ledger beside its writer, on a connection of its own that can change nothing: for publishing and for commands. One
/// reader is used by one thread at a time; each query sees the newest commit.
package final class LedgerReader {
    let connection: Connection

    /// - Throws: `cannotOpen` if there is no ledger yet, `newerSchema`.
    package init(path: String) throws(StoreError) {
        connection = try Connection(path: path, access: .read)
        try Schema.version(of: connection, for: "read the ledger")
        connection.watchPlace()
    }

    /// The statement of `sql`, which is prepared once in the life of the reader.
    func statement(_ sql: String) throws(StoreError) -> Statement {
        if let known = statements[sql] { return known }
        let statement = try connection.prepare(sql)
        statements[sql] = statement
        return statement
    }
    private var statements: [String: Statement] = [:]

    package func stream() throws(StoreError) -> String {
        try connection.prepare("SELECT value FROM meta WHERE key = 'stream'").first { $0.text(0) } ?? ""
    }

    // MARK: the committed change rows

    /// Sequence number of the newest change, whether or not its row is kept; 0 if there was none.
    package func lastSequence() throws(StoreError) -> Int64 {
        try connection.integer(Self.lastSequenceSQL)
    }

    /// What AUTOINCREMENT remembers outlives the rows. The rows themselves are asked too, because a database that was put together
    /// again from its parts may lack that memory.
    static let lastSequenceSQL = """
        SELECT max(ifnull((SELECT seq FROM sqlite_sequence WHERE name = 'changes'), 0), ifnull((SELECT max(seq) FROM changes), 0))
        """

    /// Sequence number of the oldest change of the present stream that is kept; the next one if there is none.
    /// Rows are pruned from that end only.
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

    /// The lines after `sequence`, in order, until they are more than `limitBytes` together; at least one if there is one.
    /// - Parameter trusting: whether they are given as they are, for somebody who compares them.
    /// - Throws: `corrupt` for a line that is not the one that was committed; `moved`.
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
            let line = row.blob(1)
            if !trusting, let checksum = row.optionalInteger(2), ChangeLine.checksum(of: line) != checksum {
                throw StoreError(
                    reason: .corrupt, attempt: "read change \(row.integer(0))",
                    detail: "its line is not the one that was committed (\(connection.path))")
            }
            list.append((row.integer(0), line))
            total += line.count
            return total < limitBytes
        }
        // Asked last: nothing is announced that the database under this name does not hold.
        if !trusting { try connection.checkPlace() }
        return list
    }
    private var readLines: Statement?

    package func sizeBytes() throws(StoreError) -> Int64 {
        try connection.integer("PRAGMA page_count") * connection.integer("PRAGMA page_size")
    }
}
