import HTTPTypes
import Hummingbird
import TidingsCore
import TidingsStore

/// `GET /v1/search?q=&source=&language=&since=&until=&all_versions=&limit=&cursor=`: the versions that have what `q` says, the best
/// first, one JSON object a line, with marked hits. `Link` has the next part. `Tidings-Search-Lag` says how many changes the index
/// lacks.
func addSearchRoute(to routes: Routes, _ state: ServerState) {
    routes.get("v1/search") { request, _ in try await SearchRequest(request, state).response() }
}

private struct SearchRequest: Sendable {
    private static let limits: ClosedRange<Int64> = 1...1_000
    /// Who goes on for longer should ask for less.
    private static let offsets: ClosedRange<Int64> = 0...100_000

    private let state: ServerState
    private let request: Request
    private let words: SearchWords
    private let filter: SearchFilter

    init(_ request: Request, _ state: ServerState) throws(Problem) {
        let query = try RequestQuery(
            request, known: ["q", "source", "language", "since", "until", "all_versions", "limit", "cursor"])
        self.state = state
        self.request = request
        guard let words = SearchWords(try query.text("q") ?? "") else { throw Problem(.badRequest, "'q' has no word to look for") }
        self.words = words
        var filter = SearchFilter()
        filter.sources = query.list("source")
        filter.language = try query.text("language")
        filter.sinceMilliseconds = try Self.date("since", query)
        filter.untilMilliseconds = try Self.date("until", query)
        filter.includesOldVersions = try query.flag("all_versions")
        filter.limit = Int(try query.integer("limit", in: Self.limits) ?? 20)
        filter.offset = Int(try query.integer("cursor", in: Self.offsets) ?? 0)
        self.filter = filter
    }

    private static func date(_ name: String, _ query: RequestQuery) throws(Problem) -> Int64? {
        guard let text = try query.text(name) else { return nil }
        guard let date = ItemDate(text) else { throw Problem(.badRequest, "'\(name)' is a time, such as 2026-03-01T10:00:00Z, or a day") }
        return date.milliseconds
    }

    func response() async throws -> Response {
        let (lines, next, lag) = try await state.ledger.read { [filter, words, path = state.searchIndex] ledger in
            do {
                try ledger.checkSources(filter.sources)
                let index = try SearchIndex(path: path, ledger: ledger)
                let results = try index.search(words, filter)
                return (results.hits.flatMap { $0.json + [UInt8(ascii: "\n")] }, results.next, try index.lag())
            } catch let error as UnknownSourceError {
                throw Problem(.notFound, "no source is named '\(error.name)'; /v1/sources lists them")
            } catch is NoSearchIndexError {
                throw Problem(
                    .serviceUnavailable, "there is no search index yet: try again in a moment, unless search is off in the settings",
                    headers: [.retryAfter: "5"])
            }
        }
        var fields: HTTPFields = [.cacheControl: "no-cache"]
        if let name = HTTPField.Name("Tidings-Search-Lag") { fields[name] = "\(lag)" }
        if let next {
            let others = (request.uri.query ?? "").split(separator: "&").filter { !$0.hasPrefix("cursor=") }
            fields[.link] = "</v1/search?\((others + ["cursor=\(next)"]).joined(separator: "&"))>; rel=\"next\""
        }
        return Response(type: "application/x-ndjson", headers: fields, bytes: lines)
    }
}
