/// Reads JSON (RFC 8259) for callers that need more than single fields: documents, answers, our own records.
///
/// Damaged documents need what Foundation's decoder does not give: the line of an error, and the values before it. The
/// reader accepts mistakes whose meaning is clear: a comma before the end of an object or array, line ends in strings.
package struct JSONReader {
    /// How deep arrays and objects may be nested.
    package static let depthLimit = 64

    package struct Failure: Error, Equatable {
        package var message: String
        /// 1, 2, 3 … from the start of the text.
        package var line: Int

        package init(message: String, line: Int) {
            self.message = message
            self.line = line
        }
    }

    private let bytes: [UInt8]
    private let start: Int
    private var position: Int
    private let end: Int
    private var depth = 0

    package init(_ bytes: [UInt8], range: Range<Int>? = nil) {
        self.bytes = bytes
        start = range?.lowerBound ?? 0
        position = start
        end = range?.upperBound ?? bytes.count
    }

    /// Reads the whole text as one value.
    package mutating func document() throws(Failure) -> JSONTree {
        let value = try value()
        try expectEnd()
        return value
    }

    /// Whether only white space is left.
    package mutating func isAtEnd() -> Bool {
        skipSpace()
        return position == end
    }

    package mutating func expectEnd() throws(Failure) {
        guard isAtEnd() else { throw failure("text after the end of the document") }
    }

    /// Reads the elements of the array that begins here, up to the first that cannot be read, and the reason for that.
    package mutating func elementsUpToFailure() -> (elements: [JSONTree], failure: Failure?) {
        var elements: [JSONTree] = []
        do throws(Failure) {
            try array { element in elements.append(element) }
            return (elements, nil)
        } catch {
            return (elements, error)
        }
    }

    package mutating func skipSpace() {
        while position < end, bytes[position].isXMLSpace { position += 1 }
    }

    /// Skips `byte` if it is next.
    package mutating func skip(_ byte: Unicode.Scalar) -> Bool {
        skipSpace()
        guard position < end, bytes[position] == UInt8(ascii: byte) else { return false }
        position += 1
        return true
    }

    private func failure(_ message: String) -> Failure {
        let newlines = bytes[start..<min(position, end)].reduce(0) { $1 == 0x0A ? $0 + 1 : $0 }
        return Failure(message: message, line: newlines + 1)
    }

    package mutating func value() throws(Failure) -> JSONTree {
        skipSpace()
        guard position < end else { throw failure("the document ends inside a value") }
        switch bytes[position] {
        case UInt8(ascii: "{"):
            var members: [(key: String, value: JSONTree)] = []
            try object { key, reader throws(Failure) in members.append((key, try reader.value())) }
            return .object(members)
        case UInt8(ascii: "["):
            var elements: [JSONTree] = []
            try array { elements.append($0) }
            return .array(elements)
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        default: return try number()
        }
    }

    /// Reads the object that begins here; `readMember` reads the value of each member.
    package mutating func object(
        _ readMember: (String, inout JSONReader) throws(Failure) -> Void
    ) throws(Failure) {
        guard skip("{") else { throw failure("an object is expected") }
        try enter()
        if !skip("}") {
            repeat {
                skipSpace()
                // A comma before the end is a common mistake.
                if position < end, bytes[position] == UInt8(ascii: "}") { break }
                let key = try string()
                guard skip(":") else { throw failure("':' is expected") }
                try readMember(key, &self)
            } while skip(",")
            guard skip("}") else { throw failure("',' or '}' is expected") }
        }
        depth -= 1
    }

    private mutating func array(_ append: (JSONTree) -> Void) throws(Failure) {
        guard skip("[") else { throw failure("an array is expected") }
        try enter()
        if !skip("]") {
            repeat {
                skipSpace()
                if position < end, bytes[position] == UInt8(ascii: "]") { break }
                append(try value())
            } while skip(",")
            guard skip("]") else { throw failure("',' or ']' is expected") }
        }
        depth -= 1
    }

    private mutating func enter() throws(Failure) {
        depth += 1
        guard depth <= Self.depthLimit else { throw failure("values are nested deeper than \(Self.depthLimit)") }
    }

    private mutating func word(_ word: StaticString, _ value: JSONTree) throws(Failure) -> JSONTree {
        let next = bytes[position..<min(position + word.utf8CodeUnitCount, end)]
        guard word.withUTF8Buffer({ unsafe next.elementsEqual($0) }) else { throw failure("a value is expected") }
        position = next.endIndex
        return value
    }

    private mutating func number() throws(Failure) -> JSONTree {
        let start = position
        while position < end, bytes[position].isASCIIDigit || "-+.eE".utf8.contains(bytes[position]) { position += 1 }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        guard Double(text) != nil else { throw failure("a value is expected") }
        return .number(text)
    }

    private mutating func string() throws(Failure) -> String {
        guard skip("\"") else { throw failure("a string is expected") }
        // Hardly any string has an escape: then its bytes are those that stand here.
        var text: [UInt8] = []
        var start = position
        while position < end {
            switch bytes[position] {
            case UInt8(ascii: "\""):
                let rest = bytes[start..<position]
                position += 1
                return text.isEmpty ? String(decoding: rest, as: UTF8.self) : String(decoding: text + rest, as: UTF8.self)
            case UInt8(ascii: "\\"):
                text += bytes[start..<position]
                position += 1
                try escape(into: &text)
                start = position
            default: position += 1
            }
        }
        throw failure("the document ends inside a string")
    }

    private mutating func escape(into text: inout [UInt8]) throws(Failure) {
        guard position < end else { throw failure("the document ends inside a string") }
        let byte = bytes[position]
        position += 1
        switch byte {
        case UInt8(ascii: "n"): text.append(0x0A)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "r"): text.append(0x0D)
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "f"): text.append(0x0C)
        case UInt8(ascii: "u"):
            var unit = try hexUnit()
            if unit & 0xFC00 == 0xD800, position + 1 < end, bytes[position] == UInt8(ascii: "\\"),
                bytes[position + 1] == UInt8(ascii: "u")
            {
                let mark = position
                position += 2
                let low = try hexUnit()
                if low & 0xFC00 == 0xDC00 {
                    unit = 0x10000 + (unit & 0x3FF) << 10 + low & 0x3FF
                } else {
                    position = mark
                }
            }
            text += Array(String(Unicode.Scalar(unit) ?? "\u{FFFD}").utf8)
        default: text.append(byte)
        }
    }

    private mutating func hexUnit() throws(Failure) -> UInt32 {
        guard position + 4 <= end,
            let unit = UInt32(String(decoding: bytes[position..<position + 4], as: UTF8.self), radix: 16)
        else { throw failure("a \\u escape has not four hexadecimal digits") }
        position += 4
        return unit
    }
}
