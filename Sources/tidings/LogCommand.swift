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
        switch try common.articles() {
        case .ledger(let ledger):
            let article = try ledger.resolve(article)
            let id = try ledger.find(article).id
            show(try ledger.versions(of: id).map { ($0.summary, $0.summaryJSON) }, only: article.version)
            if !json, article.version == nil { try showPages(of: article, ledger) }
        case .daemon(let daemon):
            let (id, version) = try daemon.find(article)
            show(try daemon.versions(of: id), only: version)
        }
    }

    /// - Parameter number: of the one version that is meant; nil for all.
    private func show(_ versions: [(summary: VersionSummary, json: [UInt8])], only number: Int?) {
        let width = terminalWidth()
        let layout = TableLayout(Self.columns, widest: [4, 19, 11, 17, width ?? 0], width: width)
        var last = 0
        for (summary, line) in versions {
            defer { last = summary.number }
            if number == nil, summary.number > last + 1, !json {
                let missing = last + 2 == summary.number ? "@\(last + 1)" : "@\(last + 1) to @\(summary.number - 1)"
                standardOutput.line(Style.dim("\(missing)  no longer kept (retention)"))
            }
            guard number == nil || summary.number == number else { continue }
            if json {
                standardOutput.line(line)
            } else {
                standardOutput.line(layout.line(Self.cells(summary)))
            }
        }
    }

    private static let columns = [
        TableColumn(isOnRight: true), TableColumn(short: 10), TableColumn(), TableColumn(isOnRight: true, rank: 1), TableColumn(least: 24),
    ]

    private static func cells(_ version: VersionSummary) -> [TableCell] {
        [
            TableCell("@\(version.number)"), TableCell(localTime(milliseconds: version.committedMilliseconds)),
            TableCell(version.changeClass?.rawValue.replacing("_", with: " ") ?? "first"),
            TableCell(counted(version.characters, "character")),
            version.title.map { TableCell(printable($0)) } ?? TableCell("(no title)", Style.dim),
        ]
    }

    /// How the pages that the article is seen on are doing.
    private func showPages(of article: ArticleReference, _ ledger: LedgerReader) throws {
        for page in try ledger.provenance(article).sightings.compactMap(\.page) {
            standardOutput.line(Style.dim(inTerminal("page  \(printable(page.locator))", indent: 6)))
            standardOutput.line(Style.dim(inTerminal("      \(printable(page.message))", indent: 6)))
        }
    }
}
