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

/// The words of names as `NameWords` finds them, but as hashes and without digits: most of what a page calls its elements is
/// only compared.
struct NameHashes: Sequence, IteratorProtocol {
    private let bytes: ArraySlice<UInt8>
    private var position: Int
    private var previous: UInt8 = 0x20
    private var isBetweenNames = true

    /// - Parameter value: of a `class` attribute or the like: names between white space.
    init(_ value: ArraySlice<UInt8>) {
        bytes = value
        position = value.startIndex
    }

    /// The next word, and whether it is the first of a name.
    mutating func next() -> (hash: UInt64, beginsName: Bool)? {
        var hash = WordGroups.start
        var beginsName = false
        while position < bytes.endIndex {
            let byte = bytes[position]
            let isWordByte = byte.isASCIILetter || byte >= 0x80
            let isEnd = !isWordByte || byte.isASCIIUppercase && previous.isASCIILetter && !previous.isASCIIUppercase
            if isEnd, hash != WordGroups.start { return (hash, beginsName) }
            if isWordByte {
                if hash == WordGroups.start {
                    beginsName = isBetweenNames
                    isBetweenNames = false
                }
                hash = WordGroups.hash(hash, byte.asciiLowercased)
            } else if byte <= 0x20 {
                isBetweenNames = true
            }
            previous = byte
            position += 1
        }
        return hash == WordGroups.start ? nil : (hash, beginsName)
    }
}

/// Quickly tells that none of some words is in a name. Most names have none.
struct NameFilter {
    private let hashes: HashedMasks

    /// - Parameter words: in lowercase, without digits.
    init(_ words: some Sequence<String>) {
        hashes = HashedMasks(Dictionary(words.map { (WordGroups.hash($0.utf8), 1) }, uniquingKeysWith: |))
    }

    /// Whether the value of a `class` or `id` attribute may have one of the words in it, as `NameWords` finds them.
    func mayMatch(_ value: ArraySlice<UInt8>) -> Bool { NameHashes(value).contains { hashes[$0.hash] != 0 } }
}
