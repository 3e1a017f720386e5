import ArgumentParser
import Glibc
import TidingsCore
import TidingsDaemon
import TidingsStore

struct BoilerplateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "boilerplate", abstract: "Show what was learned to surround the articles of a host, and forget it.",
        discussion: """
            A line that stands on the pages of at least four articles of a host, and of a quarter of them, is left out of the texts \
            that are made from then on. Learning announces nothing: an article loses the line with its next edit.

            Without a host: the hosts with such lines. With one: each line, in how many articles it stood, and since which set; each \
            time that something is learned or forgotten, the host's set of lines gets the next number.

            With --forget, and no daemon running: the host's lines, or those that start with the given words, are forgotten and not \
            learned again. This announces nothing either: an article gets such a line back with its next edit.

            EXAMPLES
              tidings boilerplate
              tidings boilerplate harbour-post.example
              tidings boilerplate harbour-post.example --forget "Our readers"
            """)

    @OptionGroup var common: CommonOptions

    @Argument(help: "A host, as the first column shows it.")
    var host: String?

    @Argument(help: "With --forget: how the lines start.")
    var start: String?

    @Flag(help: "Forget the lines of the host, with no daemon running.")
    var forget = false

    @Flag(help: "One JSON object a line.")
    var json = false

    func validate() throws {
        if forget, host == nil { throw ValidationError("--forget needs a host; tidings boilerplate lists them") }
        if !forget, start != nil { throw ValidationError("the start of a line is for --forget; give both") }
        if forget, json { throw ValidationError("--forget has nothing to show as JSON; give one of the two") }
    }

    func run() throws {
        if forget, let host { return try forgetLines(of: host) }
        let ledger = try common.ledger()
        guard let host else { return try showHosts(ledger.learnedHosts()) }
        let lines = try ledger.learnedLines(of: host)
        if json { return lines.forEach { standardOutput.line($0.json) } }
        let width = terminalWidth()
        let columns = [TableColumn(isOnRight: true), TableColumn(rank: 1), TableColumn(least: 24)]
        let layout = TableLayout(columns, widest: [14, 11, width ?? 0], width: width)
        for line in lines {
            let cells = [TableCell(counted(line.articles, "article")), TableCell("since set \(line.since)"), TableCell(printable(line.text))]
            standardOutput.line(layout.line(cells))
        }
    }

    private func showHosts(_ hosts: [LearnedHost]) {
        if json { return hosts.forEach { standardOutput.line($0.json) } }
        let lines = hosts.map { host in
            [TableCell(printable(host.host)), TableCell("\(counted(host.lines, "line")) from \(counted(host.articles, "article"))")]
        }
        let layout = TableLayout([TableColumn(least: 16), TableColumn()], for: lines, width: terminalWidth())
        for line in lines { standardOutput.line(layout.line(line)) }
    }

    private func forgetLines(of host: String) throws {
        let state = try common.state()
        let lock = try state.lockForWriting()
        let ledger = try LedgerRepair(path: state.database)
        let count = try ledger.forgetLines(of: host, startingWith: start ?? "")
        guard count > 0 else {
            throw Failure(EX_DATAERR, "no learned line of \(host) starts so; tidings boilerplate \(host) lists them")
        }
        try ledger.finish()
        standardOutput.line("\(counted(count, "line")) forgotten")
        withExtendedLifetime(lock) {}
    }
}
