import ArgumentParser
import TidingsDaemon

struct StatusCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Say how the daemon, its sources and its stream are doing.",
        discussion: """
            A failing source is information and no failure of this command; without any state the exit status is 69.

            EXAMPLES
              tidings status
              tidings status --json | jq '.sources[] | select(.state == "failing") | .name'
            """)

    @OptionGroup var common: CommonOptions

    @Flag(help: "As one JSON object.")
    var json = false

    func run() throws {
        let status = try StateStatus(of: common.state())
        if json { standardOutput.line(status.json) } else { status.show() }
    }
}
