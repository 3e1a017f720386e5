import TidingsCore

/// Groups of words, found by a hash of each word's lowercase bytes. A word may be in several groups; a set of groups is one
/// bit mask.
struct WordGroups {
    let names: [String]
    private var masks: [UInt64: UInt32] = [:]

    /// - Parameter groups: at most 32, each with its words in lowercase and separated by spaces; `read_more` is two words
    ///   that follow each other.
    init(_ groups: [(name: String, words: String)]) {
        names = groups.map(\.name)
        for (bit, group) in groups.enumerated() {
            for word in group.words.utf8.split(separator: UInt8(ascii: " ")) {
                var key: UInt64 = 0
                for part in word.split(separator: UInt8(ascii: "_")) { key = Self.joined(key, Self.hash(part)) }
                masks[key, default: 0] |= 1 << UInt32(bit)
            }
        }
    }

    func mask(_ key: UInt64) -> UInt32 { masks[key] ?? 0 }

    static func joined(_ first: UInt64, _ second: UInt64) -> UInt64 { first == 0 ? second : first &* 31 &+ second }

    /// FNV-1a over bytes that are in lowercase already.
    static func hash(_ word: some Sequence<UInt8>) -> UInt64 {
        word.reduce(start) { hash($0, $1) }
    }

    static let start: UInt64 = 0xCBF2_9CE4_8422_2325
    static func hash(_ state: UInt64, _ byte: UInt8) -> UInt64 { (state ^ UInt64(byte)) &* 0x100_0000_01B3 }
}

/// The words of a line of text, each as the hash of its letters and digits in lowercase (ASCII, Latin-1 and Cyrillic).
struct TextWords: Sequence {
    let bytes: ArraySlice<UInt8>

    struct Iterator: IteratorProtocol {
        let bytes: ArraySlice<UInt8>
        var position: Int

        mutating func next() -> UInt64? {
            while position < bytes.endIndex, !Self.isWordByte(bytes[position]) { position += 1 }
            guard position < bytes.endIndex else { return nil }
            var hash = WordGroups.start
            while position < bytes.endIndex, Self.isWordByte(bytes[position]) {
                let byte = bytes[position]
                let next = position + 1 < bytes.endIndex ? bytes[position + 1] : 0
                position += 1
                switch (byte, next) {
                case (0xC3, 0x80...0x9E):
                    hash = WordGroups.hash(WordGroups.hash(hash, 0xC3), next | 0x20)
                    position += 1
                case (0xD0, 0x90...0x9F):
                    hash = WordGroups.hash(WordGroups.hash(hash, 0xD0), next | 0x20)
                    position += 1
                case (0xD0, 0xA0...0xAF):
                    hash = WordGroups.hash(WordGroups.hash(hash, 0xD1), next & 0x8F)
                    position += 1
                case (0xE2, 0x80):
                    // Quotes, dashes and the like end a word.
                    position = Swift.min(position + 2, bytes.endIndex)
                    if hash != WordGroups.start { return hash }
                default: hash = WordGroups.hash(hash, byte.asciiLowercased)
                }
            }
            return hash
        }

        private static func isWordByte(_ byte: UInt8) -> Bool { byte >= 0x80 || byte.isASCIILetter || byte.isASCIIDigit }
    }

    func makeIterator() -> Iterator { Iterator(bytes: bytes, position: bytes.startIndex) }
}
