import TidingsCore

extension MarkupWriter {
    /// Changes, one below the other.
    mutating func changes(_ changes: [ShownChange], _ moment: Moment, showsSource: Bool = true) {
        element("ol", .class("changes")) { html in
            for change in changes { html.change(change, moment, showsSource: showsSource) }
        }
    }

    private mutating func change(_ change: ShownChange, _ moment: Moment, showsSource: Bool) {
        element("li", .named("data-change", String(change.sequence))) { html in
            html.badge(change.verb, change.tone)
            html.element("div") { html in
                html.element("p", .class("heading")) { html in
                    html.link(change.place) { html in
                        html.element(
                            "span", .named("dir", "auto"), .named("lang", language(change.language)), text: change.heading)
                    }
                }
                html.element("p", .class("facts")) { html in
                    if showsSource, let source = change.source, change.article != nil {
                        html.element("a", .href(.source(source)), .named("dir", "auto"), text: source)
                    }
                    for fact in change.facts { html.element("span", .named("dir", "auto"), text: fact) }
                    if let detail = change.detail { html.element("span", .named("dir", "auto"), text: detail) }
                    html.element("span", .class("number"), text: "no. \(change.sequence)")
                }
            }
            html.ago(change.milliseconds, moment)
        }
    }

    mutating func badge(_ words: String, _ tone: Tone) {
        element("span", .class("badge \(tone.rawValue)"), text: words)
    }

    /// `content` within a link, if there is a place to lead to.
    mutating func link(_ place: PagePath?, content: (inout MarkupWriter) -> Void) {
        if let place { element("a", .href(place), content: content) } else { content(&self) }
    }

    /// A link out of the page; only its text where it is not sure where it leads.
    mutating func outside(_ address: OutsideAddress) {
        guard address.href != nil else {
            element("span", .class("address"), text: address.text)
            return
        }
        element("a", .class("address"), .outside(address), .named("rel", "noreferrer noopener"), text: address.text)
    }

    /// A name and its value; nothing where there is no value.
    mutating func fact(_ name: StaticString, _ value: String?) {
        guard let value else { return }
        fact(name) { $0.element("span", .named("dir", "auto"), text: value) }
    }

    mutating func fact(_ name: StaticString, content: (inout MarkupWriter) -> Void) {
        element("div") { html in
            html.element("dt", text: name.description)
            html.element("dd", content: content)
        }
    }
}

/// A declared language, if it has the shape of a tag (BCP 47): letters, digits, hyphens.
func language(_ tag: String?) -> String? {
    guard let tag, (2...35).contains(tag.utf8.count), tag.utf8.allSatisfy({ $0.isASCIILetter || $0.isASCIIDigit || $0 == UInt8(ascii: "-") })
    else { return nil }
    return tag
}
