import TidingsCore
import TidingsStore

/// An article that was found.
struct FoundArticle: Equatable, Sendable {
    let id: ArticleID
    /// Nil for the newest.
    let version: Int?
    let title: [SearchPiece]
    let snippet: [SearchPiece]
    let source: String?
    let language: String?
    /// When it was published, or seen first; of one that was found by its title, when it changed last.
    let date: ItemDate
    var isRemoved = false
}

extension FoundArticle {
    /// Found by its title.
    init(_ article: ArticleSummary) {
        self.init(
            id: article.id, version: nil, title: [article.title].compactMap { $0 }.map { SearchPiece(text: $0, isHit: false) }, snippet: [],
            source: article.sightings.first?.source, language: nil, date: ItemDate(milliseconds: article.lastChangeMilliseconds))
    }
}

extension FoundArticle {
    init(_ hit: SearchHit) {
        self.init(
            id: hit.id, version: hit.isNewest ? nil : hit.version, title: hit.titlePieces, snippet: hit.snippet, source: hit.source,
            language: hit.language, date: hit.date, isRemoved: hit.isRemoved)
    }
}

extension SearchView.Question {
    init(_ query: RequestQuery) throws(Problem) {
        self.init(
            words: try query.choice("q") ?? "", source: try query.choice("source"), language: try query.choice("language"),
            allVersions: try query.flag("all_versions"), offset: Int(try query.integer("cursor", in: 0...SearchView.lastOffset) ?? 0))
    }
}

/// The view at `/search`.
struct SearchView: Sendable {
    struct Question: Equatable, Sendable {
        var words = ""
        var source: String?
        var language: String?
        var allVersions = false
        /// How many of the best are passed over.
        var offset = 0
    }

    let question: Question
    var found: [FoundArticle] = []
    /// How the list goes on; nil if this is all.
    var next: Int?
    /// What stands in the way of a whole answer, for people: the index lags, or there is none.
    var remark: String?
    let sourceNames: [String]
    let moment: Moment

    static let limit = 20
    /// Who goes on for longer should ask for less.
    static let lastOffset: Int64 = 100_000
    static let parameters = ["q", "source", "language", "all_versions", "cursor"]

    var document: [UInt8] {
        let isAsked = !question.words.isEmpty
        return PageFrame(title: isAsked ? "\(question.words): search" : "Search", place: .search).document { html in
            html.element("h1", text: "Search")
            form(&html)
            html.element("p", .class("note"), text: remark)
            if !isAsked { return }
            html.element("h2", text: !found.isEmpty ? "Found" : question.offset > 0 ? "Nothing more was found" : "Nothing was found")
            if found.isEmpty {
                html.element("p", .class("empty"), text: "All words must occur in an article. Try fewer, or the beginning of one with a * after it.")
            }
            html.element("ol", .class("found")) { html in
                for article in found { html.element("li") { html in self.article(article, &html) } }
            }
            if let next {
                html.element("nav", .class("pages"), .named("aria-label", "Pages")) { html in
                    html.element("a", .href(path(offset: next)), .named("rel", "next"), text: "More")
                }
            }
        }
    }

    private func form(_ html: inout MarkupWriter) {
        html.element("form", .class("filter"), .named("role", "search"), .action(PagePath("/search"))) { html in
            html.element("label", .class("words")) { html in
                html.element("span", text: "Words, “a phrase”, -without, begin*")
                html.empty("input", .name("q"), .named("type", "search"), .named("value", question.words), .named("dir", "auto"))
            }
            html.choice("source", "Source", question.source, sourceNames.map { ($0, $0) })
            html.element("label", .class("tick")) { html in
                html.empty(
                    "input", .name("all_versions"), .named("type", "checkbox"), .named("value", "true"),
                    .flag("checked", question.allVersions))
                html.element("span", text: "old versions, too")
            }
            html.element("button", text: "Search")
        }
    }

    private func article(_ article: FoundArticle, _ html: inout MarkupWriter) {
        html.element("p", .class("heading")) { html in
            html.element("a", .href(.article(article.id, version: article.version)), .named("dir", "auto")) { html in
                if article.title.isEmpty { html.text("Article without a title") } else { html.pieces(article.title) }
            }
        }
        if !article.snippet.isEmpty {
            html.element(
                "p", .class("snippet"), .named("dir", "auto"), .named("lang", language(article.language))
            ) { $0.pieces(article.snippet) }
        }
        html.element("p", .class("facts")) { html in
            if let source = article.source { html.element("a", .href(.source(source)), .named("dir", "auto"), text: source) }
            if let version = article.version { html.element("span", text: "version \(version)") }
            html.element("span") { $0.date(article.date, moment) }
            if article.isRemoved { html.element("span", text: "removed") }
        }
    }

    private func path(offset: Int) -> PagePath {
        PagePath(
            "/search",
            [
                ("q", question.words), ("source", question.source), ("language", question.language),
                ("all_versions", question.allVersions ? "true" : nil), ("cursor", String(offset)),
            ])
    }
}

extension MarkupWriter {
    fileprivate mutating func pieces(_ pieces: [SearchPiece]) {
        for piece in pieces { if piece.isHit { element("mark", text: piece.text) } else { text(piece.text) } }
    }
}
