import ArgumentParser
import Glibc
import TidingsCore
import TidingsDaemon
import TidingsStore
import TidingsStream

struct VerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Check the database, and the change files against it.",
        discussion: """
            Reads everything and changes nothing; may run beside the daemon. What is wrong is one line each, and the exit \
            status 65.

            EXAMPLES
              tidings verify
            """)

    @OptionGroup var common: CommonOptions

    func run() throws {
        let state = try common.state()
        let ledger = try openLedger(state)
        let bar = ProgressBar("checking the database file")
        defer { bar.finish() }

        var problems = try ledger.integrityProblems().map { "database: \($0)" }
        bar.show("hashing the contents")
        let damaged = try ledger.damagedContents()
        if damaged > 0 {
            problems.append("database: \(counted(damaged, "content")) with bytes that are not those of the hash; restore a backup")
        }
        let counts = try ledger.counts()

        let last = try ledger.lastSequence()
        let lines = LedgerLines(ledger: ledger, stream: try ledger.stream()) { sequence in
            bar.show("comparing the change files", fraction: last > 0 ? Double(sequence) / Double(last) : nil)
        }
        let check = try StreamCheck.run(folder: state.streamFolder, stream: lines.stream, committed: lines)
        problems += check.differences.map(\.description)
        bar.finish()

        standardOutput.line(
            "database: \(counted(counts.articles + counts.removedArticles, "article")), \(counted(counts.versions, "version")), "
                + "\(counted(counts.contents, "content")), \(counted(counts.changes, "change"))")
        standardOutput.line(
            "stream: \(counted(check.segments, "file")), \(counted(Int(check.equalLines), "line")) equal to the ledger"
                + (check.uncheckedLines > 0 ? ", \(check.uncheckedLines) older than it" : "")
                + (check.unpublished > 0 ? ", \(check.unpublished) not published yet" : ""))
        for problem in problems { standardOutput.line(printable(problem)) }
        guard problems.isEmpty else { throw Failure(EX_DATAERR, "\(counted(problems.count, "problem")) found") }
        standardOutput.line("nothing is wrong")
    }
}

/// The rows of the ledger's present stream, with a word to whoever waits each time that some are read.
struct LedgerLines: CommittedLines {
    let ledger: LedgerReader
    let stream: String
    var onRead: (Int64) -> Void = { _ in }

    func last() throws -> Int64 { try ledger.lastSequence() }

    /// The first row that bears the present stream id. Ids change seldom and numbers only rise, so that it is found by halving.
    func first() throws -> Int64 {
        var low = try ledger.firstSequence()
        var high = try ledger.lastSequence() + 1
        while low < high {
            let middle = low + (high - low) / 2
            let line: CommittedLine? = try ledger.lines(after: middle - 1, limitBytes: 1).first
            let isOfStream = line.flatMap { ChangeLineFields($0.bytes) }?.stream == stream
            if isOfStream { high = middle } else { low = middle + 1 }
        }
        return low
    }

    func lines(after sequence: Int64, limitBytes: Int) throws -> [CommittedLine] {
        onRead(sequence)
        return try ledger.lines(after: sequence, limitBytes: limitBytes)
    }
}
