/// A piece of a text that was found, and whether it is what was looked for.
package struct SearchPiece: Equatable, Sendable {
    package let text: String
    package let isHit: Bool

    package init(text: String, isHit: Bool) {
        self.text = text
        self.isHit = isHit
    }
}

/// Marks in stored texts what a search looked for.
package struct SearchMarks {
    /// Of longer texts the rest is not looked through.
    private static let textLimit = 1 << 20
    /// Bytes around the hits that a person is shown.
    private static let snippetBytes = 240
    /// How many of these stand before the first hit.
    private static let leadBytes = 60

    private let terms: [SearchWords.Term]
    private var tokenizer = SearchTokenizer()

    package init(_ words: SearchWords) { terms = words.terms.filter { !$0.isExcluded } }

    /// The whole of a short text, as a title is.
    package mutating func pieces(of text: String) -> [SearchPiece] {
        let bytes = Array(text.utf8)
        return Self.pieces(of: bytes, 0..<bytes.count, hits(in: bytes).map(\.range))
    }

    /// The part of `text` that has the most of what was looked for; its beginning where it has nothing of it. Line ends become spaces;
    /// `…` stands where something is left out.
    package mutating func snippet(of text: String) -> [SearchPiece] {
        let bytes = Array(text.utf8.prefix(Self.textLimit))
        let hits = hits(in: bytes)
        let window = Self.window(in: bytes, hits)
        var pieces = Self.pieces(of: bytes.map { $0 == 0x0A ? 0x20 : $0 }, window, hits.map(\.range))
        if window.lowerBound > 0 { pieces.insert(SearchPiece(text: "… ", isHit: false), at: 0) }
        if window.upperBound < text.utf8.count { pieces.append(SearchPiece(text: " …", isHit: false)) }
        return pieces
    }

    private struct Hit {
        let range: Range<Int>
        let term: Int
    }

    /// In order.
    private mutating func hits(in text: [UInt8]) -> [Hit] {
        tokenizer.read(text, keepsTokens: true)
        var hits: [Hit] = []
        for index in tokenizer.tokens.indices {
            for (number, term) in terms.enumerated() {
                if let end = end(of: term, at: index) { hits.append(Hit(range: tokenizer.tokens[index].source.lowerBound..<end, term: number)) }
            }
        }
        return hits
    }

    /// Where `term` ends in the text if it begins with the token `index`.
    private func end(of term: SearchWords.Term, at index: Int) -> Int? {
        let tokens = tokenizer.tokens
        guard index + term.tokens.count <= tokens.count else { return nil }
        for (offset, wanted) in term.tokens.enumerated() {
            let token = tokens[index + offset]
            let found = tokenizer.bytes[token.folded]
            let isLast = offset == term.tokens.count - 1
            guard isLast && term.isPrefix ? found.starts(with: wanted) : found.elementsEqual(wanted) else { return nil }
            // A character without spaces around it stands for itself, whatever follows.
            if isLast { return token.isGram ? token.source.lowerBound + wanted.count : token.source.upperBound }
        }
        return nil
    }

    private static func window(in text: [UInt8], _ hits: [Hit]) -> Range<Int> {
        guard let first = hits.first else { return 0..<boundary(in: text, before: min(text.count, snippetBytes)) }
        var best = (start: first.range.lowerBound, terms: 0)
        var end = 0
        var counts: [Int: Int] = [:]
        for (index, hit) in hits.enumerated() {
            while end < hits.count, hits[end].range.upperBound <= hit.range.lowerBound + snippetBytes - leadBytes {
                counts[hits[end].term, default: 0] += 1
                end += 1
            }
            if counts.count > best.terms { best = (hit.range.lowerBound, counts.count) }
            if end > index, let count = counts[hit.term] { counts[hit.term] = count > 1 ? count - 1 : nil }
            end = max(end, index + 1)
        }
        let start = boundary(in: text, before: max(0, best.start - leadBytes))
        let shown = min(text.count, start + snippetBytes)
        return start..<(shown == text.count ? shown : max(start, boundary(in: text, before: shown)))
    }

    /// The end of the last word before `position`; without one nearby, the last character's.
    private static func boundary(in text: [UInt8], before position: Int) -> Int {
        guard position > 0, position < text.count else { return position }
        var space = position
        while space > 0, position - space < 24, text[space] != 0x20, text[space] != 0x0A { space -= 1 }
        if space > 0, position - space < 24 { return space }
        var start = position
        while start > 0, text[start] & 0xC0 == 0x80 { start -= 1 }
        return start
    }

    private static func pieces(of text: [UInt8], _ window: Range<Int>, _ hits: [Range<Int>]) -> [SearchPiece] {
        var pieces: [SearchPiece] = []
        var position = window.lowerBound
        func add(_ end: Int, isHit: Bool) {
            guard end > position else { return }
            pieces.append(SearchPiece(text: String(decoding: text[position..<end], as: UTF8.self), isHit: isHit))
            position = end
        }
        var rest = hits[...]
        while let hit = rest.popFirst() {
            guard hit.upperBound > position, hit.lowerBound < window.upperBound else { continue }
            var end = hit.upperBound
            // Phrases may overlap.
            while let next = rest.first, next.lowerBound < end {
                end = max(end, next.upperBound)
                rest = rest.dropFirst()
            }
            add(max(position, hit.lowerBound), isHit: false)
            add(min(end, window.upperBound), isHit: true)
        }
        add(window.upperBound, isHit: false)
        return pieces
    }
}
