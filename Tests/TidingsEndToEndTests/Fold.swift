import TidingsStore

/// What a reader knows who has read the stream from its beginning.
struct Fold {
    private(set) var articleAtKey: [String: String] = [:]
    /// A copy goes on to show what it showed when the article gets a new version elsewhere.
    private(set) var headlineAtKey: [String: String] = [:]
    private var versions: [String: Int] = [:]
    private var headlines: [String: String] = [:]

    init(_ lines: [StreamLine]) {
        for line in lines {
            guard let article = line.subject, let key = line.data.origin?.key else { continue }
            if let version = line.data.version { versions[article] = max(versions[article] ?? 0, version) }
            switch line.type {
            case "tidings.article.removed", "tidings.article.duplicate_removed":
                forget(key)
                continue
            case "tidings.article.moved": forget(line.data.movedFrom ?? "")
            default: break
            }
            articleAtKey[key] = article
            guard let hash = line.data.contentHash else { continue }
            if let title = line.data.item?.title { headlines[hash] = title }
            headlineAtKey[key] = headlines[hash]
        }
    }

    /// What both the stream and the ledger say of the articles that live.
    struct Known: Equatable {
        var articleAtKey: [String: String] = [:]
        var newestVersions: [String: Int] = [:]
    }

    var known: Known { Known(articleAtKey: articleAtKey, newestVersions: liveVersions) }

    /// Newest version of each article that is seen somewhere.
    private var liveVersions: [String: Int] {
        let live = Set(articleAtKey.values)
        return versions.filter { live.contains($0.key) }
    }

    private mutating func forget(_ key: String) {
        articleAtKey[key] = nil
        headlineAtKey[key] = nil
    }
}

extension Fold.Known {
    init(ledger: LedgerReader) throws {
        try ledger.eachArticle(source: nil, includesRemoved: false) { article in
            newestVersions[article.id.description] = article.versions
            for sighting in article.sightings { articleAtKey[sighting.key ?? ""] = article.id.description }
            return true
        }
    }
}
