import TidingsCore
import TidingsStore
import TidingsStream

/// How `tail` shows a change: as its line, or in a short form for people.
struct ChangeView {
    private let isPretty: Bool
    /// Where the texts of versions are read; nil to show none.
    private let texts: LedgerReader?

    init(isPretty: Bool, texts: LedgerReader?) {
        self.isPretty = isPretty
        self.texts = texts
    }

    /// What to write for `line`, with its line end.
    func shown(_ line: [UInt8]) throws -> [UInt8] {
        let text = try text(announcedBy: line)
        guard isPretty else { return text.map { ChangeLine.adding(text: $0, to: line) } ?? line }
        guard let change = ShownChange(line) else { return line }
        return Array((change.message(text: text) + "\n").utf8)
    }

    private func text(announcedBy line: [UInt8]) throws -> String? {
        guard let texts, let version = ChangeLineFields(line)?.announcedVersion else { return nil }
        return try texts.text(of: version)
    }
}

/// The fields of a line that people are shown, under the names that they have in it.
private struct ShownChange {
    let id: String
    let type: String
    let time: String
    let subject: String?
    let data: JSONTree

    /// Nil if `line` is no change.
    init?(_ line: [UInt8]) {
        guard let event = JSONTree(line), let id = event["id"]?.string, let type = event["type"]?.string,
            let time = event["time"]?.string, let data = event["data"], data.isObject
        else { return nil }
        self.id = id
        self.type = type
        self.time = time
        self.data = data
        subject = event["subject"]?.string
    }

    /// `1042  2026-02-20 10:00:00  updated  7q2kabcd@3  astana-times  +212 -8  Title`
    func message(text: String?) -> String {
        let time = ItemDate(time).map { localTime(milliseconds: $0.milliseconds) } ?? time
        let version = data["version"]?.integer.map { "@\($0)" } ?? ""
        let article = subject.map { String($0.prefix(ArticleID.shortLength)) + version } ?? ""
        var line = [
            Style.dim(padded(id, to: 7, onLeft: true)), Style.dim(printable(time)), coloured(padded(verb, to: 17)),
            padded(article, to: 12), padded(printable(data["origin"]?["source"]?.string ?? ""), to: 16), details,
        ].joined(separator: "  ")
        if let text {
            for paragraph in printable(text, keepsLines: true).split(separator: "\n") { line += "\n         \(paragraph)" }
        }
        return line
    }

    private var verb: String {
        let name = type.hasPrefix("tidings.") ? String(type.dropFirst("tidings.".count)) : type
        return printable(name.hasPrefix("article.") ? String(name.dropFirst("article.".count)) : name)
    }

    private func coloured(_ verb: String) -> String {
        switch ChangeType.allCases.first(where: { $0.name == type }) {
        case .articleCreated, .articleRestored: Style.green(verb)
        case .articleRemoved, .streamReset: Style.red(verb)
        case .articleUpdated, .sourceGap: Style.yellow(verb)
        case .sourceState: data["state"]?.string == "ok" ? Style.green(verb) : Style.red(verb)
        default: verb
        }
    }

    /// Whether the change is about one of the places of an article: what came or went there is found by its key.
    private var isAboutKey: Bool {
        let types: [ChangeType] = [.articleRemoved, .articleDuplicate, .articleDuplicateRemoved, .articleMoved]
        return types.contains { $0.name == type }
    }

    private var details: String {
        var parts: [String] = []
        if let state = data["state"]?.string { parts.append(state) }
        let (added, removed) = (data["characters_added"]?.integer, data["characters_removed"]?.integer)
        if added != nil || removed != nil { parts.append("+\(added ?? 0) -\(removed ?? 0)") }
        if let kind = data["class"]?.string, kind != ChangeClass.substantive.rawValue { parts.append(kind.replacing("_", with: " ")) }
        if let reason = data["reason"]?.string { parts.append(reason.replacing("_", with: " ")) }
        if let fork = data["forked_from"], let article = fork["article"]?.string, let version = fork["version"]?.integer {
            parts.append("forked from \(article.prefix(ArticleID.shortLength))@\(version)")
        }
        if let key = data["moved_from"]?.string { parts.append("from \(key)") }
        if isAboutKey, let key = data["origin"]?["key"]?.string { parts.append(key) }
        if let title = data["item"]?["title"]?.string { parts.append(Style.isColoured ? Style.bold(printable(title)) : title) }
        if let detail = data["detail"]?.string { parts.append(detail) }
        // A styled part went through `printable` before it was styled, and keeps its escape sequences.
        return parts.map { $0.utf8.first == 0x1B ? $0 : printable($0) }.joined(separator: "  ")
    }
}
