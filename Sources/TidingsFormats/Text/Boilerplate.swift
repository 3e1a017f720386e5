import TidingsCore

/// What a page has around an article, and exports copy with it: navigation, share bars, result counters, rights lines,
/// tickers. Each rule recognises a kind of line; a line that no rule recognises stays in the text. The rules are
/// applied only to lines before the first and after the last paragraph, where boilerplate stands; only
/// `isBoilerplateAnywhere` is sure enough for lines between paragraphs.
enum Boilerplate {
    /// Lines longer than this are never boilerplate.
    static let lengthLimit = 160

    static func isBoilerplate(_ bytes: [UInt8], _ line: Range<Int>) -> Bool {
        if isLinkLine(bytes, line) || isConsent(bytes, line) { return true }
        guard line.count <= lengthLimit else { return false }
        return isNavigation(bytes, line) || isResultCounter(bytes, line) || isRights(bytes, line) || isCredit(bytes, line)
            || isPromotion(bytes, line) || isPhotoCredit(bytes, line) || isReaderCounter(bytes, line)
    }

    /// "Advertisement", "Read more: A bell for the harbour", "ENDS".
    static func isBoilerplateAnywhere(_ bytes: [UInt8], _ line: Range<Int>) -> Bool {
        if isLinkLine(bytes, line) || isPhotoCredit(bytes, line) { return true }
        guard line.count <= 60 else { return false }
        return isEndMark(bytes, line) || insertPhrases.contains(phrase(bytes, line))
    }

    /// "Scroll to Top", "Skip to content", "Share on Facebook | Tweet | Print", "1 2 3 … Next".
    static func isNavigation(_ bytes: [UInt8], _ line: Range<Int>) -> Bool {
        guard line.count <= 80 else { return false }
        let words = foldedWords(bytes, line)
        guard !words.isEmpty else { return false }
        return BoilerplatePhrases.navigation.contains(words.joined(separator: " ")) || isNumericDate(bytes, line)
            || (isBar(words) && !isFigure(bytes, line))
    }

    /// "Viewing results 1 - 6 of 54", "Showing 10 of 200", "54 results found".
    static func isResultCounter(_ bytes: [UInt8], _ line: Range<Int>) -> Bool {
        guard line.count <= 60, bytes[line].contains(where: \.isASCIIDigit) else { return false }
        let words = foldedWords(bytes, line)
        guard !words.isEmpty,
            words.allSatisfy({ $0.utf8.allSatisfy(\.isASCIIDigit) || counterWords.contains($0) })
        else { return false }
        let verb = words.first.map { ["viewing", "showing", "displaying"].contains($0) } ?? false
        return verb || words.contains("results") || words.contains("entries")
    }

    /// "© 2026 Harbour News. All rights reserved.", "Copyright harbournews". Not "Copyright Law Divides the Senate":
    /// after the word alone, only one more word, a year or the sign makes a rights line.
    static func isRights(_ bytes: [UInt8], _ line: Range<Int>) -> Bool {
        guard line.count <= lengthLimit else { return false }
        var cursor = ByteCursor(bytes, line)
        if cursor.skip("©") || cursor.skip("(c) ") || cursor.skip("all rights reserved") { return true }
        guard cursor.skip("copyright") else { return false }
        cursor.skipSpace()
        _ = cursor.skip(UInt8(ascii: ":"))
        cursor.skipSpace()
        if cursor.skip("©") || cursor.skip("(c)") || cursor.number(digits: 4...4) != nil { return true }
        if cursor.skip("by ") { return true }
        return !cursor.isAtEnd && !hasWords(2, bytes, cursor.position..<line.upperBound)
    }

    /// Whether points, slashes or colons join the numbers of a line: "03/05/2026", "1:02:11".
    private static func isFigure(_ bytes: [UInt8], _ line: Range<Int>) -> Bool {
        line.dropFirst().dropLast().contains { position in
            switch bytes[position] {
            case UInt8(ascii: "/"), UInt8(ascii: "."), UInt8(ascii: ":"), UInt8(ascii: "-"):
                bytes[position - 1].isASCIIDigit && bytes[position + 1].isASCIIDigit
            default: false
            }
        }
    }

    /// The words of a line, as the tables of phrases spell them.
    static func phrase(_ bytes: [UInt8], _ line: Range<Int>) -> String { foldedWords(bytes, line).joined(separator: " ") }

    /// The words of a line in lowercase, without what is between them: signs, bullets, arrows. Empty if there are more
    /// words than any rule has.
    static func foldedWords(_ bytes: [UInt8], _ line: Range<Int>) -> [String] {
        var words: [String] = []
        var word: [UInt8] = []
        func close() {
            guard !word.isEmpty else { return }
            let string = String(decoding: word, as: UTF8.self)
            words.append(word.allSatisfy { $0 < 0x80 } ? string : string.lowercased())
            word.removeAll(keepingCapacity: true)
        }
        var position = line.lowerBound
        while position < line.upperBound {
            let byte = bytes[position]
            switch byte {
            case UInt8(ascii: "'"): word.append(byte)
            case 0..<0x80:
                if byte.isASCIILetter || byte.isASCIIDigit { word.append(byte.asciiLowercased) } else { close() }
            case 0xE2 where bytes[position...].starts(with: "’".utf8):
                word.append(UInt8(ascii: "'"))
                position += 2
            case 0xC2, 0xE2:  // U+0080…U+00BF and U+2000…U+2FFF hold signs, not letters
                close()
                position += byte == 0xC2 ? 1 : 2
            default: word.append(byte)
            }
            if words.count > wordLimit { return [] }
            position += 1
        }
        close()
        return words
    }

    private static let wordLimit = 16

    private static func isBar(_ words: [String]) -> Bool {
        var numbers = 0
        var named = 0
        for word in words {
            if word.utf8.allSatisfy(\.isASCIIDigit) {
                numbers += 1
            } else if barWords.contains(word) {
                named += 1
            } else if !barFillers.contains(word) {
                return false
            }
        }
        return named > 0 || numbers >= 3
    }

    private static let counterWords: Set<String> = [
        "viewing", "showing", "displaying", "results", "result", "entries", "articles", "items", "of", "to", "from",
        "found", "page", "total", "in",
    ]

    private static let barWords: Set<String> = [
        "share", "tweet", "print", "email", "facebook", "twitter", "linkedin", "whatsapp", "telegram", "pinterest",
        "reddit", "vkontakte", "vk", "instagram", "youtube", "viber", "messenger", "bluesky", "threads", "mastodon",
        "next", "previous", "prev", "rss", "subscribe", "bookmark",
    ]

    private static let barFillers: Set<String> = [
        "on", "via", "this", "article", "story", "page", "post", "x", "copy", "link", "save", "pin", "it", "by", "to",
        "with", "or", "and", "now", "of", "first", "last", "us", "follow", "like",
    ]
}

extension Boilerplate {
    /// A line without its figures: each run of digits with its signs, points and commas becomes one mark, so that
    /// `KGS/USD = 0.01144 -0.09%` stays the same when the rate moves.
    static func mask(_ bytes: [UInt8], _ line: Range<Int>) -> [UInt8] {
        var masked: [UInt8] = []
        masked.reserveCapacity(line.count)
        for position in line {
            let byte = bytes[position]
            let inFigure = masked.last == UInt8(ascii: "#")
            if byte.isASCIIDigit {
                if !inFigure { masked.append(UInt8(ascii: "#")) }
            } else if byte == UInt8(ascii: "-") || byte == UInt8(ascii: "+") {
                // A sign belongs to the figure that follows it.
                if position + 1 < line.upperBound, bytes[position + 1].isASCIIDigit { continue }
                masked.append(byte)
            } else if (byte == UInt8(ascii: ".") || byte == UInt8(ascii: ",")) && inFigure {
                continue
            } else {
                masked.append(byte)
            }
        }
        return masked
    }

    /// Which of `lines` belong to a ticker: short lines with figures that, with the figures masked, occur at least
    /// three times. A table in an article has such lines too ("Round 1: 2–0"): if `strict`, all of them must have the
    /// same figures, or be quotes (`=` or `%`).
    static func tickers(_ bytes: [UInt8], _ lines: ArraySlice<TextLine>, strict: Bool) -> Set<Int> {
        let candidates = lines.indices.filter { index in
            lines[index].count <= 80 && bytes[lines[index].range].contains(where: \.isASCIIDigit)
        }
        guard candidates.count >= tickerRepeats else { return [] }
        var groups: [[UInt8]: [Int]] = [:]
        for index in candidates { groups[mask(bytes, lines[index].range), default: []].append(index) }
        var found: Set<Int> = []
        for (masked, group) in groups where group.count >= tickerRepeats {
            let isSure =
                !strict || masked.contains(UInt8(ascii: "=")) || masked.contains(UInt8(ascii: "%"))
                || group.allSatisfy { isSame(bytes, lines[$0].range, lines[group[0]].range) }
            if isSure { found.formUnion(group) }
        }
        return found
    }

    private static let tickerRepeats = 3
}
