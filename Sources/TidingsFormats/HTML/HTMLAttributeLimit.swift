import TidingsCore

/// Removes the attributes of a tag beyond a limit from HTML before libxml2 reads it. libxml2 compares each attribute
/// with all before it: a tag with 120,000 of them took 17 seconds.
///
/// The ends of tags are found as libxml2 finds them (HTMLparser.c, htmlParseStartElement), including its mistakes:
/// markup could hide a tag from a scan that follows other rules.
struct HTMLAttributeLimit {
    private static let attributeLimit = 256
    /// libxml2 splits a longer name into several.
    private static let nameLimitBytes = 100

    static func applied(to html: [UInt8]) -> [UInt8] {
        var walk = HTMLAttributeLimit(html: html)
        walk.run()
        return walk.copied == 0 ? html : walk.output + html[walk.copied...]
    }

    private let html: [UInt8]
    private var index = 0
    private var output: [UInt8] = []
    private var copied = 0

    private init(html: [UInt8]) { self.html = html }

    private mutating func run() {
        while let open = html.position(of: UInt8(ascii: "<"), from: index), open + 1 < html.count {
            index = open + 1
            switch html[index] {
            case UInt8(ascii: "!") where html.starts(with: "!--", at: index): skipComment()
            case UInt8(ascii: "!"), UInt8(ascii: "?"), UInt8(ascii: "/"):
                index = html.position(of: UInt8(ascii: ">"), from: index) ?? html.count
            case UInt8(ascii: "_"), UInt8(ascii: ":"): startTag()
            case let byte where byte.isASCIILetter: startTag()
            default: continue
            }
        }
    }

    private mutating func skipComment() {
        let start = index + 3
        // `<!-->` is a whole comment.
        var dashes = html.position(of: "--", from: index + 1)
        while let position = dashes {
            index = position + 2
            if html.starts(with: "-->", at: position) || position >= start && html.starts(with: "--!>", at: position) { return }
            dashes = html.position(of: "--", from: position + 1)
        }
        index = html.count
    }

    private mutating func startTag() {
        let name = String(lowercasing: html[readName()])
        var count = 0
        var cut: Int?
        skipSpace()
        while index < html.count, html[index] != UInt8(ascii: ">"), !isClosing {
            if count == Self.attributeLimit { cut = index }
            count += 1
            skipAttribute()
            skipSpace()
        }
        if let cut {
            output += html[copied..<cut]
            copied = index
        }
        guard name == "script" || name == "style", !isClosing else { return }
        // In these elements, `<` begins no tag.
        while let end = html.position(of: "</", from: index) {
            index = end + 2
            if html.startsIgnoringCase(with: name == "script" ? "script" : "style", at: index) { return }
        }
        index = html.count
    }

    private mutating func skipAttribute() {
        guard !readName().isEmpty else {
            while index < html.count, !html[index].isXMLSpace, html[index] != UInt8(ascii: ">"), !isClosing { index += 1 }
            return
        }
        skipSpace()
        guard index < html.count, html[index] == UInt8(ascii: "=") else { return }
        index += 1
        skipSpace()
        guard index < html.count else { return }
        let quote = html[index]
        if quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") {
            index = html.position(of: quote, from: index + 1).map { $0 + 1 } ?? html.count
        } else {
            while index < html.count, !html[index].isXMLSpace, html[index] != UInt8(ascii: ">") { index += 1 }
        }
    }

    private var isClosing: Bool { html.starts(with: "/>", at: index) }

    private mutating func skipSpace() {
        while index < html.count, html[index].isXMLSpace { index += 1 }
    }

    /// Empty if no name begins here.
    private mutating func readName() -> Range<Int> {
        let start = index
        while index < html.count, index - start < Self.nameLimitBytes, isOfName(html[index], isFirst: index == start) {
            index += 1
        }
        return start..<index
    }

    private func isOfName(_ byte: UInt8, isFirst: Bool) -> Bool {
        switch byte {
        case UInt8(ascii: "_"), UInt8(ascii: ":"), UInt8(ascii: "."): true
        case UInt8(ascii: "-"): !isFirst
        default: byte.isASCIILetter || !isFirst && byte.isASCIIDigit
        }
    }
}
