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
        let names = settings.folders.map(\.name) + settings.feeds.map(\.name)
        let width = names.map(displayWidth).max() ?? 0
        var failure: (any Error)?
        // A second reader: the first is in the middle of its rows.
        let ids = try StateFolder(path: settings.stateFolder).openLedger()
        try ledger.eachArticle(source: source, includesRemoved: all) { article in
            do {
                if json {
                    standardOutput.put(Self.line(article))
                } else {
                    standardOutput.line(try Self.message(article, sourceWidth: width, in: ids))
                }
                return true
            } catch {
                failure = error
                return false
            }
        }
        if let failure { throw failure }
    }

    private static func message(_ article: ArticleSummary, sourceWidth: Int, in ledger: LedgerReader) throws -> String {
        let more = article.sightings.count > 1 ? " +\(article.sightings.count - 1)" : ""
        let source = printable(article.sightings.first?.source ?? "") + more
        let title = article.title.map { printable($0) } ?? Style.dim("(no title)")
        return [
            padded(try shortID(article.id, in: ledger), to: shortIDLength), padded("@\(article.versions)", to: 4, onLeft: true),
            localTime(milliseconds: article.changedMilliseconds), padded(source, to: sourceWidth),
            (article.removedMilliseconds == nil ? "" : Style.red("removed") + "  ") + title,
        ].joined(separator: "  ")
    }

    private static func line(_ article: ArticleSummary) -> [UInt8] {
        var json = JSONWriter()
        json.object { json in
            json.field("id", article.id.description)
            json.field("title", article.title)
            json.field("versions", article.versions)
            json.field("first_seen", rfc3339(milliseconds: article.firstSeenMilliseconds, fraction: true))
            json.field("changed", rfc3339(milliseconds: article.changedMilliseconds, fraction: true))
            json.field("removed", article.removedMilliseconds.map { rfc3339(milliseconds: $0, fraction: true) })
            json.array("sightings", article.sightings) { json, origin in
                json.object { json in
                    json.field("source", origin.source)
                    json.field("kind", origin.kind.rawValue)
                    json.field("key", origin.key)
                    json.field("url", origin.url)
                }
            }
        }
        return json.bytes + [UInt8(ascii: "\n")]
    }
}
