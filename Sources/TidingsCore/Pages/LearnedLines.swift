// Boilerplate that no rule on one page can tell: a line that stands under many articles of a host is not the articles'. It is learned
// from the settled texts of the host's pages, in numbered sets; each set is the one before it with some lines more or less.
//
// Learning never announces an update. A look is judged under the set that made the article's last version; only when something else is
// new is the text made under today's set.

/// A line as it is counted.
package struct LearnableLine: Equatable, Sendable {
    /// The first 64 bits of SHA-256 of the line, each run of digits written as one: a figure in it may move.
    package let key: Int64
    package let text: String

    /// Longer lines are paragraphs of the article.
    private static let longestBytes = 400
    /// Shorter lines are subheads, names and cells of tables, which articles share by chance.
    private static let fewestLetters = 20

    /// - Returns: nil if the line is never learned.
    package init?(_ line: Substring) {
        guard line.utf8.count <= Self.longestBytes, line.utf8.count(where: \.isPartOfWord) >= Self.fewestLetters else { return nil }
        key = Self.key(of: line)
        text = String(line)
    }

    static func key(of line: Substring) -> Int64 {
        Int64(bitPattern: ContentHash.of(maskingDigits(line.utf8)).firstWord)
    }
}

extension UInt8 {
    fileprivate var isPartOfWord: Bool { isASCIILetter || self >= 0x80 }
}

extension Item {
    /// The lines of the text that can be learned, each once.
    package var learnableLines: [LearnableLine] {
        var seen: Set<Int64> = []
        return canonicalLines.compactMap(LearnableLine.init).filter { seen.insert($0.key).inserted }
    }

    /// Whether more than half of the text stands in other articles, in lines that are not learned: it is a copy or a new edition of
    /// one, and proves nothing about boilerplate.
    /// - Parameter shared: the keys of such lines.
    package func isCopy(sharing shared: Set<Int64>) -> Bool {
        let lines = canonicalLines
        let common = lines.reduce(0) { shared.contains(LearnableLine.key(of: $1)) ? $0 + $1.utf8.count : $0 }
        return common * 2 > lines.reduce(0) { $0 + $1.utf8.count }
    }

    fileprivate var canonicalLines: [Substring] {
        CanonicalForm(title: nil, text: text).text.utf8.split(separator: UInt8(ascii: "\n")).map { Substring($0) }
    }
}

/// Whether a line is learned that stands in `articles` of the `counted` articles of its host. Articles on one subject share sentences, so
/// one in four must have it.
package func isLearned(articles: Int, of counted: Int) -> Bool { articles >= 4 && articles * 4 >= counted }

/// The learned lines of one set.
package struct LearnedLines: Equatable, Sendable {
    package let keys: Set<Int64>

    package init(_ keys: Set<Int64>) { self.keys = keys }

    package var isEmpty: Bool { keys.isEmpty }

    /// What the look shows, as the version `shown` was made under this set.
    package func judged(_ item: Item, against shown: Item?) -> Item {
        // A version that has such lines was made with all of them.
        if isEmpty || shown?.canonicalLines.contains(where: isLearned) == true { return item }
        return item.keeping(item.canonicalLines.filter { !isLearned($0) })
    }

    /// The item without the lines. All stay if they are more than half of its text.
    package func removed(from item: Item) -> Item {
        if isEmpty { return item }
        let lines = item.canonicalLines
        let kept = lines.filter { !isLearned($0) }
        func bytes(_ lines: [Substring]) -> Int { lines.reduce(0) { $0 + $1.utf8.count } }
        return bytes(kept) * 2 < bytes(lines) ? item : item.keeping(kept)
    }

    private func isLearned(_ line: Substring) -> Bool { keys.contains(LearnableLine.key(of: line)) }
}

extension Item {
    fileprivate func keeping(_ lines: [Substring]) -> Item {
        var item = self
        item.text = lines.joined(separator: "\n")
        return item
    }
}
