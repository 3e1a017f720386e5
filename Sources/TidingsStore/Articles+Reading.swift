import TidingsCore

// Reads what `Articles+JSON.swift` has written, elsewhere. A missing or wrong field makes the whole nil, so that no half of it is shown.

extension ArticleSummary {
    package init?(_ json: JSONTree) {
        guard let id = json["id"]?.string.flatMap({ ArticleID($0) }), let versions = json["versions"]?.integer,
            let firstSeen = json.milliseconds("first_seen"), let changed = json.milliseconds("changed"),
            case .array(let places)? = json["sightings"] ?? .array([])
        else { return nil }
        self.init(
            id: id, title: json["title"]?.string, versions: versions, firstSeenMilliseconds: firstSeen, changedMilliseconds: changed,
            removedMilliseconds: json.milliseconds("removed"), sightings: places.compactMap(Origin.init))
    }
}

extension VersionSummary {
    package init?(_ json: JSONTree) {
        guard let number = json["version"]?.integer, let committed = json.milliseconds("committed"), let sequence = json["sequence"]?.integer,
            let hash = json["content_hash"]?.string.flatMap({ ContentHash($0) }), let characters = json["characters"]?.integer
        else { return nil }
        self.init(
            number: number, committedMilliseconds: committed, sequence: Int64(sequence),
            changeClass: json["class"]?.string.flatMap(ChangeClass.init(rawValue:)), contentHash: hash, title: json["title"]?.string,
            characters: characters)
    }
}

extension Origin {
    fileprivate init?(_ json: JSONTree) {
        guard let source = json["source"]?.string, let kind = json["kind"]?.string.flatMap(SourceKind.init(rawValue:)) else { return nil }
        self.init(source: source, kind: kind, key: json["key"]?.string, url: json["url"]?.string, page: json["page"]?.string)
    }
}

extension JSONTree {
    /// A time, in milliseconds since 1970.
    package func milliseconds(_ name: String) -> Int64? { self[name]?.string.flatMap { ItemDate($0)?.milliseconds } }
}
