/// What a snapshot says of one live article.
package struct SnapshotArticle: Equatable, Sendable {
    package let id: ArticleID
    /// Number of its newest version.
    package let version: Int
    package let contentHash: ContentHash
    package let firstSeenMilliseconds: Int64
    /// When a document with it was read last. One that is said to be unchanged is not read.
    package let lastSeenMilliseconds: Int64
    /// When its newest version was committed.
    package let changedMilliseconds: Int64
    /// Where it is seen, the oldest first; at least one.
    package let sightings: [Origin]
    /// The one that speaks for the article.
    package let leader: Origin?
    /// The members of the JSON object `item`, as the line that announced the version had them.
    package let itemMembers: [UInt8]
    /// Unicode scalars of the text.
    package let characters: Int
    /// Nil where it was not asked for.
    package let text: String?

    package init(
        id: ArticleID, version: Int, contentHash: ContentHash, firstSeenMilliseconds: Int64, lastSeenMilliseconds: Int64,
        changedMilliseconds: Int64, sightings: [Origin], leader: Origin?, itemMembers: [UInt8], characters: Int, text: String?
    ) {
        self.id = id
        self.version = version
        self.contentHash = contentHash
        self.firstSeenMilliseconds = firstSeenMilliseconds
        self.lastSeenMilliseconds = lastSeenMilliseconds
        self.changedMilliseconds = changedMilliseconds
        self.sightings = sightings
        self.leader = leader
        self.itemMembers = itemMembers
        self.characters = characters
        self.text = text
    }
}

/// A snapshot's line format: CloudEvents like the lines of the stream, and with the same names in `data`, but no part of it. The
/// first line begins the snapshot and the last ends it; one without its end is not whole. Lines have no limit of length.
///
/// Fields may be added at the end of `data`; none is renamed, reordered or given a new meaning.
package struct SnapshotLine {
    private let stream: String
    /// The change that the snapshot stands after.
    private let sequence: Int64
    private let articles: Int
    private let milliseconds: Int64

    /// - Parameter milliseconds: when the snapshot was taken.
    package init(stream: String, sequence: Int64, articles: Int, milliseconds: Int64) {
        self.stream = stream
        self.sequence = sequence
        self.articles = articles
        self.milliseconds = milliseconds
    }

    package var begin: [UInt8] { bound("begin") }

    /// Whoever has seen this line has seen all articles, and goes on with the changes after its `sequence`.
    package var end: [UInt8] { bound("end") }

    package func article(_ article: SnapshotArticle) -> [UInt8] {
        var json = JSONWriter(capacity: 1024 + (article.text?.utf8.count ?? 0))
        json.object { json in
            begin(&json, id: article.id.description, type: "article", time: article.changedMilliseconds)
            json.field("subject", article.id.description)
            json.object("data") { json in
                json.field("version", article.version)
                json.field("content_hash", article.contentHash.description)
                if let leader = article.leader { json.object("origin") { json in leader.write(into: &json) } }
                json.object("item") { json in
                    json.members(article.itemMembers)
                    json.field("content_text", article.text)
                }
                json.field("characters", article.characters)
                json.array("sightings", article.sightings) { json, origin in
                    json.object { json in origin.write(into: &json) }
                }
                json.field("first_seen", rfc3339(milliseconds: article.firstSeenMilliseconds, fraction: true))
                json.field("last_seen", rfc3339(milliseconds: article.lastSeenMilliseconds, fraction: true))
            }
        }
        return json.bytes + [UInt8(ascii: "\n")]
    }

    private func bound(_ name: String) -> [UInt8] {
        var json = JSONWriter(capacity: 256)
        json.object { json in
            begin(&json, id: name, type: name, time: milliseconds)
            json.object("data") { json in
                json.field("sequence", sequence)
                json.field("articles", articles)
            }
        }
        return json.bytes + [UInt8(ascii: "\n")]
    }

    /// The same snapshot has the same ids, and no change has one of them.
    private func begin(_ json: inout JSONWriter, id: String, type: String, time: Int64) {
        json.field("specversion", "1.0")
        json.field("id", "snapshot-\(sequence)-\(id)")
        json.field("source", "urn:uuid:\(stream)")
        json.field("type", "tidings.snapshot.\(type)")
        json.field("time", rfc3339(milliseconds: time, fraction: true))
    }
}
