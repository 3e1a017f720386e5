import TidingsCore

/// A version of an article that was found.
package struct SearchHit: Equatable, Sendable {
    package let id: ArticleID
    package let version: Int
    /// Whether the article has no newer version, and is not removed.
    package let isNewest: Bool
    package let isRemoved: Bool
    package let title: String?
    /// The title, with what was looked for marked.
    package let titlePieces: [SearchPiece]
    package let url: String?
    /// Of the sources that show the article, the one that did so first.
    package let source: String?
    package let language: String?
    /// When it was published, as the item says; else when the article was seen first. This is the date that filters compare.
    package let date: ItemDate
    /// How well it answers, more is better: BM25, with titles weighed.
    package let score: Double
    /// The part of the text that has the most of what was looked for.
    package let snippet: [SearchPiece]
}

/// What was found, the best first.
package struct SearchResults: Equatable, Sendable {
    package let hits: [SearchHit]
    /// Where to go on, as `SearchFilter.offset`; nil if there is no more.
    package let next: Int?
}

extension SearchHit {
    /// One JSON object.
    package var json: [UInt8] {
        var json = JSONWriter()
        json.object { write(into: &$0) }
        return json.bytes
    }

    package func write(into json: inout JSONWriter) {
        json.field("id", id.description)
        json.field("version", version)
        if !isNewest { json.field("newest", false) }
        if isRemoved { json.field("removed", true) }
        json.field("title", title)
        json.field("url", url)
        json.field("source", source)
        json.field("language", language)
        json.field("date", date.description)
        // Thousandths are more than anybody compares.
        json.field("score", json: Array(Self.decimal(score).utf8))
        json.array("snippet", snippet) { json, piece in
            json.object { json in
                json.field("text", piece.text)
                if piece.isHit { json.field("hit", true) }
            }
        }
    }

    private static func decimal(_ value: Double) -> String {
        let thousandths = Int64((value * 1000).rounded())
        let digits = String(thousandths.magnitude % 1000)
        return "\(thousandths < 0 ? "-" : "")\(thousandths.magnitude / 1000).\(String(repeating: "0", count: 3 - digits.count))\(digits)"
    }
}

/// Which of the versions that have the words are meant.
package struct SearchFilter: Equatable, Sendable {
    /// Only articles that are seen in one of the sources with these names. Empty: in any.
    package var sources: [String] = []
    /// Only items that say they are in it: `en` means `en-GB`, too (RFC 4647 §3.3.1).
    package var language: String?
    /// Only from this date on and before that one, in milliseconds since 1970: see `SearchHit.date`.
    package var sinceMilliseconds: Int64?
    package var untilMilliseconds: Int64?
    /// Old versions and removed articles, too.
    package var includesOldVersions = false
    package var limit = 20
    /// How many of the best are passed over.
    package var offset = 0

    package init() {}
}
