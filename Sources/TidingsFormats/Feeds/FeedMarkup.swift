/// Whether text of which the format does not say whether it is HTML is HTML. A text may speak of elements: `the <script>
/// element` is no markup.
enum FeedMarkup {
    /// Whether `bytes` contain a tag that can be nothing else, or a character reference.
    static func isMarkup(_ bytes: [UInt8]) -> Bool { hasTag(bytes) || hasReference(bytes) }

    /// `bytes`, in which tags that are words have become text of HTML.
    static func withWordsEscaped(_ bytes: [UInt8]) -> [UInt8] {
        guard !hasTag(bytes) else { return bytes }
        var text: [UInt8] = []
        var copied = 0
        for open in positions(of: UInt8(ascii: "<"), in: bytes) where looksLikeTag(bytes, at: open) {
            text += bytes[copied..<open]
            text += Array("&lt;".utf8)
            copied = open + 1
        }
        return copied == 0 ? bytes : text + bytes[copied...]
    }

    /// Whether `bytes` contain what could be a tag or a reference at all.
    static func mayBeMarkup(_ bytes: [UInt8]) -> Bool {
        positions(of: UInt8(ascii: "<"), in: bytes).contains { looksLikeTag(bytes, at: $0) } || hasReference(bytes)
    }

    /// The bytes with their character references decoded.
    static func decoded(_ bytes: [UInt8]) -> [UInt8] {
        var text: [UInt8] = []
        var index = 0
        while let mark = bytes.position(of: UInt8(ascii: "&"), from: index) {
            text += bytes[index..<mark]
            index = mark + 1
            if let reference = HTMLReference(bytes, at: mark, inAttribute: false), bytes[reference.end - 1] == UInt8(ascii: ";") {
                for case let scalar? in [reference.scalars.0, reference.scalars.1] { text.append(contentsOf: scalar.utf8) }
                index = reference.end
            } else {
                text.append(bytes[mark])
            }
        }
        return index == 0 ? bytes : text + bytes[index...]
    }

    private static func hasTag(_ bytes: [UInt8]) -> Bool {
        positions(of: UInt8(ascii: "<"), in: bytes).contains { isTag(bytes, at: $0) }
    }

    /// A tag that ends an element, has attributes or stands for itself is no word; nor is a block that begins the text.
    private static func isTag(_ bytes: [UInt8], at open: Int) -> Bool {
        if bytes.starts(with: "<!--", at: open) { return true }
        guard let tag = FeedTag(bytes, at: open), names.contains(tag.name), tag.isWhole || tag.hasAttributes else { return false }
        if tag.isEnd || tag.hasAttributes || standing.contains(tag.name) { return true }
        return blocks.contains(tag.name) && bytes[..<open].allSatisfy(\.isXMLSpace)
    }

    private static func looksLikeTag(_ bytes: [UInt8], at open: Int) -> Bool {
        if bytes.starts(with: "<!--", at: open) { return true }
        return FeedTag(bytes, at: open).map { names.contains($0.name) } ?? false
    }

    private static func hasReference(_ bytes: [UInt8]) -> Bool {
        positions(of: UInt8(ascii: "&"), in: bytes).contains { isReference(bytes, at: $0) }
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

    private static func positions(of mark: UInt8, in bytes: [UInt8]) -> some Sequence<Int> {
        sequence(state: 0) { index in
            guard let found = bytes.position(of: mark, from: index) else { return nil }
            index = found + 1
            return found
        }
    }

    /// Elements that are written without an end tag.
    private static let standing: Set<String> = ["p", "br", "hr", "li", "wbr"]
    /// Elements that begin a line.
    static let blocks: Set<String> = [
        "address", "article", "aside", "blockquote", "body", "center", "dd", "div", "dl", "dt", "figcaption", "figure", "footer",
        "h1", "h2", "h3", "h4", "h5", "h6", "header", "html", "li", "main", "ol", "p", "pre", "section", "table", "tbody",
        "td", "tfoot", "th", "thead", "tr", "ul",
    ]
    private static let names: Set<String> = blocks.union([
        "a", "abbr", "acronym", "audio", "b", "big", "br", "button", "cite", "code", "del", "dfn", "em", "embed", "font", "form",
        "head", "hr", "i", "iframe", "img", "input", "ins", "kbd", "link", "map", "mark", "meta", "nav", "noscript", "object",
        "picture", "q", "s", "samp", "script", "small", "source", "span", "strike", "strong", "style", "sub", "sup", "svg",
        "time", "tt", "u", "var", "video", "wbr",
    ])
}
