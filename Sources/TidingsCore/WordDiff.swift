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
    let differing = DifferingLines(old, new)
    let (before, after) = differing.around(old)
    var runs = DiffRuns()
    runs.append(.same, before)
    eachRun(old: differing.middle(of: old), new: differing.middle(of: new)) { runs.append($0, $1) }
    runs.append(.same, after)
    return runs.list
}

/// How many Unicode scalars the new text adds to the old one and removes from it, word by word, as `wordDiff` finds them.
package func charactersChanged(old: String, new: String) -> (added: Int, removed: Int) {
    let differing = DifferingLines(old, new)
    var (added, removed) = (0, 0)
    eachRun(old: differing.middle(of: old), new: differing.middle(of: new)) { kind, text in
        switch kind {
        case .same: break
        case .added: added += text.unicodeScalars.count
        case .removed: removed += text.unicodeScalars.count
        }
    }
    return (added, removed)
}

/// Calls `body` with the runs of a comparison, in order. Two beside each other can be of one kind.
private func eachRun(old: Substring, new: Substring, _ body: (DiffRun.Kind, Substring) -> Void) {
    var comparison = SequenceDiff(dividesLongLists: true)
    let oldLines = lines(old)
    let newLines = lines(new)
    for stretch in comparison.stretches(old: oldLines, new: newLines) {
        if stretch.isSame {
            body(.same, oldLines.text(stretch.old))
            continue
        }
        let (before, after) = (oldLines.text(stretch.old), newLines.text(stretch.new))
        let differing = differingWords(before, after)
        body(.same, before[..<differing.old.startIndex])
        let oldWords = words(differing.old)
        let newWords = words(differing.new)
        for part in comparison.stretches(old: oldWords, new: newWords) {
            if part.isSame {
                body(.same, oldWords.text(part.old))
            } else {
                body(.removed, oldWords.text(part.old))
                body(.added, newWords.text(part.new))
            }
        }
        body(.same, before[differing.old.endIndex...])
    }
}

extension [Substring] {
    /// What the pieces in `range` are together. They follow each other in one text.
    fileprivate func text(_ range: Range<Int>) -> Substring {
        guard let last = range.last else { return "" }
        return self[range.lowerBound].base[self[range.lowerBound].startIndex..<self[last].endIndex]
    }
}

/// The same for two forms of one paragraph, made for reading: a number with its signs is a word, and words that were replaced
/// beside each other are one run, with the spaces and signs between them.
func paragraphWords(old: String, new: String, in comparison: inout SequenceDiff) -> [DiffRun] {
    let oldWords = words(old[...], keepingNumbers: true)
    let newWords = words(new[...], keepingNumbers: true)
    let parts = comparison.stretches(old: oldWords, new: newWords)
    func isReplacement(_ index: Int) -> Bool {
        guard parts.indices.contains(index), !parts[index].isSame else { return false }
        return !parts[index].old.isEmpty && !parts[index].new.isEmpty
    }
    var runs = DiffRuns()
    // What was replaced since the last run.
    var (removed, added) = ("", "")
    for (index, part) in parts.enumerated() {
        let isBetween = isReplacement(index - 1) && isReplacement(index + 1) && !oldWords[part.old].contains(where: isWord)
        if part.isSame && !isBetween {
            runs.append(.removed, removed[...])
            runs.append(.added, added[...])
            (removed, added) = ("", "")
            runs.append(.same, oldWords.text(part.old))
        } else {
            removed += oldWords.text(part.old)
            added += newWords.text(part.new)
        }
    }
    runs.append(.removed, removed[...])
    runs.append(.added, added[...])
    return runs.list
}

private struct DiffRuns {
    var list: [DiffRun] = []

    mutating func append(_ kind: DiffRun.Kind, _ text: Substring) {
        guard !text.isEmpty else { return }
        if let last = list.last, last.kind == kind {
            list[list.count - 1] = DiffRun(kind, last.text + text)
        } else {
            list.append(DiffRun(kind, String(text)))
        }
    }
}

/// `text` cut after each line end.
private func lines(_ text: Substring) -> [Substring] {
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

/// `text` split into words; a character outside a word is a piece of its own, and so is one of a script without spaces.
/// - Parameter keepingNumbers: whether `30,000` and `5.0` are one word.
func words(_ text: Substring, keepingNumbers: Bool = false) -> [Substring] {
    var list: [Substring] = []
    var start: String.Index?
    var index = text.startIndex
    while index < text.endIndex {
        let (isWord, isAlone, next) = character(at: index, of: text)
        if isWord && !isAlone || keepingNumbers && isInNumber(index, of: text) {
            if start == nil { start = index }
        } else {
            if let start { list.append(text[start..<index]) }
            start = nil
            list.append(text[index..<next])
        }
        index = next
    }
    if let start { list.append(text[start...]) }
    return list
}

/// Whether the piece is a word, or a character of one.
func isWord(_ piece: Substring) -> Bool { piece.first.map { $0.isLetter || $0.isNumber } ?? false }

/// Whether a comma or a full stop stands there between two digits.
private func isInNumber(_ index: String.Index, of text: Substring) -> Bool {
    let utf8 = text.utf8
    guard utf8[index] == UInt8(ascii: ",") || utf8[index] == UInt8(ascii: "."), index > utf8.startIndex,
        utf8[utf8.index(before: index)].isASCIIDigit
    else { return false }
    let next = utf8.index(after: index)
    return next < utf8.endIndex && utf8[next].isASCIIDigit
}

private func character(at index: String.Index, of text: Substring) -> (isWord: Bool, isAlone: Bool, next: String.Index) {
    let byte = text.utf8[index]
    let next = text.utf8.index(after: index)
    // Between two of ASCII's characters a new one begins, but between CR and LF.
    if byte < 0x80, byte != 0x0D, next == text.endIndex || text.utf8[next] < 0x80 {
        return (byte.isASCIILetter || byte.isASCIIDigit, false, next)
    }
    let character = text[index]
    let isAlone = character.unicodeScalars.first.map(isWrittenWithoutSpaces) ?? false
    return (character.isLetter || character.isNumber, isAlone, text.index(after: index))
}

/// Whether `scalar` is of a script that puts no spaces between words: Han, kana, Thai, Lao, Myanmar, Khmer.
private func isWrittenWithoutSpaces(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x0E00...0x0EFF, 0x1000...0x109F, 0x1780...0x17FF, 0x3040...0x30FF, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xF900...0xFAFF,
        0x20000...0x3FFFF:
        true
    default: false
    }
}
