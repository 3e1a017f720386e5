import TidingsCore

extension PageBlocks {
    /// The blocks that begin as a note of what was corrected, and stand among the paragraphs of the article. Such a note looks
    /// like the small print below an article, but is what its readers must not miss.
    func correctionNotes(among kept: [Int]) -> [Int] {
        let notes = blocks.indices.filter(isCorrectionNote)
        guard !notes.isEmpty else { return [] }
        let places = Set(kept.lazy.filter { blocks[$0].isProse }.map { nodes.parent(blocks[$0].holder) })
        return notes.filter { places.contains(nodes.parent(blocks[$0].holder)) }
    }

    private func isCorrectionNote(_ index: Int) -> Bool {
        let block = blocks[index]
        guard block.measures.words <= Self.noteWords, block.linkShare < 0.5 else { return false }
        let text = self.text[block.text]
        var words = TextWords(bytes: text).makeIterator()
        guard let first = words.next() else { return false }
        var second = words.next() ?? 0
        // "Editor’s note" has three.
        if second == WordGroups.hash("s".utf8) { second = words.next() ?? 0 }
        // A note, and not only its heading.
        guard second != 0 || text.count > 30 else { return false }
        return BlockWords.corrections.mask(first) != 0 || BlockWords.corrections.mask(WordGroups.joined(first, second)) != 0
            || BlockWords.unspacedCorrections.contains { text.starts(with: $0.utf8) }
    }

    private static let noteWords = 120
}
