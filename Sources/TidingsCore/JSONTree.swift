/// A JSON value (RFC 8259) as a document has it. Numbers keep their spelling, because ids may have more digits than a
/// Double.
package enum JSONTree: Equatable, Sendable {
    case null
    case bool(Bool)
    case number(String)
    case string(String)
    case array([JSONTree])
    /// Members in document order; if several have one name, the first counts.
    case object([(key: String, value: JSONTree)])

    package static func == (left: JSONTree, right: JSONTree) -> Bool {
        switch (left, right) {
        case (.null, .null): true
        case (.bool(let left), .bool(let right)): left == right
        case (.number(let left), .number(let right)), (.string(let left), .string(let right)): left == right
        case (.array(let left), .array(let right)): left == right
        case (.object(let left), .object(let right)):
            left.count == right.count && zip(left, right).allSatisfy { $0.key == $1.key && $0.value == $1.value }
        default: false
        }
    }

    /// The value of the first of `names` that is present and not null.
    package subscript(_ names: String...) -> JSONTree? {
        guard case .object(let members) = self else { return nil }
        for name in names {
            if let member = members.first(where: { $0.key == name }), member.value != .null { return member.value }
        }
        return nil
    }

    /// The value of the JSON text `bytes`; nil if they are not JSON.
    package init?(_ bytes: [UInt8]) {
        var reader = JSONReader(bytes)
        guard let tree = try? reader.document() else { return nil }
        self = tree
    }

    /// A string, or a number as it is spelled.
    package var text: String? {
        switch self {
        case .string(let text), .number(let text): text
        default: nil
        }
    }

    package var string: String? {
        if case .string(let text) = self { return text }
        return nil
    }

    package var bool: Bool? {
        if case .bool(let value) = self { return value }
        return nil
    }

    /// A whole number that fits an Int.
    package var integer: Int? {
        if case .number(let text) = self { return Int(text) }
        return nil
    }

    package var elements: [JSONTree]? {
        if case .array(let elements) = self { return elements }
        return nil
    }

    /// The elements of an array; any other value is a list of one.
    package var list: [JSONTree] { elements ?? [self] }

    package var isObject: Bool {
        if case .object = self { return true }
        return false
    }
}

extension JSONTree {
    /// The value of a field has a type that the field does not allow.
    package struct WrongType: Error, Equatable {
        package let field: String
    }

    /// The field `name`, converted by `read`; nil if it is absent or null.
    package func field<Value>(_ name: String, _ read: (JSONTree) -> Value?) throws(WrongType) -> Value? {
        guard let field = self[name] else { return nil }
        guard let value = read(field) else { throw WrongType(field: name) }
        return value
    }

    /// The elements of an array as strings; nil if the value is no array, or an element is no string.
    package var strings: [String]? {
        guard let elements else { return nil }
        let strings = elements.compactMap(\.string)
        return strings.count == elements.count ? strings : nil
    }
}
