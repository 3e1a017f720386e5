import TidingsCore

/// Where a document is seen: a source, and the key of a file below its root.
package struct WatchedPlace: Equatable, Sendable {
    package let source: SourceID
    package let key: String

    package init(source: SourceID, key: String) {
        self.source = source
        self.key = key
    }
}

/// One of the ways in which a name may stand for articles.
private struct ArticleLookup {
    /// On articles `a`.
    var condition = "1"
    var values: [SQLValue] = []
    var words: TitleWords?
    /// Whether removed articles count beside live ones. An id is exact; of all else people mean what is there.
    var includesRemoved = false
}

extension LedgerReader {
    /// How many articles a person is offered to choose from.
    private static let candidatesLimit = 20
    /// So many titles are compared as a whole.
    private static let titlesLimit = 1_000

    /// The one article that is meant, and its version if one is named. The first of these that leads to any article decides: an id or a
    /// beginning of it; a file; a key; an address; words of a title. Removed articles count where no live one is found so.
    /// - Parameter places: where a file is watched, if `reference` is the path of one.
    /// - Throws: `ArticleReferenceError`, `StoreError`.
    package func find(_ reference: ArticleReference, at places: [WatchedPlace] = []) throws -> (id: ArticleID, version: Int?) {
        if let id = try find(reference.name, at: places, reference) { return (id, reference.version) }
        // A key or an address may end as if it named a version.
        if reference.version != nil, let id = try find(reference.text, at: [], reference) { return (id, nil) }
        throw ArticleReferenceError.noArticle(reference)
    }

    private func find(_ name: String, at places: [WatchedPlace], _ reference: ArticleReference) throws -> ArticleID? {
        for lookup in Self.lookups(name, places) {
            var rows = try articleRows(lookup.condition, lookup.values, words: lookup.words)
            if !lookup.includesRemoved, rows.contains(where: { !$0.isRemoved }) { rows.removeAll(where: \.isRemoved) }
            if rows.isEmpty { continue }
            if lookup.words != nil, let whole = try wholeTitle(name, among: rows) { return whole }
            let newest = try newestFirst(rows).prefix(Self.candidatesLimit).compactMap { try summary(of: $0.article) }
            if rows.count == 1, let only = newest.first { return only.id }
            let candidates = try newest.map { ArticleCandidate(shortID: try shortID($0.id), article: $0) }
            throw ArticleReferenceError.severalArticles(reference, candidates: candidates, more: rows.count - candidates.count)
        }
        return nil
    }

    /// The one article whose whole title is `name`, where other titles have its words, too.
    private func wholeTitle(_ name: String, among rows: [ArticleRow]) throws -> ArticleID? {
        guard (2...Self.titlesLimit).contains(rows.count) else { return nil }
        let named = try rows.compactMap { try summary(of: $0.article) }.filter { $0.title?.lowercased() == name.lowercased() }
        return named.count == 1 ? named.first?.id : nil
    }

    private static func lookups(_ name: String, _ places: [WatchedPlace]) -> [ArticleLookup] {
        var lookups: [ArticleLookup] = []
        if name.utf8.allSatisfy(ArticleID.isDigit) {
            // An id is of letters and digits, so that the character after the last of them closes the range.
            lookups.append(
                ArticleLookup(condition: "a.id >= ? AND a.id < ? || '{'", values: [.text(name), .text(name)], includesRemoved: true))
        }
        // A file that holds several items is the locator of all of them.
        for place in places {
            let values: [SQLValue] = [.integer(place.source.row), .text(place.key)]
            lookups.append(
                ArticleLookup(
                    condition: """
                        a.article IN (SELECT article FROM sightings WHERE source = ? AND key = ?
                                      UNION SELECT article FROM sightings WHERE source = ? AND locator = ?)
                        """,
                    values: values + values))
        }
        // CROSS JOIN keeps the order: for each source a search in the index that begins with it (sqlite.org/optoverview.html#manctrl).
        lookups.append(
            ArticleLookup(
                condition: """
                    a.article IN (SELECT s.article FROM sources o CROSS JOIN sightings s ON s.source = o.source WHERE s.key = ?
                                  UNION SELECT s.article FROM sources o CROSS JOIN sightings s ON s.source = o.source
                                  WHERE s.locator = ? AND o.kind = 'folder')
                    """,
                values: [.text(name), .text(name)]))
        // As browsers show them: without the scheme.
        if let url = CanonicalURL.of(name) ?? CanonicalURL.of("https://" + name) {
            lookups.append(
                ArticleLookup(
                    condition: """
                        a.article IN (SELECT s.article FROM sources o CROSS JOIN sightings s ON s.source = o.source WHERE s.url = ?)
                        """,
                    values: [.text(url)]))
        }
        if let words = TitleWords(name) { lookups.append(ArticleLookup(words: words)) }
        return lookups
    }

    /// The version that is meant: `number`, else the one after the `@`, else the newest.
    /// - Throws: `ArticleReferenceError`, `StoreError`.
    package func version(_ reference: ArticleReference, number: Int? = nil) throws -> StoredVersion {
        let (id, named) = try find(reference)
        let number = number ?? named
        if let found = try version(of: id, number: number) { return found }
        let newest = try version(of: id, number: nil)?.summary.number ?? 0
        throw ArticleReferenceError.noVersion(
            ArticleVersion(article: id, number: number ?? 1), shortID: try shortID(id), wasRemoved: number.map { $0 < newest } ?? false)
    }

    /// The beginning of `id` that people are shown: `ArticleID.shortLength` characters, or more where these are not unique.
    package func shortID(_ id: ArticleID) throws(StoreError) -> String {
        // What is unique beside both neighbours is unique.
        let next = try statement("SELECT id FROM articles WHERE id > ? ORDER BY id LIMIT 1")
            .first(.text(id.description)) { $0.text(0) }
        let previous = try statement("SELECT id FROM articles WHERE id < ? ORDER BY id DESC LIMIT 1")
            .first(.text(id.description)) { $0.text(0) }
        let shared = [next, previous].map { neighbour in
            zip(id.description.utf8, (neighbour ?? "").utf8).prefix { $0 == $1 }.count
        }
        return String(id.description.prefix(max(ArticleID.shortLength, (shared.max() ?? 0) + 1)))
    }
}
