import ArgumentParser
import Glibc
import TidingsCore
import TidingsDaemon
import TidingsStore

struct SearchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "search", abstract: "Find articles by what they say.",
        discussion: """
            All words must occur, in title, text, authors or tags, in any order and case, with or without accents; what has them in its \
            title comes first. Put the whole in quotation marks for the shell if it has any of these:

              "third crane"     these words one after the other
              -ferry            not this word
              transit*          words that begin so

            In scripts without spaces any part of the text is found.

            --since and --until compare the date of publication; of an article that has none, when it was seen first. WHEN is as for \
            `tidings list`: 2026-03-01, "2026-03-01 10:00", 10:00, 90m, 2d.

            The daemon keeps the index, and lags while much comes in: a message says how far it is.

            EXAMPLES
              tidings search harbour fees
              tidings search '"third crane" -ferry' --source seeds
              tidings search transit* --since 30d --language en
              tidings search --all-versions casualties --json | jq -r .id
            """)

    private static let limits = 1...1_000

    @OptionGroup var common: CommonOptions

    @Option(
        name: .customLong("source"), parsing: .singleValue,
        help: ArgumentHelp("Only articles that are seen in this source. May be repeated.", valueName: "name"))
    var sources: [String] = []

    @Option(help: ArgumentHelp("Only items that say they are in it: en is en-GB, too.", valueName: "language"))
    var language: String?

    @Option(help: ArgumentHelp("Only from this date on.", valueName: "when"))
    var since: Moment?

    @Option(help: ArgumentHelp("Only before this date.", valueName: "when"))
    var until: Moment?

    @Flag(help: "Old versions and removed articles, too.")
    var allVersions = false

    @Option(help: ArgumentHelp("At most so many, 1 to 1000.", valueName: "n"))
    var limit = 20

    @Option(help: ArgumentHelp("Pass over so many of the best.", valueName: "n"))
    var offset = 0

    @Flag(help: "One JSON object a line.")
    var json = false

    @Argument(help: ArgumentHelp("What to look for.", valueName: "query"))
    var query: [String]

    private var words: SearchWords? { SearchWords(query.joined(separator: " ")) }

    func validate() throws {
        guard Self.limits.contains(limit) else { throw ValidationError("--limit needs a number from 1 to 1000") }
        guard offset >= 0 else { throw ValidationError("--offset needs a number from 0 on") }
        guard words != nil else { throw ValidationError("'\(query.joined(separator: " "))' has no word to look for") }
    }

    func run() throws {
        guard let words else { return }
        let state = try common.state()
        let ledger = try state.openLedger()
        try ledger.checkSources(sources)
        var filter = SearchFilter()
        filter.sources = sources
        filter.language = language
        filter.sinceMilliseconds = since?.milliseconds
        filter.untilMilliseconds = until?.milliseconds
        filter.includesOldVersions = allVersions
        filter.limit = limit
        filter.offset = offset
        do {
            let index = try SearchIndex(path: state.searchIndex, ledger: ledger)
            let lack = try lack(index, state)
            let results = try index.search(words, filter)
            for hit in results.hits {
                if json { standardOutput.line(hit.json) } else { show(hit, try ledger.shortID(hit.id)) }
            }
            standardOutput.flush()
            if results.hits.isEmpty { say("nothing found") }
            if let next = results.next, standardOutput.isTerminal, !json { say("there is more: --offset \(next)") }
            if let lack { say(lack) }
        } catch let error as NoSearchIndexError {
            throw failure(error, state)
        }
    }

    private func show(_ hit: SearchHit, _ shortID: String) {
        let version = "@\(hit.version)" + (hit.isRemoved ? " " + Style.red("removed") : "")
        let date = hit.date.isDay ? hit.date.description : localTime(milliseconds: hit.date.milliseconds)
        let title = hit.title == nil ? Style.dim("(no title)") : Self.marked(hit.titlePieces)
        let head = [shortID + version, date, hit.source.map { Style.cyan(printable($0)) }, hit.language.map { printable($0) }, title]
        let wrap = LineWrap(indent: 4)
        func put(_ line: String) { standardOutput.line(wrap?.wrapped(line) ?? line) }
        put(head.compactMap(\.self).joined(separator: "  "))
        if !hit.snippet.isEmpty { put("    " + Self.marked(hit.snippet)) }
    }

    private static func marked(_ pieces: [SearchPiece]) -> String {
        pieces.map { $0.isHit ? Style.bold(Style.yellow(printable($0.text))) : printable($0.text) }.joined()
    }

    // MARK: an index that is not there, or lags

    /// What the index does not have yet; nil if it has everything.
    private func lack(_ index: SearchIndex, _ state: StateFolder) throws -> String? {
        let lag = try index.lag()
        guard lag > 0 else { return nil }
        let what =
            try index.state().built == nil
            ? "the search index lacks \(counted(Int(lag), "change"))"
            : "the search index is being built: it has \(counted(try index.documents(), "version")) yet"
        return what + (StateLock.holder(of: state) == nil ? "; the daemon goes on with it (`tidings run`)" : "")
    }

    private func failure(_ error: NoSearchIndexError, _ state: StateFolder) -> Failure {
        let what = error == .missing ? "there is no search index" : "the search index is of another version, or damaged"
        if let settings = try? common.settings(), !settings.search.isEnabled {
            return Failure(EX_UNAVAILABLE, "\(what), and search is off: write search: { enabled: true } in the settings, and start again")
        }
        if StateLock.holder(of: state) == nil {
            return Failure(EX_UNAVAILABLE, "\(what); the daemon makes it from the database: start it with `tidings run`")
        }
        return error == .missing
            ? Failure(EX_TEMPFAIL, "\(what) yet; the daemon makes it, try again in a moment")
            : Failure(EX_UNAVAILABLE, "\(what); delete \(state.searchIndex), and the daemon makes it anew")
    }
}
