import ArgumentParser
import Glibc
import TidingsCore
import TidingsDaemon
import TidingsStore

struct ShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show what an article says.",
        discussion: """
            Its title, an empty line, and its paragraphs, one a line; on a terminal with what else is known of it.

            With --provenance, where and when it was read instead: each place where it is seen now, and how the newest bytes of \
            that document came; where the article's own page is watched, also when that was looked at last, what came, and when the \
            next look is. Of an older version only the time of its commit is known.

            \(articleHelp)

            EXAMPLES
              tidings show 7q2k                     the newest version
              tidings show 7q2k@2                   the second one
              tidings show articles/harbour.md
              tidings show https://example.org/harbour
              tidings show "harbour fees"
              tidings show 7q2k --json
              tidings show 7q2k --provenance        its sources, addresses, validators
            """)

    @OptionGroup var common: CommonOptions

    @Argument(help: ArgumentHelp("An id, a path, an address, or words of a title; @N behind it for one of its versions.", valueName: "article"))
    var article: ArticleReference

    @Flag(help: "As one JSON object, with all fields.")
    var json = false

    @Flag(help: "Where and when it was read, in the place of what it says.")
    var provenance = false

    func run() throws {
        let ledger: LedgerReader
        switch try common.articles() {
        case .ledger(let reader): ledger = reader
        case .daemon(let daemon): return try show(daemon)
        }
        let article = try ledger.resolve(article)
        if provenance {
            let provenance = try ledger.provenance(article)
            if json { standardOutput.line(provenance.json) } else { provenance.show() }
            return
        }
        let version = try ledger.version(article)
        if json {
            standardOutput.line(version.json)
        } else if standardOutput.isTerminal {
            showToPerson(version)
        } else {
            standardOutput.line(version.form.bytes)
        }
    }

    private func show(_ daemon: DaemonReader) throws {
        if provenance { throw Failure(EX_NOPERM, "only who may read the database sees provenance: become the daemon's user (sudo -u tidings …)") }
        let (id, version) = try daemon.find(article)
        let number = try version ?? daemon.newestVersion(of: id)
        let text = try daemon.text(of: id, "versions/\(number)", accept: json ? "application/json" : "text/plain")
        standardOutput.put(standardOutput.isTerminal && !json ? Array(printable(String(decoding: text, as: UTF8.self), keepsLines: true).utf8) : text)
    }

    private func showToPerson(_ version: StoredVersion) {
        let item = version.item
        standardOutput.line(
            Style.dim("\(version.article)@\(version.summary.number)  \(localTime(milliseconds: version.summary.committedMilliseconds))"))
        let authors = item.authors.compactMap { $0.name ?? $0.email ?? $0.url }.joined(separator: ", ")
        let facts: [(String, String?)] = [
            ("published", item.datePublished?.description), ("modified", item.dateModified?.description),
            ("authors", authors.isEmpty ? nil : authors), ("url", item.url), ("language", item.language),
            ("tags", item.tags.isEmpty ? nil : item.tags.joined(separator: ", ")),
        ]
        for (name, value) in facts {
            if let value { standardOutput.line(Style.dim(wrapped("\(padded(name, to: 9))  \(printable(value))", indent: 11))) }
        }
        standardOutput.line("")
        if let title = version.form.title { standardOutput.line(Style.bold(wrapped(printable(title))) + "\n") }
        let text = printable(version.form.text, keepsLines: true)
        for paragraph in text.split(separator: "\n", omittingEmptySubsequences: false) { standardOutput.line(wrapped(String(paragraph))) }
    }

    private func wrapped(_ line: String, indent: Int = 2) -> String { LineWrap(indent: indent)?.wrapped(line) ?? line
    }
}
