import TidingsCore

/// Which changes of the stream somebody asks for. An empty list asks for all.
package struct ChangeFilter: Equatable, Sendable {
    /// Only changes of one of these types.
    package let types: [ChangeTypeName]
    /// Only changes of one of these sources, and none of the stream itself.
    package let sources: [String]
    /// Only changes of one of these articles, by their ids.
    package let articles: [String]
    /// Only updates of one of these classes.
    package let classes: [ChangeClass]
    /// Only updates in which one of these fields differs.
    package let changed: [ChangedField]

    package init(
        types: [ChangeTypeName] = [], sources: [String] = [], articles: [String] = [], classes: [ChangeClass] = [],
        changed: [ChangedField] = []
    ) {
        self.types = types
        self.sources = sources
        self.articles = articles
        self.classes = classes
        self.changed = changed
    }

    /// Whether every change is asked for, so that no line has to be looked into.
    package var isEmpty: Bool { types.isEmpty && sources.isEmpty && articles.isEmpty && classes.isEmpty && changed.isEmpty }

    /// A line that is no change line is only passed by an empty filter.
    package func matches(line: [UInt8]) -> Bool {
        if isEmpty { return true }
        guard let fields = ChangeLineFields(line) else { return false }
        let isOfType = types.isEmpty || types.contains { $0.matches(fields.type) }
        let isOfSource = sources.isEmpty || fields.sourceName.map(sources.contains) ?? false
        let isOfArticle = articles.isEmpty || fields.subject.map(articles.contains) ?? false
        guard isOfType, isOfSource, isOfArticle else { return false }
        if classes.isEmpty, changed.isEmpty { return true }
        let difference = ChangeLineDifference(line)
        let isOfClass = classes.isEmpty || classes.contains { $0.rawValue == difference.changeClass }
        return isOfClass && (changed.isEmpty || changed.contains { difference.changed.contains($0.rawValue) })
    }
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
