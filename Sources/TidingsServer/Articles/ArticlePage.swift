import HTTPTypes
import Hummingbird
import TidingsCore
import TidingsStore

/// `GET /v1/articles?source=&words=&since=&all=&limit=&before=`: articles, the newest change first, one JSON object a line: a part of
/// `limit` (100, or a number up to 1000), or `all`. `Link` has the next part; between two parts an article that changes moves to the front, so that it may come twice and is never left out.
struct ArticlePage: Sendable {
    private static let limits: ClosedRange<Int64> = 1...1000

    private let state: ServerState
    private let request: Request
    private let filter: ArticleFilter
    private let place: ArticlePlace?
    private let limit: Int

    init(_ request: Request, _ state: ServerState) throws(Problem) {
        let query = try RequestQuery(request, known: ["source", "words", "since", "all", "limit", "before"])
        self.state = state
        self.request = request
        var words: TitleWords?
        if let text = try query.text("words") {
            words = TitleWords(text)
            if words == nil { throw Problem(.badRequest, "'words' has no word to look for") }
        }
        var since: Int64?
        if let text = try query.text("since") {
            guard let date = ItemDate(text) else { throw Problem(.badRequest, "'since' is a time, such as 2026-03-01T10:00:00Z") }
            since = date.milliseconds
        }
        if let text = try query.text("before") {
            guard let place = ArticlePlace(text) else { throw Problem(.badRequest, "'before' comes from the Link of the part before") }
            self.place = place
        } else {
            place = nil
        }
        filter = ArticleFilter(
            sources: query.list("source"), words: words, sinceMilliseconds: since, includesRemoved: try query.flag("all"))
        limit = try query.text("limit") == "all" ? .max : Int(try query.integer("limit", in: Self.limits) ?? 100)
    }

    func response() async throws -> Response {
        let (lines, next, tag) = try await state.ledger.read { [filter, limit, place] ledger in
            let unknown = filter.sources.first { name in (try? ledger.sources().contains { $0.name == name }) == false }
            if let unknown { throw Problem(.notFound, "no source is named '\(unknown)'; /v1/sources lists them") }
            var lines: [UInt8] = []
            let next = try ledger.eachArticle(filter, before: place, limit: limit) { lines += $0.json + [UInt8(ascii: "\n")] }
            return (lines, next, try ledger.tag())
        }
        return try await tag.answer(request) {
            var fields: HTTPFields = [:]
            if let next {
                let others = (request.uri.query ?? "").split(separator: "&").filter { !$0.hasPrefix("before=") }
                fields[.link] = "</v1/articles?\((others + ["before=\(next.text)"]).joined(separator: "&"))>; rel=\"next\""
            }
            return Response(type: "application/x-ndjson", headers: fields, bytes: lines)
        }
    }
}
