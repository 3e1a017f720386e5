import ArgumentParser
import Glibc
import TidingsCore
import TidingsDaemon
import TidingsStore

struct DiffCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff", abstract: "Show word by word how two versions of an article differ.",
        discussion: """
            A changed title comes first, then other fields, then the paragraphs that differ, with three others before and after. \
            `@@ -12,7 +12,8 @@` means: paragraphs 12 to 18 of the old text, 12 to 19 of the new one. Without colours, what is gone \
            stands in [-…-], what is new in {+…+}, and that a paragraph stands elsewhere now in {>…<}.

            On a terminal the pager shows it: $TIDINGS_PAGER, else $PAGER, else less.

            \(articleHelp)

            EXAMPLES
              tidings diff 7q2k                     the last edit
              tidings diff 7q2k 1                   version 1 against the newest
              tidings diff 7q2k 1 3
              tidings diff articles/harbour.md
              tidings diff "harbour fees" 1
              tidings diff 7q2k --full              with all paragraphs
            """)

    /// Paragraphs that are shown around a difference.
    private static let context = 3

    @OptionGroup var common: CommonOptions

    @Argument(help: ArgumentHelp("An id, a path, an address, or words of a title.", valueName: "article"))
    var article: ArticleReference

    @Argument(help: ArgumentHelp("The old version (default: the one before the new).", valueName: "n"))
    var oldNumber: Int?

    @Argument(help: ArgumentHelp("The new version (default: the newest).", valueName: "m"))
    var newNumber: Int?

    @Flag(help: "All paragraphs, not only those around a difference.")
    var full = false

    @Flag(help: "As one JSON object, with the runs of title and text, and the hunks.")
    var json = false

    @Flag(name: .customLong("no-pager"), help: "Not through a pager.")
    var noPager = false

    func run() throws {
        let ledger: LedgerReader
        switch try common.articles() {
        case .ledger(let reader): ledger = reader
        case .daemon(let daemon): return try show(daemon)
        }
        let difference = try ledger.difference(ledger.resolve(article), old: oldNumber, new: newNumber)
        let context = full ? nil : Self.context
        if json { return standardOutput.line(difference.json(context: context)) }
        let text = Array(difference.message(context: context).utf8)
        if !noPager, let pager = Pager(), pager.show(text) { return }
        standardOutput.put(text)
    }

    /// As JSON, or paragraph by paragraph: the words are compared where the texts are.
    private func show(_ daemon: DaemonReader) throws {
        let (id, version) = try daemon.find(article)
        let numbers = [oldNumber.map { "from=\($0)" }, (newNumber ?? version).map { "to=\($0)" }].compactMap(\.self)
        let query = (numbers + ["context=\(full ? 1_000_000 : Self.context)"]).joined(separator: "&")
        let text = try daemon.text(of: id, "diff?\(query)", accept: json ? "application/json" : "text/x-diff")
        standardOutput.put(json ? text : Array(printable(String(decoding: text, as: UTF8.self), keepsLines: true).utf8))
    }
}
