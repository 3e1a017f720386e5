/// What a consumer knows that has read the stream from its beginning, or a snapshot and the stream from there on: which article
/// lives, in which version, and under which keys. Notes each change that contradicts those before it.
package struct StreamFold: Sendable {
    package struct Article: Equatable, Sendable {
        /// The content hash of each version that was announced, by its number.
        package var contents: [Int: String]
        package var isRemoved = false

        package init(contents: [Int: String], isRemoved: Bool = false) {
            self.contents = contents
            self.isRemoved = isRemoved
        }

        package var newest: Int { contents.keys.max() ?? 0 }
    }

    /// Where an article is seen. Keys are a source's own.
    package struct Sighting: Hashable, Sendable {
        package let source: String
        package let key: String

        package init(source: String, key: String) {
            self.source = source
            self.key = key
        }
    }

    /// What the ledger can be asked as well.
    package struct LiveArticles: Equatable, Sendable {
        package var bySighting: [Sighting: String] = [:]
        package var newestVersions: [String: Int] = [:]

        package init() {}
    }

    package private(set) var articles: [String: Article] = [:]
    package private(set) var bySighting: [Sighting: String] = [:]
    package private(set) var contradictions: [String] = []
    /// What each sighting showed last: a copy shows its content still when the article gets a new version elsewhere.
    private var shown: [Sighting: String] = [:]
    private var titles: [String: String] = [:]
    /// A snapshot lacks the articles that were removed before it, and each can be restored after it.
    private var knowsRemovedArticles = true

    package init() {}

    package init(_ lines: some Sequence<StreamLine>) {
        for line in lines { add(line) }
    }

    /// - Parameter snapshot: a creation for each sighting, with the article's newest version.
    package init(snapshot: [StreamLine], then lines: some Sequence<StreamLine>) {
        knowsRemovedArticles = false
        for line in snapshot {
            guard let (sighting, article, version, content) = Self.parts(of: line) else { continue }
            articles[article] = Article(contents: [version: content])
            show(line, article, at: sighting)
        }
        for line in lines { add(line) }
    }

    package var live: LiveArticles {
        var live = LiveArticles()
        live.bySighting = bySighting
        for article in Set(bySighting.values) { live.newestVersions[article] = articles[article]?.newest }
        return live
    }

    /// By key, the title of what is shown there; without those that have none.
    package var titleAtKey: [String: String] {
        var found: [String: String] = [:]
        for (sighting, content) in shown { found[sighting.key] = titles[content] }
        return found
    }

    package mutating func add(_ line: StreamLine) {
        guard line.type.hasPrefix("tidings.article.") else { return }
        guard let (sighting, article, version, content) = Self.parts(of: line) else {
            contradictions.append("no article, key, version or content: \(line.text)")
            return
        }
        if line.type == "tidings.article.restored", articles[article] == nil, !knowsRemovedArticles {
            articles[article] = Article(contents: [version: content], isRemoved: true)
        }
        let known = articles[article]
        let isLive = known?.isRemoved == false
        let newest = known?.newest ?? 0
        let present = bySighting[sighting]
        func expect(_ holds: Bool, _ message: String) {
            if !holds { contradictions.append("\(message): \(line.sequence) \(line.message)") }
        }
        expect(line.type == "tidings.article.created" || known != nil, "an article that nobody announced")
        switch line.type {
        case "tidings.article.created":
            expect(known == nil && version == 1, "an article is created twice")
            expect((present == nil) == (line.data.forkedFrom == nil), "created under a key that shows another article")
            articles[article] = Article(contents: [1: content])
            show(line, article, at: sighting)
        case "tidings.article.updated":
            expect(present == article && isLive, "updated where it is not seen")
            expect(version == newest + 1, "a version is left out")
            expect((known?.contents[newest] == content) == (line.data.class == "metadata"), "updated without a change of its class")
            articles[article]?.contents[version] = content
            show(line, article, at: sighting)
        case "tidings.article.removed":
            expect(present == article && isLive, "removed where it is not seen")
            hide(sighting)
            expect(!bySighting.values.contains(article), "removed while it is seen elsewhere")
            expect(Self.reasons.contains(line.data.reason ?? ""), "removed for no reason")
            articles[article]?.isRemoved = true
        case "tidings.article.duplicate_removed":
            expect(present == article && isLive, "a copy is removed where there is none")
            hide(sighting)
            expect(bySighting.values.contains(article), "the last copy is removed as if there were others")
        case "tidings.article.restored":
            expect(present == nil && known != nil && !isLive, "what lives is restored")
            articles[article]?.isRemoved = false
            show(line, article, at: sighting)
        case "tidings.article.moved":
            let old = Sighting(source: sighting.source, key: line.data.movedFrom ?? "")
            expect(present == nil && bySighting[old] == article, "moved from where it was not")
            hide(old)
            show(line, article, at: sighting)
        case "tidings.article.duplicate":
            expect(present == nil && isLive, "a copy of nothing, or under a key that is taken")
            show(line, article, at: sighting)
        default: expect(false, "an unknown change")
        }
        if !line.announcesVersion {
            expect(version == newest && content == known?.contents[newest], "not the newest version")
        }
    }

    private static let reasons: Set = ["file_deleted", "declared", "inferred", "page_gone", "unsubscribed"]

    private static func parts(of line: StreamLine) -> (Sighting, article: String, version: Int, content: String)? {
        guard let article = line.subject, let origin = line.data.origin, let key = origin.key, let version = line.data.version,
            let content = line.data.contentHash
        else { return nil }
        return (Sighting(source: origin.source, key: key), article, version, content)
    }

    private mutating func show(_ line: StreamLine, _ article: String, at sighting: Sighting) {
        bySighting[sighting] = article
        guard let content = line.data.contentHash else { return }
        shown[sighting] = content
        if let title = line.data.item?.title { titles[content] = title }
    }

    private mutating func hide(_ sighting: Sighting) {
        bySighting[sighting] = nil
        shown[sighting] = nil
    }
}
