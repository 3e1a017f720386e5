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
    let proseWords: Int
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
        // The second rank is of use where there is no first.
        var second: [String] = []
        for node in nodes.all where texts.count < headLimit {
            switch nodes.tag(node) {
            case TIDINGS_HTML_TITLE, TIDINGS_HTML_H1:
                if let text = nodes.shortText(of: node) { texts.append(text) }
            case TIDINGS_HTML_H2 where second.count < headLimit:
                if let text = nodes.shortText(of: node) { second.append(text) }
            default: break
            }
        }
        if nodes.first(TIDINGS_HTML_H1) == nil { texts += second }
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
        guard words <= 120, !metadata.access.describesArticle, !shown.isCut else { return false }
        guard wordsKept(besides: ObstaclePhrases.challenges).other <= Self.leastProse else { return false }
        if isHeaded(ObstaclePhrases.challenges) { return true }
        let says = ObstaclePhrases.challenges.isIn(shown.words)
        guard says || shown.words.letters <= 60 else { return false }
        return says && shown.words.letters <= 600 || PageKind(ofPage: source) == .challenge
    }

    private func isError(_ shown: ShownText) -> Bool {
        guard words <= 150, proseWords <= 80, !metadata.access.describesArticle else { return false }
        if isHeaded(ObstaclePhrases.errors) || heads.contains(where: ObstaclePhrases.wholeErrors.isWhole) { return true }
        return words <= 40 && isSmall(shown) && ObstaclePhrases.errors.isIn(shown.words)
    }

    private func isConsent(_ shown: ShownText) -> Bool {
        guard shown.controls.contains(where: ObstaclePhrases.agreements.isWhole) else { return false }
        guard ObstaclePhrases.consents.matches(in: shown.words).count >= 2 else { return false }
        // What was kept must be the wall itself.
        let kept = wordsKept(besides: ObstaclePhrases.consents)
        return kept.own > kept.other || kept.own + kept.other == 0
    }

    private func isLogin(_ shown: ShownText) -> Bool {
        guard proseWords <= 60, words <= 100 else { return false }
        let says = AccessPhrases.loginWalls.isIn(shown.words)
        guard shown.asksForPassword || says else { return false }
        if heads.contains(where: AccessPhrases.logins.isWhole) { return true }
        // Some ask so below an article too, before one may comment.
        return says && words <= 60 && isSmall(shown) && wordsKept(besides: AccessPhrases.loginWalls).other <= Self.fewWords
    }

    /// A page that shows more has other things to say.
    private func isSmall(_ shown: ShownText) -> Bool { !shown.isCut && shown.words.letters <= 1000 }

    /// More words of prose than this are an article's.
    private static let leastProse = 40
    private static let fewWords = 10

    /// How many words of the longer blocks that were kept are in some that say one of `phrases`, and how many in others.
    private func wordsKept(besides phrases: PhraseTable) -> (own: Int, other: Int) {
        guard let content, words > 0 else { return (0, 0) }
        let blocks = content.kept.map { content.page.blocks[$0] }.filter { $0.measures.words >= Self.fewWords && !$0.measures.hasRightsMark }
        return blocks.reduce(into: (own: 0, other: 0)) { sum, block in
            let words = block.measures.words
            if phrases.isIn(PlainWords(content.page.text[block.text])) { sum.own += words } else { sum.other += words }
        }
    }
}
