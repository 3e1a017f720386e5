import TidingsCore

/// Which change rows are asked for. An empty list asks for all.
package struct ChangeRowFilter: Equatable, Sendable {
    package var types: [ChangeType]
    package var sources: [SourceID]
    package var article: ArticleID?

    package init(types: [ChangeType] = [], sources: [SourceID] = [], article: ArticleID? = nil) {
        self.types = types
        self.sources = sources
        self.article = article
    }

    package var isEmpty: Bool { types.isEmpty && sources.isEmpty && article == nil }
}

/// Some of the changes, the newest first.
package struct ChangeHistory: Sendable {
    package let lines: [(sequence: Int64, bytes: [UInt8])]
    /// Older ones have smaller numbers than this; nil if there is none that is kept.
    package let olderThan: Int64?
}

extension LedgerReader {
    /// So many rows are looked at for one list. A rare type of change may be further back.
    package static let historyRows: Int64 = 50_000

    /// The changes of the present stream before `sequence`, the newest first.
    /// - Parameters:
    ///   - sequence: nil for the newest.
    ///   - limit: of lines, from 1 on.
    ///   - isWanted: what the filter cannot say.
    package func changeHistory(
        before sequence: Int64? = nil, _ filter: ChangeRowFilter = ChangeRowFilter(), limit: Int, isWanted: ([UInt8]) -> Bool = { _ in true }
    ) throws(StoreError) -> ChangeHistory {
        let end = min(sequence ?? .max, try lastSequence() + 1)
        let oldest = try firstSequence()
        let start = max(oldest, end - (filter.isEmpty ? 10 * Self.historyRows : Self.historyRows))
        var condition = "seq < ? AND seq >= ?"
        var values: [SQLValue] = [.integer(end), .integer(start)]
        if !filter.types.isEmpty {
            condition += " AND type IN (\(filter.types.map { _ in "?" }.joined(separator: ",")))"
            values += filter.types.map { .text($0.rawValue) }
        }
        if !filter.sources.isEmpty {
            condition += " AND source IN (\(filter.sources.map { _ in "?" }.joined(separator: ",")))"
            values += filter.sources.map { .integer($0.row) }
        }
        if let article = filter.article {
            condition += " AND article = (SELECT article FROM articles WHERE id = ?)"
            values.append(.text(article.description))
        }
        var lines: [(sequence: Int64, bytes: [UInt8])] = []
        try connection.prepare("SELECT seq, line FROM changes WHERE \(condition) ORDER BY seq DESC").each(values) { row in
            let line = row.line(1)
            if isWanted(line) { lines.append((row.integer(0), line)) }
            return lines.count < limit
        }
        let reached = lines.count < limit ? start : lines.last?.sequence ?? start
        return ChangeHistory(lines: lines, olderThan: reached > oldest ? reached : nil)
    }

    /// The line of one change; nil if its row is not kept.
    package func line(of sequence: Int64) throws(StoreError) -> [UInt8]? {
        try statement("SELECT line FROM changes WHERE seq = ?").first(.integer(sequence)) { $0.line(0) }
    }

    /// How many changes were committed in each hour from `start` on, by type; of the newest 100,000 changes.
    /// - Parameter start: in milliseconds since 1970.
    /// - Returns: the hours since 1970; and when the oldest change that was counted was committed, if older ones were left out.
    package func changesByHour(
        since start: Int64
    ) throws(StoreError) -> (counts: [Int64: [ChangeType: Int]], cutAt: Int64?) {
        let first = try lastSequence() - 2 * Self.historyRows
        var counts: [Int64: [ChangeType: Int]] = [:]
        try statement(
            "SELECT committed_ms / 3600000, type, count(*) FROM changes WHERE seq > ? AND committed_ms >= ? GROUP BY 1, 2"
        ).each(.integer(first), .integer(start)) { row in
            if let type = ChangeType(rawValue: row.text(1)) { counts[row.integer(0), default: [:]][type] = Int(row.integer(2)) }
            return true
        }
        let cut = try statement("SELECT committed_ms FROM changes WHERE seq = ? AND committed_ms > ?")
            .first(.integer(first), .integer(start)) { $0.integer(0) }
        return (counts, cut)
    }
}
