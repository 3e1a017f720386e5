import TidingsCore

/// A page as a text browser prints it: `[1]` before the words of each link, and at the end a list of the addresses.
///
/// An article with footnotes looks alike, but has its numbers behind the words. Only if nearly all stand before a word,
/// and the list counts from 1 to its end, is the text returned without them; the lines that hold only links are left
/// out, for they are menus.
func withoutLinkNumbers(_ utf8: [UInt8], _ lines: [TextLine]) -> [UInt8]? {
    guard let list = LinkList(utf8, lines) else { return nil }
    // The numbers took part when the lines were broken.
    var utf8 = utf8
    var lines = Array(lines[..<list.start])
    if let whole = unwrapped(utf8, lines) {
        utf8 = whole
        lines = textLines(whole)
    }
    var text: [UInt8] = []
    var before = 0
    var elsewhere = 0
    for line in lines {
        var kept: [UInt8] = []
        var links = 0
        var position = line.range.lowerBound
        while position < line.range.upperBound {
            guard let end = marker(utf8, position..<line.range.upperBound, limit: list.count) else {
                kept.append(utf8[position])
                position += 1
                continue
            }
            let previous = position == line.range.lowerBound ? 0x20 : utf8[position - 1]
            let isAfterSpace = previous <= 0x20 || previous == UInt8(ascii: "(")
            let isBeforeWord = end < line.range.upperBound && utf8[end] > 0x20
            if isAfterSpace, isBeforeWord {
                before += 1
                links += 1
            } else {
                elsewhere += 1
            }
            position = end
        }
        if !isMenu(kept, links: links) { text += kept }
        text.append(0x0A)
        if line.blankFollows { text.append(0x0A) }
    }
    return before >= 3 && before > elsewhere * 4 ? text : nil
}

/// `[12]` at the start of `range`, if it is one of the list's numbers: where it ends.
private func marker(_ utf8: [UInt8], _ range: Range<Int>, limit: Int) -> Int? {
    guard utf8[range.lowerBound] == UInt8(ascii: "[") else { return nil }
    var cursor = ByteCursor(utf8, range.lowerBound + 1..<range.upperBound)
    guard let number = cursor.number(digits: 1...4), (1...limit).contains(number), cursor.skip(UInt8(ascii: "]")) else {
        return nil
    }
    return cursor.position
}

/// At least two links with hardly a word each that is none.
private func isMenu(_ line: [UInt8], links: Int) -> Bool {
    guard links > 0 else { return false }
    let words = line.split(whereSeparator: { $0 <= 0x20 }).count
    return links >= 2 && words <= links * 3
}

/// The list of addresses at the end.
private struct LinkList {
    /// The index of its first line, a heading included.
    var start: Int
    var count = 0

    init?(_ utf8: [UInt8], _ lines: [TextLine]) {
        start = lines.count
        var last: Int?
        while start > 0, let number = Self.number(utf8, lines[start - 1].range), last.map({ number == $0 - 1 }) ?? true {
            count = max(count, number)
            last = number
            start -= 1
        }
        guard last == 1, count >= 3 else { return nil }
        while start > 0, Self.headings.contains(Boilerplate.phrase(utf8, lines[start - 1].range)) { start -= 1 }
        guard start > 0 else { return nil }
    }

    private static let headings: Set<String> = ["references", "visible links", "hidden links", "links"]

    /// The number in "12. https://example.org/": nothing but an address follows it.
    private static func number(_ utf8: [UInt8], _ line: Range<Int>) -> Int? {
        var cursor = ByteCursor(utf8, line)
        _ = cursor.skip(UInt8(ascii: "["))
        guard let number = cursor.number(digits: 1...4), cursor.skip(".") || cursor.skip("]") else { return nil }
        cursor.skipSpace()
        let isAddress =
            cursor.skip("http://") || cursor.skip("https://") || cursor.skip("mailto:") || cursor.skip("file://")
            || cursor.skip("ftp://") || cursor.skip("javascript:")
        return isAddress && !utf8[cursor.position..<line.upperBound].contains(0x20) ? number : nil
    }
}
