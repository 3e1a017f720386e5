/// A consumer that knows nothing but the stream, and folds it: which article lives, in which version, under which keys.
struct Consumer: Equatable {
    struct Article: Equatable {
        var versions: [String]
        var isLive: Bool
    }
    private(set) var articles: [String: Article] = [:]
    /// By source and key.
    private(set) var keys: [String: String] = [:]
    private(set) var complaints: [String] = []

    static func == (left: Consumer, right: Consumer) -> Bool { left.articles == right.articles && left.keys == right.keys }

    init() {}

    init(of told: some Sequence<Told>) {
        for change in told { hear(change) }
    }

    /// What a consumer must know where the world is as the model says.
    init(knowing model: Model) {
        for article in model.articles {
            articles[article.id] = Article(versions: article.versions.map(\.text), isLive: !article.isRemoved)
        }
        for sighting in model.sightings where !sighting.isGone {
            keys["\(sighting.source) \(sighting.key)"] = model.articles[sighting.article].id
        }
    }

    mutating func hear(_ told: Told) {
        guard let id = told.article, let text = told.text, let source = told.source, let name = told.key else { return }
        let key = "\(source) \(name)"
        func expect(_ condition: Bool, _ message: String) { if !condition { complaints.append("\(message): \(told)") } }
        let known = articles[id]
        let under = keys[key]
        expect(told.type == "article.created" || known != nil, "an article that nobody announced")
        switch told.type {
        case "article.created":
            expect(known == nil && told.version == 1, "an article is created twice")
            expect((under == nil) == (told.forkedFrom == nil), "created under a key that shows another article")
            articles[id] = Article(versions: [text], isLive: true)
            keys[key] = id
        case "article.updated":
            expect(under == id && known?.isLive == true, "updated where it is not seen")
            expect(told.version == (known?.versions.count ?? 0) + 1, "a version is left out")
            expect((known?.versions.last == text) == (told.word == "metadata"), "updated without a change of the kind")
            articles[id]?.versions.append(text)
        case "article.removed":
            expect(under == id && known?.isLive == true, "removed where it is not seen")
            keys[key] = nil
            expect(!keys.values.contains(id), "removed while it is seen elsewhere")
            expect(["file_deleted", "declared", "inferred"].contains(told.word ?? ""), "removed for no reason")
            articles[id]?.isLive = false
        case "article.duplicate_removed":
            expect(under == id && known?.isLive == true, "a copy is removed where there is none")
            keys[key] = nil
            expect(keys.values.contains(id), "the last copy is removed as if there were others")
        case "article.restored":
            expect(under == nil && known?.isLive == false, "what lives is restored")
            articles[id]?.isLive = true
            keys[key] = id
        case "article.moved":
            let old = "\(source) \(told.movedFrom ?? "")"
            expect(under == nil && keys[old] == id, "moved from where it was not")
            keys[old] = nil
            keys[key] = id
        case "article.duplicate":
            expect(under == nil && known?.isLive == true, "a copy of nothing, or under a key that is taken")
            keys[key] = id
        default: expect(false, "an unknown change")
        }
        if told.type != "article.created", told.type != "article.updated" {
            expect(told.version == known?.versions.count && text == known?.versions.last, "not the newest version")
        }
    }
}
