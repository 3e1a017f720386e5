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
            // Before anything is opened: what a daemon holds is not even looked at with the intent to change it.
            if unsafe access(state.database, F_OK) != 0 { _ = try openLedger(state) }
            let lock = try StateLock(state)
            let done = try Repair(state: state, salvages: salvage).run()
            if !json { for line in done { standardOutput.line(printable(line)) } }
            try report(on: state, repaired: done)
            withExtendedLifetime(lock) {}
        } else {
            try report(on: state, repaired: nil)
        }
    }

    private func report(on state: StateFolder, repaired: [String]?) throws {
        let bar = ProgressBar("checking the database file")
        defer { bar.finish() }
        let verification = try Verification.run(state, bar: bar)
        bar.finish()
        if json {
            standardOutput.put(verification.json(repaired: repaired))
        } else {
            for line in verification.message { standardOutput.line(printable(line)) }
        }
        let count = verification.problems.count
        guard count == 0 else { throw Failure(EX_DATAERR, json ? "" : "\(counted(count, "problem")) found") }
        if !json { standardOutput.line("nothing is wrong") }
    }
}
