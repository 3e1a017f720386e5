/// Writes compact JSON (RFC 8259) with the keys in the order of the calls. The change stream's bytes are a contract, and
/// encoders that go through dictionaries promise no order.
package struct JSONWriter: ~Copyable {
    package private(set) var bytes: [UInt8] = []

    package init(capacity: Int = 1024) { bytes.reserveCapacity(capacity) }

    /// `{ … }`, where `body` writes the fields.
    package mutating func object(_ body: (inout JSONWriter) -> Void) {
        separate()
        bytes.append(UInt8(ascii: "{"))
        body(&self)
        bytes.append(UInt8(ascii: "}"))
    }

    package mutating func object(_ key: StaticString, _ body: (inout JSONWriter) -> Void) {
        name(key)
        object(body)
    }

    /// `"key":[ … ]`, where `body` writes one element; nothing at all for an empty list.
    package mutating func array<Element>(
        _ key: StaticString, _ elements: [Element], _ body: (inout JSONWriter, Element) -> Void
    ) {
        guard !elements.isEmpty else { return }
        name(key)
        bytes.append(UInt8(ascii: "["))
        for element in elements { body(&self, element) }
        bytes.append(UInt8(ascii: "]"))
    }

    /// `"key":"value"`; nothing at all if the value is absent, because the stream has no nulls.
    package mutating func field(_ key: StaticString, _ value: String?) {
        guard let value else { return }
        name(key)
        string(value)
    }

    package mutating func field(_ key: StaticString, _ value: Int64?) {
        guard let value else { return }
        name(key)
        bytes.append(contentsOf: String(value).utf8)
    }

    package mutating func field(_ key: StaticString, _ value: Int?) { field(key, value.map(Int64.init)) }

    package mutating func field(_ key: StaticString, _ value: Bool) {
        name(key)
        bytes.append(contentsOf: (value ? "true" : "false").utf8)
    }

    /// `"key":` followed by `json`, which is one complete JSON value.
    package mutating func field(_ key: StaticString, json: [UInt8]) {
        name(key)
        bytes.append(contentsOf: json)
    }

    /// Appends members to the object being written, byte for byte: `"title":"…","url":"…"`, or nothing.
    package mutating func members(_ json: [UInt8]) {
        guard !json.isEmpty else { return }
        separate()
        bytes.append(contentsOf: json)
    }

    /// An element of the array being written.
    package mutating func integer(_ value: Int) {
        separate()
        bytes.append(contentsOf: String(value).utf8)
    }

    /// A string as an element of the array being written, or as a field's value.
    package mutating func string(_ value: String) {
        separate()
        bytes.append(UInt8(ascii: "\""))
        var value = value
        value.withUTF8 { utf8 in
            // Runs that need no escape, nearly all text, are copied whole.
            var start = 0
            for position in utf8.indices {
                let byte = unsafe utf8[position]
                if Self.needsEscape(byte) {
                    unsafe bytes.append(contentsOf: utf8[start..<position])
                    escape(byte)
                    start = position + 1
                } else if byte == 0xC2 || byte == 0xE2, let end = unsafe LineEnd(utf8[position...]) {
                    unsafe bytes.append(contentsOf: utf8[start..<position])
                    bytes.append(contentsOf: end.escape.utf8)
                    start = position + end.width
                }
            }
            unsafe bytes.append(contentsOf: utf8[start...])
        }
        bytes.append(UInt8(ascii: "\""))
    }

    /// How many bytes `scalar` occupies in a string.
    package static func bytes(of scalar: Unicode.Scalar) -> Int {
        switch scalar.value {
        case 0x22, 0x5C, 0x0A, 0x0D, 0x09: 2
        case 0..<0x20, 0x7F, 0x85, 0x2028, 0x2029: 6
        default: UTF8.width(scalar)
        }
    }

    private static func needsEscape(_ byte: UInt8) -> Bool { byte < 0x20 || byte == 0x22 || byte == 0x5C || byte == 0x7F }

    private mutating func escape(_ byte: UInt8) {
        bytes.append(UInt8(ascii: "\\"))
        switch byte {
        case 0x0A: bytes.append(UInt8(ascii: "n"))
        case 0x0D: bytes.append(UInt8(ascii: "r"))
        case 0x09: bytes.append(UInt8(ascii: "t"))
        case 0x22, 0x5C: bytes.append(byte)
        default:
            bytes.append(contentsOf: "u00".utf8)
            bytes.append(contentsOf: hex([byte]).utf8)
        }
    }

    private mutating func name(_ key: StaticString) {
        separate()
        bytes.append(UInt8(ascii: "\""))
        key.withUTF8Buffer { utf8 in unsafe bytes.append(contentsOf: utf8) }
        bytes.append(UInt8(ascii: "\""))
        bytes.append(UInt8(ascii: ":"))
    }

    /// Writes a comma, unless the next value is the first of its container or follows its name.
    private mutating func separate() {
        switch bytes.last {
        case nil, UInt8(ascii: "{"), UInt8(ascii: "["), UInt8(ascii: ":"): return
        default: bytes.append(UInt8(ascii: ","))
        }
    }
}

/// A line end of Unicode that is none in JSON. Many programs that read a file by lines end one there all the same, and would get
/// half an object.
private struct LineEnd {
    let escape: String
    /// Bytes in UTF-8.
    let width: Int

    /// Nil if the bytes do not begin with one.
    init?(_ utf8: some Collection<UInt8>) {
        if utf8.starts(with: [0xC2, 0x85]) {
            (escape, width) = ("\\u0085", 2)
        } else if utf8.starts(with: [0xE2, 0x80, 0xA8]) {
            (escape, width) = ("\\u2028", 3)
        } else if utf8.starts(with: [0xE2, 0x80, 0xA9]) {
            (escape, width) = ("\\u2029", 3)
        } else {
            return nil
        }
    }
}
