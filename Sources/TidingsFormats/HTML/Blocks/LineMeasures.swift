import TidingsCore

/// What one line of text looks like, whatever it says.
struct LineMeasures {
    /// Words between spaces. Scripts without spaces count a word for each 2 (Han, kana) or 5 characters (Thai, Lao, Khmer,
    /// Burmese), which is about what their words have.
    var words = 0
    var characters = 0
    /// Marks that end a sentence, at the end of a word.
    var sentences = 0
    var commas = 0
    var digits = 0
    var capitals = 0
    var letters = 0
    /// `|`, `/`, `›`, `»`, `·`, `•` between the words.
    var separators = 0
    var quotes = 0
    var hasYear = false
    var hasClock = false
    var hasAddress = false
    var hasRightsMark = false
    var startsInLowercase = false
    var startsWithDigit = false
    var ending = Ending.open

    enum Ending: Int { case open, stop, question, ellipsis, colon, comma }

    init(_ bytes: ArraySlice<UInt8>) {
        var scalars = 0
        var halfWords = 0
        var isInWord = false
        var digitRun = 0
        var runStart: UInt32 = 0
        var previous: UInt32 = 0x20
        var position = bytes.startIndex
        while position < bytes.endIndex {
            let scalar = Self.scalar(bytes, &position)
            scalars += 1
            let isDigit = scalar >= 0x30 && scalar <= 0x39
            if isDigit {
                digits += 1
                digitRun += 1
                if digitRun == 1 { runStart = scalar }
                if digitRun == 2 { runStart = runStart << 8 | scalar }
            } else {
                endRun(digitRun, runStart)
                if scalar == 0x3A, digitRun == 1 || digitRun == 2, position < bytes.endIndex, bytes[position].isASCIIDigit { hasClock = true }
                digitRun = 0
            }
            if scalar <= 0x20 {
                isInWord = false
            } else {
                note(scalar, after: previous, endsWord: position >= bytes.endIndex || bytes[position] <= 0x20)
                let weight = Self.wordWeight(scalar)
                if weight > 0 {
                    halfWords += weight
                    isInWord = false
                } else if !isInWord {
                    isInWord = true
                    words += 1
                }
            }
            if scalars == 1 {
                startsWithDigit = isDigit
                startsInLowercase = Self.isLowercase(scalar)
            }
            previous = scalar
        }
        endRun(digitRun, runStart)
        words += (halfWords + 9) / 10
        characters = scalars
        ending = Self.ending(previous)
    }

    /// Tenths of a word that a character of a script without spaces is.
    private static func wordWeight(_ scalar: UInt32) -> Int {
        switch scalar {
        case 0x3040...0x30FF, 0x3400...0x9FFF, 0xF900...0xFAFF, 0x20000...0x3FFFF: 5
        case 0x0E00...0x0EFF, 0x1000...0x109F, 0x1780...0x17FF: 2
        default: 0
        }
    }

    private mutating func endRun(_ count: Int, _ start: UInt32) {
        // "19" and "20".
        if count == 4, start == 0x3139 || start == 0x3230 { hasYear = true }
    }

    private mutating func note(_ scalar: UInt32, after previous: UInt32, endsWord: Bool) {
        switch scalar {
        case 0x41...0x5A, 0xC0...0xDE, 0x410...0x42F, 0x391...0x3A9:
            letters += 1
            capitals += 1
        case 0x61...0x7A, 0xDF...0x24F, 0x386...0x390, 0x3AA...0x40F, 0x430...0x1FFF: letters += 1
        case 0x2C, 0x3001, 0xFF0C, 0x60C: commas += 1
        case 0x2E, 0x21, 0x3F, 0x2026: if endsWord, previous > 0x20 { sentences += 1 }
        case 0x3002, 0xFF01, 0xFF1F, 0x964, 0x6D4, 0x61F: sentences += 1
        case 0x7C, 0x2F, 0x203A, 0xBB, 0xB7, 0x2022, 0x3E: separators += 1
        case 0x22, 0x201C, 0x201D, 0x201E, 0xAB: quotes += 1
        case 0x40: hasAddress = true
        case 0xA9: hasRightsMark = true
        default: break
        }
        if scalar == 0x3A, previous == 0x73 || previous == 0x70, !endsWord { hasAddress = true }
    }

    private static func isLowercase(_ scalar: UInt32) -> Bool {
        switch scalar {
        case 0x61...0x7A, 0xDF...0xFF, 0x430...0x45F, 0x3AC...0x3CE: true
        default: false
        }
    }

    private static func ending(_ scalar: UInt32) -> Ending {
        switch scalar {
        case 0x2E, 0x21, 0x3002, 0xFF01, 0x964, 0x6D4, 0x22, 0x201D, 0x29, 0xBB: .stop
        case 0x3F, 0xFF1F, 0x61F: .question
        case 0x2026: .ellipsis
        case 0x3A, 0xFF1A: .colon
        case 0x2C, 0x3B: .comma
        default: .open
        }
    }

    /// The scalar at `position`, which moves behind it. Bytes that are no UTF-8 count as one each.
    private static func scalar(_ bytes: ArraySlice<UInt8>, _ position: inout Int) -> UInt32 {
        let first = bytes[position]
        position += 1
        let more = first < 0xC0 ? 0 : first < 0xE0 ? 1 : first < 0xF0 ? 2 : 3
        guard more > 0 else { return UInt32(first) }
        var scalar = UInt32(first) & (0x3F >> UInt32(more))
        for _ in 0..<more {
            guard position < bytes.endIndex, bytes[position] & 0xC0 == 0x80 else { return UInt32(first) }
            scalar = scalar << 6 | UInt32(bytes[position] & 0x3F)
            position += 1
        }
        return scalar
    }
}
