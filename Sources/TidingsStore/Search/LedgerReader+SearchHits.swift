import TidingsCore

/// What the ledger is asked about each version that has the words.
struct SearchCondition {
    let sources: [SourceID]?
    /// In lower case.
    let language: String?
    let since: Int64
    let until: Int64
    let includesOldVersions: Bool

    init(_ filter: SearchFilter, sources: [SourceID]?) {
        self.sources = sources
        language = filter.language.map { $0.lowercased() }
        since = filter.sinceMilliseconds ?? .min
        until = filter.untilMilliseconds ?? .max
        includesOldVersions = filter.includesOldVersions
    }

    /// Whether the item's fields decide.
    var needsItem: Bool { language != nil || since > .min || until < .max }

    func allows(_ item: Item, firstSeenMilliseconds: Int64) -> Bool {
        let date = item.datePublished?.milliseconds ?? firstSeenMilliseconds
        guard date >= since, date < until else { return false }
        guard let language else { return true }
        guard let declared = item.language?.lowercased() else { return false }
        return declared == language || declared.hasPrefix(language + "-")
    }
}

/// A version that is meant.
struct SearchCandidate {
    let article: Int64
    let number: Int
    let isNewest: Bool
    let isRemoved: Bool
}

extension LedgerReader {
    /// Nil if the version is not kept any more, or `condition` does not hold for it.
    func candidate(_ article: Int64, _ number: Int, _ condition: SearchCondition) throws(StoreError) -> SearchCandidate? {
        let row = try statement("SELECT newest, removed_ms, first_seen_ms FROM articles WHERE article = ?").first(.integer(article)) { row in
            (newest: Int(row.integer(0)), isRemoved: row.optionalInteger(1) != nil, firstSeen: row.integer(2))
        }
        guard let row else { return nil }
        let isNewest = number == row.newest
        guard condition.includesOldVersions || isNewest && !row.isRemoved else { return nil }
        if let sources = condition.sources {
            // As in `eachArticle`: where it is seen now; of a removed one, where it was.
            let list = sources.map { "\($0.row)" }.joined(separator: ",")
            let seen = try statement(
                "SELECT 1 FROM sightings WHERE article = ? AND source IN (\(list)) AND (gone_ms IS NULL OR ?) LIMIT 1"
            ).first(.integer(article), .integer(row.isRemoved ? 1 : 0)) { _ in true }
            guard seen != nil else { return nil }
        }
        if condition.needsItem {
            let json = try statement("SELECT \(Schema.itemColumn) FROM versions v WHERE article = ? AND number = ?")
                .first(.integer(article), .integer(Int64(number))) { $0.text(0) }
            guard let json, condition.allows(ItemRecord.decode(json, rawHash: Self.noHash), firstSeenMilliseconds: row.firstSeen)
            else { return nil }
        }
        return SearchCandidate(article: article, number: number, isNewest: isNewest && !row.isRemoved, isRemoved: row.isRemoved)
    }

    /// A version has none.
    private static var noHash: ContentHash { ContentHash.of([]) }

    /// Nil if the version is not kept any more.
    func hit(_ candidate: SearchCandidate, score: Double, _ marks: inout SearchMarks) throws(StoreError) -> SearchHit? {
        let found = try statement(
            """
            SELECT a.id, a.first_seen_ms, \(Schema.itemColumn), \(try formColumns("c"))
            FROM articles a JOIN versions v USING (article) JOIN contents c USING (content)
            WHERE a.article = ? AND v.number = ?
            """
        ).first(.integer(candidate.article), .integer(Int64(candidate.number))) { row in
            (id: ArticleID(row.text(0)), firstSeen: row.integer(1), item: row.text(2), form: row.form(3))
        }
        guard let found, let id = found.id else { return nil }
        let source = try statement(
            """
            SELECT o.name FROM sightings s JOIN sources o USING (source)
            WHERE s.article = ? AND (s.gone_ms IS NULL OR ?) ORDER BY s.sighting LIMIT 1
            """
        ).first(.integer(candidate.article), .integer(candidate.isRemoved ? 1 : 0)) { $0.text(0) }
        let item = ItemRecord.decode(found.item, rawHash: Self.noHash)
        let title = found.form.title
        return SearchHit(
            id: id, version: candidate.number, isNewest: candidate.isNewest, isRemoved: candidate.isRemoved, title: title,
            titlePieces: title.map { marks.pieces(of: $0) } ?? [], url: item.url, source: source, language: item.language,
            date: item.datePublished ?? ItemDate(milliseconds: found.firstSeen), score: score,
            snippet: marks.snippet(of: found.form.text))
    }
}
