import ArgumentParser
import Glibc
import TidingsCore
import TidingsStore

/// An article as people write it: its id or a beginning of it that is unique, and `@N` for one of its versions.
struct ArticleReference: ExpressibleByArgument {
    let prefix: String
    let version: Int?

    init?(argument: String) {
        let parts = argument.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false)
        guard let prefix = parts.first, !prefix.isEmpty, prefix.utf8.allSatisfy(ArticleID.isDigit) else { return nil }
        self.prefix = String(prefix)
        if parts.count == 2 {
            guard let number = Int(parts[1]), number > 0 else { return nil }
            version = number
        } else {
            version = nil
        }
    }

    /// - Throws: status 65, with the candidates if there are several.
    func article(in ledger: LedgerReader) throws -> ArticleID {
        let limit = 16
        let candidates = try ledger.articles(withPrefix: prefix, limit: limit)
        if candidates.count == 1 { return candidates[0] }
        guard !candidates.isEmpty else {
            throw Failure(EX_DATAERR, "no article's id begins with '\(prefix)'; `tidings list` shows them")
        }
        var message = "'\(prefix)' is the beginning of several ids; write more of the one you mean:"
        for id in candidates {
            let title = try ledger.version(of: id, number: nil)?.summary.title ?? "(no title)"
            message += "\n  \(id)  \(title)"
        }
        if candidates.count == limit { message += "\n  …" }
        throw Failure(EX_DATAERR, message)
    }

    /// The version that is meant: `number`, else the one after the `@`, else the newest.
    func stored(in ledger: LedgerReader, number: Int? = nil) throws -> StoredVersion {
        let id = try article(in: ledger)
        let number = number ?? version
        if let found = try ledger.version(of: id, number: number) { return found }
        if let number, let newest = try ledger.version(of: id, number: nil), number < newest.summary.number {
            throw Failure(
                EX_DATAERR, "version \(number) of \(id) is no longer kept (retention); `tidings log \(prefix)` shows those that are")
        }
        throw Failure(EX_DATAERR, "\(id) has no version \(number ?? 1); `tidings log \(prefix)` shows them")
    }
}

/// The beginning of `id` that people are shown: eight characters, or more where these are not unique.
func shortID(_ id: ArticleID, in ledger: LedgerReader) throws -> String {
    for length in shortIDLength..<ArticleID.length {
        let prefix = String(id.description.prefix(length))
        if try ledger.articles(withPrefix: prefix, limit: 2).count < 2 { return prefix }
    }
    return id.description
}

let shortIDLength = 8
