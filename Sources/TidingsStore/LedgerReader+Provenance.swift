import TidingsCore

/// Where an article is seen, and how the newest bytes of each of these documents were read. What was read for older versions is
/// not kept: of a version there is the time of its commit.
package struct ArticleProvenance: Equatable, Sendable {
    package let article: ArticleID
    /// The one that was asked for.
    package let version: VersionSummary
    package let firstSeenMilliseconds: Int64
    /// When a document with it was read last. One that is said to be unchanged is not read.
    package let lastSeenMilliseconds: Int64
    package let removedMilliseconds: Int64?
    /// The live ones, the oldest first; of a removed article, those that were.
    package let sightings: [SightingProvenance]
}

package struct SightingProvenance: Equatable, Sendable {
    package let source: String
    package let kind: SourceKind
    package let key: String
    /// Of the document that shows it: a path below the folder's root, or a feed's URL as configured then.
    package let locator: String
    package let firstSeenMilliseconds: Int64
    package let lastSeenMilliseconds: Int64
    package let goneMilliseconds: Int64?
    /// Nil where the document is no longer known: it is gone.
    package let capture: CaptureProvenance?
    /// The article's own page, if it is watched. The document above is then the feed's; of a listed page, the page itself.
    package var page: PageProvenance?
}

/// How the page of an article is watched.
package struct PageProvenance: Equatable, Sendable {
    /// The address that is asked.
    package let locator: String
    package let state: PageState
    /// Whether the article's newest text is what the page showed. If not, it is the feed's.
    package let givesText: Bool
    /// Nil if the page was never read, or is a listed one.
    package let capture: CaptureProvenance?
}

/// How the newest bytes of a document were read.
package struct CaptureProvenance: Equatable, Sendable {
    /// When these bytes were read first.
    package let capturedMilliseconds: Int64
    /// When they were last read again, or the server said that they are unchanged, or something that could not be read came instead.
    package let confirmedMilliseconds: Int64
    package let bytes: Int
    /// Nil if the document could not be read.
    package let format: String?
    /// How many problems were survived.
    package let problems: Int
    /// The first of them, or why nothing could be read.
    package let problem: String?
    /// Of HTTP, like those that follow.
    package let status: Int?
    package let finalURL: String?
    package let etag: String?
    package let lastModified: String?
}

extension LedgerReader {
    /// - Throws: `ArticleReferenceError`, `StoreError`.
    package func provenance(_ reference: ArticleReference) throws -> ArticleProvenance {
        let version = try version(reference)
        let found = try connection.prepare("SELECT article, first_seen_ms, removed_ms FROM articles WHERE id = ?")
            .first(.text(version.article.description)) { row in
                (row: row.integer(0), firstSeen: row.integer(1), removed: row.optionalInteger(2))
            }
        guard let article = found else { throw ArticleReferenceError.noArticle(reference) }
        var sightings: [SightingProvenance] = []
        let statement = try connection.prepare(
            """
            SELECT o.name, o.kind, s.key, coalesce(s.locator, s.key), s.first_seen_ms, s.last_seen_ms, s.gone_ms, s.sighting,
                   \(CaptureProvenance.columns)
            FROM sightings s JOIN sources o USING (source)
            LEFT JOIN captures c ON c.source = s.source AND c.locator = coalesce(s.locator, s.key)
            WHERE s.article = ? AND (s.gone_ms IS NULL OR ?) ORDER BY s.sighting
            """)
        try statement.each(.integer(article.row), .integer(article.removed == nil ? 0 : 1)) { row throws(StoreError) in
            sightings.append(try sighting(row))
            return true
        }
        return ArticleProvenance(
            article: version.article, version: version.summary, firstSeenMilliseconds: article.firstSeen,
            lastSeenMilliseconds: sightings.map(\.lastSeenMilliseconds).max() ?? article.firstSeen,
            removedMilliseconds: article.removed, sightings: sightings)
    }

    private func sighting(_ row: borrowing Row) throws(StoreError) -> SightingProvenance {
        SightingProvenance(
            source: row.text(0), kind: try sourceKind(row.text(1)), key: row.text(2), locator: row.text(3),
            firstSeenMilliseconds: row.integer(4), lastSeenMilliseconds: row.integer(5), goneMilliseconds: row.optionalInteger(6),
            capture: CaptureProvenance(row, from: 8), page: try page(of: row.integer(7)))
    }

    private func page(of sighting: Int64) throws(StoreError) -> PageProvenance? {
        guard try Schema.hasPages(connection) else { return nil }
        return try statement(
            """
            SELECT p.locator, p.state, p.due_ms, p.feed_item IS NULL, p.shown_hash = a.newest_hash, \(CaptureProvenance.columns)
            FROM pages p JOIN sightings s USING (sighting) JOIN articles a USING (article)
            LEFT JOIN captures c ON c.source = p.source AND c.locator = p.locator
            WHERE p.sighting = ?
            """
        ).first(.integer(sighting)) { row in
            let isListed = row.integer(3) != 0
            let due = row.optionalInteger(2)
            return PageProvenance(
                locator: row.text(0), state: PageState(json: row.text(1), nextLook: due) ?? PageState(nextLook: due, lastChange: 0),
                givesText: isListed || row.integer(4) != 0, capture: isListed ? nil : CaptureProvenance(row, from: 5))
        }
    }
}

extension CaptureProvenance {
    /// Of a row of `captures` that is called `c`.
    fileprivate static let columns = """
        c.captured_ms, c.seen_ms, c.bytes, c.format, c.problems, c.problem, c.status, c.final_url, c.etag, c.last_modified
        """

    /// Reads `columns` from `first` on; nil if there is no such row.
    fileprivate init?(_ row: borrowing Row, from first: Int32) {
        guard let captured = row.optionalInteger(first) else { return nil }
        capturedMilliseconds = captured
        confirmedMilliseconds = row.integer(first + 1)
        bytes = Int(row.integer(first + 2))
        format = row.optionalText(first + 3)
        problems = Int(row.integer(first + 4))
        problem = row.optionalText(first + 5)
        status = row.optionalInteger(first + 6).map(Int.init)
        finalURL = row.optionalText(first + 7)
        etag = row.optionalText(first + 8)
        lastModified = row.optionalText(first + 9)
    }
}
