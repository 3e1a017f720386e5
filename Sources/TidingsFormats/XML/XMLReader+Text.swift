import TidingsCore

extension XMLReader {
    /// Moves to the next child of the element at `depth`, past everything unread inside the previous one; false when
    /// that element or the document has ended.
    mutating func nextChild(of depth: Int) -> Bool {
        while true {
            switch next() {
            case .start: if self.depth == depth + 1 { return true }
            case .end: if self.depth < depth { return false }
            case .text, .literal: continue
            case .finish: return false
            }
        }
    }

    /// The text of the element that has just started, including the elements inside it.
    mutating func readText() -> [UInt8] {
        let depth = depth
        var text: [UInt8] = []
        while true {
            switch next() {
            case .text(let range): append(range, to: &text)
            case .literal(let range): appendLiteral(range, to: &text)
            case .end: if self.depth < depth { return text }
            case .start: continue
            case .finish: return text
            }
        }
    }

    /// The content of the element that has just started, its child elements written as HTML; and whether it has any.
    mutating func readMarkup() -> (bytes: [UInt8], hasElements: Bool) {
        let depth = depth
        var text: [UInt8] = []
        while true {
            switch next() {
            case .text(let range): append(range, to: &text)
            case .literal(let range): appendLiteral(range, to: &text)
            case .start:
                // Only the first child shows that this is markup: the `<` and `&` of the text before it must stay
                // escaped.
                var markup: [UInt8] = []
                for byte in text { Self.appendEscaped(byte, to: &markup) }
                return (readElements(depth: depth, after: markup), true)
            case .end: if self.depth < depth { return (text, false) }
            case .finish: return (text, false)
            }
        }
    }

    /// The rest of `readMarkup`, from the start of the first child on.
    private mutating func readElements(depth: Int, after start: [UInt8]) -> [UInt8] {
        var markup = start
        var open = [name.local]
        writeStart(to: &markup)
        while true {
            switch next() {
            case .text(let range): appendEscaped(range, to: &markup)
            case .literal(let range):
                // CDATA between elements is a mistake with a clear meaning: its text is HTML.
                appendLiteral(range, to: &markup)
            case .start:
                open.append(name.local)
                writeStart(to: &markup)
            case .end:
                if self.depth < depth { return markup }
                if let local = open.popLast(), !Self.isVoid(local) { markup += Array("</\(local)>".utf8) }
            case .finish: return markup
            }
        }
    }

    private func writeStart(to markup: inout [UInt8]) {
        markup += Array("<\(name.local)".utf8)
        for attribute in attributes where attribute.name.namespace == .rss {
            markup += Array(" \(attribute.name.local)=\"".utf8)
            for byte in attribute.value.utf8 { Self.appendEscaped(byte, to: &markup) }
            markup.append(UInt8(ascii: "\""))
        }
        markup.append(UInt8(ascii: ">"))
    }

    /// Elements of HTML that have no end tag (HTML Living Standard §13.1.2).
    private static func isVoid(_ local: String) -> Bool {
        switch local {
        case "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr": true
        default: false
        }
    }

    private static func appendEscaped(_ byte: UInt8, to markup: inout [UInt8]) {
        switch byte {
        case UInt8(ascii: "&"): markup += Array("&amp;".utf8)
        case UInt8(ascii: "<"): markup += Array("&lt;".utf8)
        case UInt8(ascii: ">"): markup += Array("&gt;".utf8)
        case UInt8(ascii: "\""): markup += Array("&quot;".utf8)
        default: markup.append(byte)
        }
    }

    private mutating func appendEscaped(_ range: Range<Int>, to markup: inout [UInt8]) {
        var decoded: [UInt8] = []
        append(range, to: &decoded)
        for byte in decoded { Self.appendEscaped(byte, to: &markup) }
    }

    // MARK: Characters

    /// Appends the text at `range` with its references decoded, line ends as `\n` and forbidden characters dropped.
    mutating func append(_ range: Range<Int>, to text: inout [UInt8]) {
        var start = range.lowerBound
        while true {
            let index = text.append(decoding: bytes, in: start..<range.upperBound)
            guard index < range.upperBound else { return }
            if bytes[index] == UInt8(ascii: "&") {
                start = appendReference(at: index, limit: range.upperBound, to: &text)
            } else {
                appendControl(at: index, to: &text)
                start = index + 1
            }
        }
    }

    /// Appends the text at `range`, in which `&` is an ordinary character.
    mutating func appendLiteral(_ range: Range<Int>, to text: inout [UInt8]) {
        var start = range.lowerBound
        while true {
            let index = bytes.positionOfControl(or: 0, 0, 0, in: start..<range.upperBound)
            text += bytes[start..<index]
            guard index < range.upperBound else { return }
            appendControl(at: index, to: &text)
            start = index + 1
        }
    }

    private mutating func appendControl(at index: Int, to text: inout [UInt8]) {
        if bytes[index] == 0x0D {
            // "\r\n" and "\r" are read as "\n" (XML 1.0 §2.11).
            if index + 1 >= bytes.count || bytes[index + 1] != 0x0A { text.append(0x0A) }
        } else {
            report("control character \(bytes[index]), which XML does not allow", at: index)
        }
    }

    /// Appends the meaning of the reference at `index`, which is none of the predefined ones. Returns where it ends.
    private mutating func appendReference(at index: Int, limit: Int, to text: inout [UInt8]) -> Int {
        let longestName = 32
        var end = index + 1
        while end < limit, end - index <= longestName,
            bytes[end].isASCIILetter || bytes[end].isASCIIDigit || bytes[end] == UInt8(ascii: "#")
        {
            end += 1
        }
        guard end < limit, end > index + 1, bytes[end] == UInt8(ascii: ";") else {
            report("'&' that is not escaped", at: index)
            text.append(UInt8(ascii: "&"))
            return index + 1
        }
        if bytes[index + 1] == UInt8(ascii: "#") {
            let number = String(decoding: bytes[index + 2..<end], as: UTF8.self)
            if let scalar = Self.scalar(ofNumber: number[...]) {
                text.append(contentsOf: scalar.utf8)
            } else {
                report("&#\(number); is no character", at: index)
            }
        } else if let reference = HTMLReference(bytes, at: index, inAttribute: false), reference.end == end + 1 {
            for case let scalar? in [reference.scalars.0, reference.scalars.1] { text.append(contentsOf: scalar.utf8) }
        } else {
            report("entity '\(String(decoding: bytes[index + 1..<end], as: UTF8.self))' is not defined", at: index)
            text += bytes[index...end]
        }
        return end + 1
    }

    private static func scalar(ofNumber digits: Substring) -> Unicode.Scalar? {
        let isHex = digits.first == "x" || digits.first == "X"
        guard let value = UInt32(isHex ? digits.dropFirst() : digits, radix: isHex ? 16 : 10) else { return nil }
        // Writers use the numbers of windows-1252, as HTML allows (HTML Living Standard §13.2.5.80).
        if (0x80...0x9F).contains(value) { return Charset.windows1252[Int(value - 0x80)] }
        guard value >= 0x20 || value == 0x09 || value == 0x0A || value == 0x0D, value != 0xFFFE, value != 0xFFFF
        else { return nil }
        return Unicode.Scalar(value)
    }
}
