import ArgumentParser
import TidingsCore
import TidingsDaemon
import TidingsStore

struct ListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the articles, those that changed last first.",
        discussion: """
            An article's line has the start of its id, the number of its newest version, when that was committed (or the article \
            removed), the source that shows it, and its title. Words are looked for in titles: all of them, in any order and case; \
            how a word begins is enough.

            On a terminal the newest 50 are listed, in a pipe and as JSON all, if no limit is given.

            WHEN is a day, a day and a time, a time of today, or how long ago: 2026-03-01, "2026-03-01 10:00", 10:00, 90m, 2d.

            EXAMPLES
              tidings list
              tidings list harbour fees              those with both words in the title
              tidings list --since 2d --source seeds
              tidings list --all                     removed ones too
              tidings list --json | jq -r .title
            """)

    /// How many a person is shown at once.
    private static let terminalLimit = 50

    @OptionGroup var common: CommonOptions

    @Option(
        name: .customLong("source"), parsing: .singleValue,
        help: ArgumentHelp("Only articles that are seen in this source. May be repeated.", valueName: "name"))
    var sources: [String] = []

    @Option(help: ArgumentHelp("Only those that changed since then.", valueName: "when"))
    var since: Moment?

    @Option(help: ArgumentHelp("At most so many.", valueName: "n"))
    var limit: Int?

    @Flag(help: "Removed articles too.")
    var all = false

    @Flag(help: "One JSON object a line.")
    var json = false

    @Argument(help: ArgumentHelp("Words of the title.", valueName: "word"))
    var words: [String] = []

    func validate() throws {
        if let limit, limit < 1 { throw ValidationError("--limit needs a number from 1 on") }
        if !words.isEmpty, titleWords == nil { throw ValidationError("'\(words.joined(separator: " "))' has no word to look for") }
    }

    private var titleWords: TitleWords? { TitleWords(words.joined(separator: " ")) }

    func run() throws {
        switch try common.articles() {
        case .ledger(let ledger): try list(ledger)
        case .daemon(let daemon): try list(daemon)
        }
    }

    /// Ids are cut to eight letters: how many are unique, only the ledger knows.
    private func list(_ daemon: DaemonReader) throws {
        let shown = limit ?? (standardOutput.isTerminal && !json ? Self.terminalLimit : nil)
        let found = try daemon.articles(
            sources: sources, words: words.joined(separator: " "), sinceMilliseconds: since?.milliseconds, includesRemoved: all, limit: shown)
        if json {
            for article in found { standardOutput.line(article.json) }
            return
        }
        let lines = found.map { Self.cells($0, shortID: String($0.id.description.prefix(ArticleID.shortLength))) }
        let layout = TableLayout(Self.columns, for: lines, width: terminalWidth())
        for line in lines { standardOutput.line(layout.line(line)) }
        standardOutput.flush()
        if limit == nil, let shown, found.count == shown { say("the newest \(shown); --limit shows more") }
    }

    private func list(_ ledger: LedgerReader) throws {
        try ledger.checkSources(sources)
        let filter = ArticleFilter(sources: sources, words: titleWords, sinceMilliseconds: since?.milliseconds, includesRemoved: all)
        if json {
            try ledger.eachArticle(filter, limit: limit) { standardOutput.line($0.json) }
        } else if standardOutput.isTerminal {
            try showToPerson(ledger, filter)
        } else {
            let shown = try ledger.sources().filter { sources.isEmpty ? $0.isSubscribed : sources.contains($0.name) }
            let sourceWidth = shown.map { displayWidth($0.name) }.max() ?? 0
            let layout = TableLayout(Self.columns, widest: [ArticleID.shortLength, 4, 19, sourceWidth, 0], width: nil)
            try ledger.eachArticle(filter, limit: limit) { standardOutput.line(layout.line(try Self.cells($0, in: ledger))) }
        }
    }

    private func showToPerson(_ ledger: LedgerReader, _ filter: ArticleFilter) throws {
        var lines: [[TableCell]] = []
        let count = try ledger.eachArticle(filter, limit: limit ?? Self.terminalLimit) { lines.append(try Self.cells($0, in: ledger)) }
        let layout = TableLayout(Self.columns, for: lines, width: terminalWidth())
        for line in lines { standardOutput.line(layout.line(line)) }
        standardOutput.flush()
        if limit == nil, count > lines.count { say("the newest \(lines.count) of \(count) articles; --limit \(count) shows all") }
    }

    private static let columns = [
        TableColumn(), TableColumn(isOnRight: true, rank: 1), TableColumn(short: 10), TableColumn(least: 8), TableColumn(least: 24),
    ]

    private static func cells(_ article: ArticleSummary, in ledger: LedgerReader) throws -> [TableCell] {
        cells(article, shortID: try ledger.shortID(article.id))
    }

    private static func cells(_ article: ArticleSummary, shortID: String) -> [TableCell] {
        let title = printable(article.title ?? "(no title)")
        let titleCell: TableCell =
            if article.removedMilliseconds != nil {
                TableCell("removed  " + title, Style.red)
            } else if article.title == nil {
                TableCell(title, Style.dim)
            } else {
                TableCell(title)
            }
        return [
            TableCell(shortID), TableCell("@\(article.versions)"),
            TableCell(localTime(milliseconds: article.lastChangeMilliseconds)), TableCell(sourceColumn(article)), titleCell,
        ]
    }
}
