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
        let difference = try common.ledger().difference(article, old: oldNumber, new: newNumber)
        if json { standardOutput.line(difference.json) } else { difference.show() }
    }
}

// For people: the words that went and came, in place.
extension VersionDifference {
    fileprivate func show() {
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

    /// The old and the new value of a field that is neither title nor text; nil for these.
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
