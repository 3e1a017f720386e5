import TidingsCore

/// Repairs the one mistake of OPML writers that loses feeds: quotes of a title or a description that are not escaped in
/// an attribute, `text="The "Daily" News"`. Such a value seems to end early, and what follows may end the tag.
///
/// A quote ends a value if something follows that belongs to a tag. In well-formed XML the first quote does, and
/// nothing changes. If it does not, the rule for the later quotes is stricter: an attribute of OPML or the end of the
/// tag must follow, because a description can contain HTML.
struct OutlineQuotes {
    /// If none of this many quotes ends a value, it is left as it is: text with so many is no attribute.
    private static let quoteLimit = 32
    private static let attributeNames: Set<String> = [
        "text", "title", "description", "type", "xmlurl", "htmlurl", "url", "language", "version", "category", "created",
    ]

    /// The document with those quotes escaped. Its lines keep their numbers.
    private(set) var repaired: [UInt8] = []
    private(set) var problems = ProblemLog()
    private let bytes: [UInt8]
    private var copied = 0
    private var line = 1

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        repaired.reserveCapacity(bytes.count)
        var index = 0
        while let tag = bytes.position(of: "<outline", from: index) { index = readTag(from: tag + 8) }
        copy(to: bytes.count)
    }

    /// Reads the attributes from `start` on. Returns where the tag ends.
    private mutating func readTag(from start: Int) -> Int {
        var index = start
        var hasEquals = false
        while index < bytes.count, bytes[index] != UInt8(ascii: ">"), bytes[index] != UInt8(ascii: "<") {
            let byte = bytes[index]
            if hasEquals, byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
                index = readValue(from: index)
                hasEquals = false
            } else {
                if !byte.isXMLSpace { hasEquals = byte == UInt8(ascii: "=") }
                index += 1
            }
        }
        return index
    }

    /// Reads the value whose first quote is at `open`. Returns where it ends.
    private mutating func readValue(from open: Int) -> Int {
        let quote = bytes[open]
        guard let first = bytes.position(of: quote, from: open + 1) else { return bytes.count }
        if endsValue(first, isSure: true) { return first + 1 }
        var inner = [first]
        while let next = bytes.position(of: quote, from: inner[inner.count - 1] + 1), inner.count < Self.quoteLimit {
            if startsValue(next) { break }
            if endsValue(next, isSure: false) {
                escape(inner)
                return next + 1
            }
            inner.append(next)
        }
        return first + 1
    }

    /// Whether the text after the quote at `index` belongs to a tag; unless `isSure`, to a tag of OPML and not of HTML.
    private func endsValue(_ index: Int, isSure: Bool) -> Bool {
        let next = skipSpace(index + 1)
        guard next < bytes.count else { return true }
        if bytes[next] == UInt8(ascii: ">") || bytes.starts(with: "/>", at: next) {
            let text = skipSpace(next + (bytes[next] == UInt8(ascii: ">") ? 1 : 2))
            return isSure || text >= bytes.count || bytes[text] == UInt8(ascii: "<")
        }
        var end = next
        while end < bytes.count, bytes[end].isASCIILetter || bytes[end].isASCIIDigit || ":_-.".utf8.contains(bytes[end]) {
            end += 1
        }
        let equals = skipSpace(end)
        guard end > next, equals < bytes.count, bytes[equals] == UInt8(ascii: "=") else { return false }
        return isSure || isAttribute(next..<end)
    }

    /// Whether the name of an OPML attribute precedes the quote at `index`, so that a value begins there.
    private func startsValue(_ index: Int) -> Bool {
        guard bytes[index - 1] == UInt8(ascii: "=") else { return false }
        var start = index - 1
        while start > 0, bytes[start - 1].isASCIILetter { start -= 1 }
        return isAttribute(start..<index - 1)
    }

    private func isAttribute(_ name: Range<Int>) -> Bool {
        Self.attributeNames.contains(String(decoding: bytes[name].lazy.map(\.asciiLowercased), as: UTF8.self))
    }

    private func skipSpace(_ index: Int) -> Int {
        var index = index
        while index < bytes.count, bytes[index].isXMLSpace { index += 1 }
        return index
    }

    private mutating func escape(_ quotes: [Int]) {
        for quote in quotes {
            copy(to: quote)
            repaired += Array((bytes[quote] == UInt8(ascii: "'") ? "&apos;" : "&quot;").utf8)
            copied = quote + 1
        }
        problems.add(Problem("quotes inside an attribute that are not escaped", line: line))
    }

    private mutating func copy(to end: Int) {
        for byte in bytes[copied..<end] where byte == UInt8(ascii: "\n") { line += 1 }
        repaired += bytes[copied..<end]
        copied = end
    }
}
