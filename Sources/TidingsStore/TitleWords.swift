import Foundation

/// Words that a title is looked for by: all of them, in any order, in any case; of each word its beginning is enough.
package struct TitleWords: Equatable, Sendable {
    private struct Word: Equatable {
        /// UTF-8, folded.
        let bytes: [UInt8]
        /// Whether it is of a script that is written without spaces: where a word begins is not seen there.
        let beginsAnywhere: Bool
    }

    private let words: [Word]

    /// Nil if `text` has no letter and no digit.
    package init?(_ text: String) {
        let folded = String(decoding: Self.folded(text), as: UTF8.self)
        words = folded.unicodeScalars.split(whereSeparator: { !isOfWord($0) }).map { word in
            Word(bytes: Array(String(word).utf8), beginsAnywhere: word.first.map(isOfUnspacedScript) ?? false)
        }
        if words.isEmpty { return nil }
    }

    /// What every text with these words is LIKE in SQLite, whatever else it has. Words that are not ASCII are not among them ("SQLite
    /// only understands upper/lower case for ASCII characters by default", sqlite.org/lang_expr.html#like).
    var likePatterns: [String] {
        words.map(\.bytes).filter { $0.allSatisfy { $0 < 0x80 } }.map { "%\(String(decoding: $0, as: UTF8.self))%" }
    }

    package func areIn(_ title: String) -> Bool {
        let folded = Self.folded(title)
        return words.allSatisfy { Self.has($0, in: folded) }
    }

    /// In lower case and NFC, in which texts are stored, but not the titles that items give.
    private static func folded(_ text: String) -> [UInt8] {
        let lower = text.lowercased()
        // U+0300…U+036F begin with these bytes. Composition is slow, and seldom needed.
        let isDecomposed = lower.utf8.contains { $0 == 0xCC || $0 == 0xCD }
        return Array((isDecomposed ? lower.precomposedStringWithCanonicalMapping : lower).utf8)
    }

    private static func has(_ word: Word, in title: [UInt8]) -> Bool {
        let count = word.bytes.count
        guard title.count >= count else { return false }
        for start in 0...(title.count - count) where title[start] == word.bytes[0] {
            guard title[start..<start + count].elementsEqual(word.bytes) else { continue }
            if word.beginsAnywhere || isBoundary(start, in: title) { return true }
        }
        return false
    }

    /// Whether no letter or digit stands before `position`.
    private static func isBoundary(_ position: Int, in title: [UInt8]) -> Bool {
        var start = position - 1
        while start > 0, title[start] & 0xC0 == 0x80 { start -= 1 }
        guard start >= 0, let before = String(decoding: title[start..<position], as: UTF8.self).unicodeScalars.first else { return true }
        return !isOfWord(before)
    }
}

private func isOfWord(_ scalar: Unicode.Scalar) -> Bool {
    let properties = scalar.properties
    if properties.isAlphabetic || properties.numericType != nil { return true }
    switch properties.generalCategory {
    case .nonspacingMark, .spacingMark: return true
    default: return false
    }
}

/// Thai to Myanmar, Khmer, kana and Han.
private func isOfUnspacedScript(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x0E00...0x109F, 0x1780...0x17FF, 0x2E80...0x312F, 0x31A0...0x9FFF, 0xF900...0xFAFF, 0x20000...0x3FFFD: true
    default: false
    }
}
