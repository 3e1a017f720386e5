import TidingsCore

/// A line that names who wrote the article: "By Aigerim Sadykova, Timur Bekov", "Written by …", "Автор: …".
struct Byline: Equatable {
    var authors: [Author]
    /// "By A B | 20 February 2026".
    var date: ItemDate?

    /// - Parameter allowsSingleNames: whether "By Reuters" is a byline. It is one only below a headline; elsewhere "By
    ///   Land and Sea" is a headline itself.
    init?(_ bytes: [UInt8], _ range: Range<Int>, allowsSingleNames: Bool) {
        guard range.count <= Self.lengthLimit, var rest = Self.afterLabel(bytes, range) else { return nil }
        if let (names, date) = Self.splitDate(bytes, rest) {
            rest = names
            self.date = date
        }
        var names: [String] = []
        for range in Self.split(bytes, rest) {
            guard Self.isName(bytes, range, minimumWords: allowsSingleNames ? 1 : 2) else { return nil }
            names.append(foldedSpace(bytes[range]))
        }
        guard !names.isEmpty else { return nil }
        authors = names.map { Author(name: $0) }
    }

    private static let lengthLimit = 160

    private static func afterLabel(_ bytes: [UInt8], _ range: Range<Int>) -> Range<Int>? {
        var cursor = ByteCursor(bytes, range)
        let matches =
            cursor.skip("by ") || cursor.skip("by: ") || cursor.skip("written by ") || cursor.skip("author: ")
            || cursor.skip("authors: ") || cursor.skip("autor: ") || cursor.skip("autorin: ") || cursor.skip("auteur: ")
            || cursor.skip("Автор: ") || cursor.skip("Авторы: ") || cursor.skip("írta: ") || cursor.skip("Írta: ")
            || cursor.skip("szerző: ") || cursor.skip("Szerző: ")
        return matches ? trimmed(bytes, cursor.position..<range.upperBound) : nil
    }

    /// The text before ` | `, ` • `, ` · `, ` – `, ` on ` or `, ` and a date that ends the line.
    private static func splitDate(_ bytes: [UInt8], _ range: Range<Int>) -> (names: Range<Int>, date: ItemDate)? {
        for start in range.dropFirst() where bytes[start] == 0x20 || bytes[start] == UInt8(ascii: ",") {
            var cursor = ByteCursor(bytes, start..<range.upperBound)
            let matches =
                cursor.skip(" | ") || cursor.skip(" • ") || cursor.skip(" · ") || cursor.skip(" – ")
                || cursor.skip(" — ") || cursor.skip(" - ") || cursor.skip(" on ") || cursor.skip(", ")
            guard matches, let date = writtenDate(&cursor), cursor.isAtEnd else { continue }
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
            if cursor.skip(" and ") || cursor.skip(",") || cursor.skip(" & ") || cursor.skip(";") {
                close(position, next: cursor.position)
            } else {
                position += 1
            }
        }
        close(range.upperBound, next: range.upperBound)
        return parts
    }

    /// Whether each word starts with a capital (a letter beyond ASCII counts as one), apart from the particles of
    /// names.
    private static func isName(_ bytes: [UInt8], _ range: Range<Int>, minimumWords: Int) -> Bool {
        let words = bytes[range].split(whereSeparator: { $0 <= 0x20 })
        guard (minimumWords...5).contains(words.count), !bytes[range].contains(where: \.isASCIIDigit) else { return false }
        return words.allSatisfy { word in
            guard let first = word.first, word.count <= 40 else { return false }
            // A full stop ends initials ("J. R. Tolk", "Jr."), not a name.
            if word.last == UInt8(ascii: "."), word.count > 3 { return false }
            return first.isASCIIUppercase || first >= 0x80 || particles.contains(String(decoding: word, as: UTF8.self))
        }
    }

    private static let particles: Set<String> = [
        "al", "bin", "da", "dal", "de", "del", "della", "den", "der", "di", "do", "dos", "du", "el", "ibn", "la", "le",
        "ten", "ter", "uulu", "van", "von", "y", "zu",
    ]
}
