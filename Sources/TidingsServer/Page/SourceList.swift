import TidingsCore
import TidingsStore

extension MarkupWriter {
    /// Sources, one below the other, each with its state and its next step.
    mutating func sources(_ sources: some Sequence<SourceStatus>, _ moment: Moment) {
        element("ul", .class("sources")) { html in
            for source in sources { html.element("li") { html in html.source(source, moment) } }
        }
    }

    private mutating func source(_ status: SourceStatus, _ moment: Moment) {
        badge(status.stateWords, status.tone)
        element("div") { html in
            html.element("p", .class("heading")) { html in
                html.element("a", .href(.source(status.source.name)), .named("dir", "auto"), text: status.source.name)
            }
            html.element("p", .class("facts")) { html in
                html.element("span", text: status.source.kind.rawValue)
                html.element("span", text: counted(status.liveSightings, "article"))
                html.element("span", text: counted(status.articleChanges, "change"))
                if let success = status.source.lastSuccessMilliseconds {
                    html.element("span") { html in
                        html.text("read ")
                        html.ago(success, moment)
                    }
                }
                if status.unreadable > 0 {
                    html.element("span", text: "\(status.unreadable) of \(counted(status.captures, "document")) could not be read")
                }
            }
            if let detail = status.shownDetail, status.tone != .good {
                html.element("p", .class("detail"), .named("dir", "auto"), text: detail)
            }
            html.element("p", .class("next")) { html in
                if status.needsAttention { html.element("strong", text: "Next step: ") }
                html.code(within: status.nextStep(moment))
            }
        }
    }

    /// `text`, in which what stands between backticks is a command.
    mutating func code(within text: String) {
        for (index, part) in text.split(separator: "`", omittingEmptySubsequences: false).enumerated() {
            if index.isMultiple(of: 2) { self.text(String(part)) } else { element("code", text: String(part)) }
        }
    }
}
