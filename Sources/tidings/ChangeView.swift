import FoundationEssentials
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
        guard let change = try? JSONDecoder().decode(ShownChange.self, from: Data(line)) else { return line }
        return Array((change.message(text: text) + "\n").utf8)
    }

    private func text(announcedBy line: [UInt8]) throws -> String? {
        guard let texts, let version = ChangeLineFields(line)?.announcedVersion else { return nil }
        return try texts.text(of: version)
    }
}

/// The fields of a line that people are shown, under the names that they have in it.
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
        // A styled part went through `printable` before it was styled, and keeps its escape sequences.
        return parts.map { $0.utf8.first == 0x1B ? $0 : printable($0) }.joined(separator: "  ")
    }
}
