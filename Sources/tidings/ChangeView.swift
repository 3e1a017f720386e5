import TidingsCore
import TidingsStore
import TidingsStream

/// How `tail` shows a change: as its line, or in a short form for people.
struct ChangeView {
    private let isPretty: Bool
    private let width: Int?
    /// Where the texts of versions are read; nil to show none.
    private let texts: LedgerReader?

    /// - Parameter width: of the terminal; nil if there is none.
    init(isPretty: Bool, width: Int?, texts: LedgerReader?) {
        self.isPretty = isPretty
        self.width = width
        self.texts = texts
    }

    /// What to write for `line`, with its line end.
    func shown(_ line: [UInt8]) throws -> [UInt8] {
        let text = try text(announcedBy: line)
        guard isPretty else { return text.map { ChangeLine.adding(text: $0, to: line) } ?? line }
        guard let change = ShownChange(line) else { return line }
        return Array((change.message(text: text, width: width) + "\n").utf8)
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
    /// - Parameter width: of the terminal, for which the line is shortened; nil for the whole line.
    func message(text: String?, width: Int?) -> String {
        let isNarrow = width.map { $0 < Self.fullWidth } ?? false
        let time = printable(ItemDate(time).map { localTime(milliseconds: $0.milliseconds) } ?? time)
        let version = data["version"]?.integer.map { "@\($0)" } ?? ""
        let article = subject.map { String($0.prefix(ArticleID.shortLength)) + version } ?? ""
        let source = printable(data["origin"]?["source"]?.string ?? "")
        let sourceWidth = isNarrow ? 12 : 16
        let columns: [(text: String, style: (String) -> String)] = [
            (padded(id, to: isNarrow ? 5 : 7, onLeft: true), Style.dim), (isNarrow ? String(time.suffix(8)) : time, Style.dim),
            (padded(verb, to: isNarrow ? 8 : 17), coloured), (padded(article, to: isNarrow ? 10 : 12), { $0 }),
            (padded(width == nil ? source : fitted(source, to: sourceWidth), to: sourceWidth), { $0 }),
        ]
        let used = columns.reduce(0) { $0 + displayWidth($1.text) + 2 }
        var line = (columns.map { $0.style($0.text) } + [details(room: width.map { $0 - used })]).joined(separator: "  ")
        if let text {
            for paragraph in printable(text, keepsLines: true).split(separator: "\n") { line += "\n         \(paragraph)" }
        }
        return line
    }

    /// A narrower terminal gets no date, and narrower columns.
    private static let fullWidth = 100

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

    /// - Parameter room: the columns that are left; nil for as many as it takes.
    private func details(room: Int?) -> String {
        var parts = facts.map { (text: printable($0), style: { (text: String) in text }) }
        if let title = data["item"]?["title"]?.string { parts.append((printable(title), Style.bold)) }
        if let detail = data["detail"]?.string { parts.append((printable(detail), { $0 })) }
        guard var room else { return parts.map { $0.style($0.text) }.joined(separator: "  ") }
        var shown: [String] = []
        for part in parts where room > 1 {
            let text = fitted(part.text, to: room)
            shown.append(part.style(text))
            room -= displayWidth(text) + 2
        }
        return shown.joined(separator: "  ")
    }

    private var facts: [String] {
        var facts: [String] = []
        if let state = data["state"]?.string { facts.append(state) }
        let (added, removed) = (data["characters_added"]?.integer, data["characters_removed"]?.integer)
        if added != nil || removed != nil { facts.append("+\(added ?? 0) -\(removed ?? 0)") }
        if let kind = data["class"]?.string, kind != ChangeClass.substantive.rawValue { facts.append(kind.replacing("_", with: " ")) }
        if let reason = data["reason"]?.string { facts.append(reason.replacing("_", with: " ")) }
        if let fork = data["forked_from"], let article = fork["article"]?.string, let version = fork["version"]?.integer {
            facts.append("forked from \(article.prefix(ArticleID.shortLength))@\(version)")
        }
        if let key = data["moved_from"]?.string { facts.append("from \(key)") }
        if isAboutKey, let key = data["origin"]?["key"]?.string { facts.append(key) }
        return facts
    }
}
