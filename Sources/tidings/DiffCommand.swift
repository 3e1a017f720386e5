import ArgumentParser
import Glibc
import TidingsCore
import TidingsStore

struct DiffCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff", abstract: "Show word by word how two versions of an article differ.",
        discussion: """
            Without colours, what is gone stands in [-…-] and what is new in {+…+}.

            EXAMPLES
              tidings diff 7q2k                     the last edit
              tidings diff 7q2k 1                   version 1 against the newest
              tidings diff 7q2k 1 3
            """)

    @OptionGroup var common: CommonOptions

    @Argument(help: ArgumentHelp("The article's id, or a beginning of it.", valueName: "article"))
    var article: ArticleReference

    @Argument(help: ArgumentHelp("The old version (default: the one before the new).", valueName: "n"))
    var oldNumber: Int?

    @Argument(help: ArgumentHelp("The new version (default: the newest).", valueName: "m"))
    var newNumber: Int?

    @Flag(help: "As one JSON object, with the runs of title and text.")
    var json = false

    func run() throws {
        let ledger = try common.ledger()
        let new = try article.stored(in: ledger, number: newNumber)
        let oldNumber = oldNumber ?? new.summary.number - 1
        guard oldNumber > 0 else {
            throw Failure(EX_DATAERR, "\(new.article)@\(new.summary.number) is the first version: nothing is before it")
        }
        let old = try article.stored(in: ledger, number: oldNumber)
        let difference = VersionDifference(old: old, new: new)
        if json { standardOutput.put(difference.json) } else { difference.show() }
    }
}

/// Two versions of one article beside each other.
private struct VersionDifference {
    let old: StoredVersion
    let new: StoredVersion
    let changed: [String]
    let title: [DiffRun]
    let text: [DiffRun]

    init(old: StoredVersion, new: StoredVersion) {
        self.old = old
        self.new = new
        changed = changedFields(old: (old.form, old.item), new: (new.form, new.item))
        title = wordDiff(old: old.form.title ?? "", new: new.form.title ?? "")
        text = wordDiff(old: old.form.text, new: new.form.text)
    }

    var json: [UInt8] {
        let characters = charactersChanged(text)
        var json = JSONWriter(capacity: new.form.bytes.count * 2)
        json.object { json in
            json.field("article", new.article.description)
            json.object("old") { $0.versionFields(old.summary) }
            json.object("new") { $0.versionFields(new.summary) }
            json.array("changed", changed) { json, name in json.string(name) }
            json.field("characters_added", characters.added)
            json.field("characters_removed", characters.removed)
            json.array("title", title, Self.write)
            json.array("text", text, Self.write)
        }
        return json.bytes + [UInt8(ascii: "\n")]
    }

    private static func write(_ json: inout JSONWriter, _ run: DiffRun) {
        json.object { json in
            switch run.kind {
            case .same: json.field("kind", "same")
            case .added: json.field("kind", "added")
            case .removed: json.field("kind", "removed")
            }
            json.field("text", run.text)
        }
    }

    func show() {
        standardOutput.line(Style.red("--- \(heading(old))"))
        standardOutput.line(Style.green("+++ \(heading(new))"))
        for name in changed {
            guard let (before, after) = metadata(name) else { continue }
            standardOutput.line("\(name): " + marked([DiffRun(.removed, before), DiffRun(.added, after)]))
        }
        standardOutput.line("")
        if !title.isEmpty { standardOutput.line(Style.bold(marked(title)) + "\n") }
        standardOutput.line(marked(text))
    }

    private func heading(_ version: StoredVersion) -> String {
        "\(version.article)@\(version.summary.number)  \(localTime(milliseconds: version.summary.committedMilliseconds))"
    }

    /// The two values of a field that is neither title nor text.
    private func metadata(_ name: String) -> (String, String)? {
        func values(_ value: (Item) -> String?) -> (String, String) { (value(old.item) ?? "", value(new.item) ?? "") }
        return switch name {
        case "authors": values { $0.authors.compactMap { $0.name ?? $0.email }.joined(separator: ", ") }
        case "url": values(\.url)
        case "tags": values { $0.tags.joined(separator: ", ") }
        case "language": values(\.language)
        default: nil
        }
    }

    private func marked(_ runs: [DiffRun]) -> String {
        runs.map { run in
            let text = printable(run.text, keepsLines: true)
            if text.isEmpty { return "" }
            return switch run.kind {
            case .same: text
            case .removed: Style.isColoured ? Style.red(text) : "[-\(text)-]"
            case .added: Style.isColoured ? Style.green(text) : "{+\(text)+}"
            }
        }.joined()
    }
}
