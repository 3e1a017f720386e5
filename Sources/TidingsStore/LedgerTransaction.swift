import TidingsCore

/// One write transaction of the ledger, and the state that it changes until COMMIT.
///
/// All state that a rollback must undo is in this object or in the database. `Ledger` adopts the object's state after COMMIT, and
/// drops it if the transaction failed. The work is in extensions: `+Reports` writes what sources have seen, `+Items` the decision
/// on one item, `+Contents` its text, `+Facts` reads what a decision needs, `+Removals` writes what is gone, `+Keys` and `+Window` are for
/// feeds, `+Pages` and `+PageLooks` for pages, `+Sources` for the table of sources.
final class LedgerTransaction {
    let connection: Connection
    let statements: Statements
    let compressors: LedgerCompressors
    /// The time of the commit, in milliseconds since 1970, for every row of the transaction.
    let now: Int64
    /// The stream id, and the ids of the streams that it replaced. Only a stream reset changes them.
    private(set) var stream: String
    private(set) var superseded: Set<String>
    /// Sequence number of the newest change, including those of this transaction.
    private(set) var lastSequence: Int64
    /// How many changes of each type were announced.
    private(set) var changes: [ChangeType: Int] = [:]

    /// The texts of the report being written that are compressed already, by their content hash.
    var frames: [ContentHash: [UInt8]] = [:]
    /// The text that was read last.
    var lastContent: StoredContent?

    /// The pages that are due at another time than before.
    private(set) var pages: [PageID: PageDue] = [:]

    /// The committed sources, which are read once in the life of the ledger, and the rows that this transaction changed.
    private let committedSources: SourceCache
    private(set) var touchedSources: [SourceID: SourceRow] = [:]
    /// Whether this transaction wrote rows of `sources` that `touchedSources` does not have.
    private(set) var hasReplacedSources = false
    /// Whether `touchedSources` has every row.
    private(set) var hasReadAllSources = false

    private struct SourceChange: Hashable {
        let source: SourceID
        let type: ChangeType
    }
    /// Announced changes that are not yet added to `source_changes`.
    private var uncounted: [SourceChange: Int] = [:]

    init(
        _ connection: Connection, _ statements: Statements, _ compressors: LedgerCompressors, now: Int64, stream: String,
        superseded: Set<String>, lastSequence: Int64, sources: SourceCache
    ) {
        self.connection = connection
        self.statements = statements
        self.compressors = compressors
        self.now = now
        self.stream = stream
        self.superseded = superseded
        self.lastSequence = lastSequence
        committedSources = sources
    }

    /// Writes the row of `change`. Its line is encoded here, once.
    /// - Returns: its sequence number.
    @discardableResult
    func announce(_ change: Change, article: Int64? = nil, source: SourceID? = nil) throws(StoreError) -> Int64 {
        lastSequence += 1
        let line = ChangeLine.encode(change, sequence: lastSequence, stream: stream, milliseconds: now)
        try statements.insertChange.run(
            .integer(lastSequence), .integer(now), .text(change.type.rawValue), .optional(article),
            .optional(source?.row), .blob(compressors.lines.frame(of: line) ?? line), .integer(ChangeLine.checksum(of: line)))
        if let source { uncounted[SourceChange(source: source, type: change.type), default: 0] += 1 }
        changes[change.type, default: 0] += 1
        return lastSequence
    }

    /// Adds the announced changes to the counts that `status` shows for each source. The last step before COMMIT.
    func countChanges() throws(StoreError) {
        for (change, count) in uncounted {
            try statements.countChanges.run(
                .integer(change.source.row), .text(change.type.rawValue), .integer(Int64(count)))
        }
        uncounted = [:]
    }

    /// Begins a new stream, whose first change says why.
    /// - Parameters:
    ///   - published: the highest sequence number that consumers may have seen. The new stream begins after it.
    ///   - other: the stream that they saw, if it was never this ledger's.
    func beginStream(_ id: String, after published: Int64, of other: String?) throws(StoreError) {
        let before = stream
        superseded.formUnion([before, other ?? before])
        stream = id
        lastSequence = max(lastSequence, published)
        try statements.setMeta.run(.text("stream"), .text(stream))
        try statements.setMeta.run(.text("stream_first"), .text(String(lastSequence + 1)))
        try statements.setMeta.run(.text("superseded"), .text(superseded.sorted().joined(separator: " ")))
        var change = Change(type: .streamReset)
        change.detail = "the database was lost or restored; stream \(other ?? before) had reached \(published)"
        try announce(change)
    }

    /// Notes when a page is due now.
    func note(_ due: PageDue) { pages[due.page] = due }

    // MARK: the table of sources

    /// - Throws: `corrupt` if there is no such source.
    func source(_ id: SourceID) throws(StoreError) -> SourceRow {
        if let touched = touchedSources[id] { return touched }
        if !hasReplacedSources, let committed = committedSources.rows[id] { return committed }
        if !hasReadAllSources {
            for row in try SourceRow.all(connection) where touchedSources[row.id] == nil { touchedSources[row.id] = row }
            hasReadAllSources = true
        }
        guard let found = touchedSources[id] else { throw damaged("a source") }
        return found
    }

    /// Remembers a row that was written to the database.
    func keep(_ source: SourceRow) { touchedSources[source.id] = source }

    /// Drops the remembered rows after `sources` was written, so that the next access reads the table.
    func forgetSources() {
        touchedSources = [:]
        hasReplacedSources = true
        hasReadAllSources = false
    }

    /// The error for a row that is missing or malformed.
    func damaged(_ what: String) -> StoreError {
        connection.told(
            StoreError(reason: .corrupt, attempt: "read \(what)", detail: "it has not the shape that was written"))
    }
}

/// The committed rows of `sources`, by id. Empty until a transaction has read them.
final class SourceCache {
    private(set) var rows: [SourceID: SourceRow] = [:]

    /// Copies the rows of a committed transaction.
    func adopt(_ transaction: LedgerTransaction) {
        if transaction.hasReplacedSources { rows = [:] }
        if rows.isEmpty {
            // Only if the transaction has read all rows: the cache must not be a part of the table.
            rows = transaction.hasReadAllSources ? transaction.touchedSources : [:]
        } else {
            rows.merge(transaction.touchedSources) { _, touched in touched }
        }
    }
}
