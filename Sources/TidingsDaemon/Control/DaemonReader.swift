import Glibc
import TidingsCore
import TidingsFetch
import TidingsServer
import TidingsStore
import TidingsSystem

/// What a running daemon tells those who may read its stream and not its database: members of the group. It asks on the socket for
/// reading.
package struct DaemonReader: Sendable {
    private let state: StateFolder
    private let folder: String

    /// - Parameter denied: why the database cannot be read; thrown where no daemon answers either.
    package init(_ state: StateFolder, denied: NoLedgerError) throws {
        // The service has its socket elsewhere.
        let folders = [state.path] + (state.path == StateFolder.servicePath ? [StateFolder.serviceRuntimePath] : [])
        let found = folders.first { unsafe access($0 + "/" + StateFolder.readingSocket, W_OK) == 0 }
        guard let found else { throw denied }
        self.state = state
        folder = found
    }

    /// The lines of `GET target`, without their ends.
    /// - Parameter onLine: false ends the request.
    /// - Throws: `ControlError`; `DaemonRefusal` with the daemon's message.
    package func lines(_ target: String, accept: String? = nil, onLine: ([UInt8]) throws -> Void) throws {
        var failure: (any Error)?
        let request = LocalRequest(folder: folder, socket: StateFolder.readingSocket, target: target, accept: accept)
        let answer: (status: Int, refusal: [UInt8])
        do {
            answer = try request.lines { line in
                do {
                    try onLine(line)
                    return true
                } catch {
                    failure = error
                    return false
                }
            }
        } catch {
            throw failure ?? ControlError(error, state: state)
        }
        if let failure { throw failure }
        guard answer.status >= 400 else { return }
        let detail = JSONTree(answer.refusal)?["detail"]?.string
        throw DaemonRefusal(status: answer.status, message: detail ?? "the daemon answers \(answer.status)")
    }

    private func lines<Value>(_ target: String, _ read: (JSONTree) -> Value?) throws -> [Value] {
        var values: [Value] = []
        var unread: [UInt8]?
        try lines(target) { line in
            guard let value = JSONTree(line).flatMap(read) else {
                unread = line
                return
            }
            values.append(value)
        }
        if unread != nil { throw ControlError.notUnderstood }
        return values
    }

    package func status() throws -> StateStatus {
        guard let status = try lines("/v1/status", { StateStatus($0, path: state.path) }).first else { throw ControlError.notUnderstood }
        return status
    }

    /// The articles that `LedgerReader.eachArticle` gives.
    package func articles(
        sources: [String], words: String, sinceMilliseconds: Int64?, includesRemoved: Bool, limit: Int?
    ) throws -> [ArticleSummary] {
        var query = ["all=\(includesRemoved)"] + sources.map { "source=\(percentEncoded($0))" }
        if !words.isEmpty { query.append("words=\(percentEncoded(words))") }
        if let sinceMilliseconds {
            query.append("since=\(percentEncoded(rfc3339(milliseconds: sinceMilliseconds, fraction: true)))")
        }
        query.append("limit=\(limit.map(String.init) ?? "all")")
        return try lines("/v1/articles?" + query.joined(separator: "&"), ArticleSummary.init)
    }

    /// The one article that is meant, as `LedgerReader.find` finds it.
    /// - Throws: `ArticleReferenceError` if there are several.
    package func find(_ reference: ArticleReference) throws -> (id: ArticleID, version: Int?) {
        let found: [(article: ArticleSummary, version: Int?)] = try lines("/v1/find?name=\(percentEncoded(reference.text))") { json in
            ArticleSummary(json).map { ($0, json["version"]?.integer) }
        }
        if found.count == 1, let only = found.first { return (only.article.id, only.version) }
        let candidates = found.map { ArticleCandidate(shortID: $0.article.id.description, article: $0.article) }
        throw ArticleReferenceError.severalArticles(reference, candidates: candidates, more: 0)
    }

    /// With the line of each, as the daemon tells it.
    package func versions(of id: ArticleID) throws -> [(summary: VersionSummary, json: [UInt8])] {
        var versions: [(VersionSummary, [UInt8])] = []
        try lines("/v1/articles/\(id)/versions") { line in
            guard let version = JSONTree(line).flatMap(VersionSummary.init) else { throw ControlError.notUnderstood }
            versions.append((version, line))
        }
        return versions
    }

    /// A version in one of its forms, or its difference to another.
    /// - Parameter path: below the article's.
    package func text(of id: ArticleID, _ path: String, accept: String) throws -> [UInt8] {
        var text: [UInt8] = []
        try lines("/v1/articles/\(id)/\(path)", accept: accept) { text += $0 + [UInt8(ascii: "\n")] }
        return text
    }

    /// The number of an article's newest version.
    package func newestVersion(of id: ArticleID) throws -> Int { try versions(of: id).last?.summary.number ?? 1 }
}

/// The daemon's answer to what cannot be had.
package struct DaemonRefusal: Error, Equatable, Sendable, CustomStringConvertible {
    package let status: Int
    package let message: String

    package var description: String { message }
}
