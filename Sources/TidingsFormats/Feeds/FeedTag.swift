/// What looks like a tag of HTML in a feed's text.
struct FeedTag {
    let range: Range<Int>
    /// In lowercase.
    let name: String
    let isEnd: Bool
    /// `name=value` stands in it.
    let hasAttributes: Bool
    /// Whether a `>` ends it, and not the text.
    let isWhole: Bool

    /// The tag whose `<` is at `open`; nil if it is none.
    init?(_ bytes: [UInt8], at open: Int) {
        let longestName = 20
        var index = open + 1
        let isEnd = index < bytes.count && bytes[index] == UInt8(ascii: "/")
        if isEnd { index += 1 }
        let first = index
        guard first < bytes.count, bytes[first].isASCIILetter else { return nil }
        while index < bytes.count, index - first <= longestName, bytes[index].isASCIILetter || bytes[index].isASCIIDigit {
            index += 1
        }
        guard index - first <= longestName, index < bytes.count,
            bytes[index].isXMLSpace || bytes[index] == UInt8(ascii: ">") || bytes[index] == UInt8(ascii: "/")
        else { return nil }
        name = String(lowercasing: bytes[first..<index])
        var hasAttributes = false
        while index < bytes.count, bytes[index] != UInt8(ascii: ">") {
            switch bytes[index] {
            case UInt8(ascii: "<"): return nil
            case UInt8(ascii: "="):
                hasAttributes = true
                index = Self.endOfValue(bytes, from: index + 1)
            default: index += 1
            }
        }
        self.isEnd = isEnd
        self.hasAttributes = hasAttributes
        isWhole = index < bytes.count
        range = open..<min(index + 1, bytes.count)
    }

    private static func endOfValue(_ bytes: [UInt8], from start: Int) -> Int {
        var index = start
        while index < bytes.count, bytes[index].isXMLSpace { index += 1 }
        guard index < bytes.count, bytes[index] == UInt8(ascii: "\"") || bytes[index] == UInt8(ascii: "'") else { return index }
        return bytes.position(of: bytes[index], from: index + 1).map { $0 + 1 } ?? bytes.count
    }

    /// The value of an attribute, its references decoded; nil if it is not there.
    func attribute(_ wanted: String, in bytes: [UInt8]) -> [UInt8]? {
        var index = range.lowerBound + 1 + name.utf8.count
        while index < range.upperBound {
            guard bytes[index].isASCIILetter else {
                index += 1
                continue
            }
            let start = index
            while index < range.upperBound, bytes[index].isASCIILetter || bytes[index] == UInt8(ascii: "-") { index += 1 }
            let name = String(lowercasing: bytes[start..<index])
            while index < range.upperBound, bytes[index].isXMLSpace { index += 1 }
            guard index < range.upperBound, bytes[index] == UInt8(ascii: "=") else { continue }
            index += 1
            while index < range.upperBound, bytes[index].isXMLSpace { index += 1 }
            let value = index
            let isQuoted = bytes[value] == UInt8(ascii: "\"") || bytes[value] == UInt8(ascii: "'")
            index = min(max(Self.endOfValue(bytes, from: value), value + 1), range.upperBound)
            while !isQuoted, index < range.upperBound - 1, !bytes[index].isXMLSpace { index += 1 }
            if name == wanted {
                let inner = isQuoted && index - value >= 2 ? value + 1..<index - 1 : value..<index
                return FeedMarkup.decoded(Array(bytes[inner]))
            }
        }
        return nil
    }
}
