import ArgumentParser
import Glibc
import TidingsCore
import TidingsDaemon
import TidingsStore
import TidingsStream

struct SnapshotCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "snapshot", abstract: "Write every live article as it is now, and where the stream goes on from there.",
        discussion: """
            This is how a consumer begins, and begins again after it fell behind what the stream keeps. One JSON event a line: \
            tidings.snapshot.begin, a tidings.snapshot.article for each article, tidings.snapshot.end. All of it is as it was \
            after the change `data.sequence` of the last line; `tidings tail --since` that number gives everything that came \
            later, each change once. A snapshot whose last line is not tidings.snapshot.end is not whole: take it again.

            The fields are those of tidings.article.created, and `sightings`, all the places where the article is seen.

            While it is being written the database's log cannot be cut. So a reader of the pipe that takes next to nothing for \
            five minutes ends it; write to a file if yours may be slow.

            EXAMPLES
              tidings snapshot --with-text > articles.ndjson
              tidings tail -f --cursor-file my.cursor --since $(tail -n 1 articles.ndjson | jq .data.sequence)
            """)

    /// Within which a reader must take 64 KiB.
    private static let stallSeconds = 5 * 60
    /// How long the change files may be behind the database, which takes the daemon milliseconds.
    private static let publishSeconds = 10

    @OptionGroup var common: CommonOptions

    @Flag(help: "Add the text of each article, as data.item.content_text.")
    var withText = false

    @Option(
        name: .customLong("source"), parsing: .singleValue,
        help: ArgumentHelp("Only articles that are seen in this source. May be repeated.", valueName: "name"))
    var sources: [String] = []

    /// In the place of both limits, for tests.
    @Option(help: ArgumentHelp(visibility: .hidden))
    var patienceSeconds: Int?

    func run() throws {
        let state = try common.state()
        let ledger = try state.openLedger()
        let known = try ledger.sourceNames()
        if let unknown = sources.first(where: { !known.contains($0) }) {
            throw Failure(EX_USAGE, "no source is named '\(unknown)'; the sources are: \(known.joined(separator: ", "))")
        }
        let (head, line) = try write(ledger)
        let patience = Int32(clamping: (patienceSeconds ?? Self.publishSeconds) * 1000)
        let isPublished = try waitForChange(
            head.sequence, ofStream: head.stream, in: state.streamFolder, limitMilliseconds: patience)
        if !isPublished {
            say("change \(head.sequence) is not in the change files yet, and `tidings tail --since \(head.sequence)` will work "
                + "when it is; start the daemon with `tidings run`")
        }
        standardOutput.append(line.end)
        try standardOutput.write(until: limits)
    }

    private var limits: WriteLimits { WriteLimits(seconds: patienceSeconds ?? Self.stallSeconds) }

    /// Writes all but the end.
    private func write(_ ledger: LedgerReader) throws -> (SnapshotHead, SnapshotLine) {
        // On a terminal the lines themselves show how far it is.
        let bar = standardOutput.isTerminal ? nil : ProgressBar("taking a snapshot")
        defer { bar?.finish() }
        var opened: (head: SnapshotHead, line: SnapshotLine)?
        var count = 0
        try ledger.snapshot(of: sources.isEmpty ? nil : sources, withText: withText) { head in
            let line = SnapshotLine(
                stream: head.stream, sequence: head.sequence, articles: head.articles, milliseconds: wallClockMilliseconds())
            opened = (head, line)
            standardOutput.append(line.begin)
        } article: { article in
            guard let opened else { return }
            standardOutput.append(opened.line.article(article))
            count += 1
            guard standardOutput.isFull else { return }
            bar?.show("\(count) of \(opened.head.articles) articles", fraction: Double(count) / Double(max(1, opened.head.articles)))
            try standardOutput.write(until: limits)
        }
        try standardOutput.write(until: limits)
        guard let opened else { throw Failure(EX_SOFTWARE, "the snapshot did not begin; this is a bug, please report it") }
        return opened
    }
}
