import TidingsCore

// Queries of a source before it makes its report. Their answers are hints that save work: they may be outdated when the report is
// committed, and the transaction reads the rows again.

/// What the ledger has of an item that a feed shows. While raw hash and metadata are the same, the item need not be converted to
/// text again.
package struct ShownItem: Equatable, Sendable {
    package let rawHash: ContentHash
    package let metadata: Int64

    package init(rawHash: ContentHash, metadata: Int64) {
        self.rawHash = rawHash
        self.metadata = metadata
    }
}

extension LedgerReader {
    /// Every source that was ever configured.
    package func sources() throws(StoreError) -> [SourceRow] { try SourceRow.all(connection) }

    /// The polls of a source, one for each document that is fetched.
    package func polls(of id: SourceID) throws(StoreError) -> [PollRow] {
        var list: [PollRow] = []
        try statement("SELECT locator, host, due_ms, state FROM polls WHERE source = ?").each(.integer(id.row)) { row in
            list.append(PollRow(row))
            return true
        }
        return list
    }

    /// Calls `body` with the polls of all sources.
    package func eachPoll(_ body: (SourceID, PollRow) -> Void) throws(StoreError) {
        try statement("SELECT locator, host, due_ms, state, source FROM polls").each { row in
            body(SourceID(row: row.integer(4)), PollRow(row))
            return true
        }
    }

    /// Calls `body` with the locator and the stamp of each capture of a source. The stamp is nil for a capture that older text
    /// rules read, so that its file counts as changed.
    package func eachCapture(
        of id: SourceID, _ body: (_ locator: String, _ stamp: UInt64?) -> Void
    ) throws(StoreError) {
        try statement("SELECT locator, stamp, rules FROM captures WHERE source = ?").each(.integer(id.row)) { row in
            let isCurrent = row.integer(2) == textRulesVersion
            body(row.text(0), isCurrent ? row.optionalInteger(1).map(UInt64.init(bitPattern:)) : nil)
            return true
        }
    }

    /// The raw hash of the newest capture at `locator`; nil if there is none, older text rules read it, or it was partial.
    package func rawHash(of id: SourceID, locator: String) throws(StoreError) -> ContentHash? {
        try statement("SELECT raw_hash FROM captures WHERE source = ? AND locator = ? AND rules = ? AND is_whole").first(
            .integer(id.row), .text(locator), .integer(Int64(textRulesVersion))
        ) { ContentHash(bytes: $0.blob(0)) } ?? nil
    }

    /// What was decided about the blocks of the page at `locator`; nil if it is no page, or older text rules read it.
    package func blocks(of id: SourceID, locator: String) throws(StoreError) -> [UInt8]? {
        try statement("SELECT blocks FROM captures WHERE source = ? AND locator = ? AND rules = ? AND blocks IS NOT NULL").first(
            .integer(id.row), .text(locator), .integer(Int64(textRulesVersion))
        ) { $0.blob(0) }
    }

    /// The items of the feed's newest whole document, by key, without those that older text rules read.
    package func shownItems(of source: SourceID) throws(StoreError) -> [SightingKey: ShownItem] {
        var items: [SightingKey: ShownItem] = [:]
        let shown = try statement(
            """
            SELECT s.key, s.rule, s.raw_hash, s.metadata FROM windows w JOIN sightings s USING (sighting)
            WHERE w.source = ? AND w.absences IS NULL AND s.gone_ms IS NULL AND s.rules = ?
            """)
        try shown.each(.integer(source.row), .integer(Int64(textRulesVersion))) { row throws(StoreError) in
            guard let rawHash = ContentHash(bytes: row.blob(2)), let rule = KeyRule(rawValue: row.text(1)) else {
                throw StoreError(
                    reason: .corrupt, attempt: "read a sighting", detail: "it has not the shape that was written")
            }
            items[SightingKey(row.text(0), rule)] = ShownItem(rawHash: rawHash, metadata: row.integer(3))
            return true
        }
        return items
    }

    /// How many of `keys` the source has never shown. If it has shown none of them, items may have been missed.
    package func countUnknown(_ keys: [SightingKey], of source: SourceID) throws(StoreError) -> Int {
        let known = try statement("SELECT 1 FROM sightings WHERE source = ? AND key = ?")
        var count = 0
        for key in keys where try known.first(.integer(source.row), .text(key.value), read: { _ in true }) == nil {
            count += 1
        }
        return count
    }
}

extension PollRow {
    /// Of `SELECT locator, host, due_ms, state`.
    fileprivate init(_ row: borrowing Row) {
        self.init(locator: row.text(0), host: row.text(1), dueMilliseconds: row.integer(2), state: row.text(3))
    }
}
