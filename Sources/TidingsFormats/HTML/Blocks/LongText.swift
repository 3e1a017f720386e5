// The tree model leaves out the end of a text of hundreds of paragraphs: it was trained on few such pages.

extension PageBlocks {
    /// An element with so many kept paragraphs holds a long text. The model keeps texts of up to about 160 paragraphs by itself.
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
