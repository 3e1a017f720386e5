import TidingsCore
import TidingsStore

/// The changes as an Atom feed (RFC 4287): one entry a change, the newest first.
struct ChangeFeed: Sendable {
    /// A change, with what an entry can show of it.
    struct Entry: Sendable {
        let change: ShownChange
        let content: EntryContent?
    }

    static let limit = 100

    /// What is asked for. An empty list asks for all.
    struct Filter: Equatable, Sendable {
        var types: [String] = []
        var sources: [String] = []
        var classes: [String] = []
        var article: ArticleID?

        /// The path of the feed with these changes.
        var path: PagePath {
            func list(_ values: [String]) -> String? { values.isEmpty ? nil : values.joined(separator: ",") }
            return .feed(type: list(types), source: list(sources), changeClass: list(classes), article: article)
        }
    }

    /// The stream's id: a UUID.
    let stream: String
    let entries: [Entry]
    /// What was asked for.
    let path: PagePath
    /// `http://host:port`, by which this server was asked.
    let base: String

    var document: [UInt8] {
        var xml = MarkupWriter(capacity: 65_536)
        xml.declaration(#"<?xml version="1.0" encoding="utf-8"?>"#)
        xml.element("feed", .named("xmlns", "http://www.w3.org/2005/Atom"), .named("xml:lang", "en")) { xml in
            xml.element("id", text: "urn:uuid:" + NamedUUID.of(stream, name: path.text))
            xml.element("title", text: "Tidings: changes")
            xml.element("updated", text: rfc3339(milliseconds: entries.first?.change.milliseconds ?? 0, fraction: true))
            xml.element("generator", text: "Tidings")
            // Entries without an author have this one (RFC 4287 §4.2.1).
            xml.element("author") { $0.element("name", text: "Tidings") }
            xml.empty("link", .named("rel", "self"), .named("type", "application/atom+xml"), .href(path, below: base))
            xml.empty("link", .named("rel", "alternate"), .named("type", "text/html"), .href(.changes(), below: base))
            for entry in entries { xml.element("entry") { xml in self.entry(entry, &xml) } }
        }
        return xml.bytes + [0x0A]
    }

    private func entry(_ entry: Entry, _ xml: inout MarkupWriter) {
        let change = entry.change
        xml.element("id", text: "urn:uuid:" + NamedUUID.of(change.stream, name: String(change.sequence)))
        xml.element("title", text: "\(change.verb): \(change.heading)")
        xml.element("updated", text: rfc3339(milliseconds: change.milliseconds, fraction: true))
        for name in change.authors where !name.isEmpty { xml.element("author") { $0.element("name", text: name) } }
        xml.empty("category", .named("term", change.type.name), .named("label", change.verb))
        if let changeClass = change.changeClass {
            xml.empty("category", .named("term", changeClass.rawValue), .named("label", "class: \(changeClass.rawValue)"))
        }
        // An entry without content has a link to what it is about (RFC 4287 §4.1.2).
        xml.empty(
            "link", .named("rel", "alternate"), .named("type", "text/html"), .href(change.place ?? .changes(), below: base))
        let html = content(entry)
        xml.element("content", .named("type", "html"), text: String(decoding: html.bytes, as: UTF8.self))
    }

    private func content(_ entry: Entry) -> MarkupWriter {
        var html = MarkupWriter(capacity: 1024)
        let facts = ([entry.change.source].compactMap { $0 } + entry.change.facts).joined(separator: " · ")
        if !facts.isEmpty { html.element("p", text: facts) }
        html.element("p", text: entry.change.detail)
        entry.content?.write(into: &html, language: language(entry.change.language))
        return html
    }
}

/// What an entry shows of an article.
enum EntryContent: Sendable {
    /// The beginning of a text.
    case text(String)
    case difference(VersionDifference)

    /// So much of a text is shown, in Unicode scalars.
    static let textLimit = 1500
    /// Texts that are longer together, in bytes, are not compared for an entry.
    static let comparedBytes = 200_000
    private static let context = 1

    func write(into html: inout MarkupWriter, language: String?) {
        switch self {
        case .text(let text):
            for paragraph in beginning(of: text).split(separator: "\n") {
                html.element("p", .named("lang", language), .named("dir", "auto"), text: String(paragraph))
            }
        case .difference(let difference):
            for line in difference.title where line.kind != .same {
                html.element("h3", .named("lang", language), .named("dir", "auto")) { $0.words(line.words) }
            }
            for field in difference.metadata {
                html.element("p") { html in
                    html.text("\(field.field.rawValue): ")
                    for value in field.removed { html.element("del", text: value) }
                    for value in field.added { html.element("ins", text: value) }
                }
            }
            let hunks = hunks(of: difference.paragraphs, context: Self.context)
            for line in hunks.flatMap(\.lines) where !line.words.isEmpty {
                html.element("p", .named("lang", language), .named("dir", "auto")) { $0.words(line.words) }
            }
        }
    }

    private func beginning(of text: String) -> String {
        let scalars = text.unicodeScalars
        guard scalars.count > Self.textLimit else { return text }
        return String(String.UnicodeScalarView(scalars.prefix(Self.textLimit))) + "…"
    }
}

/// A UUID that is made of a name, so that it is always the same (RFC 9562 §5.8: version 8, over SHA-256 as in its appendix B.2).
enum NamedUUID {
    /// - Parameters:
    ///   - space: whose names these are: a UUID.
    ///   - name: within it.
    static func of(_ space: String, name: String) -> String {
        var bytes = Array(ContentHash.of(Array("\(space)/\(name)".utf8)).bytes.prefix(16))
        bytes[6] = bytes[6] & 0x0F | 0x80
        bytes[8] = bytes[8] & 0x3F | 0x80
        let digits = hex(bytes)
        var text = ""
        for (index, digit) in digits.enumerated() {
            if [8, 12, 16, 20].contains(index) { text += "-" }
            text.append(digit)
        }
        return text
    }
}
