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
        guard let article = found else { throw ArticleReferenceError.noArticle(prefix: reference.prefix) }
        var sightings: [SightingProvenance] = []
        let statement = try connection.prepare(
            """
            SELECT o.name, o.kind, s.key, coalesce(s.locator, s.key), s.first_seen_ms, s.last_seen_ms, s.gone_ms,
                   c.captured_ms, c.seen_ms, c.bytes, c.format, c.problems, c.problem, c.status, c.final_url, c.etag, c.last_modified
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
        let capture = row.optionalInteger(7).map { captured in
            CaptureProvenance(
                capturedMilliseconds: captured, confirmedMilliseconds: row.integer(8), bytes: Int(row.integer(9)),
                format: row.optionalText(10), problems: Int(row.integer(11)), problem: row.optionalText(12),
                status: row.optionalInteger(13).map(Int.init), finalURL: row.optionalText(14), etag: row.optionalText(15),
                lastModified: row.optionalText(16))
        }
        return SightingProvenance(
            source: row.text(0), kind: try sourceKind(row.text(1)), key: row.text(2), locator: row.text(3),
            firstSeenMilliseconds: row.integer(4), lastSeenMilliseconds: row.integer(5), goneMilliseconds: row.optionalInteger(6),
            capture: capture)
    }
}

// Keys are a contract: fields may be added, none is renamed.
extension ArticleProvenance {
    /// One JSON object.
    package var json: [UInt8] {
        var json = JSONWriter()
        json.object { json in
            json.field("article", article.description)
            version.write(into: &json)
            json.field("first_seen", Self.time(firstSeenMilliseconds))
            json.field("last_seen", Self.time(lastSeenMilliseconds))
            json.field("removed", removedMilliseconds.map(Self.time))
            json.array("sightings", sightings) { json, sighting in json.object { json in Self.write(sighting, into: &json) } }
        }
        return json.bytes
    }

    private static func write(_ sighting: SightingProvenance, into json: inout JSONWriter) {
        json.field("source", sighting.source)
        json.field("kind", sighting.kind.rawValue)
        json.field("key", sighting.key)
        json.field("locator", sighting.locator)
        json.field("first_seen", time(sighting.firstSeenMilliseconds))
        json.field("last_seen", time(sighting.lastSeenMilliseconds))
        json.field("gone", sighting.goneMilliseconds.map(time))
        guard let capture = sighting.capture else { return }
        json.object("capture") { json in
            json.field("captured", time(capture.capturedMilliseconds))
            json.field("confirmed", time(capture.confirmedMilliseconds))
            json.field("http_status", capture.status)
            json.field("final_url", capture.finalURL)
            json.field("etag", capture.etag)
            json.field("last_modified", capture.lastModified)
            json.field("size_bytes", capture.bytes)
            json.field("format", capture.format)
            json.field("problems", capture.problems)
            json.field("problem", capture.problem)
        }
    }

    private static func time(_ milliseconds: Int64) -> String { rfc3339(milliseconds: milliseconds, fraction: true) }
}
