/// One live article, as a snapshot describes it.
package struct SnapshotArticle: Equatable, Sendable {
    package let id: ArticleID
    /// Number of its newest version.
    package let version: Int
    package let contentHash: ContentHash
    package let firstSeenMilliseconds: Int64
    /// When a document with it was last read. A document that the server calls unchanged is not read.
    package let lastSeenMilliseconds: Int64
    /// When its newest version was committed.
    package let changedMilliseconds: Int64
    /// Where it is seen, the oldest sighting first; at least one.
    package let sightings: [Origin]
    /// The sighting that decides the article's content.
    package let leader: Origin?
    /// The members of the JSON object `item`, as the line that announced the version had them.
    package let itemMembers: [UInt8]
    /// Unicode scalars of the text.
    package let characters: Int
    /// Nil if it was not asked for.
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

/// The line format of a snapshot: CloudEvents like the lines of the stream, with the same names in `data`, but not part
/// of the stream. The first line begins the snapshot and the last ends it; a snapshot without its end line is
/// incomplete. Lines have no limit of length.
///
/// Fields may be added at the end of `data`; none is renamed, reordered or given a new meaning.
package struct SnapshotLine {
    private let stream: String
    /// The last change that the snapshot includes.
    private let sequence: Int64
    private let articles: Int
    private let milliseconds: Int64

    /// - Parameter milliseconds: when the snapshot was made.
    package init(stream: String, sequence: Int64, articles: Int, milliseconds: Int64) {
        self.stream = stream
        self.sequence = sequence
        self.articles = articles
        self.milliseconds = milliseconds
    }

    package var begin: [UInt8] { bound("begin") }

    /// A reader that has seen this line has seen all articles, and continues with the changes after its `sequence`.
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

    /// The same snapshot has the same ids. No change has one of them.
    private func begin(_ json: inout JSONWriter, id: String, type: String, time: Int64) {
        json.field("specversion", "1.0")
        json.field("id", "snapshot-\(sequence)-\(id)")
        json.field("source", "urn:uuid:\(stream)")
        json.field("type", "tidings.snapshot.\(type)")
        json.field("time", rfc3339(milliseconds: time, fraction: true))
    }
}
