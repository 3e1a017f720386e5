import TidingsCore

/// Groups of words, found by a hash of each word's lowercase bytes. A word may be in several groups; a set of groups is one
/// bit mask.
struct WordGroups {
    let names: [String]
    private let masks: HashedMasks

    /// - Parameter groups: at most 32, each with its words in lowercase and separated by spaces; `read_more` is two words
    ///   that follow each other.
    init(_ groups: [(name: String, words: String)]) {
        names = groups.map(\.name)
        var masks: [UInt64: UInt32] = [:]
        for (bit, group) in groups.enumerated() {
            for word in group.words.utf8.split(separator: UInt8(ascii: " ")) {
                var key: UInt64 = 0
                for part in word.split(separator: UInt8(ascii: "_")) { key = Self.joined(key, Self.hash(part)) }
                masks[key, default: 0] |= 1 << UInt32(bit)
            }
        }
        self.masks = HashedMasks(masks)
    }

    /// The groups of a word, or of two that follow each other (`joined`).
    func mask(_ key: UInt64) -> UInt32 { masks[key] }

    static func joined(_ first: UInt64, _ second: UInt64) -> UInt64 { first == 0 ? second : first &* 31 &+ second }

    /// FNV-1a over bytes that are in lowercase already.
    static func hash(_ word: some Sequence<UInt8>) -> UInt64 {
        word.reduce(start) { hash($0, $1) }
    }

    static let start: UInt64 = 0xCBF2_9CE4_8422_2325
    static func hash(_ state: UInt64, _ byte: UInt8) -> UInt64 { (state ^ UInt64(byte)) &* 0x100_0000_01B3 }
}

/// Bit masks by keys that are hashes already: an open table, because Swift's dictionaries hash each key again.
struct HashedMasks {
    private var keys: [UInt64]
    private var masks: [UInt32]

    /// - Parameter slots: a power of two, more than there will ever be keys.
    init(slots: Int) {
        keys = [UInt64](repeating: 0, count: slots)
        masks = [UInt32](repeating: 0, count: slots)
    }

    init(_ entries: [UInt64: UInt32]) {
        var slots = 16
        while slots < entries.count * 4 { slots *= 2 }
        self.init(slots: slots)
        for (key, mask) in entries { self[key] = mask }
    }

    /// The mask of `key`, or 0. No hash of a word is 0.
    subscript(key: UInt64) -> UInt32 {
        get { masks[slot(of: key)] }
        set {
            let slot = slot(of: key)
            keys[slot] = key
            masks[slot] = newValue
        }
    }

    /// Where `key` stands, or the empty slot where it would.
    private func slot(of key: UInt64) -> Int {
        var slot = Int(truncatingIfNeeded: key ^ key >> 32) & (keys.count - 1)
        while keys[slot] != key, keys[slot] != 0 { slot = (slot + 1) & (keys.count - 1) }
        return slot
    }
}

/// A set of a few hundred words, by their hashes.
struct WordSet {
    private var words = HashedMasks(slots: 1024)
    private(set) var count = 0

    /// More words are left out.
    private static let limit = 512

    mutating func formUnion(_ words: some Sequence<UInt64>) {
        for word in words where count < Self.limit && !contains(word) {
            self.words[word] = 1
            count += 1
        }
    }

    func contains(_ word: UInt64) -> Bool { words[word] != 0 }
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

/// Each two words that follow each other in a text.
struct WordPairs {
    private let pairs: Set<UInt64>

    init(_ text: [UInt8]) { pairs = Set(Self.pairs(text[...])) }

    /// How many pairs of a text are among them, and how many it has.
    func count(_ text: ArraySlice<UInt8>) -> (common: Int, all: Int) {
        let all = Self.pairs(text)
        return (all.count { pairs.contains($0) }, all.count)
    }

    static func pairs(_ text: ArraySlice<UInt8>) -> [UInt64] {
        var previous: UInt64 = 0
        var pairs: [UInt64] = []
        for word in TextWords(bytes: text) {
            if previous != 0 { pairs.append(WordGroups.joined(previous, word)) }
            previous = word
        }
        return pairs
    }
}
