import TidingsCore

/// A change of the stream, as the page and the Atom feed show it: read from its line.
struct ShownChange: Equatable, Sendable {
    let sequence: Int64
    let type: ChangeType
    /// When it was committed.
    let milliseconds: Int64
    /// The stream's id: a UUID.
    let stream: String
    let article: ArticleID?
    let version: Int?
    let previousVersion: Int?
    /// The names of the fields that differ.
    let changed: [String]
    let changeClass: ChangeClass?
    let charactersAdded: Int?
    let charactersRemoved: Int?
    let reason: RemovalReason?
    let forkedFrom: ArticleVersion?
    let movedFrom: String?
    let isBackfill: Bool
    let state: SourceState?
    /// For people. It may name the place of its source.
    var detail: String?
    let source: String?
    let kind: SourceKind?
    let key: String?
    let authors: [String]
    let language: String?
    /// Lines of some types have none; then the ledger may have it.
    var title: String?

    /// Nil if `line` is no change.
    init?(_ line: [UInt8]) {
        guard let event = JSONTree(line), let sequence = event["id"]?.string.flatMap({ Int64($0) }),
            let stream = event["source"]?.string, stream.hasPrefix("urn:uuid:"), let name = event["type"]?.string,
            let type = ChangeType.allCases.first(where: { $0.name == name }), let time = event["time"]?.string.flatMap({ ItemDate($0) }),
            let data = event["data"]
        else { return nil }
        self.sequence = sequence
        self.type = type
        milliseconds = time.milliseconds
        self.stream = String(stream.dropFirst("urn:uuid:".count))
        article = event["subject"]?.string.flatMap { ArticleID($0) }
        version = data["version"]?.integer
        previousVersion = data["previous_version"]?.integer
        changed = data["changed"]?.strings ?? []
        changeClass = data["class"]?.string.flatMap(ChangeClass.init)
        charactersAdded = data["characters_added"]?.integer
        charactersRemoved = data["characters_removed"]?.integer
        reason = data["reason"]?.string.flatMap(RemovalReason.init)
        forkedFrom = data["forked_from"].flatMap { fork in
            guard let article = fork["article"]?.string.flatMap({ ArticleID($0) }), let number = fork["version"]?.integer else { return nil }
            return ArticleVersion(article: article, number: number)
        }
        movedFrom = data["moved_from"]?.string
        isBackfill = data["backfill"]?.bool ?? false
        state = data["state"]?.string.flatMap(SourceState.init)
        detail = data["detail"]?.string
        source = data["origin"]?["source"]?.string
        kind = data["origin"]?["kind"]?.string.flatMap(SourceKind.init)
        key = data["origin"]?["key"]?.string
        authors = (data["item"]?["authors"]?.elements ?? []).compactMap { $0["name"]?.string }
        language = data["item"]?["language"]?.string
        title = data["item"]?["title"]?.string
    }
}

// In words.
extension ShownChange {
    /// What happened, in the words of the contract: `created`, `source failing`.
    var verb: String {
        switch type {
        case .sourceState: "source \(state?.rawValue ?? "state")"
        default: Self.verb(of: type)
        }
    }

    static func verb(of type: ChangeType) -> String {
        let name = type.rawValue.hasPrefix("article.") ? String(type.rawValue.dropFirst("article.".count)) : type.rawValue
        return name.replacing(".", with: " ").replacing("_", with: " ")
    }

    /// Which of the page's colours it has.
    var tone: Tone {
        switch type {
        case .articleCreated, .articleRestored, .sourceAdded: .good
        case .articleUpdated, .sourceGap: .noted
        case .articleRemoved, .streamReset, .sourceRemoved: .bad
        case .sourceState: state == .ok ? .good : .bad
        case .articleMoved, .articleDuplicate, .articleDuplicateRemoved, .streamHeader: .quiet
        }
    }

    /// What is said of it beside its title: `substantive`, `+5 −6`, `title, text`.
    var facts: [String] {
        var facts: [String] = []
        if let changeClass { facts.append(changeClass.rawValue.replacing("_", with: " ")) }
        let (added, removed) = (charactersAdded ?? 0, charactersRemoved ?? 0)
        if added + removed > 0 { facts.append("+\(added) −\(removed)") }
        if !changed.isEmpty { facts.append(changed.joined(separator: ", ")) }
        if let reason { facts.append(reason.words) }
        if let forkedFrom { facts.append("forked from \(forkedFrom.article.description.prefix(ArticleID.shortLength))@\(forkedFrom.number)") }
        if let movedFrom { facts.append("from \(movedFrom)") }
        if isAboutKey, let key { facts.append(movedFrom == nil ? key : "to \(key)") }
        if isBackfill { facts.append("first import") }
        return facts
    }

    /// Whether it is about one of the places of an article.
    private var isAboutKey: Bool {
        [.articleRemoved, .articleDuplicate, .articleDuplicateRemoved, .articleMoved].contains(type)
    }

    /// What it is about, where that has no title of its own.
    var heading: String {
        if let title { return title }
        if article != nil { return key ?? "Article without a title" }
        return source ?? "The stream"
    }

    /// Where to see it: the difference of an update, else the article or the source.
    var place: PagePath? {
        guard let article else { return source.map { PagePath.source($0) } }
        guard type == .articleUpdated, let previousVersion, let version else { return .article(article) }
        return .diff(article, from: previousVersion, to: version)
    }
}

extension RemovalReason {
    var words: String {
        switch self {
        case .fileDeleted: "the file was deleted"
        case .declared: "the feed says that it was deleted"
        case .inferred: "missing between items that the feed still shows"
        case .pageGone: "its page is gone"
        case .unsubscribed: "its source is not configured any more"
        }
    }
}

/// How something stands. Each has a colour, and is said in words as well.
enum Tone: String, Sendable { case good, noted, bad, quiet }
