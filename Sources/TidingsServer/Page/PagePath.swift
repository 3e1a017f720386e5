import TidingsCore

/// A place on this server: a path and its query, percent-encoded (RFC 3986 §2.1), so that no name from outside can lead elsewhere.
struct PagePath: Equatable, Sendable {
    let text: String

    /// - Parameter path: as it stands in our source; what comes from outside is given as segments and parameters.
    init(_ path: StaticString, segments: [String] = [], _ parameters: [(name: String, value: String?)] = []) {
        var text = path.description
        for segment in segments { text += (text.hasSuffix("/") ? "" : "/") + Self.encoded(segment) }
        var separator = "?"
        for (name, value) in parameters {
            guard let value, !value.isEmpty else { continue }
            text += separator + Self.encoded(name) + "=" + Self.encoded(value)
            separator = "&"
        }
        self.text = text
    }

    /// All but the unreserved characters of RFC 3986 §2.3.
    private static func encoded(_ text: String) -> String {
        let encoded = percentEncoded(text)
        // A segment of dots alone would mean a folder.
        return encoded.allSatisfy { $0 == "." } ? encoded.map { _ in "%2E" }.joined() : encoded
    }
}

// The views and their places.
extension PagePath {
    static let overview = PagePath("/")
    static let sources = PagePath("/sources")

    /// - Parameter before: only changes with a smaller number.
    static func changes(type: String? = nil, source: String? = nil, changeClass: String? = nil, before: Int64? = nil) -> PagePath {
        PagePath(
            "/changes",
            [("type", type), ("source", source), ("class", changeClass), ("before", before.map { String($0) })])
    }

    static func article(_ id: ArticleID, version: Int? = nil) -> PagePath {
        PagePath("/articles", segments: [id.description], [("version", version.map { String($0) })])
    }

    static func diff(_ id: ArticleID, from old: Int, to new: Int, form: DiffForm = .inline, isWhole: Bool = false) -> PagePath {
        PagePath(
            "/articles", segments: [id.description, "diff"],
            [
                ("from", String(old)), ("to", String(new)), ("view", form == .inline ? nil : form.rawValue),
                ("whole", isWhole ? "1" : nil),
            ])
    }

    static func source(_ name: String) -> PagePath { PagePath("/sources", segments: [name]) }

    static func feed(
        type: String? = nil, source: String? = nil, changeClass: String? = nil, article: ArticleID? = nil
    ) -> PagePath {
        PagePath(
            "/feed.atom",
            [("type", type), ("source", source), ("class", changeClass), ("article", article?.description)])
    }

    /// The changes after `sequence`, as server-sent events.
    static func stream(
        after sequence: Int64, type: String? = nil, source: String? = nil, changeClass: String? = nil, article: ArticleID? = nil
    ) -> PagePath {
        PagePath(
            "/v1/changes/stream",
            [
                ("since", String(sequence)), ("type", type), ("source", source), ("class", changeClass),
                ("article", article?.description),
            ])
    }
}
