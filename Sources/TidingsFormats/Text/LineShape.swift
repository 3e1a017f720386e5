import TidingsCore

// The kind of a line, judged by its length and its end alone: the same in every language that marks the end of a
// sentence.

/// How a line ends, closing quotes and brackets not counted.
enum LineEnding {
    /// A full stop, colon, semicolon or a sign of that kind in another script.
    case stop
    /// `?`, `!`: a sentence, or a headline.
    case mark
    /// `...` or `…`: a sentence, a headline, or a teaser that was cut off.
    case ellipsis
    /// "… with the U.S.": a sentence, or a headline.
    case abbreviation
    case open

    init(_ bytes: [UInt8], _ line: Range<Int>) {
        let end = Self.withoutClosers(bytes, line)
        guard end > line.lowerBound else {
            self = .open
            return
        }
        let last = bytes[end - 1]
        switch last {
        case UInt8(ascii: "."):
            if end - line.lowerBound >= 3, bytes[end - 2] == last, bytes[end - 3] == last {
                self = .ellipsis
            } else if end - line.lowerBound >= 4, bytes[end - 3] == last, bytes[end - 2].isASCIIUppercase,
                bytes[end - 4].isASCIIUppercase
            {
                self = .abbreviation
            } else {
                self = .stop
            }
        case UInt8(ascii: ":"), UInt8(ascii: ";"): self = .stop
        case UInt8(ascii: "?"), UInt8(ascii: "!"): self = .mark
        case 0...0x7F: self = .open
        default: self = Self.beyondASCII(bytes, line.lowerBound..<end)
        }
    }

    private static func beyondASCII(_ bytes: [UInt8], _ line: Range<Int>) -> LineEnding {
        let end = line.upperBound
        guard line.count >= 3 else { return .open }
        switch (bytes[end - 3], bytes[end - 2], bytes[end - 1]) {
        case (0xE2, 0x80, 0xA6): return .ellipsis  // …
        case (0xE3, 0x80, 0x82), (0xE0, 0xA5, 0xA4), (0xE0, 0xA5, 0xA5): return .stop  // 。 and the dandas
        case (0xEF, 0xBC, 0x8E), (0xEF, 0xBC, 0x9A), (0xEF, 0xBC, 0x9B), (0xEF, 0xBD, 0xA1): return .stop  // full width
        case (0xEF, 0xBC, 0x81), (0xEF, 0xBC, 0x9F): return .mark  // full width ! and ?
        case (0xE1, 0x8D, 0xA2), (0xE1, 0x81, 0x8B), (0xE1, 0x9F, 0x94): return .stop  // Amharic, Burmese, Khmer
        case (0xE0, 0xBC, 0x8D): return .stop  // Tibetan
        case (_, 0xDB, 0x94), (_, 0xD6, 0x89), (_, 0xD8, 0x9B): return .stop  // Urdu, Armenian, Arabic ;
        case (_, 0xD8, 0x9F): return .mark  // Arabic ?
        default: return .open
        }
    }

    private static func withoutClosers(_ bytes: [UInt8], _ line: Range<Int>) -> Int {
        var end = line.upperBound
        while end > line.lowerBound {
            switch bytes[end - 1] {
            case UInt8(ascii: "]") where footnote(bytes, line.lowerBound..<end) != nil:
                end = footnote(bytes, line.lowerBound..<end) ?? end - 1
            case UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: ")"), UInt8(ascii: "]"): end -= 1
            case 0xAB, 0xBB:  // « and »
                guard end - line.lowerBound >= 2, bytes[end - 2] == 0xC2 else { return end }
                end -= 2
            case 0x98...0x9F, 0xBA:  // the curly quotes, ›
                guard end - line.lowerBound >= 3, bytes[end - 3] == 0xE2, bytes[end - 2] == 0x80 else { return end }
                end -= 3
            case 0x8B, 0x8D, 0x8F, 0x91:  // the brackets of Chinese and Japanese
                guard end - line.lowerBound >= 3, bytes[end - 3] == 0xE3, bytes[end - 2] == 0x80 else { return end }
                end -= 3
            case 0x89:  // the full-width bracket
                guard end - line.lowerBound >= 3, bytes[end - 3] == 0xEF, bytes[end - 2] == 0xBC else { return end }
                end -= 3
            default: return end
            }
        }
        return end
    }

    /// The start of `[12]` at the end of `line`.
    private static func footnote(_ bytes: [UInt8], _ line: Range<Int>) -> Int? {
        var start = line.upperBound - 1
        while start > line.lowerBound, bytes[start - 1].isASCIIDigit { start -= 1 }
        guard start < line.upperBound - 1, start > line.lowerBound, bytes[start - 1] == UInt8(ascii: "[") else { return nil }
        return start - 1
    }
}

/// Whether a line certainly is prose: it is long, or it is a sentence of some length.
func isParagraph(_ bytes: [UInt8], _ line: Range<Int>) -> Bool {
    if isLong(bytes, line) { return true }
    guard line.count >= 20, LineEnding(bytes, line) != .open else { return false }
    return hasWords(5, bytes, line) || bytes[line].count(where: { $0 >= 0x80 }) >= 30
}

/// Whether a line can be a headline: short, and without the end of a sentence.
func isHeadline(_ bytes: [UInt8], _ line: Range<Int>) -> Bool {
    guard !isLong(bytes, line), bytes[line].contains(where: { $0.isASCIILetter || $0 >= 0x80 }) else { return false }
    return LineEnding(bytes, line) != .stop
}

/// Whether a line is too long for a headline. In a script with two or three bytes a letter the limit in bytes is soon
/// reached: there the letters count too, if no sign ends a sentence.
func isLong(_ bytes: [UInt8], _ line: Range<Int>) -> Bool {
    guard line.count > headlineLimitBytes else { return false }
    return line.count > 3 * headlineLimitLetters || LineEnding(bytes, line) != .open
        || line.count(where: { bytes[$0] & 0xC0 != 0x80 }) > headlineLimitLetters
}

let headlineLimitBytes = 200
private let headlineLimitLetters = 120

func hasWords(_ minimum: Int, _ bytes: [UInt8], _ line: Range<Int>) -> Bool {
    var words = 1
    for position in line where bytes[position] <= 0x20 && bytes[position + 1] > 0x20 {
        words += 1
        if words >= minimum { return true }
    }
    return words >= minimum
}

/// Whether two lines have the same bytes.
func isSame(_ bytes: [UInt8], _ left: Range<Int>, _ right: Range<Int>) -> Bool {
    left.count == right.count && bytes[left].elementsEqual(bytes[right])
}
