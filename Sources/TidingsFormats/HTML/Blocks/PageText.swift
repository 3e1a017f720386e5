import CMarkup
import TidingsCore

/// Which blocks of a page are its article.
struct PageText {
    let page: PageBlocks
    /// For each block: how sure it is that the block is the article's, 0…1.
    let scores: [Float]
    /// Blocks with at least this score are the article's, unless a rule says otherwise.
    let threshold: Float
    /// The blocks that are the article's, in order.
    private(set) var kept: [Int]
    /// Whether teasers of other articles are a part of the text.
    private let keepsTeasers: Bool
    /// What the page says of its article, and which block is like its title.
    let evidence: ArticleEvidence

    /// - Parameters:
    ///   - fields: what the head of the page says; read here if nobody has read it.
    ///   - memory: what was decided when the page was last read.
    /// - Returns: nil if the page shows no text at all.
    init?(_ nodes: HTMLNodes, fields: PageFields? = nil, memory: BlockMemory? = nil) {
        guard let page = Self.blocks(of: nodes) else { return nil }
        evidence = ArticleEvidence(page, fields: fields ?? PageFields(nodes))
        var features = BlockFeatures(page, evidence: evidence)
        let scores = page.blocks.indices.map { TreeModel.blocks.score(features.values($0)) }
        let threshold = Self.threshold(page, scores)
        self.page = page
        self.scores = scores
        self.threshold = threshold
        let habits = memory?.habits(page)
        kept = page.blocks.indices.filter { scores[$0] >= threshold - (habits?[$0] ?? 0) }
        kept = page.withRestOfLongText(kept)
        kept = page.withoutAdvertisements(kept)
        let keptTeasers = memory?.keepsTeasers
        if let rest = page.withoutTeaserCards(kept, title: evidence.titleBlock) {
            // A page that is mostly teasers has them as its text. An article has not, however many there are at another look.
            keepsTeasers = keptTeasers != false && !page.isMost(rest, of: kept)
            if !keepsTeasers { kept = rest }
        } else {
            keepsTeasers = keptTeasers ?? false
        }
        kept = page.withoutOddLinks(kept, scores, threshold: threshold)
        kept = Set(kept).union(page.correctionNotes(among: kept)).sorted()
        let chosen = kept
        removeRepeats()
        kept.removeAll { page.isPointer($0) }
        // Visible text is never nothing.
        if kept.isEmpty { kept = chosen }
    }

    /// The blocks of the page without what is not there to be read with the article: as little is left out as leaves some
    /// prose, or else some text.
    private static func blocks(of nodes: HTMLNodes) -> PageBlocks? {
        var some: PageBlocks?
        for extent in PageBoxes.Extent.allCases {
            // What is hidden is read if nothing else is there to be read.
            if extent == .none, let some { return some }
            let page = PageBlocks(nodes, PageBoxes(nodes, extent))
            if page.all.proseBlocks > 0 || page.hasMarkedText { return page }
            if some == nil, !page.blocks.isEmpty { some = page }
        }
        return some
    }

    /// On a page that is like those the model knows it is sure of the article, and what it doubts is none; on another page it
    /// doubts everything. So the threshold follows the mean score of the words that are probably kept.
    private static func threshold(_ page: PageBlocks, _ scores: [Float]) -> Float {
        var sum: Float = 0
        var words: Float = 0
        for (block, score) in zip(page.blocks, scores) where score >= probableScore {
            sum += score * Float(block.measures.words)
            words += Float(block.measures.words)
        }
        guard words > 0 else { return (scores.max() ?? 0) / 2 }
        return min(thresholds.upperBound, max(thresholds.lowerBound, sum / words * shareOfMean))
    }

    private static let probableScore: Float = 0.45
    private static let shareOfMean: Float = 0.55
    private static let thresholds: ClosedRange<Float> = 0.15...0.6

    /// What to remember until the page is read again.
    var memory: BlockMemory { BlockMemory(page, kept: kept, keepsTeasers: keepsTeasers) }

    /// A long block that stands on the page again elsewhere is a caption or a teaser there. Within one element, it is a
    /// refrain.
    private mutating func removeRepeats() {
        var places: [UInt64: Int] = [:]
        kept.removeAll { index in
            let block = page.blocks[index]
            guard block.measures.words >= Self.repeatedWords else { return false }
            let place = page.nodes.parent(block.holder)
            let text = WordGroups.hash(page.text[block.text])
            guard let first = places[text] else {
                places[text] = place
                return false
            }
            return first != place
        }
    }

    private static let repeatedWords = 10

    /// The title as the page shows it, if it does.
    var heading: String? {
        evidence.titleBlock.map { page.blocks[$0] }.flatMap { $0.isProse ? nil : foldedSpace(page.text[$0.text]) }
    }

    /// The text of `body`, a page's own data about its article, if the page shows only the beginning of that: behind a paywall,
    /// or where scripts put the text in its place. Nil if the page shows more, or other text.
    func wholeText(inData body: String) -> [UInt8]? {
        let text = Self.text(ofData: body)
        let shown = kept.reduce(0) { $0 + page.blocks[$1].measures.words }
        guard LineMeasures(text[...]).words >= max(Self.leastDataWords, 3 * shown) else { return nil }
        let pairs = WordPairs(text)
        var found = 0
        var all = 0
        for index in kept where page.blocks[index].isProse {
            let (common, count) = pairs.count(page.text[page.blocks[index].text])
            found += common
            all += count
        }
        return found * 10 >= all * 7 ? text : nil
    }

    static func text(ofData body: String) -> [UInt8] {
        Array(HTMLText.text(ofFragment: Array(body.replacing("\n", with: "<br>").utf8)).utf8)
    }

    private static let leastDataWords = 100

    /// The text of the article, one line a block; preformatted blocks keep theirs.
    var text: [UInt8] {
        kept.reduce(into: []) { text, index in
            if !text.isEmpty { text.append(0x0A) }
            text += page.text[page.blocks[index].text]
        }
    }
}

extension PageBlocks {
    /// Whether some text is in what the page marks as its article. It may be a few words.
    fileprivate var hasMarkedText: Bool {
        nodes.all.contains { node in
            (nodes.tag(node) == TIDINGS_HTML_ARTICLE || nodes.tag(node) == TIDINGS_HTML_MAIN) && !range(of: node).isEmpty
        }
    }

    /// Whether a block only points to another article: "Read also: …" with a link, or nothing but that.
    func isPointer(_ index: Int) -> Bool {
        let block = blocks[index]
        guard block.measures.words <= 30, block.measures.ending != .stop else { return false }
        var words = TextWords(bytes: text[block.text]).makeIterator()
        guard let first = words.next(), let second = words.next() else { return false }
        guard BlockWords.pointers.mask(WordGroups.joined(first, second)) != 0 else { return false }
        return block.linkShare >= 0.45 || words.next() == nil
    }
}
