import FoundationEssentials
import TidingsCore

/// The ledger's one writer: the only place that changes the database. What it commits is committed whole: versions, sightings,
/// captures and the change rows that announce them.
///
/// It runs on a thread of its own, because SQLite blocks.
package actor Ledger {
    private let executor = BlockingExecutor(label: "tidings.ledger")
    nonisolated package var unownedExecutor: UnownedSerialExecutor { unsafe executor.asUnownedSerialExecutor() }

    let connection: Connection
    let statements: Statements
    /// The stream id: part of every line, a UUID in lowercase.
    package private(set) var stream: String
    /// Sequence number of the newest change. In memory because the writer is alone; taken back when a transaction fails.
    package internal(set) var lastSequence: Int64
    /// The table of sources as it is in the database, but for the poll states; emptied when a transaction fails.
    var sources: [SourceID: SourceRow] = [:]
    /// Changes of the transaction that is under way, to be counted at its end.
    var uncounted: [SourceChange: Int] = [:]
    struct SourceChange: Hashable {
        let source: SourceID
        let type: ChangeType
    }

    /// Opens the ledger in the file `path`, making or migrating it.
    /// - Parameter onProgress: called now and then while that takes time and gets on.
    /// - Throws: `corrupt`, `newerSchema`, `cannotOpen`, `busy`.
    package init(path: String, onProgress: (() -> Void)? = nil) throws(StoreError) {
        let connection = try Connection(path: path, access: .write)
        connection.onSteps(onProgress)
        defer { connection.onSteps(nil) }
        try connection.execute("PRAGMA journal_mode = WAL")
        try connection.execute("PRAGMA synchronous = FULL")
        try connection.execute("PRAGMA foreign_keys = ON")
        // The log is copied back every 64 MiB: less often than the default, because pages that are written again before that,
        // such as those of an index over hashes, are copied once only.
        try connection.execute("PRAGMA wal_autocheckpoint = 16384")
        try connection.execute("PRAGMA cache_size = -16384")
        try Schema.migrate(connection)
        self.connection = connection
        statements = try Statements(connection)
        stream = try Self.streamID(connection)
        lastSequence = try connection.integer("SELECT seq FROM sqlite_sequence WHERE name = 'changes'")
    }

    /// Begins a new stream: the database is behind what was published, so that its numbers would be used twice. The first change of
    /// the new stream says so.
    /// - Parameter after: the highest sequence number that consumers may have seen.
    package func resetStream(after published: Int64, now milliseconds: Int64) throws(StoreError) {
        let before = (stream: stream, sequence: lastSequence)
        do {
            try connection.transaction { () throws(StoreError) in
                stream = UUID().uuidString.lowercased()
                lastSequence = max(lastSequence, published)
                try statements.setMeta.run(.text("stream"), .text(stream))
                try statements.setMeta.run(.text("stream_first"), .text(String(lastSequence + 1)))
                var change = Change(type: .streamReset)
                change.detail = "the database was lost or restored; stream \(before.stream) had reached \(published)"
                var summary = CommitSummary()
                try announce(change, at: milliseconds, in: &summary)
            }
        } catch {
            (stream, lastSequence) = before
            throw error
        }
        try reach(.resetCommitted)
    }

    private static func streamID(_ connection: Connection) throws(StoreError) -> String {
        let read = try connection.prepare("SELECT value FROM meta WHERE key = 'stream'")
        if let known = try read.first(read: { $0.text(0) }) { return known }
        let fresh = UUID().uuidString.lowercased()
        try connection.prepare("INSERT INTO meta VALUES ('stream', ?)").run(.text(fresh))
        return fresh
    }

    /// Writes the row of `change`, whose line is made here and never again.
    /// - Returns: its sequence number.
    @discardableResult
    func announce(
        _ change: Change, article: Int64? = nil, source: SourceID? = nil, at milliseconds: Int64,
        in summary: inout CommitSummary
    ) throws(StoreError) -> Int64 {
        lastSequence += 1
        let line = ChangeLine.encode(change, sequence: lastSequence, stream: stream, milliseconds: milliseconds)
        try statements.insertChange.run(
            .integer(lastSequence), .integer(milliseconds), .text(change.type.rawValue), .optional(article),
            .optional(source?.row), .blob(line))
        if let source { uncounted[SourceChange(source: source, type: change.type), default: 0] += 1 }
        summary.changes[change.type, default: 0] += 1
        summary.lastSequence = lastSequence
        return lastSequence
    }
}
