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

/// How `new` differs from `old`, word by word. The runs that are not `added` make up `old`; those that are not
/// `removed` make up `new`.
///
/// Equal paragraphs are found first; words are compared only between them. If two stretches differ by more than a
/// limit, or all of them together take too much work, the rest is given as replaced whole: the cost is bounded.
package func wordDiff(old: String, new: String) -> [DiffRun] {
    var runs = DiffRuns()
    var comparison = SequenceDiff()
    let oldLines = lines(old)
    let newLines = lines(new)
    for stretch in comparison.stretches(old: oldLines, new: newLines) {
        if stretch.isSame {
            runs.append(.same, oldLines[stretch.old].joined())
            continue
        }
        let oldWords = words(oldLines[stretch.old].joined())
        let newWords = words(newLines[stretch.new].joined())
        for part in comparison.stretches(old: oldWords, new: newWords) {
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

/// How many Unicode scalars the new text adds and removes.
package func charactersChanged(_ runs: [DiffRun]) -> (added: Int, removed: Int) {
    runs.reduce(into: (0, 0)) { sum, run in
        switch run.kind {
        case .same: break
        case .added: sum.0 += run.text.unicodeScalars.count
        case .removed: sum.1 += run.text.unicodeScalars.count
        }
    }
}

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

/// `text` split into words; a character outside a word is a piece of its own.
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
