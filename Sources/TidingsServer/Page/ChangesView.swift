import TidingsCore

/// The view at `/changes`: what happened, the newest first.
struct ChangesView: Sendable {
    /// What is asked for; nil for all. Each is a value of the contract, or the name of a source.
    struct Filter: Equatable, Sendable {
        var type: String?
        var source: String?
        var changeClass: String?

        var isEmpty: Bool { type == nil && source == nil && changeClass == nil }
    }

    let filter: Filter
    /// The names to choose from.
    let sourceNames: [String]
    let changes: [ShownChange]
    /// Only changes with smaller numbers are shown; nil on the first page.
    let before: Int64?
    /// Older ones have smaller numbers than this; nil if there is none.
    let olderThan: Int64?
    /// The newest change in the change files.
    let published: Int64
    let moment: Moment

    static let limit = 50

    var document: [UInt8] {
        var frame = PageFrame(title: "Changes", place: .changes)
        // An older page does not change.
        if before == nil {
            frame.live = PageFrame.Live(
                stream: .stream(after: published, type: filter.type, source: filter.source, changeClass: filter.changeClass))
        }
        frame.feed = .feed(type: filter.type, source: filter.source, changeClass: filter.changeClass)
        return frame.document { html in
            html.element("h1", text: "Changes")
            form(&html)
            html.element("div", .id("live-content")) { list(&$0) }
        }
    }

    private func form(_ html: inout MarkupWriter) {
        html.element("form", .class("filter"), .action(.changes())) { html in
            html.choice(
                "type", "Type", filter.type,
                ChangeType.allCases.filter { $0 != .streamHeader }.map { ($0.rawValue, ShownChange.verb(of: $0)) })
            html.choice("source", "Source", filter.source, sourceNames.map { ($0, $0) })
            html.choice(
                "class", "Class of update", filter.changeClass,
                ChangeClass.allCases.map { ($0.rawValue, $0.rawValue.replacing("_", with: " ")) })
            html.element("button", text: "Show")
            if !filter.isEmpty { html.element("a", .href(.changes()), text: "Show all") }
        }
    }

    private func list(_ html: inout MarkupWriter) {
        if changes.isEmpty {
            html.element("p", .class("empty"), text: emptyWords)
        } else {
            html.changes(changes, moment)
        }
        html.element("nav", .class("pages"), .named("aria-label", "Pages")) { html in
            if before != nil {
                html.element("a", .href(path(before: nil)), text: "Newest")
            }
            if let olderThan {
                html.element(
                    "a", .href(path(before: olderThan)), .named("rel", "next"),
                    text: changes.count < Self.limit ? "Look further back, before no. \(olderThan)" : "Older")
            }
        }
    }

    private var emptyWords: String {
        if olderThan != nil { return "None of these changes among those looked at." }
        return filter.isEmpty ? "Nothing has happened yet." : "None of these changes."
    }

    private func path(before: Int64?) -> PagePath {
        .changes(type: filter.type, source: filter.source, changeClass: filter.changeClass, before: before)
    }
}

extension MarkupWriter {
    /// More would be no list to choose from.
    private static let choicesLimit = 500

    /// A list to choose one value from, or all; a field to write it in, where there are too many.
    mutating func choice(
        _ name: String, _ label: StaticString, _ chosen: String?, _ values: [(value: String, words: String)], all: String? = "all"
    ) {
        element("label") { html in
            html.element("span", text: label.description)
            if values.count > Self.choicesLimit {
                html.empty("input", .name(name), .named("value", chosen))
                return
            }
            html.element("select", .name(name)) { html in
                if let all { html.element("option", .named("value", ""), text: all) }
                for (value, words) in values {
                    html.element("option", .named("value", value), .flag("selected", value == chosen), text: words)
                }
            }
        }
    }
}
