import TidingsCore

/// A line that names who wrote the article: "By Aigerim Sadykova, Timur Bekov", "Written by …", "Автор: …", "Posted on
/// 5 March 2026 by …".
struct Byline: Equatable {
    var authors: [Author]
    /// "By A B | 20 February 2026".
    var date: ItemDate?

    /// - Parameter allowsSingleNames: whether "By Reuters" is a byline. It is one only below a headline; elsewhere "By
    ///   Land and Sea" is a headline itself.
    init?(_ bytes: [UInt8], _ range: Range<Int>, allowsSingleNames: Bool) {
        guard range.count <= Self.lengthLimit else { return nil }
        var rest: Range<Int>
        var minimumWords = allowsSingleNames ? 1 : 2
        var isPreposition = false
        if let label = BylineLabel(bytes, range) {
            rest = label.rest
            switch label.kind {
            case .sure: break
            case .noun: minimumWords = 1
            // "Von Hamburg nach Harburg", "Di Maio": such a word begins many headlines.
            case .preposition where allowsSingleNames: minimumWords = 2
            case .preposition: return nil
            }
            isPreposition = label.kind == .preposition
        } else if let (dateline, names) = Self.splitLeadingDate(bytes, range) {
            rest = names
            date = dateline.date
        } else {
            return nil
        }
        if let (names, date) = Self.splitDate(bytes, rest) {
            rest = names
            self.date = date
        }
        var names: [String] = []
        for range in Self.split(bytes, rest) {
            // "Von Jana Roth, Harburg": the place.
            if isPreposition, !names.isEmpty, Self.isName(bytes, range, minimumWords: 1), !hasWords(2, bytes, range) { continue }
            guard Self.isName(bytes, range, minimumWords: minimumWords) else { return nil }
            names.append(foldedSpace(bytes[range]))
        }
        guard !names.isEmpty else { return nil }
        authors = names.map { Author(name: $0) }
    }

    private static let lengthLimit = 160

    /// Whether a text is names and nothing else: "Jane Roe", "Jane Roe / Northern Agency".
    static func areNames(_ bytes: [UInt8], _ range: Range<Int>) -> Bool {
        let parts = bytes[range].split(separator: UInt8(ascii: "/")).map { trimmed(bytes, $0.startIndex..<$0.endIndex) }
        guard let first = parts.first, isName(bytes, first, minimumWords: 2) else { return false }
        return parts.dropFirst().allSatisfy { isName(bytes, $0, minimumWords: 1) }
    }

    /// The date and the names in "Posted on 5 March 2026 by Dana Omarova".
    private static func splitLeadingDate(_ bytes: [UInt8], _ range: Range<Int>) -> (Dateline, names: Range<Int>)? {
        guard bytes[range].contains(where: \.isASCIIDigit) else { return nil }
        for start in range.dropFirst() where bytes[start] == 0x20 {
            var cursor = ByteCursor(bytes, start..<range.upperBound)
            let matches = cursor.skip(" by ") || cursor.skip(" von ") || cursor.skip(" par ") || cursor.skip(" por ")
            guard matches, let dateline = Dateline(bytes, range.lowerBound..<start) else { continue }
            return (dateline, trimmed(bytes, cursor.position..<range.upperBound))
        }
        return nil
    }

    /// The text before ` | `, ` • `, ` · `, ` – `, ` on ` or `, ` and a date that ends the line.
    private static func splitDate(_ bytes: [UInt8], _ range: Range<Int>) -> (names: Range<Int>, date: ItemDate)? {
        for start in range.dropFirst() where bytes[start] == 0x20 || bytes[start] == UInt8(ascii: ",") {
            var cursor = ByteCursor(bytes, start..<range.upperBound)
            let matches =
                cursor.skip(" | ") || cursor.skip(" • ") || cursor.skip(" · ") || cursor.skip(" – ")
                || cursor.skip(" — ") || cursor.skip(" - ") || cursor.skip(" on ") || cursor.skip(", ")
            guard matches, let date = Dateline(bytes, cursor.position..<range.upperBound)?.date else { continue }
            return (range.lowerBound..<start, date)
        }
        return nil
    }

    /// The parts that commas, ampersands and "and" separate.
    private static func split(_ bytes: [UInt8], _ range: Range<Int>) -> [Range<Int>] {
        var parts: [Range<Int>] = []
        var start = range.lowerBound
        var position = start
        func close(_ end: Int, next: Int) {
            let part = trimmed(bytes, start..<end)
            if !part.isEmpty { parts.append(part) }
            start = next
            position = next
        }
        while position < range.upperBound {
            var cursor = ByteCursor(bytes, position..<range.upperBound)
            if Self.skipSeparator(&cursor) {
                close(position, next: cursor.position)
            } else {
                position += 1
            }
        }
        close(range.upperBound, next: range.upperBound)
        return parts
    }

    private static func skipSeparator(_ cursor: inout ByteCursor) -> Bool {
        cursor.skip(" and ") || cursor.skip(",") || cursor.skip(" & ") || cursor.skip(";") || cursor.skip(" und ")
            || cursor.skip(" et ") || cursor.skip(" och ") || cursor.skip(" og ") || cursor.skip(" и ") || cursor.skip(" та ")
            || cursor.skip(" және ") || cursor.skip(" ve ") || cursor.skip(" és ") || cursor.skip("، ") || cursor.skip("、")
    }

    /// Whether each word starts with a capital (a letter beyond ASCII counts as one), apart from the particles of
    /// names.
    private static func isName(_ bytes: [UInt8], _ range: Range<Int>, minimumWords: Int) -> Bool {
        let words = bytes[range].split(whereSeparator: { $0 <= 0x20 })
        guard (minimumWords...5).contains(words.count) || isUnspacedName(words) else { return false }
        guard !bytes[range].contains(where: \.isASCIIDigit) else { return false }
        return words.allSatisfy { word in
            guard let first = word.first, word.count <= 40 else { return false }
            // A full stop ends initials ("J. R. Tolk", "Jr."), not a name.
            if word.last == UInt8(ascii: "."), word.count > 3 { return false }
            if first >= 0x80 { return isCapital(word) }
            return first.isASCIIUppercase || particles.contains(String(decoding: word, as: UTF8.self))
        }
    }

    /// Whether a word beyond ASCII begins as a name does: with a capital, or in a script that has none.
    private static func isCapital(_ word: ArraySlice<UInt8>) -> Bool {
        guard let first = String(decoding: word, as: UTF8.self).unicodeScalars.first else { return false }
        return !first.properties.isLowercase || particles.contains(String(decoding: word, as: UTF8.self))
    }

    /// Chinese and Japanese names have no space: at most eight letters of three bytes.
    private static func isUnspacedName(_ words: [ArraySlice<UInt8>]) -> Bool {
        words.count == 1 && words[0].count <= 24 && words[0].allSatisfy { $0 >= 0x80 } && (0xE3...0xE9).contains(words[0].first ?? 0)
    }

    private static let particles: Set<String> = [
        "al", "bin", "da", "dal", "de", "del", "della", "den", "der", "di", "do", "dos", "du", "el", "ibn", "la", "le",
        "ten", "ter", "uulu", "van", "von", "y", "zu",
    ]
}
