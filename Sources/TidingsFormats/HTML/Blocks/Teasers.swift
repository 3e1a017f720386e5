import CMarkup

extension PageBlocks {
    /// The kept blocks without the teasers of other articles that stand before or behind the paragraphs: a linked heading and a sentence
    /// or two in an element of their own. Their sentences are like an article's, and others at each look.
    /// - Parameter title: the block of the page's own headline, which may be a link too.
    /// - Returns: nil if no teasers were kept, or some stand among the paragraphs: there they are what there is to read.
    func withoutTeaserCards(_ kept: [Int], title: Int?) -> [Int]? {
        let cards = teaserCards(title: title)
        let rest = kept.filter { !cards.contains($0) }
        let prose = rest.filter { blocks[$0].isProse }
        guard rest.count < kept.count, prose.count >= Self.leastProse, let first = prose.first, let last = prose.last,
            !kept.contains(where: { (first...last).contains($0) && cards.contains($0) })
        else { return nil }
        return rest
    }

    /// The kept blocks without entries of lists of links, before or behind the paragraphs, that are not the article's on the whole: what one
    /// entry says does not tell.
    func withoutOddLinks(_ kept: [Int], _ scores: [Float], threshold: Float) -> [Int] {
        let prose = kept.filter { blocks[$0].isProse }
        guard prose.count >= Self.leastProse, let first = prose.first, let last = prose.last else { return kept }
        var odd: Set<Int> = []
        var start = 0
        while start < blocks.count {
            var end = start + 1
            if blocks[start].linkShare > 0.8 {
                let place = BlockPaths.place(blocks[start].holder, nodes)
                while end < blocks.count, blocks[end].linkShare > 0.8, BlockPaths.place(blocks[end].holder, nodes) == place { end += 1 }
            }
            let isOutside = end <= first || start > last
            if end - start > 1, isOutside, scores[start..<end].reduce(0, +) < threshold * Float(end - start) { odd.formUnion(start..<end) }
            start = end
        }
        return odd.isEmpty ? kept : kept.filter { !odd.contains($0) }
    }

    private static let leastProse = 2

    private func teaserCards(title: Int?) -> Set<Int> {
        var cards: Set<Int> = []
        for index in blocks.indices where index != title && blocks[index].linkShare > 0.8 && nodes.headingLevel(blocks[index].holder) > 1 {
            var element = blocks[index].holder
            // Up to the first element that holds more than the heading. It is a few levels away.
            for _ in 0..<Self.cardLevels where range(of: element).count == 1 { element = nodes.parent(element) }
            let held = range(of: element)
            guard Self.cardBlocks.contains(held.count), amount(in: held).words <= Self.cardWords else { continue }
            cards.formUnion(held)
        }
        return cards
    }

    private static let cardLevels = 5
    private static let cardBlocks = 2...5
    private static let cardWords = 80
}
