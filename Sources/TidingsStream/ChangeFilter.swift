import TidingsCore

/// Which changes of the stream somebody asks for.
package struct ChangeFilter: Equatable, Sendable {
    /// Only changes of one of these types; of any type if the list is empty.
    package let types: [ChangeTypeName]
    /// Only changes of one of these sources; if the list is empty, of any source and of the stream itself.
    package let sources: [String]

    package init(types: [ChangeTypeName] = [], sources: [String] = []) {
        self.types = types
        self.sources = sources
    }

    /// Whether every change is asked for, so that no line has to be looked into.
    package var isEmpty: Bool { types.isEmpty && sources.isEmpty }

    package func matches(_ fields: ChangeLineFields) -> Bool {
        let isOfType = types.isEmpty || types.contains { $0.matches(fields.type) }
        let isOfSource = sources.isEmpty || fields.sourceName.map(sources.contains) ?? false
        return isOfType && isOfSource
    }

    /// A line that is no change line is only passed by an empty filter.
    func matches(line: [UInt8]) -> Bool { isEmpty || ChangeLineFields(line).map(matches) ?? false }
}

/// A type of change as people write it: its whole name, or what stands behind one of its dots (`tidings.article.updated`,
/// `article.updated`, `updated`).
package struct ChangeTypeName: Equatable, Sendable {
    private let name: String

    /// Nil if no type of change is called so.
    package init?(_ name: String) {
        guard ChangeType.allCases.contains(where: { Self.is(name, $0.name) }) else { return nil }
        self.name = name
    }

    /// The types that a reader of the stream meets. A file's header is no change.
    package static let known = ChangeType.allCases.filter { $0 != .streamHeader }.map(\.rawValue)

    /// - Parameter type: the `type` of a line.
    package func matches(_ type: String) -> Bool { Self.is(name, type) }

    private static func `is`(_ name: String, _ type: String) -> Bool { type == name || type.hasSuffix("." + name) }
}
