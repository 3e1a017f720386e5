/// One header field (RFC 9110 §5).
package struct HeaderField: Hashable, Sendable {
    package var name: String
    package var value: String

    package init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }
}

/// The header fields of a response, in the order and the spelling they came in.
package struct HeaderFields: Equatable, Sendable {
    package private(set) var fields: [HeaderField] = []

    package init(_ fields: [HeaderField] = []) { self.fields = fields }

    /// The value of the first field of that name, whatever its case (RFC 9110 §5.1).
    package subscript(_ name: String) -> String? { fields.first { sameName($0.name, name) }?.value }

    /// The values of all fields of that name: none, or one per field line.
    package func all(_ name: String) -> [String] { fields.filter { sameName($0.name, name) }.map(\.value) }

    /// Takes one field line, without white space about the value. A line without a colon is none, and passed over.
    mutating func append(line: some Collection<UInt8>) {
        let parts = line.split(separator: UInt8(ascii: ":"), maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty else { return }
        let isSpace: (UInt8) -> Bool = { $0 == 0x20 || $0 == 0x09 || $0 == 0x0D || $0 == 0x0A }
        var value = Array(parts[1].drop(while: isSpace))
        while let last = value.last, isSpace(last) { value.removeLast() }
        fields.append(HeaderField(String(decoding: parts[0], as: UTF8.self), String(decoding: value, as: UTF8.self)))
    }
}

private func sameName(_ left: String, _ right: String) -> Bool {
    left.utf8.elementsEqual(right.utf8) { lowercase($0) == lowercase($1) }
}

func lowercase(_ byte: UInt8) -> UInt8 {
    (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
}
