/// A text as the index has it, and where its words stand in the text. Index, query and marked hits are all made by this one
/// tokenizer, so that they agree.
///
/// A word is a run of letters, digits and marks, folded. Of a script that is written without spaces each character begins a token of
/// two or three characters, shorter ones at the end of the run: 北京大学 is 北京 京大 大学 学. A shorter word is then found as the
/// beginning of a token, a longer one as a phrase.
struct SearchTokenizer {
    struct Token: Equatable {
        /// In the folded bytes.
        var folded: Range<Int>
        /// In the text.
        var source: Range<Int>
        /// Whether it is of a script without spaces.
        var isGram = false
        /// Whether the run ended before it had its two or three characters.
        var isPartial = false
        /// Whether the run begins with it. A word is a run of its own.
        var beginsRun = true
    }

    /// Folded tokens with a space after each.
    private(set) var bytes: [UInt8] = []
    private(set) var tokens: [Token] = []

    private var folding = SearchFolding()
    /// Where the word began, in the folded bytes and in the text; nil between words.
    private var word: (folded: Int, source: Int)?
    /// Where the characters of a run without spaces begin in the text.
    private var run: [Int] = []
    private var runKind = SearchFolding.Kind.separator

    /// Reads `text`, which is UTF-8, in place of what was read before.
    /// - Parameter keepsTokens: whether `tokens` is wanted, too.
    mutating func read(_ text: some Collection<UInt8>, keepsTokens: Bool = false) {
        bytes.removeAll(keepingCapacity: true)
        tokens.removeAll(keepingCapacity: true)
        let done: Void? = text.withContiguousStorageIfAvailable { unsafe scan($0, keepsTokens: keepsTokens) }
        if done == nil {
            unsafe Array(text).withUnsafeBufferPointer { unsafe scan($0, keepsTokens: keepsTokens) }
        }
    }

    private mutating func scan(_ text: UnsafeBufferPointer<UInt8>, keepsTokens: Bool) {
        var position = 0
        while position < text.count {
            let byte = unsafe text[position]
            if byte < 0x80 {
                if !run.isEmpty { unsafe endRun(text, at: position, keepsTokens) }
                let folded = Self.ascii[Int(byte)]
                if folded == 0 {
                    endWord(at: position, keepsTokens)
                } else {
                    beginWord(at: position)
                    bytes.append(folded)
                }
                position += 1
                continue
            }
            let (scalar, width) = unsafe Self.scalar(text, at: position)
            let page = folding.page(of: scalar)
            let kind = page.kinds[Int(scalar & 0xFF)]
            if !run.isEmpty, kind != runKind { unsafe endRun(text, at: position, keepsTokens) }
            switch kind {
            case .separator: endWord(at: position, keepsTokens)
            case .ignored: break
            case .word:
                beginWord(at: position)
                let folded = page.folds[Int(scalar & 0xFF)]
                if folded.isEmpty {
                    unsafe bytes.append(contentsOf: text[position..<position + width])
                } else {
                    bytes.append(contentsOf: folded)
                }
            case .pairs, .triples:
                endWord(at: position, keepsTokens)
                runKind = kind
                run.append(position)
            }
            position += width
        }
        if !run.isEmpty { unsafe endRun(text, at: text.count, keepsTokens) }
        endWord(at: text.count, keepsTokens)
    }

    private mutating func beginWord(at position: Int) {
        if word == nil { word = (bytes.count, position) }
    }

    private mutating func endWord(at end: Int, _ keepsTokens: Bool) {
        guard let (folded, source) = word else { return }
        if keepsTokens { tokens.append(Token(folded: folded..<bytes.count, source: source..<end)) }
        bytes.append(0x20)
        word = nil
    }

    private mutating func endRun(_ text: UnsafeBufferPointer<UInt8>, at end: Int, _ keepsTokens: Bool) {
        let length = runKind.gramLength
        for (number, start) in run.enumerated() {
            let stop = number + length < run.count ? run[number + length] : end
            let folded = bytes.count
            unsafe bytes.append(contentsOf: text[start..<stop])
            if keepsTokens {
                tokens.append(
                    Token(
                        folded: folded..<bytes.count, source: start..<stop, isGram: true, isPartial: number + length > run.count,
                        beginsRun: number == 0))
            }
            bytes.append(0x20)
        }
        run.removeAll(keepingCapacity: true)
    }

    /// Lower case; 0 between words.
    private static let ascii: [UInt8] = (0..<128).map { (byte: UInt8) in
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): byte | 0x20
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): byte
        default: 0
        }
    }

    /// The scalar that begins at `position`, and its bytes. What is not UTF-8 is a separator of one byte.
    private static func scalar(_ text: UnsafeBufferPointer<UInt8>, at position: Int) -> (UInt32, Int) {
        let first = unsafe text[position]
        let width = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : first >= 0xC0 ? 2 : 1
        guard width > 1, position + width <= text.count else { return (0, 1) }
        var value = UInt32(first) & (0x7F >> UInt32(width))
        for offset in 1..<width {
            let byte = unsafe text[position + offset]
            guard byte & 0xC0 == 0x80 else { return (0, 1) }
            value = value << 6 | UInt32(byte & 0x3F)
        }
        return value <= 0x10FFFF ? (value, width) : (0, 1)
    }
}
