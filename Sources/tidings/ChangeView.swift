import FoundationEssentials
import TidingsCore
import TidingsStore
import TidingsStream

/// How `tail` shows a change: as its line, or in a short form for people; with the version's text if asked.
struct ChangeView {
    private let isPretty: Bool
    private let texts: LedgerReader?

    init(isPretty: Bool, texts: LedgerReader?) {
        self.isPretty = isPretty
        self.texts = texts
    }

    /// What to write for `line`, with its line end.
    func shown(_ line: [UInt8]) throws -> [UInt8] {
        guard isPretty || texts != nil, let change = try? JSONDecoder().decode(ShownChange.self, from: Data(line)) else {
            return line
        }
        let text = try text(of: change)
        if isPretty { return Array((change.message(text: text) + "\n").utf8) }
        return text.map { Self.adding(text: $0, to: line) } ?? line
    }

    /// The text of the version that `change` announces, where it announces one.
    private func text(of change: ShownChange) throws -> String? {
        guard let texts, change.type == ChangeType.articleCreated.name || change.type == ChangeType.articleUpdated.name,
            let id = change.subject.flatMap({ ArticleID($0) }), let number = change.data.version
        else { return nil }
        return try texts.version(of: id, number: number)?.form.text
    }

    /// `line` with `content_text` as the last field of `data.item`. All other bytes stay what they are.
    static func adding(text: String, to line: [UInt8]) -> [UInt8] {
        // Within a JSON string the quotes would be escaped, so that these bytes can only be the key itself.
        let key = Array(#","item":{"#.utf8)
        guard let start = line.indices.first(where: { line[$0] == key[0] && line[$0...].starts(with: key) }) else { return line }
        let first = start + key.count
        guard let end = endOfObject(line, from: first) else { return line }
        var json = JSONWriter(capacity: text.utf8.count + 64)
        json.object { $0.field("content_text", text) }
        let field = json.bytes.dropFirst().dropLast()
        return Array(line[..<end]) + (end > first ? [UInt8(ascii: ",")] : []) + field + line[end...]
    }

    /// Where the brace stands that closes the object whose inside begins at `start`.
    private static func endOfObject(_ line: [UInt8], from start: Int) -> Int? {
        var depth = 1
        var isInString = false
        var isEscaped = false
        for index in start..<line.count {
            let byte = line[index]
            if isInString {
                if isEscaped {
                    isEscaped = false
                } else if byte == UInt8(ascii: "\\") {
                    isEscaped = true
                } else if byte == UInt8(ascii: "\"") {
                    isInString = false
                }
                continue
            }
            switch byte {
            case UInt8(ascii: "\""): isInString = true
            case UInt8(ascii: "{"): depth += 1
            case UInt8(ascii: "}"):
                depth -= 1
                if depth == 0 { return index }
            default: break
            }
        }
        return nil
    }
}

/// The fields of a line that people are shown. Names are those of the line format.
private struct ShownChange: Decodable {
    struct Details: Decodable {
        struct Origin: Decodable { var source: String? }
        struct Item: Decodable { var title: String? }
        struct Fork: Decodable {
            var article: String
            var version: Int
        }
        var version: Int?
        var `class`: String?
        var characters_added: Int?
        var characters_removed: Int?
        var reason: String?
        var forked_from: Fork?
        var moved_from: String?
        var state: String?
        var detail: String?
        var backfill: Bool?
        var origin: Origin?
        var item: Item?
    }
    var id: String
    var type: String
    var time: String
    var subject: String?
    var data: Details

    /// `1042  2026-02-20 10:00:00  updated  7q2kabcd@3  astana-times  +212 -8  Title`
    func message(text: String?) -> String {
        let time = ItemDate(time).map { localTime(milliseconds: $0.milliseconds) } ?? time
        let article = subject.map { String($0.prefix(ArticleID.shortLength)) + (data.version.map { "@\($0)" } ?? "") } ?? ""
        var line = [
            Style.dim(padded(id, to: 7, onLeft: true)), Style.dim(printable(time)), coloured(padded(verb, to: 17)),
            padded(article, to: 12), padded(printable(data.origin?.source ?? ""), to: 16), details,
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
        case .sourceState: data.state == "ok" ? Style.green(verb) : Style.red(verb)
        default: verb
        }
    }

    private var details: String {
        var parts: [String] = []
        if let state = data.state { parts.append(state) }
        if data.characters_added != nil || data.characters_removed != nil {
            parts.append("+\(data.characters_added ?? 0) -\(data.characters_removed ?? 0)")
        }
        if let kind = data.class, kind != ChangeClass.substantive.rawValue { parts.append(kind) }
        if let reason = data.reason { parts.append(reason) }
        if let fork = data.forked_from { parts.append("forked from \(fork.article.prefix(ArticleID.shortLength))@\(fork.version)") }
        if let key = data.moved_from { parts.append("from \(key)") }
        if let title = data.item?.title { parts.append(Style.isColoured ? Style.bold(printable(title)) : title) }
        if let detail = data.detail { parts.append(detail) }
        // Styled parts are clean already, and their escape sequences must stay.
        return parts.map { $0.utf8.first == 0x1B ? $0 : printable($0) }.joined(separator: "  ")
    }
}
