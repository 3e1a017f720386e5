import ArgumentParser
import TidingsCore
import TidingsDaemon
import TidingsStore

struct ListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the articles, oldest first.",
        discussion: """
            EXAMPLES
              tidings list
              tidings list --source seeds --all      removed ones too
              tidings list --json | jq -r .title
            """)

    @OptionGroup var common: CommonOptions

    @Option(help: ArgumentHelp("Only articles of this source.", valueName: "name"))
    var source: String?

    @Flag(help: "Removed articles too.")
    var all = false

    @Flag(help: "One JSON object a line.")
    var json = false

    func run() throws {
        let settings = try common.settings()
        let ledger = try StateFolder(path: settings.stateFolder).openLedger()
        let names = settings.folders.map(\.name) + settings.feeds.map(\.name) + settings.pages.map(\.name)
        let width = names.map(displayWidth).max() ?? 0
        try ledger.eachArticle(source: source, includesRemoved: all) { article in
            if json {
                standardOutput.line(article.json)
            } else {
                standardOutput.line(try Self.message(article, sourceWidth: width, in: ledger))
            }
            return true
        }
    }

    private static func message(_ article: ArticleSummary, sourceWidth: Int, in ledger: LedgerReader) throws -> String {
        let more = article.sightings.count > 1 ? " +\(article.sightings.count - 1)" : ""
        let source = printable(article.sightings.first?.source ?? "") + more
        let title = article.title.map { printable($0) } ?? Style.dim("(no title)")
        return [
            padded(try ledger.shortID(article.id), to: ArticleID.shortLength), padded("@\(article.versions)", to: 4, onLeft: true),
            localTime(milliseconds: article.changedMilliseconds), padded(source, to: sourceWidth),
            (article.removedMilliseconds == nil ? "" : Style.red("removed") + "  ") + title,
        ].joined(separator: "  ")
    }
}
