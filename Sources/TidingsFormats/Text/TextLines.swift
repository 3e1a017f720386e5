/// The range of one non-blank line of a text, without the white space around it.
struct TextLine: Equatable {
    var range: Range<Int>
    /// 1, 2, 3 … in the file.
    var number: Int
    /// A blank line, or the end of the text, comes next.
    var blankFollows: Bool

    var count: Int { range.count }
}

/// The lines of `utf8` that are not blank. Lines end with LF, CRLF or CR.
func textLines(_ utf8: [UInt8]) -> [TextLine] {
    var lines: [TextLine] = []
    let bytes = utf8.span
    var start = 0
    var number = 1
    func close(at end: Int) {
        let range = trimmed(utf8, start..<end)
        if range.isEmpty {
            if !lines.isEmpty { lines[lines.count - 1].blankFollows = true }
        } else {
            lines.append(TextLine(range: range, number: number, blankFollows: false))
        }
        number += 1
    }
    var position = utf8.firstControl(from: 0)
    while position < bytes.count {
        let byte = bytes[position]
        if byte == 0x0A || byte == 0x0D {
            close(at: position)
            if byte == 0x0D, position + 1 < bytes.count, bytes[position + 1] == 0x0A { position += 1 }
            start = position + 1
        }
        position = utf8.firstControl(from: position + 1)
    }
    close(at: bytes.count)
    if !lines.isEmpty { lines[lines.count - 1].blankFollows = true }
    return lines
}

/// `range` without the white space at its ends: ASCII's, and U+00A0, U+200B, U+202F, U+3000, U+FEFF.
func trimmed(_ bytes: [UInt8], _ range: Range<Int>) -> Range<Int> {
    var low = range.lowerBound
    var high = range.upperBound
    trimming: while low < high {
        switch bytes[low] {
        case 0...0x20: low += 1
        case 0xC2 where high - low >= 2 && bytes[low + 1] == 0xA0: low += 2
        case 0xE2, 0xE3, 0xEF:
            guard high - low >= 3, isWideSpace(bytes[low], bytes[low + 1], bytes[low + 2]) else { break trimming }
            low += 3
        default: break trimming
        }
    }
    trimming: while low < high {
        let last = bytes[high - 1]
        if last <= 0x20 {
            high -= 1
        } else if last < 0x80 {
            break trimming
        } else if high - low >= 2, bytes[high - 2] == 0xC2, last == 0xA0 {
            high -= 2
        } else if high - low >= 3, isWideSpace(bytes[high - 3], bytes[high - 2], last) {
            high -= 3
        } else {
            break trimming
        }
    }
    return low..<high
}

private func isWideSpace(_ first: UInt8, _ second: UInt8, _ third: UInt8) -> Bool {
    switch (first, second, third) {
    case (0xE2, 0x80, 0x8B), (0xE2, 0x80, 0xAF), (0xE3, 0x80, 0x80), (0xEF, 0xBB, 0xBF): true
    default: false
    }
}

/// `bytes` as a string in which each run of white space and U+00A0 is one space; the ends are trimmed.
func foldedSpace(_ bytes: ArraySlice<UInt8>) -> String {
    var text: [UInt8] = []
    text.reserveCapacity(bytes.count)
    var space = false
    var position = bytes.startIndex
    while position < bytes.endIndex {
        let byte = bytes[position]
        if byte <= 0x20 {
            space = true
        } else if byte == 0xC2, position + 1 < bytes.endIndex, bytes[position + 1] == 0xA0 {
            space = true
            position += 1
        } else {
            if space, !text.isEmpty { text.append(0x20) }
            space = false
            text.append(byte)
        }
        position += 1
    }
    return String(decoding: text, as: UTF8.self)
}

/// Whether `bytes` contains the ASCII string `needle`.
func contains(_ bytes: [UInt8], _ needle: StaticString) -> Bool { bytes.position(of: needle, from: 0) != nil }
