import TidingsCore

/// An article as people write it: its id or a beginning of it that is unique, and `@N` for one of its versions.
package struct ArticleReference: Equatable, Sendable {
    package let prefix: String
    package let version: Int?

    /// Nil if `text` has not the shape of one.
    package init?(_ text: String) {
        let parts = text.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false)
        guard let prefix = parts.first, !prefix.isEmpty, prefix.utf8.allSatisfy(ArticleID.isDigit) else { return nil }
        self.prefix = String(prefix)
        if parts.count == 2 {
            guard let number = Int(parts[1]), number > 0 else { return nil }
            version = number
        } else {
            version = nil
        }
    }
}

extension ArticleID {
    /// How much of an id people are shown where that is unique.
    package static let shortLength = 8
}

/// Why a reference does not lead to one version.
package enum ArticleReferenceError: Error, Equatable, Sendable {
    package struct Candidate: Equatable, Sendable {
        let id: ArticleID
        let title: String?
    }

    case noArticle(prefix: String)
    case severalArticles(prefix: String, candidates: [Candidate], hasMore: Bool)
    /// - Parameter wasRemoved: whether it is one of before the newest, which retention has taken.
    case noVersion(ArticleVersion, prefix: String, wasRemoved: Bool)
    /// It was to be compared with the one before it.
    case firstVersion(ArticleVersion)
}

extension ArticleReferenceError: CustomStringConvertible {
    /// For people, with the next step.
    package var description: String {
        switch self {
        case .noArticle(let prefix):
            return "no article's id begins with '\(prefix)'; `tidings list` shows them"
        case .severalArticles(let prefix, let candidates, let hasMore):
            let lines = candidates.map { "\n  \($0.id)  \($0.title ?? "(no title)")" } + (hasMore ? ["\n  …"] : [])
            return "'\(prefix)' is the beginning of several ids; write more of the one you mean:" + lines.joined()
        case .noVersion(let version, let prefix, wasRemoved: true):
            return "version \(version.number) of \(version.article) is no longer kept (retention); "
                + "`tidings log \(prefix)` shows those that are"
        case .noVersion(let version, let prefix, wasRemoved: false):
            return "\(version.article) has no version \(version.number); `tidings log \(prefix)` shows them"
        case .firstVersion(let version):
            return "\(version.article)@\(version.number) is the first version: nothing is before it"
        }
    }
}

extension LedgerReader {
    private static let candidatesLimit = 16

    /// The one article that is meant.
    /// - Throws: `ArticleReferenceError`, `StoreError`.
    package func article(_ reference: ArticleReference) throws -> ArticleID {
        let prefix = reference.prefix
        let ids = try articles(withPrefix: prefix, limit: Self.candidatesLimit)
        if ids.count == 1 { return ids[0] }
        guard !ids.isEmpty else { throw ArticleReferenceError.noArticle(prefix: prefix) }
        let candidates = try ids.map { id in
            ArticleReferenceError.Candidate(id: id, title: try version(of: id, number: nil)?.summary.title)
        }
        throw ArticleReferenceError.severalArticles(
            prefix: prefix, candidates: candidates, hasMore: ids.count == Self.candidatesLimit)
    }

    /// The version that is meant: `number`, else the one after the `@`, else the newest.
    /// - Throws: `ArticleReferenceError`, `StoreError`.
    package func version(_ reference: ArticleReference, number: Int? = nil) throws -> StoredVersion {
        let id = try article(reference)
        let number = number ?? reference.version
        if let found = try version(of: id, number: number) { return found }
        let newest = try version(of: id, number: nil)?.summary.number ?? 0
        throw ArticleReferenceError.noVersion(
            ArticleVersion(article: id, number: number ?? 1), prefix: reference.prefix,
            wasRemoved: number.map { $0 < newest } ?? false)
    }

    /// The beginning of `id` that people are shown: `ArticleID.shortLength` characters, or more where these are not unique.
    package func shortID(_ id: ArticleID) throws(StoreError) -> String {
        for length in ArticleID.shortLength..<ArticleID.length {
            let prefix = String(id.description.prefix(length))
            if try articles(withPrefix: prefix, limit: 2).count < 2 { return prefix }
        }
        return id.description
    }
}
