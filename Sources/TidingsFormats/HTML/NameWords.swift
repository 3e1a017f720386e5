import TidingsCore

/// The words of the names that a page gives its elements: `comment-count`, `comment_count` and `commentCount` have two.
enum NameWords {
    /// The words of one name, in lowercase.
    static func words(_ name: ArraySlice<UInt8>) -> [String] {
        var words: [String] = []
        var word: [UInt8] = []
        var previous: UInt8 = 0
        for byte in name {
            let isWordByte = byte.isASCIILetter || byte.isASCIIDigit || byte >= 0x80
            let startsWord = byte.isASCIIUppercase && previous.isASCIILetter && !previous.isASCIIUppercase
            if !isWordByte || startsWord, !word.isEmpty {
                words.append(String(decoding: word, as: UTF8.self))
                word = []
            }
            if isWordByte { word.append(byte.asciiLowercased) }
            previous = byte
        }
        if !word.isEmpty { words.append(String(decoding: word, as: UTF8.self)) }
        return words
    }

    /// The names in the value of a `class` attribute.
    static func names(_ value: ArraySlice<UInt8>) -> [ArraySlice<UInt8>] { value.split { $0 <= 0x20 } }
}

/// Quickly tells that none of some words is in a name. Most names have none.
struct NameFilter {
    private let hashes: HashedMasks

    /// - Parameter words: in lowercase, without digits.
    init(_ words: some Sequence<String>) {
        hashes = HashedMasks(Dictionary(words.map { (WordGroups.hash($0.utf8), 1) }, uniquingKeysWith: |))
    }

    /// Whether the value of a `class` or `id` attribute may have one of the words in it, as `NameWords` finds them.
    func mayMatch(_ value: ArraySlice<UInt8>) -> Bool {
        var hash = WordGroups.start
        var previous: UInt8 = 0x20
        for byte in value {
            let isWordByte = byte.isASCIILetter || byte >= 0x80
            if !isWordByte || byte.isASCIIUppercase && previous.isASCIILetter && !previous.isASCIIUppercase {
                if hash != WordGroups.start, hashes[hash] != 0 { return true }
                hash = WordGroups.start
            }
            if isWordByte { hash = WordGroups.hash(hash, byte.asciiLowercased) }
            previous = byte
        }
        return hash != WordGroups.start && hashes[hash] != 0
    }
}
