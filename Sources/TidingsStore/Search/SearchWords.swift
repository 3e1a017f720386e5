import Foundation

/// What a person looks for: `harbour fees`, `"third crane"`, `-ferry`, `transit*`. All words must occur, in title, text, authors or
/// tags, in any order and case and without regard to diacritics.
///
/// Everything that can be typed has a meaning: signs without one separate words, a quotation mark without its second reaches to the
/// end, and what is one word to a person and several to the index (`well-known`, `5.0`) is a phrase.
package struct SearchWords: Equatable, Sendable {
    struct Term: Equatable, Sendable {
        /// One after the other; folded, as the index has them.
        var tokens: [[UInt8]]
        /// Whether a longer last word counts, too.
        var isPrefix: Bool
        /// Whether what has it is left out.
        var isExcluded: Bool
    }

    /// So many are looked for; what follows is not.
    package static let termLimit = 32
    /// So long a phrase may be.
    private static let tokenLimit = 64

    let terms: [Term]

    /// Nil if `text` has no word to look for.
    package init?(_ text: String) {
        var terms: [Term] = []
        var tokenizer = SearchTokenizer()
        // Texts are stored in NFC.
        var rest = Array(text.precomposedStringWithCanonicalMapping.unicodeScalars)[...]
        while !rest.isEmpty, terms.count < Self.termLimit {
            rest = rest.drop { $0.properties.isWhitespace }
            let isExcluded = rest.first == "-"
            if isExcluded { rest = rest.dropFirst() }
            let isQuoted = rest.first.map(Self.isQuotationMark) ?? false
            if isQuoted { rest = rest.dropFirst() }
            let part = rest.prefix { isQuoted ? !Self.isQuotationMark($0) : !$0.properties.isWhitespace && !Self.isQuotationMark($0) }
            rest = rest.dropFirst(part.count)
            if isQuoted { rest = rest.dropFirst() }
            // `"third cra"*`
            let hasStar = part.last == "*" || isQuoted && rest.first == "*"
            var piece = String.UnicodeScalarView()
            piece.append(contentsOf: part)
            tokenizer.read(Array(String(piece).utf8), keepsTokens: true)
            if let term = Self.term(tokenizer, hasStar: hasStar, isExcluded: isExcluded) { terms.append(term) }
        }
        guard terms.contains(where: { !$0.isExcluded }) else { return nil }
        self.terms = terms
    }

    private static func isQuotationMark(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x22, 0xAB, 0xBB, 0x201C...0x201E, 0x300C...0x300F: true
        default: false
        }
    }

    private static func term(_ tokenizer: SearchTokenizer, hasStar: Bool, isExcluded: Bool) -> Term? {
        var tokens = tokenizer.tokens.prefix(tokenLimit)
        guard let last = tokens.last else { return nil }
        var isPrefix = hasStar
        if last.isGram, let start = tokens.lastIndex(where: \.beginsRun) {
            // The text may go on where the words end: the shorter tokens of the end of a run need not be there.
            let whole = tokens[start...].prefix { !$0.isPartial }
            isPrefix = whole.isEmpty
            tokens = tokens[..<(start + max(1, whole.count))]
        }
        return Term(tokens: tokens.map { Array(tokenizer.bytes[$0.folded]) }, isPrefix: isPrefix, isExcluded: isExcluded)
    }

    /// In the query language of FTS5 (sqlite.org/fts5.html, 3). Tokens have no quotation marks.
    var expression: String {
        func list(_ terms: [Term], _ operation: String) -> String { terms.map(\.expression).joined(separator: operation) }
        let excluded = terms.filter(\.isExcluded)
        let wanted = "(" + list(terms.filter { !$0.isExcluded }, " AND ") + ")"
        return excluded.isEmpty ? wanted : wanted + " NOT (" + list(excluded, " OR ") + ")"
    }
}

extension SearchWords.Term {
    var expression: String {
        "\"" + tokens.map { String(decoding: $0, as: UTF8.self) }.joined(separator: " ") + "\"" + (isPrefix ? " *" : "")
    }
}
