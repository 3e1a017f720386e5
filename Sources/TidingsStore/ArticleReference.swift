import TidingsCore

/// An article as people write it, and `@N` for one of its versions. What it stands for is found by `LedgerReader.find(_:at:)`.
package struct ArticleReference: Equatable, Sendable {
    /// All of it.
    package let text: String
    /// Without the version.
    package let name: String
    package let version: Int?

    /// Nil if there is nothing before the version.
    package init?(_ text: String) {
        self.text = text
        guard let mark = text.lastIndex(of: "@"), let number = decimalNumber(text[text.index(after: mark)...].utf8), number > 0 else {
            name = text
            version = nil
            if name.isEmpty { return nil }
            return
        }
        name = String(text[..<mark])
        version = number
        if name.isEmpty { return nil }
    }

    /// The article with this id.
    package init(_ id: ArticleID, version: Int? = nil) {
        name = id.description
        text = name + (version.map { "@\($0)" } ?? "")
        self.version = version
    }
}

extension ArticleID {
    /// How much of an id people are shown where that is unique.
    package static let shortLength = 8
}

/// One of several articles that a reference may mean.
package struct ArticleCandidate: Equatable, Sendable {
    /// As much of the id as is unique.
    package let shortID: String
    package let article: ArticleSummary

    package init(shortID: String, article: ArticleSummary) {
        self.shortID = shortID
        self.article = article
    }
}

/// Why a reference does not lead to one version.
package enum ArticleReferenceError: Error, Equatable, Sendable {
    case noArticle(ArticleReference)
    /// - Parameter more: how many there are beside the candidates, which are those that changed last.
    case severalArticles(ArticleReference, candidates: [ArticleCandidate], more: Int)
    /// - Parameter wasRemoved: whether it is one of before the newest, which retention has taken.
    case noVersion(ArticleVersion, shortID: String, wasRemoved: Bool)
    /// It was to be compared with the one before it.
    case firstVersion(ArticleVersion)
}

extension ArticleReferenceError: CustomStringConvertible {
    /// For people, with the next step; without the candidates.
    package var description: String {
        switch self {
        case .noArticle(let reference):
            "no article is found by '\(reference.name)': no id begins with it, it is no file, key or address of an article, and no title "
                + "has these words; look for fewer words with `tidings list WORDS`"
        case .severalArticles(let reference, let candidates, let more):
            "'\(reference.name)' may mean \(candidates.count + more) articles; give the id of the one you mean:"
        case .noVersion(let version, let shortID, wasRemoved: true):
            "version \(version.number) of \(version.article) is no longer kept (retention); `tidings log \(shortID)` shows those that are"
        case .noVersion(let version, let shortID, wasRemoved: false):
            "\(version.article) has no version \(version.number); `tidings log \(shortID)` shows them"
        case .firstVersion(let version):
            "\(version.article)@\(version.number) is the first version: nothing is before it"
        }
    }
}
