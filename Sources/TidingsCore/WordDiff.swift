/// One run of a comparison of two texts.
package struct DiffRun: Equatable, Sendable {
    package enum Kind: Sendable { case same, added, removed }
    package let kind: Kind
    package let text: String

    package init(_ kind: Kind, _ text: String) {
        self.kind = kind
        self.text = text
    }
}

/// How `new` differs from `old`, word by word. The runs that are not `added` make `old`, those not `removed` make `new`.
///
/// Paragraphs that are equal are passed over first; between them words are compared. A stretch of more than `wordLimit` words
/// is given as replaced whole, so that the cost stays bounded.
package func wordDiff(old: String, new: String) -> [DiffRun] {
    var runs = DiffRuns()
    let oldLines = lines(old)
    let newLines = lines(new)
    for stretch in stretches(old: oldLines, new: newLines) {
        if stretch.isSame {
            runs.append(.same, oldLines[stretch.old].joined())
            continue
        }
        let oldWords = words(oldLines[stretch.old].joined())
        let newWords = words(newLines[stretch.new].joined())
        for part in stretches(old: oldWords, new: newWords) {
            if part.isSame {
                runs.append(.same, oldWords[part.old].joined())
            } else {
                runs.append(.removed, oldWords[part.old].joined())
                runs.append(.added, newWords[part.new].joined())
            }
        }
    }
    return runs.list
}

/// Unicode scalars that `new` adds and that it takes away.
package func charactersChanged(_ runs: [DiffRun]) -> (added: Int, removed: Int) {
    runs.reduce(into: (0, 0)) { sum, run in
        switch run.kind {
        case .same: break
        case .added: sum.0 += run.text.unicodeScalars.count
        case .removed: sum.1 += run.text.unicodeScalars.count
        }
    }
}

/// Longest list that is compared element by element: the algorithm's memory grows with the square of the differences.
private let wordLimit = 2_000

private struct DiffRuns {
    var list: [DiffRun] = []

    mutating func append(_ kind: DiffRun.Kind, _ text: String) {
        guard !text.isEmpty else { return }
        if let last = list.last, last.kind == kind {
            list[list.count - 1] = DiffRun(kind, last.text + text)
        } else {
            list.append(DiffRun(kind, text))
        }
    }
}

private struct Stretch {
    let old: Range<Int>
    let new: Range<Int>
    let isSame: Bool
}

/// Alternating equal and differing stretches that cover both lists in order.
private func stretches(old: [Substring], new: [Substring]) -> [Stretch] {
    let prefix = zip(old, new).prefix { $0 == $1 }.count
    let suffix = min(
        zip(old.reversed(), new.reversed()).prefix { $0 == $1 }.count, min(old.count, new.count) - prefix)
    let oldMiddle = prefix..<(old.count - suffix)
    let newMiddle = prefix..<(new.count - suffix)

    var list: [Stretch] = []
    if prefix > 0 { list.append(Stretch(old: 0..<prefix, new: 0..<prefix, isSame: true)) }
    if oldMiddle.count > wordLimit || newMiddle.count > wordLimit {
        list.append(Stretch(old: oldMiddle, new: newMiddle, isSame: false))
    } else {
        list += compared(old: old, oldMiddle, new: new, newMiddle)
    }
    if suffix > 0 {
        list.append(Stretch(old: oldMiddle.upperBound..<old.count, new: newMiddle.upperBound..<new.count, isSame: true))
    }
    return list
}

private func compared(old: [Substring], _ oldRange: Range<Int>, new: [Substring], _ newRange: Range<Int>) -> [Stretch] {
    let difference = new[newRange].difference(from: old[oldRange])
    // Offsets of a slice's difference count from the slice's start.
    var removed = Set<Int>()
    var inserted = Set<Int>()
    for change in difference {
        switch change {
        case .remove(let offset, _, _): removed.insert(oldRange.lowerBound + offset)
        case .insert(let offset, _, _): inserted.insert(newRange.lowerBound + offset)
        }
    }
    var list: [Stretch] = []
    var (i, j) = (oldRange.lowerBound, newRange.lowerBound)
    while i < oldRange.upperBound || j < newRange.upperBound {
        let (oldStart, newStart) = (i, j)
        while removed.contains(i) { i += 1 }
        while inserted.contains(j) { j += 1 }
        if i > oldStart || j > newStart {
            list.append(Stretch(old: oldStart..<i, new: newStart..<j, isSame: false))
        }
        let (sameOld, sameNew) = (i, j)
        while i < oldRange.upperBound, j < newRange.upperBound, !removed.contains(i), !inserted.contains(j) {
            i += 1
            j += 1
        }
        if i > sameOld { list.append(Stretch(old: sameOld..<i, new: sameNew..<j, isSame: true)) }
    }
    return list
}

/// `text` cut after each line end.
private func lines(_ text: String) -> [Substring] {
    var list: [Substring] = []
    var start = text.startIndex
    for index in text.utf8.indices where text.utf8[index] == 0x0A {
        let end = text.utf8.index(after: index)
        list.append(text[start..<end])
        start = end
    }
    if start < text.endIndex { list.append(text[start...]) }
    return list
}

/// `text` cut into words, and into single characters where they are not part of a word.
private func words(_ text: String) -> [Substring] {
    var list: [Substring] = []
    var start: String.Index?
    for index in text.indices {
        let character = text[index]
        if character.isLetter || character.isNumber {
            if start == nil { start = index }
            continue
        }
        if let wordStart = start {
            list.append(text[wordStart..<index])
            start = nil
        }
        list.append(text[index...index])
    }
    if let start { list.append(text[start...]) }
    return list
}
