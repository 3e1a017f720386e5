import HTTPTypes

/// A request that gets no answer, for people.
struct ErrorView: Sendable {
    let problem: Problem

    var document: [UInt8] {
        PageFrame(title: problem.status.reasonPhrase).document { html in
            html.element("h1", text: "\(problem.status.code) \(problem.status.reasonPhrase)")
            html.element("p", .class("detail"), .named("dir", "auto"), text: problem.detail)
            html.element("p") { html in
                html.element("a", .href(.overview), text: "Overview")
                html.text(" · ")
                html.element("a", .href(PagePath("/search")), text: "Search")
            }
        }
    }
}
