import TidingsCore

/// The fields of a change line by which lines are chosen and texts are found.
///
/// `tail`, the checks and the recovery read each line of a stream through this. So it makes no `JSONTree`: it looks at the
/// bytes up to the last field that it wants, and relies on the fixed order of keys that `ChangeLine` writes.
package struct ChangeLineFields: Equatable, Sendable {
    /// The stream id: a UUID.
    package let stream: String
    /// `tidings.article.updated`, …
    package let type: String
    /// When it was committed, RFC 3339.
    package let time: String
    /// The article's id; absent for changes of a source or of the stream.
    package let subject: String?
    /// The number of the version that the change is about (`data.version`).
    package let version: Int?
    /// The name of the source (`data.origin.source`).
    package let sourceName: String?

    /// Nil if `line` is no change line.
    package init?(_ line: [UInt8]) {
        var parser = FieldParser(line)
        guard parser.skip(#"{"specversion":"1.0","id":""#), parser.string() != nil,
            parser.skip(#","source":"urn:uuid:"#), let stream = parser.string(),
            parser.skip(#","type":""#), let type = parser.string(),
            parser.skip(#","time":""#), let time = parser.string()
        else { return nil }
        self.stream = stream
        self.type = type
        self.time = time
        subject = parser.skip(#","subject":""#) ? parser.string() : nil
        version =
            parser.skip(#","sequence":""#) && parser.string() != nil && parser.skip(#","data":{"version":"#) ? parser.integer() : nil
        // These bytes can only be keys: within a JSON string the quotes would be escaped.
        sourceName = parser.find(#""origin":{"source":""#) ? parser.string() : nil
    }

    /// The version that the change announces: that of an article that was created or updated.
    package var announcedVersion: ArticleVersion? {
        guard type == ChangeType.articleCreated.name || type == ChangeType.articleUpdated.name, let version,
            let article = subject.flatMap({ ArticleID($0) })
        else { return nil }
        return ArticleVersion(article: article, number: version)
    }
}

/// What an update says of how it differs from the version before it.
struct ChangeLineDifference: Equatable {
    /// The names of the fields that differ (`data.changed`); empty for a line that is no update.
    let changed: [String]
    /// `data.class`
    let changeClass: String?

    init(_ line: [UInt8]) {
        var parser = FieldParser(line)
        // As in `ChangeLineFields`, these bytes can only be keys. `changed` stands before `class`.
        changed = parser.find(#""changed":["#) ? parser.strings() : []
        changeClass = parser.find(#""class":""#) ? parser.string() : nil
    }
}

/// The first line of a segment: which stream it belongs to, and with which change it begins.
struct SegmentHeader: Equatable {
    private static let streamLimitBytes = 64

    let stream: String
    let first: Int64
    let createdMilliseconds: Int64

    /// Nil if `line` is no header. Ignores fields that a later version may have added.
    init?(_ line: [UInt8]) {
        var parser = FieldParser(line)
        guard line.suffix(2).elementsEqual("}\n".utf8),
            parser.skip(#"{"specversion":"1.0","id":"header-"#), let number = parser.string(), let first = Int64(number),
            first > 0, parser.skip(#","source":"urn:uuid:"#), let stream = parser.string(),
            parser.skip(#","type":"tidings.stream.header","time":""#), let time = parser.string(),
            let created = ItemDate(time),
            // It may become a part of a file name.
            (1...Self.streamLimitBytes).contains(stream.utf8.count), stream.utf8.allSatisfy(Self.isOfUUID)
        else { return nil }
        self.stream = stream
        self.first = first
        createdMilliseconds = created.milliseconds
    }

    private static func isOfUUID(_ byte: UInt8) -> Bool {
        byte.isASCIILetter || byte.isASCIIDigit || byte == UInt8(ascii: "-")
    }
}

private struct FieldParser {
    private let bytes: [UInt8]
    private var position = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// Goes past `text` if that is what comes next.
    mutating func skip(_ text: StaticString) -> Bool {
        let wanted = text.description.utf8
        guard bytes[position...].starts(with: wanted) else { return false }
        position += wanted.count
        return true
    }

    /// Goes past the next `text`, wherever it stands.
    mutating func find(_ text: StaticString) -> Bool {
        let wanted = Array(text.description.utf8)
        guard let head = wanted.first else { return false }
        var from = position
        while let found = bytes[from...].firstIndex(of: head) {
            if bytes[found...].starts(with: wanted) {
                position = found + wanted.count
                return true
            }
            from = found + 1
        }
        return false
    }

    /// The digits that come next; nil if there is none, or too many.
    mutating func integer() -> Int? {
        let digits = bytes[position...].prefix(while: \.isASCIIDigit)
        position = digits.endIndex
        return decimalNumber(digits)
    }

    /// The rest of a JSON string whose opening quote has been passed, unescaped; nil if it does not end.
    mutating func string() -> String? {
        var value: [UInt8] = []
        while position < bytes.count {
            let byte = bytes[position]
            position += 1
            switch byte {
            case UInt8(ascii: "\""): return String(decoding: value, as: UTF8.self)
            case UInt8(ascii: "\\"):
                guard let escaped = unescaped() else { return nil }
                value.append(escaped)
            default: value.append(byte)
            }
        }
        return nil
    }

    /// The strings of a list whose opening bracket has been passed.
    mutating func strings() -> [String] {
        var list: [String] = []
        while skip("\"") {
            guard let element = string() else { break }
            list.append(element)
            _ = skip(",")
        }
        return list
    }

    /// What follows a backslash. Our writer escapes nothing past U+007F.
    private mutating func unescaped() -> UInt8? {
        guard position < bytes.count else { return nil }
        let kind = bytes[position]
        position += 1
        switch kind {
        case UInt8(ascii: "n"): return 0x0A
        case UInt8(ascii: "r"): return 0x0D
        case UInt8(ascii: "t"): return 0x09
        case UInt8(ascii: "u"):
            guard position + 4 <= bytes.count else { return nil }
            defer { position += 4 }
            return UInt8(String(decoding: bytes[position..<position + 4], as: UTF8.self), radix: 16)
        default: return kind
        }
    }
}
