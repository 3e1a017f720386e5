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

    /// Blank text, and what is left of an empty CDATA section.
    var isBlank: Bool {
        bytes.allSatisfy(\.isXMLSpace) || (CDATAMarkers.without(bytes)?.allSatisfy(\.isXMLSpace) ?? false)
    }

    /// The text's paragraphs, one per line.
    var paragraphs: String {
        let (text, isHTML) = meant
        return isHTML ? Self.fromHTML(text) : Self.lines(of: text, joinedBy: 0x0A)
    }

    /// The text as one line; nil if there is none.
    var singleLine: String? {
        let (text, isHTML) = meant
        return Self.line(of: isHTML ? Array(Self.fromHTML(text).utf8) : text)
    }

    /// The text as a title: one line; nil if there is none. Unless it is declared as plain text, it may have formatting and
    /// character references in it, and it may speak of elements.
    var title: String? {
        let text = CDATAMarkers.without(bytes) ?? bytes
        return Self.line(of: kind == .plain ? text : FeedTitle.text(of: text))
    }

    /// The text as HTML; nil if it is none.
    var html: [UInt8]? {
        let (text, isHTML) = meant
        return isHTML ? text : nil
    }

    /// The text without CDATA marks, and whether it is HTML. The marks are not dropped when the text is read, because the
    /// raw hash is made of what the source wrote.
    private var meant: (text: [UInt8], isHTML: Bool) {
        let text = CDATAMarkers.without(bytes) ?? bytes
        switch kind {
        case .plain: return (text, false)
        case .html: return (CDATAMarkers.withoutAll(text) ?? text, true)
        case .undeclared:
            // A text that is no markup may speak of the marks.
            guard FeedMarkup.isMarkup(text) else { return (text, false) }
            return (FeedMarkup.withWordsEscaped(CDATAMarkers.withoutAll(text) ?? text), true)
        }
    }

    private static func line(of text: [UInt8]) -> String? {
        let line = lines(of: text, joinedBy: 0x20)
        return line.isEmpty ? nil : line
    }

    /// If no `>` closes a tag, there is no tag, and an HTML parser would drop what follows the `<`: the unchanged text
    /// is better than nothing.
    private static func fromHTML(_ html: [UInt8]) -> String {
        let text = HTMLText.text(ofFragment: html)
        let isLost = text.isEmpty && !html.contains(UInt8(ascii: ">"))
        return isLost ? lines(of: html, joinedBy: 0x0A) : text
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
}
