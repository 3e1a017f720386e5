import CMarkup
import TidingsCore

/// The signs that a page does not show its article.
///
/// A false sign holds back an edit, so each needs two things that have nothing to do with each other: there is hardly any
/// article, and the page says of itself what it is. Articles about captchas, error pages, paywalls and cookies say much more.
struct PageSigns {
    let nodes: HTMLNodes
    let content: PageText?
    let metadata: PageMetadata
    /// How many words the text has that was found, and how many of them are in paragraphs.
    let words: Int
    private let proseWords: Int
    /// What heads the page: its titles and its headings.
    private let heads: [PlainWords]
    private let source: [UInt8]

    /// - Parameters:
    ///   - source: the page as UTF-8.
    ///   - text: what was found to be its article.
    ///   - isData: whether the text is from the page's data, and not what it shows.
    init(_ nodes: HTMLNodes, source: [UInt8], metadata: PageMetadata, content: PageText?, text: String, isData: Bool) {
        self.nodes = nodes
        self.source = source
        self.metadata = metadata
        self.content = content
        let kept = content.map { content in content.kept.reduce(PageBlocks.Amount()) { $0 + content.page.amount(in: $1..<$1 + 1) } }
        words = isData ? LineMeasures(Array(text.utf8)[...]).words : text.isEmpty ? 0 : kept?.words ?? 0
        proseWords = isData ? words : kept?.proseWords ?? 0
        heads = words > Self.leastArticle ? [] : Self.heads(nodes, title: metadata.title)
    }

    /// More words than this are an article, or a part of one, whatever else the page says.
    private static let leastArticle = 250

    var obstacle: PageObstacle? {
        if words <= Self.leastArticle {
            let shown = ShownText(nodes, from: 0)
            if isChallenge(shown) { return .challenge }
            if isError(shown) { return .errorPage }
            if isConsent(shown) { return .consent }
            if isLogin(shown) { return .login }
        }
        return breaksOff ? .paywall : nil
    }

    // MARK: Heads

    private static func heads(_ nodes: HTMLNodes, title: String?) -> [PlainWords] {
        var texts = [title].compactMap { $0 }
        var left = headLimit
        for node in nodes.all where left > 0 {
            switch nodes.tag(node) {
            case TIDINGS_HTML_TITLE, TIDINGS_HTML_H1, TIDINGS_HTML_H2:
                left -= 1
                if let text = nodes.shortText(of: node), !texts.contains(text) { texts.append(text) }
            default: break
            }
        }
        return texts.map { PlainWords($0) }.filter { !$0.isEmpty }
    }

    private static let headLimit = 6

    /// Whether a head says one of `phrases` and hardly anything else.
    private func isHeaded(_ phrases: PhraseTable) -> Bool {
        heads.contains { head in
            let match = phrases.matches(in: head)
            return match.letters > 0 && match.letters * 10 >= head.letters * 6
        }
    }

    // MARK: Each obstacle

    private func isChallenge(_ shown: ShownText) -> Bool {
        guard words <= 120, proseWords <= 100, !metadata.access.describesArticle, !shown.isCut else { return false }
        let says = ObstaclePhrases.challenges.isIn(shown.words)
        if isHeaded(ObstaclePhrases.challenges) { return true }
        guard says || shown.words.letters <= 60 else { return false }
        return PageKind(ofPage: source) == .challenge || says && shown.words.letters <= 600
    }

    private func isError(_ shown: ShownText) -> Bool {
        guard words <= 150, proseWords <= 80, !metadata.access.describesArticle else { return false }
        if isHeaded(ObstaclePhrases.errors) || heads.contains(where: ObstaclePhrases.wholeErrors.isWhole) { return true }
        return words <= 40 && !shown.isCut && shown.words.letters <= 1000 && ObstaclePhrases.errors.isIn(shown.words)
    }

    private func isConsent(_ shown: ShownText) -> Bool {
        guard shown.controls.contains(where: ObstaclePhrases.agreements.isWhole) else { return false }
        guard ObstaclePhrases.consents.matches(in: shown.words).count >= 2 else { return false }
        // What was kept must be the wall itself.
        guard let content, words > 0 else { return true }
        var own = 0
        var other = 0
        for block in content.kept.map({ content.page.blocks[$0] }) where block.isProse {
            let text = PlainWords(content.page.text[block.text])
            if ObstaclePhrases.consents.isIn(text) { own += block.measures.words } else { other += block.measures.words }
        }
        return own > other || own + other == 0 && words <= 40
    }

    private func isLogin(_ shown: ShownText) -> Bool {
        guard proseWords <= 60, words <= 100 else { return false }
        let says = AccessPhrases.loginWalls.isIn(shown.words)
        guard shown.asksForPassword || says else { return false }
        return heads.contains(where: AccessPhrases.logins.isWhole) || says && words <= 60
    }
}
