import TidingsCore

// What is remembered of webhooks and commands. The change file needs no row: what it has is in the file.

extension Ledger {
    /// How long the record of a sink outlives its settings: whoever comes back within this time goes on where it was.
    private static let memoryMilliseconds: Int64 = 30 * 86_400_000

    /// Stores how far a sink is, and how it is doing.
    package func putSink(_ record: SinkRecord) throws(StoreError) {
        try connection.prepare(
            """
            INSERT INTO sinks VALUES (?, ?, ?, ?, ?, ?, NULL) ON CONFLICT DO UPDATE SET kind = excluded.kind, stream = excluded.stream,
                began = excluded.began, confirmed = excluded.confirmed, state = excluded.state
            """
        ).run(
            .text(record.name), .text(record.kind.rawValue), .text(record.stream), .integer(record.begin), .integer(record.confirmed),
            .text(record.state.json))
    }

    /// Notes which sinks the settings name. A sink of another kind under the same name is a new one.
    /// - Parameters:
    ///   - configured: for each the change after which it begins if it is new.
    ///   - now: milliseconds since 1970.
    /// - Returns: their records, in the order given.
    package func configureSinks(
        _ configured: [(name: String, kind: SinkKind, begin: Int64)], at now: Int64
    ) throws(StoreError) -> [SinkRecord] {
        let known = Dictionary(uniqueKeysWithValues: try SinkRecord.all(connection).map { ($0.record.name, $0.record) })
        let records = configured.map { sink in
            if let record = known[sink.name], record.kind == sink.kind { return record }
            return SinkRecord(name: sink.name, kind: sink.kind, stream: stream, begin: sink.begin)
        }
        try connection.transaction { () throws(StoreError) in
            try connection.prepare("UPDATE sinks SET removed_ms = ? WHERE removed_ms IS NULL").run(.integer(now))
            for record in records {
                try putSink(record)
                try connection.prepare("UPDATE sinks SET removed_ms = NULL WHERE name = ?").run(.text(record.name))
            }
            try connection.prepare("DELETE FROM sinks WHERE removed_ms < ?").run(.integer(now - Self.memoryMilliseconds))
        }
        return records
    }
}

/// A sink with what `status` needs besides its record.
package struct SinkStatus: Equatable, Sendable {
    package let record: SinkRecord
    /// Whether the settings named it when the daemon read them last.
    package let isConfigured: Bool
    /// When the oldest change that it lacks was committed, milliseconds since 1970; nil if it lacks none that is kept.
    package let lacksSince: Int64?

    package init(record: SinkRecord, isConfigured: Bool, lacksSince: Int64?) {
        self.record = record
        self.isConfigured = isConfigured
        self.lacksSince = lacksSince
    }
}

extension LedgerReader {
    /// Every sink that is remembered, by name.
    package func sinks() throws(StoreError) -> [SinkStatus] {
        guard try Schema.hasSinks(connection) else { return [] }
        let next = try connection.prepare("SELECT committed_ms FROM changes WHERE seq > ? ORDER BY seq LIMIT 1")
        var list: [SinkStatus] = []
        for (record, isConfigured) in try SinkRecord.all(connection) {
            let since = try next.first(.integer(record.confirmed)) { $0.integer(0) }
            list.append(SinkStatus(record: record, isConfigured: isConfigured, lacksSince: since))
        }
        return list
    }

    /// The ids of the streams that the present one took the place of.
    package func supersededStreams() throws(StoreError) -> Set<String> {
        let ids = try connection.prepare("SELECT value FROM meta WHERE key = 'superseded'").first { $0.text(0) } ?? ""
        return Set(ids.split(separator: " ").map(String.init))
    }

    /// The first kept change that was committed at `milliseconds` or later; the number after the newest if there is none.
    package func firstChange(since milliseconds: Int64) throws(StoreError) -> Int64 {
        // Times rise with the numbers, but for a clock that was set back; then a few rows more or less are kept.
        let time = try statement("SELECT committed_ms FROM changes WHERE seq = ?")
        var low = try connection.prepare("SELECT ifnull(min(seq), 1) FROM changes").first { $0.integer(0) } ?? 1
        var high = try lastSequence() + 1
        while low < high {
            let middle = low + (high - low) / 2
            // A number that a reset left out counts as old.
            let isOld = (try time.first(.integer(middle)) { $0.integer(0) }).map { $0 < milliseconds } ?? true
            if isOld { low = middle + 1 } else { high = middle }
        }
        return low
    }
}

extension SinkRecord {
    fileprivate static func all(_ connection: Connection) throws(StoreError) -> [(record: SinkRecord, isConfigured: Bool)] {
        var list: [(record: SinkRecord, isConfigured: Bool)] = []
        try connection.prepare("SELECT name, kind, stream, began, confirmed, state, removed_ms FROM sinks ORDER BY name").each { row in
            // One of a kind that a later version has is none of ours.
            guard let kind = SinkKind(rawValue: row.text(1)) else { return true }
            var record = SinkRecord(name: row.text(0), kind: kind, stream: row.text(2), begin: row.integer(3))
            record.confirmed = row.integer(4)
            record.state = SinkState(json: row.text(5))
            list.append((record, row.optionalInteger(6) == nil))
            return true
        }
        return list
    }
}
