/// Which paragraphs of two texts belong together although they are not equal, or not in the same order.
struct ParagraphMatches {
    /// A paragraph and its former form, at the same place of the text. One of both may be several paragraphs.
    struct Edit: Equatable {
        var old: Range<Int>
        var new: Range<Int>
    }

    /// In the order of both texts.
    var edits: [Edit] = []
    /// Paragraphs that stand elsewhere now, with the same words or with nearly the same.
    var moves: [(old: Int, new: Int)] = []
}

/// - Parameter gaps: the differing stretches between the paragraphs that are equal, in order.
func matchParagraphs(old: [Substring], new: [Substring], gaps: [SequenceDiff.Stretch]) -> ParagraphMatches {
    var matches = ParagraphMatches()
    matches.moves = equalParagraphs(old, new, gaps)
    let movedAway = Set(matches.moves.map(\.old))
    let movedHere = Set(matches.moves.map(\.new))
    // Numbers of the paragraphs that are left, by gap.
    let left = gaps.map { gap in
        (old: gap.old.filter { !movedAway.contains($0) }, new: gap.new.filter { !movedHere.contains($0) })
    }
    let nearest = NearestParagraphs(old: old, new: new, gaps: left)
    var byGap = [[ParagraphPair]](repeating: [], count: gaps.count)
    for pair in nearest.pairs {
        if let gap = pair.gap { byGap[gap].append(pair) } else { matches.moves.append((pair.old, pair.new)) }
    }
    for (gap, pairs) in byGap.enumerated() {
        let inOrder = pairs.sorted { $0.new < $1.new }
        let kept = heaviestRise(inOrder.map { ($0.old, $0.likeness) })
        var edits = kept.map { position in
            let pair = inOrder[position]
            return ParagraphMatches.Edit(old: pair.old..<pair.old + 1, new: pair.new..<pair.new + 1)
        }
        let crossing = Set(inOrder.indices).subtracting(kept).map { inOrder[$0] }.filter(\.isLikeAfterMove)
        matches.moves += crossing.map { ($0.old, $0.new) }
        let free = (
            old: Set(left[gap].old).subtracting(crossing.map(\.old)), new: Set(left[gap].new).subtracting(crossing.map(\.new)))
        nearest.extend(&edits, free: free)
        matches.edits += edits
    }
    return matches
}

/// Paragraphs that are equal and not in the same order.
private func equalParagraphs(_ old: [Substring], _ new: [Substring], _ gaps: [SequenceDiff.Stretch]) -> [(old: Int, new: Int)] {
    var places: [Substring: [Int]] = [:]
    // From the end, so that the last place in the list is the first in the text.
    for x in gaps.flatMap(\.old).reversed() where old[x].contains(where: { $0.isLetter || $0.isNumber }) {
        places[old[x], default: []].append(x)
    }
    return gaps.flatMap(\.new).compactMap { y in places[new[y]]?.popLast().map { (old: $0, new: y) } }
}
