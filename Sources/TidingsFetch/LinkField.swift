import TidingsCore

/// One link of a header field `Link` (RFC 8288 §3).
struct WebLink: Equatable {
    /// As written: absolute, or relative to the answer's address.
    let target: String
    /// In lower case.
    let relations: [String]

    /// The links of one field line that are links of the answer itself: those with an `anchor` are of something else. What is no
    /// link is passed over.
    static func all(in field: String) -> [WebLink] {
        var reader = LinkReader(Array(field.utf8))
        var links: [WebLink] = []
        while let link = reader.next() {
            if let link { links.append(link) }
        }
        return links
    }
}

extension FetchResponse {
    /// Where the answer's links of this relation lead, in their order; absolute.
    /// - Parameter relation: in lower case.
    package func links(_ relation: String) -> [String] {
        headers.all("Link").flatMap(WebLink.all).filter { $0.relations.contains(relation) }
            .map { URI.resolve($0.target, against: finalURL) }
    }
}

/// Reads `<target>; name=value; name="value", <target> …`.
private struct LinkReader {
    private let bytes: [UInt8]
    private var position = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    private var byte: UInt8? { position < bytes.count ? bytes[position] : nil }

    /// The next link; a nil within for what is none, or not one of the answer; nil at the end.
    mutating func next() -> WebLink?? {
        skip { $0.isFieldSpace || $0 == UInt8(ascii: ",") }
        guard byte != nil else { return nil }
        guard take("<"), let target = text(upTo: ">") else {
            skipToNextLink()
            return .some(nil)
        }
        var relations: [String] = []
        var isOfTheAnswer = true
        while true {
            skip(\.isFieldSpace)
            guard take(";") else { break }
            skip(\.isFieldSpace)
            let (name, value) = parameter()
            switch name {
            // The first one counts (§3.3).
            case "rel" where relations.isEmpty: relations = value.lowercased().split(separator: " ").map(String.init)
            case "anchor": isOfTheAnswer = false
            default: break
            }
        }
        skipToNextLink()
        return .some(isOfTheAnswer ? WebLink(target: target, relations: relations) : nil)
    }

    /// A value may be a token or a quoted string (RFC 9110 §5.6.6), or be absent.
    private mutating func parameter() -> (name: String, value: String) {
        let name = word().lowercased()
        skip(\.isFieldSpace)
        guard take("=") else { return (name, "") }
        skip(\.isFieldSpace)
        return (name, take("\"") ? quoted() : word())
    }

    private mutating func word() -> String {
        let start = position
        skip { !$0.isFieldSpace && !";,=\"".utf8.contains($0) }
        return String(decoding: bytes[start..<position], as: UTF8.self)
    }

    /// The rest of a quoted string, without its backslashes.
    private mutating func quoted() -> String {
        var value: [UInt8] = []
        while let next = byte {
            position += 1
            if next == UInt8(ascii: "\"") { break }
            if next == UInt8(ascii: "\\"), let escaped = byte {
                value.append(escaped)
                position += 1
            } else {
                value.append(next)
            }
        }
        return String(decoding: value, as: UTF8.self)
    }

    private mutating func text(upTo end: Unicode.Scalar) -> String? {
        let start = position
        skip { $0 != UInt8(ascii: end) }
        guard byte != nil else { return nil }
        defer { position += 1 }
        return String(decoding: bytes[start..<position], as: UTF8.self)
    }

    /// A comma within quotes separates nothing.
    private mutating func skipToNextLink() {
        while let next = byte, next != UInt8(ascii: ",") {
            position += 1
            if next == UInt8(ascii: "\"") { _ = quoted() }
        }
    }

    private mutating func take(_ expected: Unicode.Scalar) -> Bool {
        guard byte == UInt8(ascii: expected) else { return false }
        position += 1
        return true
    }

    private mutating func skip(_ isSkipped: (UInt8) -> Bool) {
        while let next = byte, isSkipped(next) { position += 1 }
    }
}
