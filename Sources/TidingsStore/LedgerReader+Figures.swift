import TidingsCore

/// What a monitor asks of the ledger every few seconds: without the counts of `status` that read whole tables.
package struct LedgerFigures: Sendable {
    package let stream: String
    /// Sequence number of the newest change.
    package let newest: Int64
    /// Of the oldest change whose row is kept; one more than `newest` if there is none.
    package let oldest: Int64
    package let sources: [SourceFigures]
}

package struct SourceFigures: Sendable {
    package let source: SourceRow
    /// When it is looked at next, in milliseconds since 1970; nil for a folder, which is watched, and where nothing is due.
    package let nextDueMilliseconds: Int64?
    /// Failed polls since the last that succeeded.
    package let consecutiveFailures: Int
    /// The changes that it has brought since it was configured for the first time.
    package let changes: [ChangeType: Int]
}

extension LedgerReader {
    /// Of all sources that are configured.
    package func figures() throws(StoreError) -> LedgerFigures {
        let changes = try changesBySource()
        var sources: [SourceFigures] = []
        for source in try SourceRow.all(connection) where source.isSubscribed {
            let poll = try poll(of: source).flatMap { PollState(json: $0.state, nextPoll: $0.dueMilliseconds) }
            let due = source.kind == .page ? try nextPage(of: source.id) : poll?.nextPoll
            sources.append(
                SourceFigures(
                    source: source, nextDueMilliseconds: due, consecutiveFailures: poll?.consecutiveFailures ?? 0,
                    changes: changes[source.id] ?? [:]))
        }
        return LedgerFigures(stream: try stream(), newest: try lastSequence(), oldest: try firstSequence(), sources: sources)
    }

    /// How many articles each source shows now. It reads all sightings: ask again only when something was committed.
    package func articlesBySource() throws(StoreError) -> [SourceID: Int] {
        var counts: [SourceID: Int] = [:]
        try statement("SELECT source, count(*) FROM sightings WHERE gone_ms IS NULL GROUP BY source").each { row in
            counts[SourceID(row: row.integer(0))] = Int(row.integer(1))
            return true
        }
        return counts
    }

    /// When the oldest change after `sequence` was committed, in milliseconds since 1970; nil if there is none, or its row is not kept.
    package func commitTime(after sequence: Int64) throws(StoreError) -> Int64? {
        try statement("SELECT committed_ms FROM changes WHERE seq > ? ORDER BY seq LIMIT 1").first(.integer(sequence)) { $0.integer(0) }
    }

    private func nextPage(of source: SourceID) throws(StoreError) -> Int64? {
        guard try Schema.hasPages(connection) else { return nil }
        return try statement("SELECT min(due_ms) FROM pages WHERE source = ?").first(.integer(source.row)) { $0.optionalInteger(0) } ?? nil
    }
}
