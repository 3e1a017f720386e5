import HTTPTypes
import Hummingbird
import TidingsCore
import TidingsStore

/// `GET /feed.atom?type=&source=&class=&article=`: the newest 100 changes that pass, as an Atom feed.
func addFeedRoute(to routes: Routes, _ state: ServerState) {
    routes.get("feed.atom") { request, _ in
        let query = try RequestQuery(request, known: ["type", "source", "class", "article"])
        let asked = ChangeFeed.Filter(
            types: query.list("type"), sources: query.list("source"), classes: query.list("class"), article: try article(query))
        let base = address(of: request)
        let (changes, stream) = try await state.ledger.read { ledger in
            (try PageReader(ledger: ledger).feedChanges(asked), try ledger.stream())
        }
        // What an entry says follows from its change, but for what retention takes.
        let extent = "\(changes.first?.sequence ?? 0)-\(changes.last?.sequence ?? 0)"
        let tag = EntityTag(PageAsset.hash(of: Array("\(stream) \(extent) \(base) \(asked.path.text)".utf8)), isWeak: true)
        return try await tag.answer(request) {
            let document = try await state.ledger.read { ledger in
                let reader = PageReader(ledger: ledger)
                return ChangeFeed(stream: stream, entries: try changes.map(reader.feedEntry), path: asked.path, base: base).document
            }
            return Response(
                type: "application/atom+xml; charset=utf-8", headers: [.xContentTypeOptions: "nosniff"], bytes: document)
        }
    }
}

/// - Throws: 400 for what is no id.
private func article(_ query: RequestQuery) throws(Problem) -> ArticleID? {
    guard let text = try query.choice("article") else { return nil }
    guard let id = ArticleID(text) else {
        throw Problem(.badRequest, "'\(text)' is no id of an article: 26 letters a-z and digits 2-7")
    }
    return id
}

/// By which address this server was asked, perhaps through a proxy that speaks TLS for it.
private func address(of request: Request) -> String {
    let proto = HTTPField.Name.named("X-Forwarded-Proto")
    return (request.headers[proto] == "https" ? "https://" : "http://") + (request.head.authority ?? "localhost")
}
