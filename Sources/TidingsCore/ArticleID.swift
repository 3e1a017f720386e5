/// The permanent name of an article: 26 characters of lowercase base32 (RFC 4648 §6, no padding), the first 130 bits of
/// a SHA-256 over its first sighting. Two machines, or a ledger rebuilt from nothing, give an article the same id.
package struct ArticleID: Hashable, Sendable, Comparable, CustomStringConvertible {
    package static let length = 26

    package let description: String

    /// The id of the article that source `source` showed first, under `key`.
    ///
    /// `ordinal` is 0 unless an earlier article began under the same key and still has the id: if a file is copied
    /// elsewhere, emptied of its article and written anew, its second article gets ordinal 1.
    package init(source: String, key: String, ordinal: Int = 0) {
        // NUL occurs in no source name and in no key, so two different pairs never give the same input.
        var input = Array("tidings-article-v1\0\(source)\0\(key)".utf8)
        if ordinal > 0 { input += Array("\0\(ordinal)".utf8) }
        description = ArticleID.base32(ContentHash.of(input).bytes)
    }

    /// Reads an id; nil if `text` does not have the shape of one.
    package init?(_ text: String) {
        guard text.utf8.count == Self.length, text.utf8.allSatisfy(Self.isDigit) else { return nil }
        description = text
    }

    /// Whether `byte` is a digit of this base32.
    package static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (UInt8(ascii: "2")...UInt8(ascii: "7")).contains(byte)
    }

    package static func < (left: ArticleID, right: ArticleID) -> Bool { left.description < right.description }

    private static func base32(_ bytes: [UInt8]) -> String {
        let digits = Array("abcdefghijklmnopqrstuvwxyz234567".utf8)
        var text: [UInt8] = []
        var buffer = 0
        var bits = 0
        for byte in bytes where text.count < length {
            buffer = (buffer & 0xff) << 8 | Int(byte)
            bits += 8
            while bits >= 5, text.count < length {
                bits -= 5
                text.append(digits[buffer >> bits & 31])
            }
        }
        return String(decoding: text, as: UTF8.self)
    }
}
