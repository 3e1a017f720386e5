import TidingsCore
import TidingsStore

/// How a difference is shown.
enum DiffForm: String, CaseIterable, Sendable {
    case inline
    case sideBySide = "side"

    var words: String {
        switch self {
        case .inline: "one text"
        case .sideBySide: "side by side"
        }
    }
}

/// The view at `/articles/{id}/diff`: how two versions differ, word by word.
struct DifferenceView: Sendable {
    let difference: VersionDifference
    let form: DiffForm
    /// Whether paragraphs that are the same are shown, too, however many.
    let isWhole: Bool
    /// The number of the article's newest version.
    let newest: Int
    let moment: Moment

    /// So many equal paragraphs stand around a difference.
    static let context = 2

    private var id: ArticleID { difference.new.article }
    private var from: Int { difference.old.summary.number }
    private var to: Int { difference.new.summary.number }
    private var language: String? { TidingsServer.language(difference.new.item.language) }

    var document: [UInt8] {
        let title = difference.new.summary.title ?? difference.old.summary.title ?? "Article without a title"
        let frame = PageFrame(title: "\(title): versions \(from) and \(to)", feed: .feed(article: id))
        return frame.document { html in
            html.element("div", .class("difference")) { html in
                html.element("p", .class("up")) { html in
                    html.element("a", .href(.article(id))) { html in
                        html.text("Article: ")
                        html.element("span", .named("dir", "auto"), text: title)
                    }
                }
                html.element("h1", text: "What changed from version \(from) to version \(to)")
                summary(&html)
                views(&html)
                if difference.changed.isEmpty { html.element("p", .class("empty"), text: "No difference.") }
                heading(&html)
                metadata(&html)
                html.difference(difference.paragraphs, form: form, context: isWhole ? nil : Self.context, language: language)
            }
        }
    }

    private func summary(_ html: inout MarkupWriter) {
        html.element("p", .class("byline")) { html in
            for version in [difference.old, difference.new] {
                html.element("span") { html in
                    html.element("a", .href(.article(id, version: version.summary.number)), text: "version \(version.summary.number)")
                    html.text(" of ")
                    html.time(version.summary.committedMilliseconds, moment)
                }
            }
            if let changeClass = difference.new.summary.changeClass, to == from + 1 {
                html.element("span", text: changeClass.rawValue.replacing("_", with: " "))
            }
            if !difference.changed.isEmpty {
                html.element("span", text: difference.changed.map(\.rawValue).joined(separator: ", "))
            }
        }
    }

    private func views(_ html: inout MarkupWriter) {
        html.element("nav", .class("views"), .named("aria-label", "Ways to show it")) { html in
            html.element("ul") { html in
                for choice in DiffForm.allCases {
                    html.entry(choice.words, .diff(id, from: from, to: to, form: choice, isWhole: isWhole), isCurrent: choice == form)
                }
                html.entry("with all of the text", .diff(id, from: from, to: to, form: form, isWhole: !isWhole), isCurrent: isWhole)
                if from > 1, to == from + 1 {
                    html.entry("← the change before", .diff(id, from: from - 1, to: from, form: form), isCurrent: false)
                }
                if to < newest, to == from + 1 {
                    html.entry("the change after →", .diff(id, from: to, to: to + 1, form: form), isCurrent: false)
                }
            }
        }
    }

    private func heading(_ html: inout MarkupWriter) {
        if !difference.changed.contains(.title) { return }
        html.element("h2", text: "Title")
        html.difference(difference.title, form: form, context: nil, language: language)
    }

    private func metadata(_ html: inout MarkupWriter) {
        if !difference.metadata.isEmpty {
            html.element("h2", text: "Fields")
            html.element("dl", .class("fields")) { html in
                for field in difference.metadata {
                    html.element("div") { html in
                        html.element("dt", text: field.field.rawValue)
                        html.element("dd") { html in
                            for value in field.removed { html.element("del", .named("dir", "auto"), text: value) }
                            for value in field.added { html.element("ins", .named("dir", "auto"), text: value) }
                        }
                    }
                }
            }
        }
        if !difference.paragraphs.isEmpty { html.element("h2", text: "Text") }
    }
}

extension MarkupWriter {
    fileprivate mutating func entry(_ words: String, _ path: PagePath, isCurrent: Bool) {
        element("li") { $0.element("a", .href(path), .named("aria-current", isCurrent ? "true" : nil), text: words) }
    }
}
