import TidingsCore

/// Reads the part of TOML 1.0 that front matter needs: keys with strings, numbers, dates, arrays and tables, in tables of
/// one level. Dates and numbers stay texts. A value that it cannot read costs its field and is the `problem`.
struct TOMLReader {
    /// The first mistake.
    private(set) var problem: Problem?

    private let bytes: [UInt8]
    private var position = 0

    private static let depthLimit = 8
    /// A table with more fields describes no article.
    private static let memberLimit = 1000

    private struct Mistake: Error {}

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// The fields by key, in lowercase; a table is an object, and an array of tables a list of objects.
    mutating func tables() -> [String: JSONTree] {
        var fields: [String: JSONTree] = [:]
        var table: (name: String, isListed: Bool)?
        while true {
            skipBlankLines()
            guard let byte = next else { return fields }
            let start = position
            do {
                if byte == UInt8(ascii: "[") {
                    table = try header()
                    if let table, table.isListed { Self.append(.object([]), to: table.name, in: &fields) }
                } else {
                    let key = try key()
                    guard skip(UInt8(ascii: "=")) else { throw Mistake() }
                    skipSpace()
                    let value = try value(depth: 0)
                    try endOfLine()
                    Self.put(value, key, in: table?.name, &fields)
                }
            } catch {
                problem = problem ?? Problem("front matter is not TOML", line: line(at: start))
                skipLine()
            }
        }
    }

    private static func append(_ value: JSONTree, to name: String, in fields: inout [String: JSONTree]) {
        fields[name] = .array((fields[name]?.elements ?? []) + [value])
    }

    private static func put(_ value: JSONTree, _ key: [String], in table: String?, _ fields: inout [String: JSONTree]) {
        let path = (table.map { [$0] } ?? []) + key
        guard path.count > 1 else {
            fields[path[0]] = value
            return
        }
        if case .object(let members)? = fields[path[0]], members.count >= memberLimit { return }
        let member = (key: path.dropFirst().joined(separator: "."), value: value)
        if case .array(var elements)? = fields[path[0]], case .object(let members)? = elements.last {
            elements[elements.count - 1] = .object(members + [member])
            fields[path[0]] = .array(elements)
        } else if case .object(let members)? = fields[path[0]] {
            fields[path[0]] = .object(members + [member])
        } else {
            fields[path[0]] = .object([member])
        }
    }

    // MARK: Keys

    private mutating func header() throws -> (name: String, isListed: Bool) {
        position += 1
        let isListed = skip(UInt8(ascii: "["))
        let name = try key().joined(separator: ".")
        guard skip(UInt8(ascii: "]")), !isListed || skip(UInt8(ascii: "]")) else { throw Mistake() }
        try endOfLine()
        return (name, isListed)
    }

    /// The parts of a key such as `taxonomies.tags`.
    private mutating func key() throws -> [String] {
        var parts: [String] = []
        repeat {
            skipSpace()
            if next == UInt8(ascii: "\"") || next == UInt8(ascii: "'") {
                parts.append(try string().lowercased())
            } else {
                let start = position
                while let byte = next, byte.isASCIILetter || byte.isASCIIDigit || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-") {
                    position += 1
                }
                guard position > start else { throw Mistake() }
                parts.append(String(lowercasing: bytes[start..<position]))
            }
            skipSpace()
        } while skip(UInt8(ascii: "."))
        return parts
    }

    // MARK: Values

    private mutating func value(depth: Int) throws -> JSONTree {
        guard depth < Self.depthLimit else { throw Mistake() }
        switch next {
        case UInt8(ascii: "\""), UInt8(ascii: "'"): return .string(try string())
        case UInt8(ascii: "["):
            position += 1
            var elements: [JSONTree] = []
            while true {
                skipBlankLines()
                if skip(UInt8(ascii: "]")) { return .array(elements) }
                elements.append(try value(depth: depth + 1))
                skipBlankLines()
                guard skip(UInt8(ascii: ",")) || next == UInt8(ascii: "]") else { throw Mistake() }
            }
        case UInt8(ascii: "{"):
            position += 1
            var members: [(key: String, value: JSONTree)] = []
            while true {
                skipSpace()
                if skip(UInt8(ascii: "}")) { return .object(members) }
                let key = try key().joined(separator: ".")
                guard skip(UInt8(ascii: "=")) else { throw Mistake() }
                skipSpace()
                members.append((key, try value(depth: depth + 1)))
                skipSpace()
                guard skip(UInt8(ascii: ",")) || next == UInt8(ascii: "}") else { throw Mistake() }
            }
        default: return .string(try bareValue())
        }
    }

    /// A number, a date or a truth value, as it is spelled.
    private mutating func bareValue() throws -> String {
        let start = position
        while let byte = next, byte >= 0x20, !Self.endsBareValue(byte) { position += 1 }
        let text = foldedSpace(bytes[start..<position])
        guard let first = text.utf8.first else { throw Mistake() }
        let isNumber = first.isASCIIDigit || first == UInt8(ascii: "+") || first == UInt8(ascii: "-")
        guard isNumber || ["true", "false", "inf", "nan"].contains(text) else { throw Mistake() }
        // Only a date may have a space in it, before its time.
        let datePartBytes = 10
        guard text.utf8.firstIndex(of: 0x20).map({ text.utf8.distance(from: text.startIndex, to: $0) == datePartBytes }) ?? true
        else { throw Mistake() }
        return text
    }

    private static func endsBareValue(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: ","), UInt8(ascii: "]"), UInt8(ascii: "}"), UInt8(ascii: "#"): true
        default: false
        }
    }

    private mutating func string() throws -> String {
        guard let quote = next else { throw Mistake() }
        let isLong = bytes.starts(with: [quote, quote, quote], at: position)
        position += isLong ? 3 : 1
        if isLong, next == 0x0D { position += 1 }
        if isLong, next == 0x0A { position += 1 }
        var text: [UInt8] = []
        while let byte = next {
            if byte == quote, !isLong || bytes.starts(with: [quote, quote, quote], at: position) {
                position += isLong ? 3 : 1
                return String(repairing: text)
            }
            guard isLong || byte != 0x0A else { throw Mistake() }
            position += 1
            if byte == UInt8(ascii: "\\"), quote == UInt8(ascii: "\"") {
                text += try escape()
            } else {
                text.append(byte)
            }
        }
        throw Mistake()
    }

    /// What the escape stands for whose backslash has just been read.
    private mutating func escape() throws -> [UInt8] {
        guard let byte = next else { throw Mistake() }
        position += 1
        switch byte {
        case UInt8(ascii: "n"): return [0x0A]
        case UInt8(ascii: "t"): return [0x09]
        case UInt8(ascii: "r"): return [0x0D]
        case UInt8(ascii: "b"), UInt8(ascii: "f"): return [0x20]
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): return [byte]
        case UInt8(ascii: "u"): return try scalar(digits: 4)
        case UInt8(ascii: "U"): return try scalar(digits: 8)
        case 0x0A, 0x0D, 0x20, 0x09:
            // A line that ends with a backslash goes on with the next text.
            while let space = next, space <= 0x20 { position += 1 }
            return []
        default: throw Mistake()
        }
    }

    private mutating func scalar(digits: Int) throws -> [UInt8] {
        var value: UInt32 = 0
        for _ in 0..<digits {
            guard let digit = next?.hexDigitValue else { throw Mistake() }
            value = value << 4 | UInt32(digit)
            position += 1
        }
        guard let scalar = Unicode.Scalar(value) else { throw Mistake() }
        return Array(String(Character(scalar)).utf8)
    }

    // MARK: Bytes

    private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func skip(_ byte: UInt8) -> Bool {
        guard next == byte else { return false }
        position += 1
        return true
    }

    private mutating func skipSpace() {
        while next == 0x20 || next == 0x09 { position += 1 }
    }

    private mutating func skipLine() {
        while let byte = next, byte != 0x0A { position += 1 }
    }

    private mutating func skipBlankLines() {
        while let byte = next {
            if byte == UInt8(ascii: "#") { skipLine() } else if byte <= 0x20 { position += 1 } else { return }
        }
    }

    private mutating func endOfLine() throws {
        skipSpace()
        if next == UInt8(ascii: "#") { skipLine() }
        _ = skip(0x0D)
        guard next == nil || next == 0x0A else { throw Mistake() }
    }

    /// The opening fence is line 1.
    private func line(at position: Int) -> Int { 2 + bytes[..<position].count { $0 == 0x0A } }
}
