/// The text with each paragraph on one line, if `lines` were broken to fit a width, as in mail and old exports; nil if
/// not. A break is of that kind if the next word would not have fitted. Only then does it mean nothing: wrapping the
/// same text to another width must not look like an edit.
func unwrapped(_ utf8: [UInt8], _ lines: [TextLine]) -> [UInt8]? {
    var width = 0
    for line in lines {
        guard line.count <= widestLineBytes else { return nil }
        width = max(width, columns(utf8, line.range))
    }
    guard wrapWidths.contains(width) else { return nil }
    let breaks = lines.indices.dropLast().filter { !lines[$0].blankFollows }
    let full = breaks.filter { index in
        let next = lines[index + 1].range
        let wordEnd = utf8[next].firstIndex { $0 <= 0x20 } ?? next.upperBound
        return columns(utf8, lines[index].range) + 1 + columns(utf8, next.lowerBound..<wordEnd) > width
    }
    guard full.count >= leastBreaks, full.count * 5 >= breaks.count * 4 else { return nil }

    let joined = Set(full)
    var text: [UInt8] = []
    text.reserveCapacity(utf8.count)
    for (index, line) in lines.enumerated() {
        text += utf8[line.range]
        text.append(joined.contains(index) ? 0x20 : 0x0A)
        if line.blankFollows { text.append(0x0A) }
    }
    return text
}

/// In columns. Shorter lines are verses or list items; longer ones are paragraphs.
private let wrapWidths = 50...100
/// A column takes at most three bytes in the scripts that put spaces between words.
private let widestLineBytes = 300
/// How many breaks must agree with a width before any is undone.
private let leastBreaks = 4

/// How many columns the text has: each Unicode scalar counts as one.
private func columns(_ utf8: [UInt8], _ range: Range<Int>) -> Int {
    range.count { utf8[$0] & 0xC0 != 0x80 }
}
