import ArgumentParser
import TidingsCore
import TidingsDaemon
import TidingsStore

struct LogCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "log", abstract: "List the versions of an article, oldest first.",
        discussion: """
            Below them, where its own page is watched: when that was looked at last, what came, and when the next look is.

            \(articleHelp)

            EXAMPLES
              tidings log 7q2k
              tidings log articles/harbour.md --json
              tidings log "harbour fees"
            """)

    @OptionGroup var common: CommonOptions

    @Argument(help: ArgumentHelp("An id, a path, an address, or words of a title.", valueName: "article"))
    var article: ArticleReference

    @Flag(help: "One JSON object a line.")
    var json = false

    func run() throws {
        let ledger = try common.ledger()
        let article = try ledger.resolve(article)
        let id = try ledger.find(article).id
        var last = 0
        for version in try ledger.versions(of: id) {
            let summary = version.summary
            defer { last = summary.number }
            if article.version == nil, summary.number > last + 1, !json {
                let missing = last + 2 == summary.number ? "@\(last + 1)" : "@\(last + 1) to @\(summary.number - 1)"
                standardOutput.line(Style.dim("\(missing)  no longer kept (retention)"))
            }
            guard article.version == nil || summary.number == article.version else { continue }
            if json {
                standardOutput.line(version.summaryJSON)
            } else {
                let columns = [
                    padded("@\(summary.number)", to: 4, onLeft: true), localTime(milliseconds: summary.committedMilliseconds),
                    padded(summary.changeClass?.rawValue.replacing("_", with: " ") ?? "first", to: 11),
                    padded(counted(summary.characters, "character"), to: 17, onLeft: true),
                    summary.title.map { printable($0) } ?? Style.dim("(no title)"),
                ]
                standardOutput.line(columns.joined(separator: "  "))
            }
        }
        if !json, article.version == nil { try showPages(of: article, ledger) }
    }

    /// How the pages that the article is seen on are doing.
    private func showPages(of article: ArticleReference, _ ledger: LedgerReader) throws {
        for page in try ledger.provenance(article).sightings.compactMap(\.page) {
            standardOutput.line(Style.dim("page  \(printable(page.locator))"))
            standardOutput.line(Style.dim("      \(printable(page.message))"))
        }
    }
}
