// A line such as "12 points by hana 3 hours ago | 4 comments" counts what happens around an article. It is recognised only
// if nothing else is in it: "The film had 12 views" is a sentence, and its number is the article's.

/// What one line consists of if it is a line of counters.
struct CounterLine {
    /// The line without its counters: names and the words before them.
    private(set) var rest: [String] = []
    private var kinds: [CounterKind] = []
    private var labels: Set<String> = []

    /// Longer lines are no counters.
    static let longestBytes = 160

    /// Nil if something other than counters is in the line.
    init?(_ line: Substring) {
        guard line.utf8.count <= Self.longestBytes else { return nil }
        var reader = TokenReader(line)
        while !reader.isAtEnd {
            if reader.skipSeparator() { continue }
            if let counter = reader.counter() {
                kinds.append(counter.kind)
                labels.insert(counter.label)
            } else if let words = reader.fillerOrName() {
                rest += words
            } else {
                return nil
            }
        }
        guard !kinds.isEmpty else { return nil }
    }

    /// Whether the line proves by itself that it counts: doubtful labels do so only beside others.
    var isCertain: Bool { kinds.contains(.plain) || labels.count > 1 }
}

enum CounterToken: Equatable {
    case number
    case word(String)
    case symbol(Unicode.Scalar)
}

/// The numbers, words and other signs of a line. "1,234.5", "1 234" and "12k" are one number each. A line is read only as far as it is
/// asked for: most are sentences, whose first words show that.
private final class LineTokens {
    private let scalars: [Unicode.Scalar]
    /// The next scalar.
    private var position = 0
    private var tokens: [CounterToken] = []
    private var word = ""
    private var isNumber = false

    init(_ line: Substring) { scalars = Array(line.unicodeScalars) }

    /// Nil behind the last one.
    subscript(index: Int) -> CounterToken? {
        while tokens.count <= index {
            if position == scalars.count {
                if word.isEmpty { return nil }
                endWord()
            } else {
                read(scalars[position])
                position += 1
            }
        }
        return tokens[index]
    }

    /// What the words from `index` on are together: the first, the first two and so on. It is asked for again and again.
    func phrases(at index: Int) -> [String] {
        if let phrases, phrases.index == index { return phrases.list }
        var list: [String] = []
        while list.count < CounterWords.longestPhrase, case .word(let word)? = self[index + list.count] {
            list.append(list.last.map { $0 + " " + word } ?? word)
        }
        phrases = (index, list)
        return list
    }
    private var phrases: (index: Int, list: [String])?

    private func read(_ scalar: Unicode.Scalar) {
        // They belong to the picture before them.
        if scalar.value > 0x7F, scalar.properties.isVariationSelector || scalar == "\u{200D}" { return }
        let isDigit = isDecimal(scalar)
        if isDigit || isInWord(scalar) {
            if isDigit != isNumber { endWord() }
            isNumber = isDigit
            word.unicodeScalars.append(scalar)
            return
        }
        let groups = scalar == "," || scalar == "." || scalar == "'" || scalar == "\u{2019}" || scalar == " "
        if !word.isEmpty, isNumber, groups, position + 1 < scalars.count, isDecimal(scalars[position + 1]),
            scalar != " " || isGroup(scalars[(position + 1)...])
        {
            return
        }
        if !word.isEmpty, !isNumber, scalar == "'" || scalar == "\u{2019}" {
            word.unicodeScalars.append(scalar)
            return
        }
        endWord()
        if !scalar.properties.isWhitespace { tokens.append(.symbol(scalar)) }
    }

    private func endWord() {
        if !word.isEmpty { tokens.append(isNumber ? .number : .word(word.lowercased())) }
        word = ""
    }
}

private func isDecimal(_ scalar: Unicode.Scalar) -> Bool {
    scalar.isASCII ? ("0"..."9").contains(scalar) : scalar.properties.numericType == .decimal
}

private func isInWord(_ scalar: Unicode.Scalar) -> Bool {
    if scalar.isASCII { return ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar) }
    return scalar.properties.isAlphabetic || scalar.properties.generalCategory == .nonspacingMark
}

/// Whether the scalars begin with three digits and no fourth, as behind a space in "1 234".
private func isGroup(_ scalars: ArraySlice<Unicode.Scalar>) -> Bool {
    scalars.prefix(4).prefix(while: isDecimal).count == 3
}

private struct TokenReader {
    private let tokens: LineTokens
    private var position = 0

    private static let separators: Set<Unicode.Scalar> = [
        "·", "|", "•", "–", "—", "-", "/", ",", ";", ":", "(", ")", "[", "]", "#", "*", "‧", "∙", ".", "、", "（", "）", "：", "<", ">",
        "»", "«", "›", "→", "+", "@",
    ]

    init(_ line: Substring) { tokens = LineTokens(line) }

    var isAtEnd: Bool { tokens[position] == nil }

    mutating func skipSeparator() -> Bool {
        guard case .symbol(let scalar)? = tokens[position], Self.separators.contains(scalar) else { return false }
        position += 1
        return true
    }

    /// One counter, or one relative time. Nil leaves the position where it is.
    mutating func counter() -> (kind: CounterKind, label: String)? {
        for attempt in [relativeTime, readingTime, numberThenLabel, labelThenNumber, symbolWithNumber, noneThenLabel]
            as [(inout TokenReader) -> (CounterKind, String)?]
        {
            var copy = self
            if let found = attempt(&copy), !copy.isBesideOtherSign {
                self = copy
                return found
            }
        }
        return nil
    }

    /// "12 %" and "12 €" count nothing of a site's.
    private var isBesideOtherSign: Bool {
        guard case .symbol(let scalar)? = tokens[position] else { return false }
        return !Self.separators.contains(scalar) && CounterWords.symbols[scalar] == nil
    }

    mutating func fillerOrName() -> [String]? {
        if let filler = phrase(in: CounterWords.fillers.contains) { return [filler] }
        // A label without a number: a link to what is counted.
        if let label = label() { return [label.1] }
        guard case .word(let word)? = tokens[position], CounterWords.naming.contains(word) else { return nil }
        position += 1
        var words = [word]
        while skipSeparator() {}
        // A name goes up to the next separator, number or word that begins something else; "hana.example" is one name.
        while case .word(let part)? = tokens[position], !CounterWords.naming.contains(part),
            !startsCounter, words.count < 6
        {
            words.append(part)
            position += 1
            while case .symbol(let scalar)? = tokens[position], "._/@-".unicodeScalars.contains(scalar) { position += 1 }
        }
        return words.count > 1 ? words : nil
    }

    private var startsCounter: Bool {
        var copy = self
        return copy.counter() != nil
    }

    // MARK: forms

    private func relativeTime(_ reader: inout TokenReader) -> (CounterKind, String)? {
        if reader.phrase(in: CounterWords.now.contains) != nil { return (.plain, "time") }
        if reader.phrase(in: CounterWords.before.contains) != nil {
            return reader.amount() && reader.unit() ? (.plain, "time") : nil
        }
        _ = reader.phrase(in: CounterWords.maybeBefore.contains)
        guard reader.amount() else { return nil }
        if reader.phrase(in: CounterWords.unitsAgo.contains) != nil { return (.plain, "time") }
        return reader.unit() && reader.phrase(in: CounterWords.ago.contains) != nil ? (.plain, "time") : nil
    }

    private func readingTime(_ reader: inout TokenReader) -> (CounterKind, String)? {
        if reader.phrase(in: CounterWords.readingTimes.contains) != nil {
            _ = reader.skipSeparator()
            guard reader.number() else { return nil }
            _ = reader.unit()
            return (.plain, "reading")
        }
        guard reader.number() else { return nil }
        if reader.phrase(in: CounterWords.readingTimes.contains) != nil { return (.plain, "reading") }
        _ = reader.unit()
        _ = reader.skipSeparator()
        return reader.phrase(in: CounterWords.readingTimes.contains) == nil ? nil : (.plain, "reading")
    }

    private func numberThenLabel(_ reader: inout TokenReader) -> (CounterKind, String)? {
        guard reader.number() else { return nil }
        if reader.tokens[reader.position] == .symbol("-") { reader.position += 1 }
        return reader.label()
    }

    private func labelThenNumber(_ reader: inout TokenReader) -> (CounterKind, String)? {
        guard let label = reader.label(), !CounterWords.singular.contains(label.1) else { return nil }
        while reader.skipSeparator() {}
        return reader.number() ? label : nil
    }

    private func symbolWithNumber(_ reader: inout TokenReader) -> (CounterKind, String)? {
        let isBefore = reader.number()
        guard case .symbol(let scalar)? = reader.tokens[reader.position], let kind = CounterWords.symbols[scalar] else {
            return nil
        }
        reader.position += 1
        guard isBefore || reader.number() else { return nil }
        return (kind, String(scalar))
    }

    private func noneThenLabel(_ reader: inout TokenReader) -> (CounterKind, String)? {
        guard reader.phrase(in: CounterWords.none.contains) != nil else { return nil }
        return reader.label()
    }

    // MARK: parts

    private mutating func number() -> Bool {
        guard tokens[position] == .number else { return false }
        position += 1
        if case .word(let word)? = tokens[position], CounterWords.thousands.contains(word) { position += 1 }
        return true
    }

    /// A number, or a word for one before a unit.
    private mutating func amount() -> Bool {
        if tokens[position] == .number {
            position += 1
            return true
        }
        return phrase(in: CounterWords.one.contains) != nil
    }

    private mutating func unit() -> Bool {
        guard phrase(in: CounterWords.units.contains) != nil else { return false }
        if tokens[position] == .symbol(".") { position += 1 }
        return true
    }

    private mutating func label() -> (CounterKind, String)? {
        guard let label = phrase(in: { CounterWords.labels[$0] != nil }), let kind = CounterWords.labels[label] else { return nil }
        return (kind, label)
    }

    /// The longest phrase at this position that is `known`.
    private mutating func phrase(in known: (String) -> Bool) -> String? {
        let phrases = tokens.phrases(at: position)
        guard let last = phrases.lastIndex(where: known) else { return nil }
        position += last + 1
        return phrases[last]
    }
}
