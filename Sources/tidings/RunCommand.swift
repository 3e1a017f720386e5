import ArgumentParser
import Dispatch
import FoundationEssentials
import Glibc
import TidingsDaemon

struct RunCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Run the daemon in the foreground.",
        discussion: """
            Signals: USR1 reads everything again, HUP reloads the settings, USR2 begins a new change file; TERM and INT \
            finish what is begun and exit, a second one exits at once. `reingest`, `reload` and `rotate` do the same and wait.

            Run by root, it works as the owner of the state folder. Only one daemon runs on a state folder: another one ends with 75, \
            but waits for its turn if a service manager has started it.

            EXAMPLES
              tidings run
              tidings run --config /etc/tidings/tidings.yaml
              tidings run --once                  one pass over all sources, then exit; 1 if a source failed
            """)

    @OptionGroup var common: CommonOptions

    @Flag(help: "One full pass over all sources, then exit: 0, or 1 if a source failed. Webhooks and commands get nothing from it.")
    var once = false

    @Flag(help: "With --once: what was found as one JSON object.")
    var json = false

    func validate() throws {
        if json, !once { throw ValidationError("--json goes with --once; the daemon's own report is `tidings status --json`.") }
    }

    func run() throws {
        let bar = once ? ProgressBar("looking at the sources") : nil
        Task {
            let end = await runDaemon(
                settingsFile: common.config, once: once, onProgress: { bar?.show($0, fraction: $1) }, say: { tell($0, status: EX_OK) })
            bar?.finish()
            if json, let pass = end.pass {
                standardOutput.line(pass.json)
                standardOutput.flush()
            } else {
                tell(end.messages.joined(separator: "\n"), status: end.status)
            }
            Glibc.exit(end.status)
        }
        // The main thread only waits. `dispatchMain()` would unblock all signals in it, and the first TERM would then end the
        // process at once.
        while true { DispatchSemaphore(value: 0).wait() }
    }
}

/// Says how the run ended. The journal gets each line with the priority of an error, if it is one (sd-daemon(3)).
private func tell(_ message: String, status: Int32) {
    guard ServiceLog.isJournal(environment: processEnvironment) else { return say(message) }
    let lines = message.split(separator: "\n").map { "<\(status == EX_OK ? 6 : 3)>\(printable(String($0)))\n" }
    write(Array(lines.joined().utf8), to: STDERR_FILENO)
}
