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
            Reads everything and changes nothing; may run beside the daemon. What is wrong is one line each with the next step, and \
            the exit status 65.

            With --repair, and no daemon running: change files that differ are made anew from the database (what they were is kept \
            as .damaged), indexes and counters are rebuilt, leftovers of killed processes removed. Damaged rows stay: restore a \
            backup. Without one, make a new file of what sqlite3 can still read, as README says, and let --salvage give up what \
            is damaged all the same; a new stream begins then, and consumers are told.

            EXAMPLES
              tidings verify
              tidings verify --json | jq -r '.problems[].problem'
              tidings verify --repair
            """)

    @OptionGroup var common: CommonOptions

    @Flag(help: "As one JSON object.")
    var json = false

    @Flag(help: "Put right what can be, with no daemon running.")
    var repair = false

    @Flag(help: "With --repair: give up damaged rows, and begin a new stream if there were any.")
    var salvage = false

    func validate() throws {
        if salvage, !repair { throw ValidationError("--salvage is a part of --repair; give both") }
    }

    func run() throws {
        let state = try common.state()
        if repair {
            let lock = try state.lockForWriting()
            let done = try repairState(state)
            if !json { for line in done { standardOutput.line(inTerminal(printable(line), indent: 2)) } }
            try report(on: state, repaired: done)
            withExtendedLifetime(lock) {}
        } else {
            try report(on: state, repaired: nil)
        }
    }

    private func repairState(_ state: StateFolder) throws -> [String] {
        let bar = ProgressBar("checking the database file")
        defer { bar.finish() }
        return try StateRepair(state: state, salvages: salvage) { bar.show($0, fraction: $1) }.run()
    }

    private func report(on state: StateFolder, repaired: [String]?) throws {
        let bar = ProgressBar("checking the database file")
        defer { bar.finish() }
        let verification = try StateVerification.run(state) { bar.show($0, fraction: $1) }
        bar.finish()
        if json {
            standardOutput.line(verification.json(repaired: repaired))
        } else {
            for line in verification.message { standardOutput.line(inTerminal(printable(line), indent: 2)) }
        }
        let count = verification.problems.count
        guard count == 0 else { throw Failure(EX_DATAERR, json ? "" : "\(counted(count, "problem")) found") }
        if !json { standardOutput.line("nothing is wrong") }
    }
}

extension StateVerification {
    /// For people, one line each.
    fileprivate var message: [String] {
        var lines: [String] = []
        if let counts {
            lines.append(
                "database: \(counted(counts.articles + counts.removedArticles, "article")), \(counted(counts.versions, "version")), "
                    + "\(counted(counts.contents, "content")), \(counted(counts.changes, "change"))")
            lines.append(
                "stream: \(counted(stream.segments, "file")), \(counted(Int(stream.equalLines), "line")) equal to the ledger"
                    + (stream.uncheckedLines > 0 ? ", \(stream.uncheckedLines) older than it" : "")
                    + (stream.unpublished > 0 ? ", \(stream.unpublished) not published yet" : ""))
        }
        return lines + notes.map { "note: \($0)" } + problems.map { "\($0.message); \($0.next)" }
    }
}
