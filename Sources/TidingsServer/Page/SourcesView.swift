import TidingsCore
import TidingsStore

/// The view at `/sources`: all of them, those that need a look first.
struct SourcesView: Sendable {
    let sources: [SourceStatus]
    /// From 1 on.
    let page: Int
    /// The newest change in the change files.
    let published: Int64
    let moment: Moment

    static let limit = 100

    private var sorted: [SourceStatus] {
        func rank(_ status: SourceStatus) -> Int { status.needsAttention ? 0 : status.source.isSubscribed ? 1 : 2 }
        return sources.sorted { (rank($0), $0.source.name) < (rank($1), $1.source.name) }
    }

    private var pages: Int { max(1, (sources.count + Self.limit - 1) / Self.limit) }

    var document: [UInt8] {
        let frame = PageFrame(
            title: "Sources", place: .sources, live: PageFrame.Live(stream: .stream(after: published, type: ChangeType.sourceState.rawValue)))
        return frame.document { html in
            html.element("div", .id("live-content")) { html in
                html.element("h1", text: "Sources")
                html.element("p", .class("facts")) { html in
                    for (words, count) in counts where count > 0 { html.element("span", text: "\(count) \(words)") }
                }
                if sources.isEmpty {
                    html.element("p", .class("empty"), text: "Nothing is watched yet.")
                } else {
                    html.sources(sorted.dropFirst((page - 1) * Self.limit).prefix(Self.limit), moment)
                }
                if pages > 1 { numbers(&html) }
            }
        }
    }

    private var counts: [(words: String, count: Int)] {
        var counts: [String: Int] = [:]
        for status in sources { counts[status.stateWords, default: 0] += 1 }
        return ["failing", "gone", "not read yet", "ok", "not configured"].map { ($0, counts[$0] ?? 0) }
    }

    private func numbers(_ html: inout MarkupWriter) {
        html.element("nav", .class("pages"), .named("aria-label", "Pages")) { html in
            for number in 1...pages {
                html.element(
                    "a", .href(PagePath("/sources", [("page", number == 1 ? nil : String(number))])),
                    .named("aria-current", number == page ? "page" : nil), text: String(number))
            }
        }
    }
}
