import TidingsCore

// What the ledger must know and what consumers must be told, written once more from DESIGN (5 to 7): plain arrays that are
// searched from end to end, texts that are compared as texts, and no SQL, hash or `decide`. Slow where the program is quick, so
// that the two have little in common but what they are to agree on.

/// An item as its author wrote it.
struct Written: Hashable, Sendable {
    /// Within its feed or its file; nil where the file is the item.
    var id: String?
    var text: String
    var author: String?
    var url: String?
    /// When it says it was published; of feeds.
    var date: Int64?
}

/// One look's finding, as far as it bears on what must be known.
struct Finding: Sendable {
    struct Entry: Sendable {
        var key: String
        var item: Written
    }
    var source: String
    /// The path of the file; for a feed its name.
    var locator: String
    var entries: [Entry]
    var isPartial = false
    var tombstones: [String] = []
    /// Files of the folder that are missing at this moment.
    var missing: Set<String> = []
}

struct Model: Sendable {
    struct Version: Equatable, Sendable {
        var text: String
        var author: String?
        var url: String?
    }

    struct Article: Sendable {
        let id: String
        /// What founded it.
        let source: String
        let key: String
        var versions: [Version]
        var isRemoved = false

        var text: String { versions[versions.count - 1].text }
    }

    struct Sighting: Sendable {
        var source: String
        var key: String
        var locator: String
        var article: Int
        /// What it showed last.
        var shown: Version
        /// Its id without scheme, host and tracking, where that is an address.
        var alias: String?
        var isGone = false
    }

    struct Source: Sendable {
        var kind: SourceKind
        var isConfigured = true
        var isImported = false
        var state: SourceState?
        /// Of a feed: what its last whole document listed, and what is missing among that.
        var window: [Place] = []
        /// Whether the last document that was read could be read to its end.
        var isWhole = false
    }

    /// A place in a feed's window.
    struct Place: Sendable {
        var sighting: Int
        var date: Int64
        /// How often it was missing between others; nil while it is shown.
        var absences: Int?
    }

    var sources: [String: Source] = [:]
    /// Oldest first, as all that follows.
    var articles: [Article] = []
    var sightings: [Sighting] = []
    /// Everything that consumers are told, with its number.
    var told: [ExpectedChange] = []
    var lastSequence: Int64 = 0
    /// Where in `told` the present stream begins.
    var streamStart = 0
    /// How many times a new stream began.
    var resets = 0

    // MARK: telling

    mutating func tell(_ change: ExpectedChange) {
        lastSequence += 1
        var change = change
        change.sequence = lastSequence
        told.append(change)
    }

    /// A new stream begins after `published`, because that much may have been seen of the one before.
    mutating func reset(after published: Int64) {
        lastSequence = max(lastSequence, published)
        streamStart = told.count
        resets += 1
        tell(ExpectedChange(type: "stream.reset"))
    }

    // MARK: sources

    mutating func configure(_ wanted: [(name: String, kind: SourceKind)]) {
        for name in order where sources[name]?.isConfigured == true && !wanted.contains(where: { $0.name == name }) {
            sources[name]?.isConfigured = false
            tell(ExpectedChange(type: "source.removed", source: name))
        }
        for (name, kind) in wanted {
            if sources[name] == nil {
                order.append(name)
                sources[name] = Source(kind: kind)
                tell(ExpectedChange(type: "source.added", source: name))
            } else if sources[name]?.isConfigured == false {
                sources[name]?.isConfigured = true
                tell(ExpectedChange(type: "source.added", source: name))
            }
        }
    }
    /// Sources in the order in which they were configured first.
    private var order: [String] = []

    mutating func look(at source: String, found state: SourceState) {
        defer { sources[source]?.state = state }
        guard (sources[source]?.state ?? .ok) != state else { return }
        tell(ExpectedChange(type: "source.state", source: source, word: state.rawValue))
    }

    // MARK: gone

    /// The file at `path` is proved gone, and all that was in it.
    mutating func removeFile(_ path: String, of source: String) {
        for sighting in liveSightings(at: path, of: source) { remove(sighting, .fileDeleted) }
    }

    /// Live sightings in a file: the file itself first, then what it lists.
    func liveSightings(at path: String, of source: String) -> [Int] {
        let all = sightings.indices.filter {
            sightings[$0].source == source && sightings[$0].locator == path && !sightings[$0].isGone
        }
        return all.filter { sightings[$0].key == path } + all.filter { sightings[$0].key != path }
    }

    mutating func remove(_ sighting: Int, _ reason: RemovalReason) {
        sightings[sighting].isGone = true
        let article = sightings[sighting].article
        let isLast = liveSightings(of: article).isEmpty
        tell(
            ExpectedChange(
                type: isLast ? "article.removed" : "article.duplicate_removed", article: articles[article].id,
                version: articles[article].versions.count, text: articles[article].text, source: sightings[sighting].source,
                key: sightings[sighting].key, word: reason.rawValue))
        if isLast { articles[article].isRemoved = true }
    }

    // MARK: questions

    func liveSightings(of article: Int) -> [Int] {
        sightings.indices.filter { sightings[$0].article == article && !sightings[$0].isGone }
    }

    /// The oldest sighting that is not gone, of a source that is still looked at if there is one.
    func leader(of article: Int) -> Int? {
        let live = liveSightings(of: article)
        return live.first { sources[sightings[$0].source]?.isConfigured == true } ?? live.first
    }

    func sighting(_ key: String, of source: String) -> Int? {
        sightings.firstIndex { $0.source == source && $0.key == key }
    }

    /// The files of a folder that are known.
    func knownFiles(of source: String) -> Set<String> {
        Set(sightings.filter { $0.source == source && !$0.isGone }.map(\.locator))
    }
}
