import TidingsCore

/// One header field (RFC 9110 §5).
package struct HeaderField: Hashable, Sendable {
    package var name: String
    package var value: String

    package init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }
}

/// The header fields of a response. They are stored unparsed, because only a few of them are ever read.
package struct HeaderFields: Equatable, Sendable {
    /// Field lines, each with its line end.
    private(set) var bytes: [UInt8] = []

    package init() {}

    /// - Parameter bytes: field lines as `bytes` has them.
    init(bytes: [UInt8]) { self.bytes = bytes }

    /// The value of the first field of that name, without surrounding white space. Case does not matter (RFC 9110 §5.1).
    package subscript(_ name: String) -> String? { values(name, atMost: 1).first }

    /// The values of all fields of that name, one per field line.
    package func all(_ name: String) -> [String] { values(name, atMost: .max) }

    /// Appends one field line with its line end. A line without a colon is not a field and is never found.
    mutating func append(line: some Collection<UInt8>) { bytes.append(contentsOf: line) }

    private func values(_ name: String, atMost limit: Int) -> [String] {
        var found: [String] = []
        var rest = bytes[...]
        while found.count < limit, !rest.isEmpty {
            let line = rest.prefix { $0 != UInt8(ascii: "\n") }
            rest = rest.dropFirst(line.count + 1)
            if let value = value(of: name.utf8, in: line) { found.append(value) }
        }
        return found
    }

    private func value(of name: String.UTF8View, in line: ArraySlice<UInt8>) -> String? {
        let end = line.startIndex + name.count
        guard end < line.endIndex, line[end] == UInt8(ascii: ":"),
            line[..<end].elementsEqual(name, by: { $0.asciiLowercased == $1.asciiLowercased })
        else { return nil }
        // The line feed is cut off already.
        let isSpace: (UInt8) -> Bool = { $0.isFieldSpace || $0 == 0x0D }
        var value = line[(end + 1)...].drop(while: isSpace)
        while let last = value.last, isSpace(last) { value.removeLast() }
        return String(decoding: value, as: UTF8.self)
    }
}
