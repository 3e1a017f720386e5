import CMarkup

/// Finds the part of a page that is its article.
///
/// What is hidden or lies over the page (`PageBoxes`) counts for nothing. A page that marks its article is believed
/// (`itemprop=articleBody`, `<article>`, `<main>`, `role=main`) if the marked element holds a fair part of the prose.
/// Otherwise each paragraph adds its length to the score of the element that contains it, and half its length to the
/// score of that element's parent; links add nothing. The highest score wins.
struct MainContent {
    /// The element that holds the article.
    let root: Int
    private let nodes: HTMLNodes
    private let boxes: PageBoxes
    private let trustsNames: Bool

    init?(_ nodes: HTMLNodes) {
        guard let body = nodes.first(TIDINGS_HTML_BODY) ?? nodes.all.first else { return nil }
        self.nodes = nodes
        let prose: Prose
        (boxes, prose, root) = Self.found(nodes, body)

        // Names that would remove a good part of the prose mean something else on this page: a grid, a layout.
        var removed = 0
        var end = root + 1
        for node in nodes.subtree(root).dropFirst() where node >= end && nodes.isNamed(node, Self.asides) {
            removed += prose.amount(in: node)
            end = nodes.subtree(node).upperBound
        }
        trustsNames = removed * 3 < prose.amount(in: root)
    }

    /// The article, and what was left out to find it: as little as leaves some text.
    private static func found(_ nodes: HTMLNodes, _ body: Int) -> (PageBoxes, Prose, root: Int) {
        for extent in PageBoxes.Extent.allCases {
            // What is hidden is read if nothing else is there to be read.
            if extent == .none, hasText(nodes, body, PageBoxes(nodes, .hidden)) { break }
            let boxes = PageBoxes(nodes, extent)
            let prose = Prose(nodes, boxes)
            if let dense = prose.best {
                let needed = prose.amount(in: dense) / 2
                let named = names.lazy.compactMap { isNamed in
                    nodes.all.filter { isNamed(nodes, $0) }.max { prose.amount(in: $0) < prose.amount(in: $1) }
                }
                return (boxes, prose, named.first { prose.amount(in: $0) >= max(needed, 1) } ?? dense)
            }
            // A few words in a marked element are an article, not what lies over them.
            let marked = names.lazy.flatMap { isNamed in nodes.all.lazy.filter { isNamed(nodes, $0) } }
            if let short = marked.first(where: { hasText(nodes, $0, boxes) }) { return (boxes, prose, short) }
        }
        let extent = PageBoxes.Extent.allCases.first { hasText(nodes, body, PageBoxes(nodes, $0)) }
        let boxes = PageBoxes(nodes, extent ?? .none)
        return (boxes, Prose(nodes, boxes), body)
    }

    private static func hasText(_ nodes: HTMLNodes, _ node: Int, _ boxes: PageBoxes) -> Bool {
        !boxes.surrounds(node) && !HTMLTextWalk(nodes).text(in: nodes.subtree(node), verdict: boxes.verdict).isEmpty
    }

    /// The text of the article. It is empty only if the page shows none at all.
    var text: String {
        let text = HTMLTextWalk(nodes).text(in: nodes.subtree(root)) { isAside($0) ? .dropped : boxes.verdict($0) }
        return text.isEmpty ? HTMLTextWalk(nodes).text(in: nodes.subtree(root), verdict: boxes.verdict) : text
    }

    private static let names: [@Sendable (HTMLNodes, Int) -> Bool] = [
        { $0.attribute("itemprop", of: $1) == "articleBody" },
        { $0.tag($1) == TIDINGS_HTML_ARTICLE },
        { $0.tag($1) == TIDINGS_HTML_MAIN || $0.attribute("role", of: $1) == "main" },
    ]

    /// Whether the subtree of `node` lies inside the article but does not belong to it.
    private func isAside(_ node: Int) -> Bool {
        guard node != root else { return false }
        switch nodes.tag(node) {
        case TIDINGS_HTML_ASIDE, TIDINGS_HTML_FOOTER, TIDINGS_HTML_FIGURE, TIDINGS_HTML_FIGCAPTION: return true
        case TIDINGS_HTML_UL, TIDINGS_HTML_OL, TIDINGS_HTML_DIV, TIDINGS_HTML_SECTION, TIDINGS_HTML_TABLE:
            return isNamedAside(node) || isMostlyLinks(node)
        case TIDINGS_HTML_P: return isNamedAside(node)
        case let tag: return isPhrase(tag) && isNamedAside(node)
        }
    }

    /// Whether class or id name the element as something that surrounds articles.
    private func isNamedAside(_ node: Int) -> Bool { trustsNames && nodes.isNamed(node, Self.asides) }

    private static let asides: Set<String> = [
        "ad", "ads", "advert", "advertisement", "banner", "breadcrumb", "breadcrumbs", "byline", "caption", "comment",
        "comments", "disqus", "footer", "infobox", "login", "newsletter", "outbrain", "paywall", "popup",
        "promo", "promotion", "recommended", "recommendations", "related", "share", "sharing", "sidebar", "signup",
        "social", "sponsored", "subscribe", "subscription", "taboola", "tags", "toolbar", "widget",
    ]

    /// Lists of links are related articles, tags, share bars.
    private func isMostlyLinks(_ node: Int) -> Bool {
        var all = 0
        var linked = 0
        var linkEnd = 0
        for index in nodes.subtree(node) {
            switch nodes.tag(index) {
            case TIDINGS_HTML_A: linkEnd = max(linkEnd, nodes.subtree(index).upperBound)
            case TIDINGS_HTML_TEXT:
                let count = nodes.bytes[nodes.textRange(index)].count { $0 > 0x20 }
                all += count
                if index < linkEnd { linked += count }
            default: break
            }
        }
        return all > 0 && linked * 3 > all * 2
    }
}

/// How much prose each element of a page holds.
struct Prose {
    private let nodes: HTMLNodes
    /// For each node: bytes of paragraph text before it, so that a difference is the amount in a range.
    private var sums: [Int] = [0]
    private(set) var best: Int?

    init(_ nodes: HTMLNodes, _ boxes: PageBoxes) {
        self.nodes = nodes
        var scores: [Int: Int] = [:]
        var skipEnd = 0
        sums.reserveCapacity(nodes.all.count + 1)
        for node in nodes.all {
            var amount = 0
            if node >= skipEnd {
                switch nodes.tag(node) {
                case TIDINGS_HTML_A, TIDINGS_HTML_FOOTER, TIDINGS_HTML_ASIDE: skipEnd = nodes.subtree(node).upperBound
                case TIDINGS_HTML_TEXT:
                    let count = nodes.textRange(node).count
                    if count >= Prose.leastBytes { amount = count }
                default: if boxes.isDropped(node) { skipEnd = nodes.subtree(node).upperBound }
                }
            }
            sums.append(sums[sums.count - 1] + amount)
            guard amount > 0 else { continue }
            let holder = block(around: node)
            let around = nodes.parent(holder)
            scores[holder, default: 0] += amount
            scores[around, default: 0] += amount / 2
        }
        // A paragraph holds only its own text; an element that holds several scores higher. Of two equal scores, the
        // first counts.
        let holders = scores.filter { nodes.tag($0.key) != TIDINGS_HTML_P }
        guard var found = holders.max(by: { ($0.value, $1.key) < ($1.value, $0.key) })?.key else { return }
        // An article in sections surrounds the one with the highest score.
        while true {
            let around = nodes.parent(found)
            let isPart = [TIDINGS_HTML_DIV, TIDINGS_HTML_SECTION, TIDINGS_HTML_ARTICLE].contains(nodes.tag(around))
            guard isPart, around != found, amount(in: around) * 2 > amount(in: found) * 3 else { break }
            found = around
        }
        best = found
    }

    /// Shorter runs are labels.
    static let leastBytes = 25

    func amount(in node: Int) -> Int {
        let range = nodes.subtree(node)
        return sums[range.upperBound] - sums[range.lowerBound]
    }

    /// The element that contains the paragraph around a run of text.
    private func block(around text: Int) -> Int {
        var node = nodes.parent(text)
        while !isBlock(nodes.tag(node)), nodes.parent(node) != node { node = nodes.parent(node) }
        return nodes.tag(node) == TIDINGS_HTML_P ? nodes.parent(node) : node
    }
}
