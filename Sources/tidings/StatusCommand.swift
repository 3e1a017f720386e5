import ArgumentParser
import TidingsDaemon
import TidingsServer
import TidingsStore
import TidingsStream

struct StatusCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Say how the daemon, its sources and its stream are doing.",
        discussion: """
            A failing source is information and no failure of this command; without any state the exit status is 69, and 77 if this \
            user may not read it. Sources that the settings no longer name are only counted. On a narrow terminal the columns of \
            least use are left out.

            With --check, for monitors: one line, and the exit status 0 if all is well; 1 if something fails or waits for a decision: \
            a source that fails or is gone, removals that are held, change files that lack changes for two seconds, a daemon that is \
            degraded or does not answer; 2 if no daemon runs, or there is no state. It is 77 here, too, if this user may not read the \
            state: let the monitor run it as the daemon's user. A source that was not read yet is no failure.

            EXAMPLES
              tidings status
              tidings status --json | jq '.sources[] | select(.state == "failing") | .name'
              sudo -u tidings tidings status --check
            """)

    /// How long `--check` waits for a change that was committed just now to be published. A running daemon needs milliseconds.
    private static let publishMilliseconds: Int32 = 2000

    @OptionGroup var common: CommonOptions

    @Flag(help: "Sources that are configured no longer, too.")
    var all = false

    @Flag(help: "One line and an exit status for monitors.")
    var check = false

    @Flag(help: "As one JSON object.")
    var json = false

    func run() throws {
        let state = try common.state()
        if check { return try checkForMonitor(state) }
        let status: StateStatus
        do {
            status = try state.status()
        } catch let error as NoLedgerError {
            guard case .denied = error else { throw error }
            status = try DaemonReader(state, denied: error).status()
            if json { return standardOutput.line(status.json(for: .reader)) }
        }
        if json { standardOutput.line(status.json(for: .owner)) } else { status.show(all: all) }
    }

    private func checkForMonitor(_ state: StateFolder) throws {
        let status: StateStatus?
        do {
            status = try state.status()
        } catch NoLedgerError.missing {
            status = nil
        }
        let check =
            try status.map { StateCheck($0, lag: try patientLag(of: $0, in: state)) } ?? StateCheck(noState: "there is no state at \(state.path)")
        if json { standardOutput.line(check.json(with: status)) } else { standardOutput.line(printable(check.line)) }
        guard check.grade == .ok else { throw Failure(check.grade.rawValue, "") }
    }

    /// How many changes lack in the change files, after a running daemon had the time to publish them.
    private func patientLag(of status: StateStatus, in state: StateFolder) throws -> Int64? {
        guard status.daemon.isRunning, let lag = status.stream.lag, lag > 0 else { return status.stream.lag }
        let isPublished = try waitForChange(
            status.stream.committed, ofStream: status.stream.id, in: state.streamFolder, limitMilliseconds: Self.publishMilliseconds)
        return isPublished ? 0 : lag
    }
}
