import CMarkup

/// Tells what belongs to the article of a page from what stands beside it: comments, related articles, sidebars, the
/// page's header and footer. Dates and names in those are not the article's.
///
/// An element that holds the article's heading, or most of the page, is none of them, whatever it is called.
struct PageParts {
    private let nodes: HTMLNodes
    private let heading: Int?
    /// For each node that was asked for: whether it lies beside the article.
    private var known: [Int: Bool] = [:]

    init(_ nodes: HTMLNodes, heading: Int?) {
        self.nodes = nodes
        self.heading = heading
    }

    /// Whether `node` lies beside the article. Each element is examined once.
    mutating func isBeside(_ node: Int) -> Bool {
        var path: [Int] = []
        var element = node
        var answer = false
        while true {
            if let known = known[element] {
                answer = known
                break
            }
            path.append(element)
            if isPart(element) {
                answer = true
                break
            }
            let parent = nodes.parent(element)
            guard parent != element else { break }
            element = parent
        }
        for element in path { known[element] = answer }
        return answer
    }

    private func isPart(_ node: Int) -> Bool {
        let tag = nodes.tag(node)
        guard tag != TIDINGS_HTML_TEXT, !holdsArticle(node) else { return false }
        switch tag {
        case TIDINGS_HTML_HTML, TIDINGS_HTML_BODY, TIDINGS_HTML_MAIN: return false
        case TIDINGS_HTML_FOOTER where isInArticle(node): return false
        case TIDINGS_HTML_NAV, TIDINGS_HTML_FOOTER, TIDINGS_HTML_TEMPLATE, TIDINGS_HTML_DIALOG, TIDINGS_HTML_SELECT,
            TIDINGS_HTML_BLOCKQUOTE, TIDINGS_HTML_FIGURE:
            return true
        default: break
        }
        for attribute in ["class", "id"] as [StaticString] {
            guard let value = nodes.attributeBytes(attribute, of: node) else { continue }
            if NameWords.names(value).contains(where: { Self.isPartName(NameWords.words($0)) }) { return true }
        }
        return false
    }

    private func holdsArticle(_ node: Int) -> Bool {
        let range = nodes.subtree(node)
        return heading.map(range.contains) ?? false || range.count * 2 > nodes.all.count
    }

    /// The foot of an article names its author.
    private func isInArticle(_ footer: Int) -> Bool {
        var element = footer
        for _ in 0..<Self.footerDepth {
            element = nodes.parent(element)
            if nodes.tag(element) == TIDINGS_HTML_ARTICLE { return true }
        }
        return false
    }

    private static let footerDepth = 6

    private static func isPartName(_ words: [String]) -> Bool {
        guard let first = words.first, !states.contains(first) else { return false }
        // Editors of pages make everything of widgets; `widget` alone is one of a sidebar.
        if first == "widget" { return true }
        if words.contains("footer") { return !words.contains(where: articles.contains) }
        return words.contains(where: names.contains)
    }

    private static let articles: Set<String> = ["article", "author", "entry", "post", "story"]

    /// `has-sidebar` says something of the element beside the sidebar.
    private static let states: Set<String> = ["has", "is", "no", "not", "with", "without"]

    private static let names: Set<String> = [
        "comment", "comments", "commentlist", "disqus", "replies", "related", "recommended", "recommendations", "sidebar",
        "popular",
        "trending", "menu", "newsletter", "promo", "teaser", "teasers", "breadcrumb", "breadcrumbs", "carousel",
        "mostread", "outbrain", "taboola", "cookie", "modal", "kommentare", "kommentar", "comentarios", "commentaires", "ad", "ads",
    ]
}
