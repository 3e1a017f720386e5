import TidingsCore

/// A piece of text as a feed gives it, and the kind that the feed declares.
struct FeedText: Equatable {
    enum Kind: Equatable {
        /// `<` is an ordinary character.
        case plain
        case html
        /// The format does not say (RSS), or is so often wrong that only the text itself can tell (Atom 0.3).
        case undeclared
    }

    /// In UTF-8, with XML's references decoded.
    var bytes: [UInt8]
    var kind: Kind
    /// The base of relative references in it, if its element declares one.
    var base: String?

    var isBlank: Bool { bytes.allSatisfy(\.isXMLSpace) }

    var isHTML: Bool {
        switch kind {
        case .html: true
        case .plain: false
        case .undeclared: Self.looksLikeHTML(bytes)
        }
    }

    /// The text's paragraphs, one per line.
    var paragraphs: String { isHTML ? fromHTML : Self.lines(of: bytes, joinedBy: 0x0A) }

    /// The text as one line; nil if there is none. Publishers escape titles twice whatever the format says, so a plain
    /// title with references or tags in it is read as HTML too.
    var singleLine: String? {
        let text = isHTML || Self.looksLikeHTML(bytes) ? Array(fromHTML.utf8) : bytes
        let line = Self.lines(of: text, joinedBy: 0x20)
        return line.isEmpty ? nil : line
    }

    /// If no `>` closes a tag, there is no tag, and an HTML parser would drop what follows the `<`: the unchanged text
    /// is better than nothing.
    private var fromHTML: String {
        let text = HTMLText.text(ofFragment: bytes)
        let isLost = text.isEmpty && !bytes.contains(UInt8(ascii: ">"))
        return isLost ? Self.lines(of: bytes, joinedBy: 0x0A) : text
    }

    /// The lines that are not blank, with each run of white space folded to one space.
    private static func lines(of bytes: [UInt8], joinedBy separator: UInt8) -> String {
        let bytes = withoutC1(bytes)
        guard let first = bytes.first else { return "" }
        // Most texts are one line in which there is nothing to fold.
        if !first.isXMLSpace, endOfRun(bytes, bytes.indices) == bytes.count {
            return String(repairing: bytes)
        }
        var text: [UInt8] = []
        text.reserveCapacity(bytes.count)
        var index = 0
        var space: UInt8?
        while index < bytes.count {
            let byte = bytes[index]
            if byte.isXMLSpace {
                let endsLine = byte == 0x0A || byte == 0x0D
                if endsLine { space = separator } else { space = space ?? 0x20 }
                index += 1
                continue
            }
            if let space, !text.isEmpty { text.append(space) }
            space = nil
            let end = endOfRun(bytes, index..<bytes.count)
            text += bytes[index..<end]
            index = end
        }
        return String(repairing: text)
    }

    private static func endOfRun(_ bytes: [UInt8], _ range: Range<Int>) -> Int {
        // A run ends at 0xC2 in any case, so all three marks may be 0xC2.
        bytes.endOfFoldedRun(in: range, or: 0xC2, 0xC2, 0xC2)
    }

    /// Nobody writes the controls U+0080…U+009F: they mean the characters of windows-1252, as in HTML.
    private static func withoutC1(_ bytes: [UInt8]) -> [UInt8] {
        var text: [UInt8] = []
        var copied = 0
        var next = bytes.position(of: 0xC2, from: 0)
        while let position = next {
            next = bytes.position(of: 0xC2, from: position + 1)
            guard position + 1 < bytes.count, (0x80..<0xA0).contains(bytes[position + 1]) else { continue }
            text += bytes[copied..<position]
            text += Array(String(Charset.windows1252[Int(bytes[position + 1] - 0x80)]).utf8)
            copied = position + 2
        }
        return copied == 0 ? bytes : text + bytes[copied...]
    }

    /// Whether `bytes` contain an HTML tag or a character reference. `List<String>` and `a < b` contain none.
    static func looksLikeHTML(_ bytes: [UInt8]) -> Bool {
        for (mark, isMarkup) in [(UInt8(ascii: "<"), isTag), (UInt8(ascii: "&"), isReference)] {
            var index = bytes.position(of: mark, from: 0)
            while let position = index {
                if isMarkup(bytes, position) { return true }
                index = bytes.position(of: mark, from: position + 1)
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
