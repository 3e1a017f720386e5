import TidingsCore

/// Which blocks of a page are its article.
struct PageText {
    let page: PageBlocks
    /// For each block: how sure it is that the block is the article's, 0…1.
    let scores: [Float]
    /// Blocks with at least this score are the article's.
    let threshold: Float
    /// The block that is most like the page's title, if one is.
    let titleBlock: Int?

    /// Nil if the page shows no text at all.
    init?(_ nodes: HTMLNodes) {
        guard let page = Self.blocks(of: nodes) else { return nil }
        let evidence = ArticleEvidence(page)
        var features = BlockFeatures(page, evidence: evidence)
        let scores = page.blocks.indices.map { BlockModel.pages.score(features.values($0)) }
        self.page = page
        self.scores = scores
        threshold = Self.threshold(page, scores)
        titleBlock = evidence.titleBlock
    }

    /// The blocks of the page without what is not there to be read with the article: as little is left out as leaves some
    /// prose, or else some text.
    private static func blocks(of nodes: HTMLNodes) -> PageBlocks? {
        var some: PageBlocks?
        for extent in PageBoxes.Extent.allCases {
            // What is hidden is read if nothing else is there to be read.
            if extent == .none, let some { return some }
            let page = PageBlocks(nodes, PageBoxes(nodes, extent))
            if page.all.proseBlocks > 0 { return page }
            if some == nil, !page.blocks.isEmpty { some = page }
        }
        return some
    }

    /// A page on which the model is sure of some blocks has no doubtful ones; on a page that is unlike what it knows, all are
    /// doubtful. So the threshold follows the scores of what is surely kept.
    private static func threshold(_ page: PageBlocks, _ scores: [Float]) -> Float {
        var sum: Float = 0
        var words: Float = 0
        for (block, score) in zip(page.blocks, scores) where score >= sureScore {
            sum += score * Float(block.measures.words)
            words += Float(block.measures.words)
        }
        guard words > 0 else { return (scores.max() ?? 0) / 2 }
        return min(0.6, max(0.15, sum / words * shareOfMean))
    }

    private static let sureScore: Float = 0.45
    private static let shareOfMean: Float = 0.55

    var keptBlocks: [Int] { page.blocks.indices.filter { scores[$0] >= threshold } }

    /// The text of the article, one line a block.
    var text: [UInt8] {
        keptBlocks.reduce(into: []) { text, index in
            if !text.isEmpty { text.append(0x0A) }
            text += page.text[page.blocks[index].text]
        }
    }
}
