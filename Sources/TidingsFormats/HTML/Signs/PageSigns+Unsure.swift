import CMarkup
import TidingsCore

extension PageSigns {
    /// Whether the text that was found is probably not the article.
    /// - Parameter kind: what the page is.
    func isUnsure(_ kind: PageContentGuess?) -> Bool {
        if words == 0 || isOverlooked || isListing(kind) { return true }
        return words <= 40 && needsScripts
    }

    /// The page has much prose, and next to none of it was kept.
    private var isOverlooked: Bool {
        guard let content else { return false }
        return words <= 40 && content.page.all.proseWords >= 400
    }

    /// The page points to articles, and so does what was kept of it: it has many lines and little prose.
    private func isListing(_ guess: PageContentGuess?) -> Bool {
        guard let guess, guess.kind == .listing, guess.score >= Self.sureScore, let content else { return false }
        return content.kept.count >= 5 && proseWords * 2 <= words && !metadata.access.describesArticle
            && metadata.fields.first(["og:type"]) != "article"
    }

    private static let sureScore: Float = 0.86

    /// The page is an empty frame, or says that it needs scripts.
    private var needsScripts: Bool {
        nodes.all.contains { isFrame($0) || asksForScripts($0) } || AccessPhrases.scripts.isIn(ShownText(nodes, from: 0).words)
    }

    private func isFrame(_ node: Int) -> Bool {
        guard nodes.tag(node) == TIDINGS_HTML_DIV, nodes.subtree(node).count <= Self.frameNodes else { return false }
        return nodes.attributeBytes("id", of: node).map { id in Self.frames.contains { id.elementsEqual($0.utf8) } } ?? false
    }

    private func asksForScripts(_ node: Int) -> Bool {
        guard nodes.tag(node) == TIDINGS_HTML_NOSCRIPT, let text = nodes.shortText(of: node) else { return false }
        return AccessPhrases.scripts.isIn(PlainWords(text))
    }

    /// What programs call the element that they put the whole page into.
    private static let frames = [
        "root", "app", "__next", "__nuxt", "app-root", "react-root", "svelte", "gatsby-focus-wrapper", "___gatsby", "main-app", "q-app",
        "ember-app",
    ]
    private static let frameNodes = 12
}
