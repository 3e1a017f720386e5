import Foundation

/// A JSON Schema (2020-12), of which it knows the keywords that ours use; any other is an error and not passed over.
///
/// It tells more than whether a value is valid: which fields of the value the schema does not describe, although it would allow
/// them, and which parts of the schema have been of use. Two documents that are to say the same are held together by that.
package struct JSONSchema: Sendable {
    private indirect enum Node: Sendable {
        case any
        case node(Keywords)
    }

    private struct Keywords: Sendable {
        var reference: String?
        var type: String?
        var constant: JSONValue?
        var choices: [JSONValue]?
        var pattern: Pattern?
        var minimum: Double?
        var required: [String] = []
        var properties: [String: Node] = [:]
        var items: Node?
        var minItems: Int?
        var isUnique = false
        var oneOf: [Node] = []
    }

    private struct Pattern: Sendable {
        let text: String
        let expression: NSRegularExpression

        init(_ text: String) throws { (self.text, expression) = (text, try NSRegularExpression(pattern: text)) }

        func matches(_ string: String) -> Bool {
            expression.firstMatch(in: string, range: NSRange(location: 0, length: string.utf16.count)) != nil
        }
    }

    package struct Mistake: Error { let message: String }

    /// What holding one value against the schema came to.
    package struct Findings {
        /// What is wrong with the value; none if it is valid.
        package var problems: [String] = []
        /// Fields of the value that some part of the schema describes: `data.item.title`.
        fileprivate var described: Set<String> = []
        /// Fields of the value, as `data.item.title`, that no part of the schema describes.
        package var undescribed: [String] = []
        /// The definitions and fields that were of use: `article.created: data.version`.
        package var used: Set<String> = []

        /// Whether a field differs from the one value that it must have.
        fileprivate var isOfAnotherKind = false

        fileprivate mutating func add(_ other: Findings) {
            problems += other.problems
            isOfAnotherKind = isOfAnotherKind || other.isOfAnotherKind
            described.formUnion(other.described)
            used.formUnion(other.used)
        }
    }

    private let root: Node
    private let definitions: [String: Node]
    private static let annotations: Set<String> = ["$schema", "$id", "$defs", "title", "description", "format"]

    /// - Parameter definition: of `$defs`, if not the whole schema is meant.
    package init(_ json: Data, definition: String? = nil) throws {
        let value = try JSONDecoder().decode(JSONValue.self, from: json)
        definitions = try (value["$defs"]?.members ?? [:]).mapValues { try Self.node($0) }
        root = try definition.map { .node(Keywords(reference: "#/$defs/\($0)")) } ?? Self.node(value)
    }

    private static func node(_ value: JSONValue) throws -> Node {
        guard let members = value.members else { throw Mistake(message: "a schema that is no object") }
        var node = Keywords()
        for (key, value) in members where !annotations.contains(key) {
            switch (key, value) {
            case ("$ref", .string(let text)): node.reference = text
            case ("type", .string(let text)): node.type = text
            case ("const", _): node.constant = value
            case ("enum", .array(let values)): node.choices = values
            case ("pattern", .string(let text)): node.pattern = try Pattern(text)
            case ("minimum", .integer(let number)): node.minimum = Double(number)
            case ("required", .array(let names)): node.required = names.compactMap(\.string)
            case ("properties", .object(let properties)): node.properties = try properties.mapValues { try Self.node($0) }
            case ("items", _): node.items = try Self.node(value)
            case ("minItems", .integer(let number)): node.minItems = Int(number)
            case ("uniqueItems", .bool(let isUnique)): node.isUnique = isUnique
            case ("oneOf", .array(let nodes)): node.oneOf = try nodes.map { try Self.node($0) }
            default: throw Mistake(message: "the keyword \(key) with such a value is not known")
            }
        }
        return .node(node)
    }

    package func findings(_ json: Data) throws -> Findings {
        let value = try JSONDecoder().decode(JSONValue.self, from: json)
        var findings = check(value, root, at: "", in: "")
        Self.eachField(of: value, at: "") { field in
            if !findings.described.contains(field) { findings.undescribed.append(field) }
        }
        return findings
    }

    /// What is wrong with a value: it is not valid, or has fields that are not described.
    package func complaints(_ json: String) throws -> [String] {
        let findings = try findings(Data(json.utf8))
        return findings.problems + findings.undescribed.map { "\($0) is not described" }
    }

    /// All that `Findings.used` may hold, if every definition is of use. `definitions` are those that the root chooses from.
    package var usable: Set<String> {
        guard case .node(let keywords) = resolved(root) else { return [] }
        var names: Set<String> = []
        for case .node(let choice) in keywords.oneOf {
            let name = choice.reference.map(Self.name) ?? ""
            collect(resolved(.node(choice)), at: "", in: name, &names)
        }
        return names
    }

    private func collect(_ node: Node, at place: String, in definition: String, _ names: inout Set<String>) {
        guard case .node(let keywords) = node else { return }
        for (name, property) in keywords.properties {
            names.insert("\(definition): \(place)\(name)")
            collect(resolved(property), at: "\(place)\(name).", in: definition, &names)
        }
        if let items = keywords.items { collect(resolved(items), at: place, in: definition, &names) }
    }

    private static func name(_ reference: String) -> String { String(reference.dropFirst("#/$defs/".count)) }

    private func resolved(_ node: Node) -> Node {
        guard case .node(let keywords) = node, let reference = keywords.reference else { return node }
        return definitions[Self.name(reference)] ?? .any
    }

    private func check(_ value: JSONValue, _ node: Node, at place: String, in definition: String) -> Findings {
        guard case .node(let keywords) = node else { return Findings(problems: ["\(place): refers to nothing"]) }
        var findings = Findings()
        func expect(_ holds: Bool, _ message: @autoclosure () -> String) {
            if !holds { findings.problems.append("\(place): \(message())") }
        }
        if keywords.reference != nil { findings.add(check(value, resolved(node), at: place, in: definition)) }
        if let type = keywords.type { expect(value.isOf(type), "is no \(type)") }
        if let constant = keywords.constant {
            expect(value == constant, "is not \(constant)")
            findings.isOfAnotherKind = value != constant
        }
        if let choices = keywords.choices { expect(choices.contains(value), "is none of \(choices)") }
        if let pattern = keywords.pattern, let string = value.string { expect(pattern.matches(string), "\(string) does not match \(pattern.text)") }
        if let minimum = keywords.minimum, let number = value.number { expect(number >= minimum, "\(number) is less than \(minimum)") }
        if let members = value.members {
            for name in keywords.required { expect(members[name] != nil, "lacks \(name)") }
            for (name, property) in keywords.properties {
                guard let member = members[name] else { continue }
                let field = place + name
                findings.described.insert(field)
                if !definition.isEmpty { findings.used.insert("\(definition): \(field)") }
                findings.add(check(member, property, at: field + ".", in: definition))
            }
        }
        if let elements = value.elements {
            if let least = keywords.minItems { expect(elements.count >= least, "has too few elements") }
            if keywords.isUnique { expect(Set(elements.map { "\($0)" }).count == elements.count, "has an element twice") }
            if let items = keywords.items { for element in elements { findings.add(check(element, items, at: place, in: definition)) } }
        }
        if !keywords.oneOf.isEmpty { findings.add(checkChoice(value, keywords.oneOf, at: place)) }
        return findings
    }

    private func checkChoice(_ value: JSONValue, _ choices: [Node], at place: String) -> Findings {
        var tried: [Findings] = []
        for case .node(let choice) in choices {
            tried.append(check(value, .node(choice), at: place, in: choice.reference.map(Self.name) ?? ""))
        }
        let valid = tried.filter(\.problems.isEmpty)
        if valid.count == 1 { return valid[0] }
        if valid.count > 1 { return Findings(problems: ["\(place): is more than one of the choices"]) }
        // The choice that it comes nearest to says best what is wrong: one of its type, if there is one.
        return tried.min { ($0.isOfAnotherKind ? 1 : 0, $0.problems.count) < ($1.isOfAnotherKind ? 1 : 0, $1.problems.count) } ?? Findings()
    }

    private static func eachField(of value: JSONValue, at place: String, _ body: (String) -> Void) {
        for (name, member) in value.members ?? [:] {
            body(place + name)
            eachField(of: member, at: place + name + ".", body)
        }
        for element in value.elements ?? [] { eachField(of: element, at: place, body) }
    }
}
