import TidingsCore

/// Which articles a list has.
package struct ArticleFilter: Sendable {
    /// Only those seen in one of the sources with these names; of removed ones, those that were. Empty: in any.
    package var sources: [String]
    /// Only those whose newest title has them.
    package var words: TitleWords?
    /// Only those whose last change is not older; in milliseconds since 1970.
    package var sinceMilliseconds: Int64?
    package var includesRemoved: Bool

    package init(sources: [String] = [], words: TitleWords? = nil, sinceMilliseconds: Int64? = nil, includesRemoved: Bool = false) {
        self.sources = sources
        self.words = words
        self.sinceMilliseconds = sinceMilliseconds
        self.includesRemoved = includesRemoved
    }
}

/// An article's row, with what a list is put in order by.
struct ArticleRow {
    let article: Int64
    /// When its newest version was committed, or it was removed.
    let changedMilliseconds: Int64
    let isRemoved: Bool
}

/// Where a part of a list of articles ends: behind the article with this last change.
package struct ArticlePlace: Comparable, Sendable {
    private let changedMilliseconds: Int64
    private let article: Int64

    fileprivate init(_ row: ArticleRow) {
        changedMilliseconds = row.changedMilliseconds
        article = row.article
    }

    /// Nil for what `text` has not made.
    package init?(_ text: String) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false).map { decimalNumber($0.utf8) }
        guard parts.count == 2, let changed = parts[0], let article = parts[1] else { return nil }
        changedMilliseconds = Int64(changed)
        self.article = Int64(article)
    }

    package var text: String { "\(changedMilliseconds)-\(article)" }

    package static func < (left: Self, right: Self) -> Bool {
        (left.changedMilliseconds, left.article) < (right.changedMilliseconds, right.article)
    }
}

extension LedgerReader {
    /// More make no list shorter.
    private static let patternsLimit = 8
    /// Of so many articles in one transaction the locks cost next to nothing.
    private static let readAtOnce = 256

    /// Calls `body` with each article, that of the last change first. It may ask this reader for more meanwhile.
    ///
    /// Meanwhile the ledger can be written and its log be cut, however long `body` takes.
    /// - Parameter limit: after how many to stop; nil for all.
    /// - Returns: how many there are, with those behind the limit.
    @discardableResult
    package func eachArticle(_ filter: ArticleFilter, limit: Int? = nil, _ body: (ArticleSummary) throws -> Void) throws -> Int {
        let rows = try rows(of: filter)
        try each(of: rows.prefix(limit ?? rows.count), body)
        return rows.count
    }

    /// The same for a part of the list.
    /// - Parameters:
    ///   - place: where the part before ended; nil for the first part.
    ///   - limit: how many articles the part has.
    /// - Returns: where the next part begins; nil if this is the last.
    package func eachArticle(
        _ filter: ArticleFilter, before place: ArticlePlace?, limit: Int, _ body: (ArticleSummary) throws -> Void
    ) throws -> ArticlePlace? {
        let rows = try rows(of: filter)
        let rest = place.map { place in rows.drop { ArticlePlace($0) >= place } } ?? rows[...]
        let part = rest.prefix(limit)
        try each(of: part, body)
        return part.count < rest.count ? part.last.map { ArticlePlace($0) } : nil
    }

    /// The article with this id; nil if there is none, or it is damaged.
    package func articleSummary(_ id: ArticleID) throws(StoreError) -> ArticleSummary? {
        let row = try statement("SELECT article FROM articles WHERE id = ?").first(.text(id.description)) { $0.integer(0) }
        return try row.flatMap { row throws(StoreError) in try summary(of: row) }
    }

    private func each(of rows: ArraySlice<ArticleRow>, _ body: (ArticleSummary) throws -> Void) throws {
        var rest = rows
        while !rest.isEmpty {
            for article in try summaries(of: rest.prefix(Self.readAtOnce)) { try body(article) }
            rest = rest.dropFirst(Self.readAtOnce)
        }
    }

    /// Those that `filter` asks for, the newest change first.
    private func rows(of filter: ArticleFilter) throws(StoreError) -> [ArticleRow] {
        var condition = filter.includesRemoved ? "1" : "a.removed_ms IS NULL"
        var values: [SQLValue] = []
        if !filter.sources.isEmpty {
            let sources = try sources().filter { filter.sources.contains($0.name) }.map { "\($0.id.row)" }
            condition += """
                 AND EXISTS (SELECT 1 FROM sightings s WHERE s.article = a.article AND s.source IN (\(sources.joined(separator: ",")))
                             AND (s.gone_ms IS NULL OR a.removed_ms IS NOT NULL))
                """
        }
        if let since = filter.sinceMilliseconds {
            condition += " AND max(v.committed_ms, ifnull(a.removed_ms, 0)) >= ?"
            values.append(.integer(since))
        }
        return newestFirst(try articleRows(condition, values, words: filter.words))
    }

    func newestFirst(_ rows: [ArticleRow]) -> [ArticleRow] {
        rows.sorted { ($0.changedMilliseconds, $0.article) > ($1.changedMilliseconds, $1.article) }
    }

    /// - Parameters:
    ///   - condition: on articles `a` and their newest versions `v`.
    ///   - values: its parameters.
    ///   - words: only those with these words in the title.
    func articleRows(_ condition: String, _ values: [SQLValue], words: TitleWords?) throws(StoreError) -> [ArticleRow] {
        var rows: [ArticleRow] = []
        // Most items are passed over within SQLite, and only what is left is folded: several times as fast.
        let patterns = (words?.likePatterns ?? []).prefix(Self.patternsLimit).map(SQLValue.text)
        let likeness = String(repeating: " AND \(Schema.itemColumn) LIKE ?", count: patterns.count)
        // The item has the title, too, and is much shorter than the form.
        let statement = try connection.prepare(
            """
            SELECT a.article, v.committed_ms, a.removed_ms\(words == nil ? "" : ", " + Schema.itemColumn)
            FROM articles a JOIN versions v ON v.article = a.article AND v.number = a.newest WHERE \(condition)\(likeness)
            """)
        try statement.each(values + patterns) { row in
            if let words, !(ItemRecord.title(in: row.blob(3)).map(words.areIn) ?? false) { return true }
            let removed = row.optionalInteger(2)
            rows.append(
                ArticleRow(article: row.integer(0), changedMilliseconds: max(row.integer(1), removed ?? 0), isRemoved: removed != nil))
            return true
        }
        return rows
    }

    private func summaries(of rows: some Sequence<ArticleRow>) throws(StoreError) -> [ArticleSummary] {
        try connection.execute("BEGIN")
        defer { try? connection.execute("ROLLBACK") }
        var list: [ArticleSummary] = []
        for row in rows {
            if let article = try summary(of: row.article) { list.append(article) }
        }
        return list
    }

    /// Nil if there is none, or it is damaged.
    func summary(of article: Int64) throws(StoreError) -> ArticleSummary? {
        let found = try statement(
            """
            SELECT a.id, a.newest, a.first_seen_ms, v.committed_ms, a.removed_ms, \(try formColumns("c"))
            FROM articles a JOIN versions v ON v.article = a.article AND v.number = a.newest JOIN contents c USING (content)
            WHERE a.article = ?
            """
        ).first(.integer(article)) { row in
            ArticleID(row.text(0)).map { id in
                ArticleSummary(
                    id: id, title: row.form(5).title, versions: Int(row.integer(1)),
                    firstSeenMilliseconds: row.integer(2), changedMilliseconds: row.integer(3),
                    removedMilliseconds: row.optionalInteger(4), sightings: [])
            }
        }
        guard var summary = found ?? nil else { return nil }
        try statement(
            """
            SELECT o.name, o.kind, s.key FROM sightings s JOIN sources o USING (source)
            WHERE s.article = ? AND (s.gone_ms IS NULL OR ?) ORDER BY s.sighting
            """
        ).each(.integer(article), .integer(summary.removedMilliseconds == nil ? 0 : 1)) { row throws(StoreError) in
            summary.sightings.append(Origin(source: row.text(0), kind: try sourceKind(row.text(1)), key: row.text(2)))
            return true
        }
        return summary
    }
}
