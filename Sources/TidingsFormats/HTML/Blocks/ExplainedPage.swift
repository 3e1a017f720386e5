import TidingsCore

/// How the text of a page was chosen, block by block.
package struct ExplainedPage {
    package struct Block {
        /// The lines of the block.
        package var text: String
        package var isKept: Bool
        /// How sure it is that the block is the article's, 0…1.
        package var score: Float
        /// The features, in the order of `featureNames`.
        package var features: [Float]
        /// What counted, with how much it added to the score's sum: the largest first. Negative is against.
        package var reasons: [(name: String, amount: Float)]
    }

    package private(set) var blocks: [Block] = []
    /// Blocks with at least this score are kept.
    package private(set) var threshold: Float = 0

    /// What the page is like as a whole, in the order of `pageFeatureNames`.
    package private(set) var features: [Float] = []
    package private(set) var kind: PageContentGuess?

    package static var pageFeatureNames: [String] { PageText.contentFeatureNames }
    package static var featureNames: [String] { BlockFeatures.names }

    /// - Parameters:
    ///   - bytes: a page, in any charset.
    ///   - hints: of these, the Content-Type and the memory of the blocks count.
    package init(_ bytes: [UInt8], hints: DocumentHints) {
        let nodes = HTMLNodes(Charset.decode(bytes, contentType: hints.contentType).utf8)
        guard let content = PageText(nodes, memory: hints.blockMemory) else { return }
        threshold = content.threshold
        features = content.contentFeatures(keepsNames: false).values
        kind = content.contentKind
        let page = content.page
        var features = BlockFeatures(page, evidence: content.evidence)
        let kept = Set(content.kept)
        blocks = page.blocks.indices.map { index in
            let values = features.values(index)
            let reasons = TreeModel.blocks.contributions(values).sorted { (abs($0.value), $1.key) > (abs($1.value), $0.key) }
            return Block(
                text: String(decoding: page.text[page.blocks[index].text], as: UTF8.self), isKept: kept.contains(index),
                score: content.scores[index], features: values,
                reasons: reasons.map { (Self.featureNames[$0.key], $0.value) })
        }
    }
}
