/// A piece of text as a feed gives it, and what the feed says it is.
struct FeedText: Equatable {
    enum Kind: Equatable {
        /// `<` is a character.
        case plain
        case html
        /// The format does not say (RSS), or says it so often wrongly that the text must speak for itself (Atom 0.3).
        case undeclared
    }

    /// In UTF-8, references of XML decoded.
    var bytes: [UInt8]
    var kind: Kind
    /// What relative references in it are resolved against, where its element says so.
    var base: String?

    var isBlank: Bool { bytes.allSatisfy(\.isXMLSpace) }

    var isHTML: Bool {
        switch kind {
        case .html: true
        case .plain: false
        case .undeclared: Self.looksLikeHTML(bytes)
        }
    }

    /// The text's paragraphs, one a line.
    var paragraphs: String { isHTML ? fromHTML : Self.lines(of: bytes, joinedBy: 0x0A) }

    /// The text as one line; nil if there is none. Publishers escape titles twice whatever the format says, so that a
    /// plain title with references or tags in it is taken for HTML too.
    var singleLine: String? {
        let text = isHTML || Self.looksLikeHTML(bytes) ? Array(fromHTML.utf8) : bytes
        let line = Self.lines(of: text, joinedBy: 0x20)
        return line.isEmpty ? nil : line
    }

    /// Where no tag is closed there is none, and an HTML parser drops what is behind the `<`: better the text as it stands
    /// than nothing.
    private var fromHTML: String {
        let text = HTMLText.text(ofFragment: bytes)
        let isLost = text.isEmpty && !bytes.contains(UInt8(ascii: ">"))
        return isLost ? Self.lines(of: bytes, joinedBy: 0x0A) : text
    }

    /// The lines that are not blank, runs of white space in each folded to one space.
    private static func lines(of bytes: [UInt8], joinedBy separator: UInt8) -> String {
        let bytes = withoutC1(bytes)
        if isOneFoldedLine(bytes) { return String(decoding: bytes, as: UTF8.self) }
        var text: [UInt8] = []
        text.reserveCapacity(bytes.count)
        let span = bytes.span
        var index = 0
        var space: UInt8?
        while index < span.count {
            let start = index
            // Words with single spaces between them are copied as they stand.
            while index < span.count, !span[index].isXMLSpace || isSingleSpace(span, at: index) { index += 1 }
            if index > start {
                if let space, !text.isEmpty { text.append(space) }
                space = nil
                text += bytes[start..<index]
            }
            while index < span.count, span[index].isXMLSpace {
                let endsLine = span[index] == 0x0A || span[index] == 0x0D
                if endsLine { space = separator } else { space = space ?? 0x20 }
                index += 1
            }
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// Whether there is nothing to fold: no line ends, no tabs, no space at either end or beside another. Most texts are
    /// so, and eight bytes are looked at together with the eight that begin one later.
    private static func isOneFoldedLine(_ bytes: [UInt8]) -> Bool {
        guard bytes.first != 0x20, bytes.last != 0x20,
            bytes.positionOfControl(or: 0x09, 0x0A, 0x0D, in: bytes.indices) == bytes.count
        else { return false }
        let spaces: UInt64 = 0x2020_2020_2020_2020
        let ones: UInt64 = 0x0101_0101_0101_0101
        return unsafe bytes.withUnsafeBytes { buffer in
            var index = 0
            while index + 9 <= buffer.count {
                let here = unsafe buffer.loadUnaligned(fromByteOffset: index, as: UInt64.self)
                let next = unsafe buffer.loadUnaligned(fromByteOffset: index + 1, as: UInt64.self)
                let others = (here ^ spaces) | (next ^ spaces)
                if (others &- ones) & ~others & (ones << 7) != 0 { return false }
                index += 8
            }
            while index + 1 < buffer.count {
                if unsafe buffer[index] == 0x20 && buffer[index + 1] == 0x20 { return false }
                index += 1
            }
            return true
        }
    }

    private static func isSingleSpace(_ span: Span<UInt8>, at index: Int) -> Bool {
        span[index] == 0x20 && index > 0 && !span[index - 1].isXMLSpace && index + 1 < span.count
            && !span[index + 1].isXMLSpace
    }

    /// U+0080…U+009F are controls that nobody writes: what is meant are the characters of windows-1252, as in HTML.
    private static func withoutC1(_ bytes: [UInt8]) -> [UInt8] {
        var text: [UInt8] = []
        var copied = 0
        var next = bytes.position(of: 0xC2, from: 0)
        while let place = next {
            next = bytes.position(of: 0xC2, from: place + 1)
            guard place + 1 < bytes.count, (0x80..<0xA0).contains(bytes[place + 1]) else { continue }
            text += bytes[copied..<place]
            text += Array(String(Charset.windows1252[Int(bytes[place + 1] - 0x80)]).utf8)
            copied = place + 2
        }
        return copied == 0 ? bytes : text + bytes[copied...]
    }

    /// Whether there is a tag of HTML or a character reference in `bytes`. `List<String>` and `a < b` are none.
    static func looksLikeHTML(_ bytes: [UInt8]) -> Bool {
        for (mark, isMarkup) in [(UInt8(ascii: "<"), isTag), (UInt8(ascii: "&"), isReference)] {
            var index = bytes.position(of: mark, from: 0)
            while let place = index {
                if isMarkup(bytes, place) { return true }
                index = bytes.position(of: mark, from: place + 1)
            }
        }
        return false
    }

    private static func isTag(_ bytes: [UInt8], at start: Int) -> Bool {
        let longestName = 12
        var index = start + 1
        if index < bytes.count, bytes[index] == UInt8(ascii: "/") { index += 1 }
        if bytes.starts(with: "!--", at: index) || bytes.starts(with: "![CDATA[", at: index) { return true }
        let first = index
        while index < bytes.count, index - first < longestName, bytes[index].isASCIILetter || bytes[index].isASCIIDigit {
            index += 1
        }
        guard index > first, index < bytes.count,
            bytes[index].isXMLSpace || bytes[index] == UInt8(ascii: ">") || bytes[index] == UInt8(ascii: "/")
        else { return false }
        return tags.contains(String(decoding: bytes[first..<index].lazy.map(\.asciiLowercased), as: UTF8.self))
    }

    private static func isReference(_ bytes: [UInt8], at start: Int) -> Bool {
        let longestName = 32
        var index = start + 1
        while index < bytes.count, index - start <= longestName,
            bytes[index].isASCIILetter || bytes[index].isASCIIDigit || bytes[index] == UInt8(ascii: "#")
        {
            index += 1
        }
        return index > start + 2 && index < bytes.count && bytes[index] == UInt8(ascii: ";")
    }

    private static let tags: Set<String> = [
        "a", "abbr", "acronym", "address", "article", "aside", "audio", "b", "big", "blockquote", "body", "br", "button",
        "center", "cite", "code", "dd", "del", "dfn", "div", "dl", "dt", "em", "embed", "figcaption", "figure", "font",
        "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "head", "header", "hr", "html", "i", "iframe", "img",
        "input", "ins", "kbd", "li", "link", "main", "map", "mark", "meta", "nav", "noscript", "object", "ol", "p", "picture",
        "pre", "q", "s", "samp", "script", "section", "small", "source", "span", "strike", "strong", "style", "sub", "sup",
        "svg", "table", "tbody", "td", "tfoot", "th", "thead", "time", "tr", "tt", "u", "ul", "var", "video", "wbr",
    ]
}
