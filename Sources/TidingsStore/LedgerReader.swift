import TidingsCore

/// Reads the ledger beside its writer, on a connection of its own that can change nothing: for publishing and for commands. One
/// reader is used by one thread at a time; each query sees the newest commit.
package final class LedgerReader {
    let connection: Connection

    /// - Throws: `cannotOpen` if there is no ledger yet, `newerSchema`.
    package init(path: String) throws(StoreError) {
        connection = try Connection(path: path, access: .read)
        try Schema.version(of: connection, for: "read the ledger")
    }

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
    package func lines(
        after sequence: Int64, limitBytes: Int
    ) throws(StoreError) -> [(sequence: Int64, bytes: [UInt8])] {
        if readLines == nil {
            readLines = try connection.prepare("SELECT seq, line FROM changes WHERE seq > ? ORDER BY seq")
        }
        var list: [(sequence: Int64, bytes: [UInt8])] = []
        var total = 0
        try readLines?.each(.integer(sequence)) { row in
            let line = row.blob(1)
            list.append((row.integer(0), line))
            total += line.count
            return total < limitBytes
        }
        return list
    }
    private var readLines: Statement?

    // MARK: the whole

    /// What SQLite finds wrong with the file (`PRAGMA integrity_check`); empty when it is sound.
    package func integrityProblems() throws(StoreError) -> [String] {
        var problems: [String] = []
        try connection.prepare("PRAGMA integrity_check").each { row in
            if row.text(0) != "ok" { problems.append(row.text(0)) }
            return true
        }
        try connection.prepare("PRAGMA foreign_key_check").each { row in
            problems.append("a row of \(row.text(0)) refers to a missing row of \(row.text(2))")
            return true
        }
        return problems
    }

    /// Contents whose hash is not that of their bytes.
    package func damagedContents() throws(StoreError) -> Int {
        var count = 0
        try connection.prepare("SELECT hash, form FROM contents").each { row in
            if CanonicalForm(stored: row.blob(1)).hash.bytes != row.blob(0) { count += 1 }
            return true
        }
        return count
    }

    package func sizeBytes() throws(StoreError) -> Int64 {
        try connection.integer("PRAGMA page_count") * connection.integer("PRAGMA page_size")
    }
}
