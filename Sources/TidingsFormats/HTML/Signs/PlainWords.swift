import TidingsCore

/// A text as phrases are looked for in it: its words in lowercase with one space before and after each, without punctuation.
/// `“Page can’t be found!”` is ` page can t be found `.
struct PlainWords {
    private(set) var bytes: [UInt8] = [0x20]

    init() {}

    init(_ text: String) { append(Array(text.utf8)[...]) }

    init(_ text: ArraySlice<UInt8>) { append(text) }

    /// Adds what is set apart from the text before it.
    mutating func append(_ text: ArraySlice<UInt8>) {
        var position = text.startIndex
        while position < text.endIndex {
            let byte = text[position]
            if byte < 0x80 {
                if byte.isASCIILetter || byte.isASCIIDigit { bytes.append(byte.asciiLowercased) } else { endWord() }
                position += 1
            } else {
                position = appendScalar(text, position)
            }
        }
        endWord()
    }

    private mutating func endWord() { if bytes[bytes.count - 1] != 0x20 { bytes.append(0x20) } }

    /// Adds the character at `position`. Returns where the next begins.
    private mutating func appendScalar(_ text: ArraySlice<UInt8>, _ position: Int) -> Int {
        let count = text[position] >= 0xF0 ? 4 : text[position] >= 0xE0 ? 3 : 2
        let end = min(position + count, text.endIndex)
        let first = text[position]
        let second = end - position > 1 ? text[position + 1] : 0
        switch (first, second) {
        // No-break space and the signs of Latin-1; what stands between letters is no part of a word.
        case (0xC2, _), (0xD8, 0x8C), (0xD8, 0x9B), (0xD8, 0x9F), (0xE2, 0x80...0x81), (0xE3, 0x80): endWord()
        // Fullwidth signs, but not digits and letters.
        case (0xEF, 0xBC) where end - position == 3 && !(0x90...0x99).contains(text[position + 2]) && text[position + 2] < 0xA1: endWord()
        default:
            if count == 2 {
                append(scalar: Self.lowercased(UInt32(first & 0x1F) << 6 | UInt32(second & 0x3F)))
            } else {
                bytes += text[position..<end]
            }
        }
        return end
    }

    private mutating func append(scalar: UInt32) {
        guard scalar >= 0x80 else {
            bytes.append(UInt8(truncatingIfNeeded: scalar))
            return
        }
        bytes.append(UInt8(truncatingIfNeeded: 0xC0 | scalar >> 6))
        bytes.append(UInt8(truncatingIfNeeded: 0x80 | scalar & 0x3F))
    }

    /// In Latin, Greek and Cyrillic.
    private static func lowercased(_ scalar: UInt32) -> UInt32 {
        switch scalar {
        case 0xC0...0xDE, 0x391...0x3A9, 0x410...0x42F: scalar + 0x20
        case 0x130: 0x69
        case 0x100...0x137, 0x14A...0x177, 0x460...0x481, 0x48A...0x4BF, 0x4D0...0x52F: scalar | 1
        case 0x139...0x148, 0x179...0x17E: scalar + (scalar & 1)
        case 0x386: 0x3AC
        case 0x388...0x38A: scalar + 0x25
        case 0x400...0x40F: scalar + 0x50
        default: scalar
        }
    }

    /// Without the spaces around and between the words.
    var letters: Int { bytes.count { $0 != 0x20 } }

    var isEmpty: Bool { bytes.count == 1 }
}

/// Phrases in many languages, found in a text in one pass.
struct PhraseTable {
    private let phrases: [[UInt8]]
    /// For the hash of a phrase's first word: 1 + its place in `places`. Where words are not set apart, the first character is
    /// the word.
    private let starts: HashedMasks
    private let places: [[Int]]

    init(_ list: [String]) {
        phrases = list.map { PlainWords($0).bytes }
        var starts: [UInt64: UInt32] = [:]
        var places: [[Int]] = []
        for (index, phrase) in phrases.enumerated() {
            let key = Self.key(phrase, at: 1)
            if let known = starts[key] {
                places[Int(known) - 1].append(index)
            } else {
                places.append([index])
                starts[key] = UInt32(places.count)
            }
        }
        self.starts = HashedMasks(starts)
        self.places = places
    }

    /// How many different phrases are in a text, and how many of its letters are in the longest one.
    func matches(in text: PlainWords) -> (count: Int, letters: Int) {
        var found: Set<Int> = []
        var letters = 0
        forEachMatch(in: text) { phrase in
            found.insert(phrase)
            letters = max(letters, phrases[phrase].count { $0 != 0x20 })
        }
        return (found.count, letters)
    }

    func isIn(_ text: PlainWords) -> Bool { matches(in: text).count > 0 }

    /// Whether a text is one of the phrases.
    func isWhole(_ text: PlainWords) -> Bool { matches(in: text).letters == text.letters && !text.isEmpty }

    private func forEachMatch(in text: PlainWords, _ body: (Int) -> Void) {
        let bytes = text.bytes
        for position in bytes.indices.dropFirst() where bytes[position] != 0x20 {
            let isUnspaced = Self.isUnspaced(bytes, at: position)
            guard isUnspaced || bytes[position - 1] == 0x20 else { continue }
            let place = Int(starts[Self.key(bytes, at: position)])
            guard place > 0 else { continue }
            for phrase in places[place - 1] {
                // A phrase ends with a word; where words are not set apart it ends anywhere.
                let wanted = isUnspaced ? phrases[phrase].dropFirst().dropLast() : phrases[phrase].dropFirst()
                if bytes[position...].starts(with: wanted) { body(phrase) }
            }
        }
    }

    private static func key(_ bytes: [UInt8], at position: Int) -> UInt64 {
        if isUnspaced(bytes, at: position) { return WordGroups.hash(bytes[position..<min(position + 3, bytes.count)]) }
        return WordGroups.hash(bytes[position...].prefix { $0 != 0x20 })
    }

    /// Whether a character of Han, kana, Hangul or Thai begins here. Words of Hangul have endings.
    private static func isUnspaced(_ bytes: [UInt8], at position: Int) -> Bool {
        switch bytes[position] {
        case 0xE3...0xED: true
        case 0xE0: position + 1 < bytes.count && (0xB8...0xB9).contains(bytes[position + 1])
        default: false
        }
    }
}
