import HTTPTypes
import Hummingbird
import TidingsCore
import TidingsStore

/// `GET /v1/articles`, and of one article its versions, texts and differences.
func addArticleRoutes(to routes: Routes, _ state: ServerState) {
    routes.get("v1/articles") { request, _ in try await ArticlePage(request, state).response() }
    routes.get("v1/find") { request, _ in try await state.find(request) }
    routes.get("v1/articles/:id") { request, context in try await state.article(request, try context.article) }
    routes.get("v1/articles/:id/versions") { request, context in try await state.versions(request, try context.article) }
    routes.get("v1/articles/:id/versions/:number") { request, context in
        try await state.version(request, try context.article, number: try context.version)
    }
    routes.get("v1/articles/:id/diff") { request, context in try await state.difference(request, try context.article) }
}

extension RequestContext {
    /// The id in the path.
    /// - Throws: 404 for what is no id.
    fileprivate var article: ArticleID {
        get throws {
            let text = try parameters.require("id")
            guard let id = ArticleID(text) else { throw Problem(.notFound, "'\(text)' is no id of an article: 26 letters a-z and digits 2-7") }
            return id
        }
    }

    /// The number of a version in the path.
    fileprivate var version: Int {
        get throws {
            let text = try parameters.require("number")
            guard let number = decimalNumber(text.utf8), number > 0 else { throw Problem(.notFound, "versions are numbered 1, 2, 3 …") }
            return number
        }
    }
}

extension ServerState {
    /// The articles that a person may mean by a name, one JSON object a line: an id or its start, a key, an address, words of a title,
    /// with `@N` behind it for a version. One of them, with `version` if one was named; several, if it is not clear.
    fileprivate func find(_ request: Request) async throws -> Response {
        let query = try RequestQuery(request, known: ["name"])
        guard let reference = try query.text("name").flatMap({ ArticleReference($0) }) else {
            throw Problem(.badRequest, "'name' is the start of an id, a key, an address, or words of a title")
        }
        let lines: [UInt8] = try await ledger.read { ledger in
            do {
                let (id, version) = try ledger.find(reference)
                guard let summary = try ledger.articleSummary(id) else { throw ArticleReferenceError.noArticle(reference) }
                return summary.json(version: version) + [UInt8(ascii: "\n")]
            } catch ArticleReferenceError.severalArticles(_, let candidates, _) {
                return candidates.flatMap { $0.article.json + [UInt8(ascii: "\n")] }
            } catch let error as ArticleReferenceError {
                throw Problem(.notFound, "\(error)")
            }
        }
        return Response(type: "application/x-ndjson", headers: [.cacheControl: "no-store"], bytes: lines)
    }

    /// How the article is now, with where it is seen.
    fileprivate func article(_ request: Request, _ id: ArticleID) async throws -> Response {
        _ = try RequestQuery(request, known: [])
        let found = try await ledger.read { ledger in
            (summary: try ledger.articleSummary(id), version: try ledger.version(of: id, number: nil), tag: try ledger.tag())
        }
        guard let summary = found.summary, let version = found.version else { throw Self.noArticle(id) }
        return try await found.tag.answer(request) { .json(summary.json(newest: version)) }
    }

    /// All versions that are kept, the oldest first, one JSON object a line, without texts.
    fileprivate func versions(_ request: Request, _ id: ArticleID) async throws -> Response {
        _ = try RequestQuery(request, known: [])
        let (versions, tag) = try await ledger.read { ledger in (try ledger.versions(of: id), try ledger.tag()) }
        if versions.isEmpty { throw Self.noArticle(id) }
        return try await tag.answer(request) {
            Response(type: "application/x-ndjson", bytes: versions.flatMap { $0.summaryJSON + [UInt8(ascii: "\n")] })
        }
    }

    /// A version: as JSON with its item and text, as plain text, or as Markdown. It never changes.
    fileprivate func version(_ request: Request, _ id: ArticleID, number: Int) async throws -> Response {
        _ = try RequestQuery(request, known: [])
        let version = try await storedVersion(id, number)
        let kind = AcceptedType.best(of: ["application/json", "text/plain", "text/markdown"], for: request)
        let tag = EntityTag("\(version.summary.contentHash)-\(number)-\(kind)")
        return try await tag.answer(request) {
            switch kind {
            case "text/plain":
                return Response(type: "text/plain; charset=utf-8", headers: [.vary: "Accept"], bytes: version.form.bytes + [UInt8(ascii: "\n")])
            case "text/markdown":
                return Response(type: "text/markdown; charset=utf-8; variant=CommonMark", headers: [.vary: "Accept"], bytes: version.markdown)
            default: return .json(version.json, headers: [.vary: "Accept"])
            }
        }
    }

    /// How two versions differ: as JSON with the words and hunks, as a unified diff of paragraphs, or as the view for people.
    fileprivate func difference(_ request: Request, _ id: ArticleID) async throws -> Response {
        let query = try RequestQuery(request, known: ["from", "to", "context"])
        let from = try query.integer("from", in: 1...1_000_000_000).map(Int.init)
        let to = try query.integer("to", in: 1...1_000_000_000).map(Int.init)
        let context = try query.integer("context", in: 0...1_000_000).map(Int.init) ?? 3
        let kind = AcceptedType.best(of: ["application/json", "text/x-diff", "text/html"], for: request)
        if kind == "text/html" {
            return try await view(request) { try $0.differenceView(id, old: from, new: to, form: .inline, isWhole: false).document }
        }
        let difference = try await ledger.read { ledger in
            do {
                return try ledger.difference(ArticleReference(id), old: from, new: to)
            } catch let error as ArticleReferenceError {
                throw Problem(.notFound, "\(error)")
            }
        }
        // The numbers too: versions may differ in their fields alone.
        let versions = [difference.old.summary, difference.new.summary].map { "\($0.number)-\($0.contentHash)" }
        let tag = EntityTag("\(versions.joined(separator: "-"))-\(context)-\(kind)")
        return try await tag.answer(request) {
            switch kind {
            case "text/x-diff":
                return Response(type: "text/x-diff; charset=utf-8", headers: [.vary: "Accept"], bytes: difference.unified(context: context))
            default: return .json(difference.json(context: context), headers: [.vary: "Accept"])
            }
        }
    }

    private func storedVersion(_ id: ArticleID, _ number: Int) async throws -> StoredVersion {
        try await ledger.read { ledger in
            if let version = try ledger.version(of: id, number: number) { return version }
            guard let newest = try ledger.version(of: id, number: nil) else { throw Self.noArticle(id) }
            throw Problem(
                number < newest.summary.number ? .gone : .notFound,
                number < newest.summary.number
                    ? "version \(number) is no longer kept (retention)" : "the newest version is \(newest.summary.number)")
        }
    }

    private static func noArticle(_ id: ArticleID) -> Problem { Problem(.notFound, "there is no article \(id)") }
}

extension LedgerReader {
    /// Of everything that only a change can change.
    func tag() throws -> EntityTag { EntityTag("\(try stream())-\(try lastSequence())", isWeak: true) }
}
