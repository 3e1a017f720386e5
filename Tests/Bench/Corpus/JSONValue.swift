import Foundation

/// A JSON value as the corpus and the parsers write it. Numbers and Booleans are their text: a length is compared with one that
/// a feed states in words, and a parser that gives `"12"` for 12 has read it right.
indirect enum JSONValue: Sendable {
    case null
    case text(String)
    case list([JSONValue])
    case object([String: JSONValue])

    init(parsing bytes: some DataProtocol) throws {
        self.init(foundation: try JSONSerialization.jsonObject(with: Data(bytes), options: .fragmentsAllowed))
    }

    private init(foundation value: Any) {
        self =
            switch value {
            case let text as String: .text(text)
            case let list as [Any]: .list(list.map(JSONValue.init(foundation:)))
            case let object as [String: Any]: .object(object.mapValues(JSONValue.init(foundation:)))
            case is NSNull: .null
            default: .text("\(value)")
            }
    }

    subscript(key: String) -> JSONValue {
        guard case .object(let object) = self else { return .null }
        return object[key] ?? .null
    }

    var text: String? {
        guard case .text(let text) = self else { return nil }
        return text
    }

    var number: Int? { text.flatMap { Int($0) } }

    /// Foundation writes a Boolean as a word or as a number, by its version.
    var boolean: Bool? { text.map { ["true", "1"].contains($0) } }

    var list: [JSONValue] {
        guard case .list(let list) = self else { return [] }
        return list
    }

    /// The members, without those that are null: a null says nothing.
    var members: [String: JSONValue] {
        guard case .object(let object) = self else { return [:] }
        return object.filter { if case .null = $0.value { false } else { true } }
    }

    /// One JSON text a line.
    static func lines(of path: String) throws -> [JSONValue] {
        try Data(contentsOf: URL(filePath: path)).split(separator: UInt8(ascii: "\n")).map { try JSONValue(parsing: $0) }
    }
}
