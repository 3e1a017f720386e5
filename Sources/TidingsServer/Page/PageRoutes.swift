import HTTPTypes
import Hummingbird
import TidingsCore
import TidingsStore
import TidingsSystem

/// The page for people: one path a view, and the files that the views need.
func addPageRoutes(to routes: Routes, _ state: ServerState) {
    for asset in PageAsset.all {
        // `v` names a version, so that it may be kept for ever; the file is the same without it.
        routes.get(RouterPath(asset.place)) { request, _ in asset.response(to: request) }
    }
    routes.get("/") { request, _ in
        _ = try RequestQuery(request, known: [])
        let status = try await state.status()
        return try await state.view(request) { try $0.overview(status).document }
    }
    routes.get("changes") { request, _ in
        let query = try RequestQuery(request, known: ["type", "source", "class", "before"])
        let filter = ChangesView.Filter(
            type: try query.choice("type"), source: try query.choice("source"), changeClass: try query.choice("class"))
        let before = try query.integer("before", in: 1...Int64.max)
        return try await state.view(request) { try $0.changesView(filter, before: before).document }
    }
    routes.get("articles/:id") { request, context in
        let number = try RequestQuery(request, known: ["version"]).integer("version", in: 1...1_000_000_000).map(Int.init)
        let id = try context.articleID
        return try await state.view(request) { try $0.articleView(id, version: number).document }
    }
    routes.get("articles/:id/diff") { request, context in
        let query = try RequestQuery(request, known: ["from", "to", "view", "whole"])
        let old = try query.integer("from", in: 1...1_000_000_000).map(Int.init)
        let new = try query.integer("to", in: 1...1_000_000_000).map(Int.init)
        let form = try query.choice("view").flatMap { DiffForm(rawValue: $0) } ?? .inline
        let isWhole = try query.choice("whole") != nil
        let id = try context.articleID
        return try await state.view(request) { try $0.differenceView(id, old: old, new: new, form: form, isWhole: isWhole).document }
    }
    routes.get("sources") { request, _ in
        let page = try RequestQuery(request, known: ["page"]).integer("page", in: 1...1_000_000).map(Int.init) ?? 1
        return try await state.view(request) { try $0.sourcesView(page).document }
    }
    routes.get("sources/:name") { request, context in
        _ = try RequestQuery(request, known: [])
        let name = try context.parameters.require("name").removingPercentEncoding ?? ""
        return try await state.view(request) { try $0.sourceView(name).document }
    }
    routes.get("search") { request, _ in
        let query = try RequestQuery(request, known: SearchView.parameters)
        let question = try SearchView.Question(query)
        return try await state.view(request) { [index = state.searchIndex] reader in
            try reader.searchView(question, index: index).document
        }
    }
}

extension RequestContext {
    /// The id in the path.
    /// - Throws: 404 for what is no id.
    fileprivate var articleID: ArticleID {
        get throws {
            let text = try parameters.require("id")
            guard let id = ArticleID(text) else { throw PageReader.noArticle(text) }
            return id
        }
    }
}

extension RequestQuery {
    /// One value; nil if there is none, or it is empty, as forms send what was not chosen.
    func choice(_ name: String) throws(Problem) -> String? {
        guard let text = try text(name), !text.isEmpty else { return nil }
        return text
    }
}

extension ServerState {
    /// A view, read from the ledger.
    func view(
        _ request: Request, _ make: @escaping @Sendable (PageReader) throws -> [UInt8]
    ) async throws -> Response {
        // First, so that the script is told of what comes while the rest is read.
        let published = recent.cursor.sequence
        let document = try await ledger.read { ledger in
            do {
                return try make(PageReader(ledger: ledger, moment: Moment(now: wallClockMilliseconds()), published: published))
            } catch let error as ArticleReferenceError {
                throw Problem(.notFound, "\(error)")
            }
        }
        return try await EntityTag(PageAsset.hash(of: document)).answer(request) { .page(.ok, document) }
    }
}

extension Response {
    /// A document of the page. Nothing is loaded but from this server, no script runs but its own, and no other page may frame it
    /// (Content Security Policy Level 3).
    static func page(_ status: HTTPResponse.Status, _ document: [UInt8], headers: HTTPFields = [:]) -> Response {
        var fields = headers
        fields[.contentSecurityPolicy] = """
            default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self'; form-action 'self'; \
            base-uri 'none'; frame-ancestors 'none'
            """
        fields[.xContentTypeOptions] = "nosniff"
        fields[.named("Referrer-Policy")] = "no-referrer"
        fields.append(HTTPField(name: .vary, value: "Accept"))
        return Response(status, type: "text/html; charset=utf-8", headers: fields, bytes: document)
    }
}

extension PageAsset {
    fileprivate func response(to request: Request) -> Response {
        let tag = EntityTag(hash)
        let fields: HTTPFields = [
            .eTag: tag.text, .cacheControl: "public, max-age=31536000, immutable", .xContentTypeOptions: "nosniff",
        ]
        if tag.isKnown(to: request) { return Response(status: .notModified, headers: fields) }
        return Response(type: mediaType, headers: fields, bytes: bytes)
    }
}
