import FoundationEssentials
import TidingsCore
import TidingsSystem

/// The ledger's one writer. Nothing else changes the database. One transaction holds versions, sightings, captures, polls, and the
/// change rows that announce them.
///
/// It has its own executor, because SQLite blocks. In the daemon only `Committer` calls it, which shares that executor.
package actor Ledger {
    package nonisolated let executor = BlockingExecutor(label: "tidings.ledger")
    nonisolated package var unownedExecutor: UnownedSerialExecutor { unsafe executor.asUnownedSerialExecutor() }

    let connection: Connection
    private let statements: Statements
    private let compressors = LedgerCompressors()
    /// The stream id: part of every line, a UUID in lowercase.
    package private(set) var stream: String
    /// The ids of streams that this ledger has replaced: its own ids before each reset, and the ids of foreign streams whose files
    /// were in its folder. They are stored together with the reset: a daemon that dies before it has set these files aside must not
    /// reset again because of them.
    package private(set) var superseded: Set<String>
    /// Sequence number of the newest committed change. Memory can hold it because there is only one writer.
    package private(set) var lastSequence: Int64
    private let sources = SourceCache()

    /// Opens the ledger in the file `path`; creates or migrates it where needed.
    /// - Parameter onProgress: called now and then while a long step makes progress.
    /// - Throws: `corrupt`, `newerSchema`, `cannotOpen`, `busy`.
    package init(path: String, onProgress: (() -> Void)? = nil) throws(StoreError) {
        setAsideLog = DatabaseFileIdentity.setOrphanAside(path: path)
        let connection = try Connection(path: path, access: .write)
        connection.onSteps(onProgress)
        defer { connection.onSteps(nil) }
        try Schema.version(of: connection, for: "open the ledger")
        // Without it a file never becomes smaller. Only a new database gets it: an existing one would need a VACUUM
        // (sqlite.org/pragma.html#pragma_auto_vacuum), and the pragma writes to the file each time.
        //
        // The page size stays 4 KiB, the block size of file systems: a block that a disk has lost is then a whole page, which SQLite
        // notices. In a larger page it is some rows of zeros. Larger pages would save an eighth of the database.
        if try connection.integer("PRAGMA page_count") == 0 { try connection.execute("PRAGMA auto_vacuum = INCREMENTAL") }
        try connection.execute("PRAGMA journal_mode = WAL")
        try connection.execute("PRAGMA synchronous = FULL")
        try connection.execute("PRAGMA foreign_keys = ON")
        // 64 MiB, more than the default: a page that is written many times between two checkpoints, such as one of an index
        // over hashes, is copied into the database only once.
        try connection.execute("PRAGMA wal_autocheckpoint = 16384")
        // A long reader can make the log larger than this. SQLite then truncates it when it starts the log again.
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

    /// The new name of a log that had no database when this ledger was opened; nil if there was none.
    nonisolated package let setAsideLog: String?

    /// From now on `report` is called with every fatal error, whichever operation failed.
    package func reportFatalErrors(to report: @escaping @Sendable (StoreError) -> Void) { connection.onFatal = report }

    /// Checks that the files are still those that were opened. The daemon calls it when it stops: no later commit would notice.
    /// - Throws: `moved`.
    package func checkPlace() throws(StoreError) { try connection.checkPlace() }

    // MARK: what is committed

    /// Commits `reports` in one transaction, with the change rows that announce them.
    /// - Parameter now: the time of the commit, in milliseconds since 1970.
    /// - Returns: the outcome of each report.
    /// - Throws: nothing was committed then. After a transient error the same reports can be committed again.
    package func commit(_ reports: [Report], at now: Int64) throws(StoreError) -> Commit {
        let ((outcomes, pages), changes) = try write(at: now) { transaction throws(StoreError) in
            var outcomes: [ReportOutcome] = []
            for report in reports { outcomes.append(try transaction.apply(report)) }
            return (outcomes, Array(transaction.pages.values))
        }
        return Commit(outcomes: outcomes, changes: changes, pages: pages)
    }

    /// Makes the table of sources match the settings, and announces sources that were added or are no longer configured.
    /// - Returns: the configured sources' rows, in the order given.
    package func configure(
        _ configured: [ConfiguredSource], at now: Int64
    ) throws(StoreError) -> (rows: [SourceRow], changes: [ChangeType: Int]) {
        let (_, changes) = try write(at: now) { transaction throws(StoreError) in try transaction.configure(configured) }
        let rows = Dictionary(uniqueKeysWithValues: try SourceRow.all(connection).map { ($0.name, $0) })
        return (configured.compactMap { rows[$0.name] }, changes)
    }

    /// Begins a new stream, because the database is behind what was published and would use numbers twice. The first change of the
    /// new stream says so.
    /// - Parameters:
    ///   - published: the highest sequence number that consumers may have seen.
    ///   - other: the stream that they saw, if this ledger has never been it.
    package func resetStream(after published: Int64, of other: String? = nil, now: Int64) throws(StoreError) {
        let transaction = begin(at: now)
        try connection.transaction { () throws(StoreError) in
            try transaction.beginStream(UUID().uuidString.lowercased(), after: published, of: other)
        }
        adopt(transaction)
        try reach(.resetCommitted)
    }

    /// Runs `body` in a write transaction, and adopts its state once it is committed.
    private func write<Result>(
        at now: Int64, _ body: (LedgerTransaction) throws(StoreError) -> Result
    ) throws(StoreError) -> (Result, [ChangeType: Int]) {
        let transaction = begin(at: now)
        let result: Result
        do {
            result = try connection.transaction { () throws(StoreError) in
                try reach(.commitBegun)
                let result = try body(transaction)
                try transaction.countChanges()
                try reach(.commitApplied)
                return result
            }
        } catch {
            throw connection.told(error)
        }
        adopt(transaction)
        try reach(.commitCommitted)
        return (result, transaction.changes)
    }

    private func begin(at now: Int64) -> LedgerTransaction {
        LedgerTransaction(
            connection, statements, compressors, now: now, stream: stream, superseded: superseded, lastSequence: lastSequence,
            sources: sources)
    }

    private func adopt(_ transaction: LedgerTransaction) {
        stream = transaction.stream
        superseded = transaction.superseded
        lastSequence = transaction.lastSequence
        sources.adopt(transaction)
    }

    // MARK: opening

    /// Pruning always keeps the newest row. If it is missing, a page was lost, and its number must not be used again.
    private static func checkNewest(_ last: Int64, _ connection: Connection) throws(StoreError) {
        let newest = try connection.prepare("SELECT max(seq) FROM changes").first { $0.optionalInteger(0) } ?? nil
        guard let newest, newest != last else { return }
        throw StoreError(
            reason: .corrupt, attempt: "open the ledger",
            detail: "its newest change is \(newest), and \(last) was committed (\(connection.path))")
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
}
