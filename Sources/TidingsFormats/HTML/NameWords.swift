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
