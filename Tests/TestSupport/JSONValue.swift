import Foundation

/// Any JSON value, read by Foundation: what the program writes is not judged by the program's own reader.
package enum JSONValue: Decodable, Equatable, Sendable {
    case null
    case bool(Bool)
    case integer(Int64)
    case double(Double)
    case string(String)
    case array([JSONValue])
    case object([String: JSONValue])

    package init(from decoder: any Decoder) throws {
        let value = try decoder.singleValueContainer()
        // In the order in which they are frequent: each wrong guess is an error thrown.
        if let string = try? value.decode(String.self) {
            self = .string(string)
        } else if let number = try? value.decode(Int64.self) {
            self = .integer(number)
        } else if let members = try? value.decode([String: JSONValue].self) {
            self = .object(members)
        } else if let elements = try? value.decode([JSONValue].self) {
            self = .array(elements)
        } else if let bool = try? value.decode(Bool.self) {
            self = .bool(bool)
        } else if value.decodeNil() {
            self = .null
        } else {
            self = .double(try value.decode(Double.self))
        }
    }

    package init(_ json: String) throws { self = try JSONDecoder().decode(JSONValue.self, from: Data(json.utf8)) }

    package subscript(_ name: String) -> JSONValue? { members?[name] }

    package var members: [String: JSONValue]? {
        if case .object(let members) = self { return members }
        return nil
    }

    package var elements: [JSONValue]? {
        if case .array(let elements) = self { return elements }
        return nil
    }

    package var string: String? {
        if case .string(let string) = self { return string }
        return nil
    }

    package var number: Double? {
        switch self {
        case .integer(let number): Double(number)
        case .double(let number): number
        default: nil
        }
    }

    /// Whether it is of a type of JSON Schema.
    func isOf(_ type: String) -> Bool {
        switch (type, self) {
        case ("object", .object), ("array", .array), ("string", .string), ("boolean", .bool), ("null", .null),
            ("integer", .integer), ("number", .integer), ("number", .double):
            true
        default: false
        }
    }
}
