import TidingsCore

/// What stands around each view: the head, the navigation, the end.
struct PageFrame: Sendable {
    /// What a view shows as new when the stream goes on.
    struct Live: Sendable {
        /// The changes that matter to the view.
        let stream: PagePath
    }

    enum Place: CaseIterable, Sendable {
        case overview, changes, sources, search

        var path: PagePath {
            switch self {
            case .overview: .overview
            case .changes: .changes()
            case .sources: .sources
            case .search: PagePath("/search")
            }
        }

        var name: StaticString {
            switch self {
            case .overview: "Overview"
            case .changes: "Changes"
            case .sources: "Sources"
            case .search: "Search"
            }
        }
    }

    let title: String
    /// Which entry of the navigation it belongs to.
    var place: Place?
    var live: Live?
    /// The Atom feed with the changes of the view.
    var feed = PagePath.feed()
    /// What was asked for, if it is the search.
    var query: String?

    /// The whole document.
    func document(_ content: (inout MarkupWriter) -> Void) -> [UInt8] {
        var html = MarkupWriter(capacity: 32_768)
        html.declaration("<!DOCTYPE html>")
        html.element("html", .named("lang", "en")) { html in
            html.element("head") { head(&$0) }
            html.element("body") { html in
                html.element("a", .class("skip"), .href(fragment: "content"), text: "Skip to the content")
                html.element("header", .class("top")) { header(&$0) }
                html.element(
                    "main", .id("content"), .named("tabindex", "-1"), .named("data-stream", live?.stream.text), content: content)
                html.element("footer", .class("end")) { footer(&$0) }
            }
        }
        return html.bytes + [0x0A]
    }

    private func head(_ html: inout MarkupWriter) {
        html.empty("meta", .named("charset", "utf-8"))
        html.empty("meta", .name("viewport"), .named("content", "width=device-width, initial-scale=1"))
        html.empty("meta", .name("color-scheme"), .named("content", "light dark"))
        html.element("title", text: title == "Tidings" ? title : "\(title) · Tidings")
        html.empty("link", .named("rel", "stylesheet"), .href(PageAsset.style.path))
        html.empty("link", .named("rel", "icon"), .named("type", "image/svg+xml"), .href(PageAsset.icon.path))
        html.empty(
            "link", .named("rel", "alternate"), .named("type", "application/atom+xml"), .named("title", "Changes"), .href(feed))
        html.element("script", .src(PageAsset.script.path), .flag("defer", true)) { _ in }
    }

    private func header(_ html: inout MarkupWriter) {
        html.element("a", .class("brand"), .href(.overview)) { html in
            html.empty("img", .src(PageAsset.icon.path), .named("alt", ""), .named("width", 24), .named("height", 24))
            html.text("Tidings")
        }
        html.element("nav", .named("aria-label", "Main")) { html in
            html.element("ul") { html in
                for place in Place.allCases {
                    html.element("li") { html in
                        html.element(
                            "a", .href(place.path), .named("aria-current", place == self.place ? "page" : nil),
                            text: place.name.description)
                    }
                }
            }
        }
        if place != .search {
            html.element("form", .class("find"), .named("role", "search"), .action(Place.search.path)) { html in
                html.element("label", .class("unseen"), .named("for", "find"), text: "Search the articles")
                html.empty(
                    "input", .id("find"), .name("q"), .named("type", "search"), .named("placeholder", "Search the articles"),
                    .named("value", query))
                html.element("button", text: "Search")
            }
        }
    }

    private func footer(_ html: inout MarkupWriter) {
        html.element("p") { html in
            html.element("a", .href(feed), text: "Atom feed of these changes")
            html.text(" · ")
            html.element("a", .href(PagePath("/openapi.json")), text: "Interface")
            html.text(" · All times are UTC.")
        }
        // Filled by the script: without it, nothing is live.
        html.element("p", .id("live"), .named("role", "status")) { _ in }
    }
}
