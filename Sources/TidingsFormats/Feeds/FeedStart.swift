/// Where a feed begins that has something before it: a server's warning, a stray line, another document.
enum FeedStart {
    /// What stands at the start of the feed.
    enum Sign {
        /// The declaration of XML, and then the first tag of a feed.
        case declaration
        /// That, or the first tag alone.
        case declarationOrTag
    }

    /// The position of the first feed in the bytes from `start` on; nil if there is none.
    static func position(in bytes: [UInt8], from start: Int = 0, sign: Sign) -> Int? {
        var index = start
        while let open = bytes.position(of: UInt8(ascii: "<"), from: index) {
            index = open + 1
            if bytes.starts(with: "<!--", at: open) {
                index = bytes.position(of: "-->", from: open + 4) ?? index
            } else if bytes.startsIgnoringCase(with: "<?xml", at: open) {
                let root = endOfProlog(bytes, from: open)
                if isFeedTag(bytes, at: root) { return open }
                index = max(index, root)
            } else if sign == .declarationOrTag, isFeedTag(bytes, at: open) {
                return open
            }
        }
        return nil
    }

    /// Where a feed begins in a text of which neither its name nor its source says that it is one; nil if none does. Prose may
    /// quote a whole feed: so little may precede it, and nothing may follow.
    static func positionInUnnamedText(_ bytes: [UInt8]) -> Int? {
        guard let start = position(in: Array(bytes.prefix(longestPreface * 2)), sign: .declaration),
            start <= longestPreface, start <= bytes.count - start
        else { return nil }
        let last = bytes.suffix(longestEnd)
        let end = Array(last).trimmed
        let names = ["</rss>", "</rdf:rdf>", "</feed>", ":feed>", ":rss>", "</urlset>", "</sitemapindex>"].map { Array($0.utf8) }
        let lowered = end.map(\.asciiLowercased)
        return names.contains { lowered.suffix($0.count).elementsEqual($0) } ? start : nil
    }

    /// A warning of a few lines.
    private static let longestPreface = 2048
    /// The end tag, and what white space may follow it.
    private static let longestEnd = 256

    /// Whether the first tag of a feed stands at `open`.
    private static func isFeedTag(_ bytes: [UInt8], at open: Int) -> Bool {
        guard open < bytes.count, bytes[open] == UInt8(ascii: "<") else { return false }
        let longestName = 40
        var end = open + 1
        var start = end
        while end < bytes.count, end - open < longestName, bytes[end].isASCIILetter || bytes[end].isASCIIDigit || bytes[end] == UInt8(ascii: ":") {
            if bytes[end] == UInt8(ascii: ":") { start = end + 1 }
            end += 1
        }
        guard end < bytes.count, bytes[end].isXMLSpace || bytes[end] == UInt8(ascii: ">") else { return false }
        return ["rss", "rdf", "feed", "channel", "urlset", "sitemapindex"].contains(String(lowercasing: bytes[start..<end]))
    }

    /// The position of the first tag behind declarations and comments.
    private static func endOfProlog(_ bytes: [UInt8], from start: Int) -> Int {
        var index = start
        while true {
            while index < bytes.count, bytes[index].isXMLSpace { index += 1 }
            let end: Int?
            if bytes.starts(with: "<?", at: index) {
                end = bytes.position(of: UInt8(ascii: ">"), from: index)
            } else if bytes.starts(with: "<!--", at: index) {
                end = bytes.position(of: "-->", from: index + 4).map { $0 + 2 }
            } else if bytes.startsIgnoringCase(with: "<!doctype", at: index) {
                end = DocumentStart.endOfDocumentType(bytes, from: index)
            } else {
                return index
            }
            guard let end, end < bytes.count else { return bytes.count }
            index = end + 1
        }
    }
}
