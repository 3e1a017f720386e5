// The model knows few texts of hundreds of paragraphs. What stands so far below the title is mostly comments on the pages that it has
// learnt from, and so it leaves the end of a long text out.

extension PageBlocks {
    /// How many kept paragraphs beside each other, in one element, show that they are a long text. The model keeps shorter ones whole.
    private static let longText = 60

    /// `kept` with the other paragraphs of each element of which so many are kept.
    func withRestOfLongText(_ kept: [Int]) -> [Int] {
        var counts: [Int: Int] = [:]
        for index in kept where blocks[index].isProse { counts[nodes.parent(blocks[index].holder), default: 0] += 1 }
        let longTexts = Set(counts.filter { $0.value >= Self.longText }.keys)
        guard !longTexts.isEmpty else { return kept }
        let rest = blocks.indices.filter { blocks[$0].isProse && longTexts.contains(nodes.parent(blocks[$0].holder)) }
        return Set(kept).union(rest).sorted()
    }
}
