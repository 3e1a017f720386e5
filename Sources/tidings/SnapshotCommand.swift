import ArgumentParser
import Glibc
import TidingsCore
import TidingsDaemon
import TidingsServer
import TidingsStore
import TidingsStream
import TidingsSystem

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

    /// A reader that takes longer than this for 64 KiB ends the snapshot.
    private static let stallSeconds = 5 * 60
    /// How long to wait for the change files to come up to the snapshot. A running daemon needs milliseconds.
    private static let publishSeconds = 10

    @OptionGroup var common: CommonOptions

    @Flag(help: "Add the text of each article, as data.item.content_text.")
    var withText = false

    @Option(
        name: .customLong("source"), parsing: .singleValue,
        help: ArgumentHelp("Only articles that are seen in this source. May be repeated.", valueName: "name"))
    var sources: [String] = []

    /// Replaces both limits, for tests.
    @Option(help: ArgumentHelp(visibility: .hidden))
    var patienceSeconds: Int?

    func run() throws {
        let state = try common.state()
        let ledger: LedgerReader
        switch try common.articles() {
        case .ledger(let reader): ledger = reader
        case .daemon(let daemon): return try relay(daemon)
        }
        try ledger.checkSources(sources)
        let (head, end) = try write(ledger)
        let patience = Int32(clamping: (patienceSeconds ?? Self.publishSeconds) * 1000)
        let isPublished = try waitForChange(
            head.sequence, ofStream: head.stream, in: state.streamFolder, limitMilliseconds: patience)
        if !isPublished {
            say("change \(head.sequence) is not in the change files yet, and `tidings tail --since \(head.sequence)` will work "
                + "when it is; start the daemon with `tidings run`")
        }
        standardOutput.append(end)
        try standardOutput.write(until: limits)
    }

    /// The daemon takes it.
    private func relay(_ daemon: DaemonReader) throws {
        let names = sources.map { "source=\(percentEncoded($0))" }
        let query = (names + (withText ? ["with=text"] : [])).joined(separator: "&")
        let bar = standardOutput.isTerminal ? nil : ProgressBar("taking a snapshot")
        defer { bar?.finish() }
        var last: [UInt8] = []
        var count = -1
        try daemon.lines("/v1/snapshot?\(query)") { line in
            last = line
            count += 1
            standardOutput.append(line + [UInt8(ascii: "\n")])
            guard standardOutput.isFull else { return }
            bar?.show(counted(count, "article"))
            try standardOutput.write(until: limits)
        }
        guard JSONTree(last)?["type"]?.string == "tidings.snapshot.end" else {
            throw Failure(EX_TEMPFAIL, "the snapshot is not whole: the daemon ended it; try again")
        }
        try standardOutput.write(until: limits)
    }

    private var limits: WriteLimits { WriteLimits(seconds: patienceSeconds ?? Self.stallSeconds) }

    /// Writes all lines but the last, which it returns.
    private func write(_ ledger: LedgerReader) throws -> (head: SnapshotHead, end: [UInt8]) {
        // On a terminal the lines themselves show the progress.
        let bar = standardOutput.isTerminal ? nil : ProgressBar("taking a snapshot")
        defer { bar?.finish() }
        // Of articles: the first line is not one.
        var count = -1
        let snapshot = try ledger.snapshotLines(
            of: sources.isEmpty ? nil : sources, withText: withText, at: wallClockMilliseconds()
        ) { line, head in
            standardOutput.append(line)
            count += 1
            guard standardOutput.isFull else { return }
            bar?.show("\(count) of \(counted(head.articles, "article"))", fraction: Double(count) / Double(max(1, head.articles)))
            try standardOutput.write(until: limits)
        }
        try standardOutput.write(until: limits)
        return snapshot
    }
}
