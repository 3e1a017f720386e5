/// One line of a comparison of two texts: a paragraph, or a place where one was.
package struct DiffLine: Equatable, Sendable {
    package enum Kind: String, Sendable {
        case same, added, removed
        /// The paragraph was edited; or divided into several, or made of several.
        case changed
        /// The paragraph stands elsewhere in the other text. Each of its two places has a line.
        case moved
    }

    package let kind: Kind
    /// The paragraphs of the old text that the line stands for, and those of the new text, counted from 0. Empty, and at the place
    /// between two paragraphs, where it stands for none.
    package let old: Range<Int>
    package let new: Range<Int>
    /// Of a moved paragraph: its place in the other text.
    package var elsewhere: Int?
    /// What it said and says. Nothing at the place that a paragraph has left.
    package let words: [DiffRun]

    package init(kind: Kind, old: Range<Int>, new: Range<Int>, elsewhere: Int? = nil, words: [DiffRun]) {
        self.kind = kind
        self.old = old
        self.new = new
        self.elsewhere = elsewhere
        self.words = words
    }
}

/// How `new` differs from `old`, paragraph by paragraph, for people: all paragraphs, in the order of the new text.
///
/// Equal paragraphs are found first. Of the others, each is compared with its nearest former form, so that an edited word is shown
/// as one word; a paragraph that stands elsewhere has moved, and may have been edited a little as well.
package func paragraphDiff(old: String, new: String) -> [DiffLine] {
    let old = paragraphs(of: old)
    let new = paragraphs(of: new)
    var comparison = SequenceDiff(steps: 40_000_000, dividesLongLists: true)
    let stretches = comparison.stretches(old: old, new: new)
    var list = DiffLines(
        old: old, new: new, matches: matchParagraphs(old: old, new: new, gaps: stretches.filter { !$0.isSame }), comparison: comparison)
    for stretch in stretches {
        if stretch.isSame { list.same(stretch) } else { list.differing(stretch) }
    }
    return list.list
}

/// The paragraphs of `text`, without their line ends.
private func paragraphs(of text: String) -> [Substring] {
    if text.isEmpty { return [] }
    return text.utf8.split(separator: 0x0A, omittingEmptySubsequences: false).map { Substring($0) }
}

private struct DiffLines {
    private let old: [Substring]
    private let new: [Substring]
    private let edits: [ParagraphMatches.Edit]
    private let movedTo: [Int: Int]
    private let movedFrom: [Int: Int]
    private var comparison: SequenceDiff
    private var nextEdit = 0
    var list: [DiffLine] = []

    init(old: [Substring], new: [Substring], matches: ParagraphMatches, comparison: SequenceDiff) {
        self.old = old
        self.new = new
        self.comparison = comparison
        edits = matches.edits
        movedTo = Dictionary(uniqueKeysWithValues: matches.moves.map { ($0.old, $0.new) })
        movedFrom = Dictionary(uniqueKeysWithValues: matches.moves.map { ($0.new, $0.old) })
    }

    mutating func same(_ stretch: SequenceDiff.Stretch) {
        for (x, y) in zip(stretch.old, stretch.new) {
            list.append(DiffLine(kind: .same, old: x..<x + 1, new: y..<y + 1, words: [DiffRun(.same, String(new[y]))]))
        }
    }

    mutating func differing(_ stretch: SequenceDiff.Stretch) {
        var (x, y) = (stretch.old.lowerBound, stretch.new.lowerBound)
        while nextEdit < edits.count, edits[nextEdit].old.lowerBound < stretch.old.upperBound {
            let edit = edits[nextEdit]
            nextEdit += 1
            unpaired(x..<edit.old.lowerBound, y..<edit.new.lowerBound)
            list.append(DiffLine(kind: .changed, old: edit.old, new: edit.new, words: words(edit.old, edit.new)))
            (x, y) = (edit.old.upperBound, edit.new.upperBound)
        }
        unpaired(x..<stretch.old.upperBound, y..<stretch.new.upperBound)
    }

    private mutating func unpaired(_ gone: Range<Int>, _ come: Range<Int>) {
        for x in gone {
            let nowhere = come.lowerBound..<come.lowerBound
            if let y = movedTo[x] {
                list.append(DiffLine(kind: .moved, old: x..<x + 1, new: nowhere, elsewhere: y, words: []))
            } else {
                list.append(DiffLine(kind: .removed, old: x..<x + 1, new: nowhere, words: [DiffRun(.removed, String(old[x]))]))
            }
        }
        for y in come {
            let nowhere = gone.upperBound..<gone.upperBound
            if let x = movedFrom[y] {
                let words = words(x..<x + 1, y..<y + 1)
                list.append(DiffLine(kind: .moved, old: nowhere, new: y..<y + 1, elsewhere: x, words: words))
            } else {
                list.append(DiffLine(kind: .added, old: nowhere, new: y..<y + 1, words: [DiffRun(.added, String(new[y]))]))
            }
        }
    }

    private mutating func words(_ x: Range<Int>, _ y: Range<Int>) -> [DiffRun] {
        paragraphWords(old: old[x].joined(separator: "\n"), new: new[y].joined(separator: "\n"), in: &comparison)
    }
}
