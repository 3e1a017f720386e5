import TidingsCore

/// One write transaction of the ledger: what it writes, announces and counts until COMMIT.
///
/// Everything that a failed transaction must take back is in here, or in the database. `Ledger` adopts it when COMMIT has
/// succeeded, and drops it when not. What a transaction does stands in the extensions beside this file: `+Reports` for what
/// sources have seen, `+Items` for what was decided on one item, `+Facts` for what a decision needs to know, `+Keys` and
/// `+Window` for feeds, `+Sources` for the table of sources.
final class LedgerTransaction {
    let connection: Connection
    let statements: Statements
    /// The time of the commit, in milliseconds since 1970: every row of the transaction has it.
    let now: Int64
    /// The stream id, and the ids that the ledger has taken the place of. Only a stream reset changes them.
    private(set) var stream: String
    private(set) var superseded: Set<String>
    /// Sequence number of the newest change, announced here or before.
    private(set) var lastSequence: Int64
    /// How many changes of each type were announced.
    private(set) var changes: [ChangeType: Int] = [:]

    /// The sources as they were committed before, read only once in the life of the ledger, and those that this transaction changed.
    private let committedSources: SourceCache
    private(set) var touchedSources: [SourceID: SourceRow] = [:]
    /// Whether rows of `sources` were written that only the database holds.
    private(set) var hasReplacedSources = false
    /// Whether `touchedSources` has every row.
    private(set) var hasReadAllSources = false

    private struct SourceChange: Hashable {
        let source: SourceID
        let type: ChangeType
    }
    /// Changes that `source_changes` does not count yet.
    private var uncounted: [SourceChange: Int] = [:]

    init(
        _ connection: Connection, _ statements: Statements, now: Int64, stream: String, superseded: Set<String>,
        lastSequence: Int64, sources: SourceCache
    ) {
        self.connection = connection
        self.statements = statements
        self.now = now
        self.stream = stream
        self.superseded = superseded
        self.lastSequence = lastSequence
        committedSources = sources
    }

    /// Writes the row of `change`. Its line is made here and never again.
    /// - Returns: its sequence number.
    @discardableResult
    func announce(_ change: Change, article: Int64? = nil, source: SourceID? = nil) throws(StoreError) -> Int64 {
        lastSequence += 1
        let line = ChangeLine.encode(change, sequence: lastSequence, stream: stream, milliseconds: now)
        try statements.insertChange.run(
            .integer(lastSequence), .integer(now), .text(change.type.rawValue), .optional(article),
            .optional(source?.row), .blob(line), .integer(ChangeLine.checksum(of: line)))
        if let source { uncounted[SourceChange(source: source, type: change.type), default: 0] += 1 }
        changes[change.type, default: 0] += 1
        return lastSequence
    }

    /// Adds the announced changes to what `status` shows of each source. The last step before COMMIT.
    func countChanges() throws(StoreError) {
        for (change, count) in uncounted {
            try statements.countChanges.run(
                .integer(change.source.row), .text(change.type.rawValue), .integer(Int64(count)))
        }
        uncounted = [:]
    }

    /// Begins a new stream, whose first change says why.
    /// - Parameters:
    ///   - published: the highest sequence number that consumers may have seen; the new stream's numbers go on after it.
    ///   - other: the stream that they saw, if this ledger has never been it.
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

    /// The row of `source` in the database is this one now.
    func keep(_ source: SourceRow) { touchedSources[source.id] = source }

    /// Rows of `sources` were written; whoever asks for one reads them again.
    func forgetSources() {
        touchedSources = [:]
        hasReplacedSources = true
        hasReadAllSources = false
    }

    /// A row that is not as it was written.
    func damaged(_ what: String) -> StoreError {
        connection.told(
            StoreError(reason: .corrupt, attempt: "read \(what)", detail: "it has not the shape that was written"))
    }
}

/// The rows of `sources` as they were last committed, by id. Empty until somebody has read them.
final class SourceCache {
    private(set) var rows: [SourceID: SourceRow] = [:]

    /// Takes over what a committed transaction knows.
    func adopt(_ transaction: LedgerTransaction) {
        if transaction.hasReplacedSources { rows = [:] }
        if rows.isEmpty {
            // Only when the transaction has read all of them: a part would pass for the whole.
            rows = transaction.hasReadAllSources ? transaction.touchedSources : [:]
        } else {
            rows.merge(transaction.touchedSources) { _, touched in touched }
        }
    }
}
