import TidingsCore
import TidingsStore

/// The view at `/articles/{id}`: what an article says, how it came to say it, and where it is seen.
struct ArticleView: Sendable {
    let facts: ArticleFacts
    /// The version whose text is shown.
    let version: StoredVersion
    /// The newest first.
    let timeline: [TimelineVersion]
    let provenance: ArticleProvenance
    /// Where documents of sources are, not to be shown.
    let sources: [String: SourceRow]
    /// The newest change in the change files.
    let published: Int64
    let moment: Moment

    /// So many versions are listed.
    static let versionsLimit = 100
    /// So much of a text is shown, in Unicode scalars.
    static let textLimit = 400_000

    private var isNewest: Bool { version.summary.number == facts.newest }
    private var language: String? { TidingsServer.language(version.item.language) }

    var document: [UInt8] {
        let frame = PageFrame(
            title: version.summary.title ?? "Article without a title",
            live: isNewest ? PageFrame.Live(stream: .stream(after: published, article: facts.id)) : nil, feed: .feed(article: facts.id))
        return frame.document { html in
            html.element("div", .id("live-content"), .class("article")) { html in
                html.element("article") { html in
                    heading(&html)
                    text(&html)
                }
                html.element("div", .class("beside")) { html in
                    versions(&html)
                    fields(&html)
                    sightings(&html)
                }
            }
        }
    }

    private func heading(_ html: inout MarkupWriter) {
        html.element(
            "h1", .named("dir", "auto"), .named("lang", version.summary.title == nil ? nil : language),
            text: version.summary.title ?? "Article without a title")
        if let removed = facts.removedMilliseconds {
            html.element("p", .class("state")) { html in
                html.badge("removed", .bad)
                html.time(removed, moment)
            }
        }
        html.element("p", .class("byline")) { html in
            let names = version.item.authors.compactMap { $0.name ?? $0.email }
            if !names.isEmpty { html.element("span", .named("dir", "auto"), text: names.joined(separator: ", ")) }
            if let date = version.item.datePublished { html.element("span") { $0.date(date, moment) } }
            html.element("span", text: "version \(version.summary.number) of \(facts.newest)")
        }
        if !isNewest {
            html.element("p", .class("note")) { html in
                html.text("This is an older version. ")
                html.element("a", .href(.article(facts.id)), text: "The newest one")
                html.text(" · ")
                html.element(
                    "a", .href(.diff(facts.id, from: version.summary.number, to: facts.newest)), text: "What has changed since")
            }
        }
    }

    private func text(_ html: inout MarkupWriter) {
        let text = version.form.text
        if text.isEmpty {
            html.element("p", .class("empty"), text: "It has no text.")
            return
        }
        let shown = text.unicodeScalars.count > Self.textLimit ? String(text.unicodeScalars.prefix(Self.textLimit)) : text
        html.element("div", .class("text"), .named("lang", language)) { html in
            for paragraph in shown.split(separator: "\n") {
                html.element("p", .named("dir", "auto"), text: String(paragraph))
            }
        }
        if shown.utf8.count < text.utf8.count {
            html.element("p", .class("note")) { html in
                html.code(within: "The text goes on: `tidings show \(facts.id.description.prefix(ArticleID.shortLength))` shows all of it.")
            }
        }
    }

    // MARK: versions

    private func versions(_ html: inout MarkupWriter) {
        html.element("section", .named("aria-labelledby", "versions")) { html in
            html.element("h2", .id("versions"), text: counted(facts.newest, "version"))
            if facts.newest > 1, timeline.count > 1 { compare(&html) }
            html.element("ol", .class("timeline")) { html in
                for (index, entry) in timeline.enumerated() {
                    let previous = timeline.indices.contains(index + 1) ? timeline[index + 1].number : nil
                    html.element("li") { html in self.entry(entry, previous: previous, &html) }
                }
            }
            if let last = timeline.last, timeline.count == Self.versionsLimit, last.number > 1 {
                html.element("p", .class("note")) { html in
                    html.code(within: "Older ones: `tidings log \(facts.id.description.prefix(ArticleID.shortLength))`")
                }
            }
        }
    }

    private func entry(_ entry: TimelineVersion, previous: Int?, _ html: inout MarkupWriter) {
        let change = entry.line.flatMap { ShownChange($0) }
        html.element("p", .class("heading")) { html in
            html.element(
                "a", .href(.article(facts.id, version: entry.number)),
                .named("aria-current", entry.number == version.summary.number ? "true" : nil), text: "Version \(entry.number)")
            html.badge(
                entry.changeClass?.rawValue.replacing("_", with: " ") ?? "first",
                entry.changeClass == .substantive || entry.changeClass == .fullText ? .noted : .quiet)
        }
        html.element("p", .class("facts")) { html in
            html.element("span") { $0.time(entry.committedMilliseconds, moment) }
            for fact in (change?.facts ?? []).drop(while: { $0 == entry.changeClass?.rawValue.replacing("_", with: " ") }) {
                html.element("span", .named("dir", "auto"), text: fact)
            }
            if let previous {
                html.element("a", .href(.diff(facts.id, from: previous, to: entry.number)), text: "what changed")
            }
        }
    }

    private func compare(_ html: inout MarkupWriter) {
        let numbers = timeline.map { (value: String($0.number), words: "version \($0.number)") }
        html.element("form", .class("filter"), .action(PagePath("/articles", segments: [facts.id.description, "diff"]))) { html in
            html.choice("from", "Compare", timeline.dropFirst().first.map { String($0.number) }, numbers, all: nil)
            html.choice("to", "with", timeline.first.map { String($0.number) }, numbers, all: nil)
            html.choice("view", "as", DiffForm.inline.rawValue, DiffForm.allCases.map { ($0.rawValue, $0.words) }, all: nil)
            html.element("button", text: "Compare")
        }
    }

    // MARK: fields, sightings

    private func fields(_ html: inout MarkupWriter) {
        html.element("section", .named("aria-labelledby", "fields")) { html in
            html.element("h2", .id("fields"), text: "Fields")
            html.element("dl", .class("fields")) { html in
                if let url = version.item.url { html.fact("url") { $0.outside(.article(url)) } }
                let authors = version.item.authors.compactMap { $0.name ?? $0.email }
                html.fact("authors", authors.isEmpty ? nil : authors.joined(separator: ", "))
                if let date = version.item.datePublished { html.fact("published") { $0.date(date, moment) } }
                if let date = version.item.dateModified { html.fact("modified") { $0.date(date, moment) } }
                html.fact("language", version.item.language)
                html.fact("tags", version.item.tags.isEmpty ? nil : version.item.tags.joined(separator: ", "))
                html.fact("first seen") { $0.time(facts.firstSeenMilliseconds, moment) }
                html.fact("last seen") { $0.time(provenance.lastSeenMilliseconds, moment) }
                html.fact("characters", "\(version.summary.characters)")
                html.fact("article id") { $0.element("code", text: facts.id.description) }
                html.fact("content hash") { $0.element("code", text: version.summary.contentHash.description) }
            }
        }
    }

    private func sightings(_ html: inout MarkupWriter) {
        html.element("section", .named("aria-labelledby", "sightings")) { html in
            html.element(
                "h2", .id("sightings"), text: facts.removedMilliseconds == nil ? "Where it is seen" : "Where it was seen")
            html.element("ul", .class("sightings")) { html in
                for sighting in provenance.sightings { html.element("li") { html in self.sighting(sighting, &html) } }
            }
        }
    }

    private func sighting(_ sighting: SightingProvenance, _ html: inout MarkupWriter) {
        html.element("p", .class("heading")) { html in
            html.element("a", .href(.source(sighting.source)), .named("dir", "auto"), text: sighting.source)
            html.badge(sighting.kind.rawValue, .quiet)
            if sighting.goneMilliseconds != nil { html.badge("gone", .bad) }
        }
        html.element("dl", .class("fields")) { html in
            html.fact("key", sighting.key)
            if sighting.locator != sighting.key, sighting.kind == .folder { html.fact("file", sighting.locator) }
            html.fact("first seen") { $0.time(sighting.firstSeenMilliseconds, moment) }
            html.fact("last seen") { $0.time(sighting.lastSeenMilliseconds, moment) }
            if let gone = sighting.goneMilliseconds { html.fact("gone") { $0.time(gone, moment) } }
            if let capture = sighting.capture { self.capture(capture, of: sighting.source, &html) }
            if let page = sighting.page { self.page(page, of: sighting.source, &html) }
        }
    }

    private func page(_ page: PageProvenance, of source: String, _ html: inout MarkupWriter) {
        html.fact("page") { $0.outside(.article(page.locator)) }
        html.fact("text from", page.givesText ? "the page" : "the feed")
        if let problem = page.state.problem { html.fact("last look", problem.replacing("_", with: " ")) }
        if let next = page.state.nextLook { html.fact("next look") { $0.time(max(next, moment.now), moment) } }
        if let capture = page.capture { self.capture(capture, of: source, &html) }
    }

    private func capture(_ capture: CaptureProvenance, of source: String, _ html: inout MarkupWriter) {
        html.fact("captured") { $0.time(capture.capturedMilliseconds, moment) }
        if capture.confirmedMilliseconds != capture.capturedMilliseconds {
            html.fact("confirmed") { $0.time(capture.confirmedMilliseconds, moment) }
        }
        html.fact("HTTP status", capture.status.map { String($0) })
        html.fact("size", sizeWords(Int64(capture.bytes)))
        html.fact("format", capture.format ?? "could not be read")
        if let problem = capture.problem {
            let shown = sources[source]?.hidingPlaces(in: problem) ?? problem
            html.fact("problem", capture.problems > 1 ? "\(shown), and \(capture.problems - 1) more" : shown)
        }
    }
}
