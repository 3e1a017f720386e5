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
    /// The ids of streams that this ledger has taken the place of: what it was called before a reset, and whose files it found in
    /// its folder without ever having been that stream. Kept with the reset, so that whoever dies before these files are set aside
    /// does not take them for a reason to reset again.
    package private(set) var superseded: Set<String>
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
        setAsideLog = DatabaseFileIdentity.setOrphanAside(path: path)
        let connection = try Connection(path: path, access: .write)
        connection.onSteps(onProgress)
        defer { connection.onSteps(nil) }
        try Schema.version(of: connection, for: "open the ledger")
        // Without it a file never becomes smaller. For a new database only: to change it later takes a VACUUM
        // (sqlite.org/pragma.html#pragma_auto_vacuum), and the pragma writes to the file each time.
        if try connection.integer("PRAGMA page_count") == 0 { try connection.execute("PRAGMA auto_vacuum = INCREMENTAL") }
        try connection.execute("PRAGMA journal_mode = WAL")
        try connection.execute("PRAGMA synchronous = FULL")
        try connection.execute("PRAGMA foreign_keys = ON")
        // The log is copied back every 64 MiB: less often than the default, because pages that are written again before that,
        // such as those of an index over hashes, are copied once only.
        try connection.execute("PRAGMA wal_autocheckpoint = 16384")
        // A log that a long reader made larger than that is cut when it begins anew.
        try connection.execute("PRAGMA journal_size_limit = \(80 << 20)")
        try connection.execute("PRAGMA cache_size = -16384")
        try Schema.migrate(connection)
        self.connection = connection
        statements = try Statements(connection)
        stream = try Self.streamID(connection)
        superseded = try Self.supersededIDs(connection)
        lastSequence = try connection.integer(LedgerReader.lastSequenceSQL)
        try Self.checkNewest(lastSequence, connection)
        connection.watchPlace()
    }

    /// The log of an earlier database that stood alone beside where this one was made; under this name it is kept.
    nonisolated package let setAsideLog: String?

    /// From now on `report` hears of every error with which the ledger cannot go on, whoever asked for what failed.
    package func reportFatalErrors(to report: @escaping @Sendable (StoreError) -> Void) { connection.onFatal = report }

    /// Whether the files are still those that were opened; to be asked at the end, when nothing is written any more.
    package func checkPlace() throws(StoreError) { try connection.checkPlace() }

    /// The newest row is never pruned alone: where it lacks, a page was lost, and its number must not be used again.
    private static func checkNewest(_ last: Int64, _ connection: Connection) throws(StoreError) {
        let newest = try connection.prepare("SELECT max(seq) FROM changes").first { $0.optionalInteger(0) } ?? nil
        guard let newest, newest != last else { return }
        throw StoreError(
            reason: .corrupt, attempt: "open the ledger",
            detail: "its newest change is \(newest), and \(last) was committed (\(connection.path))")
    }

    /// Begins a new stream: the database is behind what was published, so that its numbers would be used twice. The first change of
    /// the new stream says so.
    /// - Parameters:
    ///   - after: the highest sequence number that consumers may have seen.
    ///   - other: the stream that they saw, if this ledger has never been it.
    package func resetStream(
        after published: Int64, of other: String? = nil, now milliseconds: Int64
    ) throws(StoreError) {
        let before = (stream: stream, superseded: superseded, sequence: lastSequence)
        do {
            try connection.transaction { () throws(StoreError) in
                superseded.formUnion([stream, other ?? stream])
                stream = UUID().uuidString.lowercased()
                lastSequence = max(lastSequence, published)
                try statements.setMeta.run(.text("stream"), .text(stream))
                try statements.setMeta.run(.text("stream_first"), .text(String(lastSequence + 1)))
                try statements.setMeta.run(.text("superseded"), .text(superseded.sorted().joined(separator: " ")))
                var change = Change(type: .streamReset)
                change.detail = "the database was lost or restored; stream \(other ?? before.stream) had reached \(published)"
                var summary = CommitSummary()
                try announce(change, at: milliseconds, in: &summary)
            }
        } catch {
            (stream, superseded, lastSequence) = before
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

    private static func supersededIDs(_ connection: Connection) throws(StoreError) -> Set<String> {
        let ids = try connection.prepare("SELECT value FROM meta WHERE key = 'superseded'").first { $0.text(0) } ?? ""
        return Set(ids.split(separator: " ").map(String.init))
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
            .optional(source?.row), .blob(line), .integer(ChangeLine.checksum(of: line)))
        if let source { uncounted[SourceChange(source: source, type: change.type), default: 0] += 1 }
        summary.changes[change.type, default: 0] += 1
        summary.lastSequence = lastSequence
        return lastSequence
    }
}
