import ArgumentParser
import FoundationEssentials
import Glibc
import TidingsCore
import TidingsDaemon
import TidingsServer

struct CheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Say what is wrong with the settings file.",
        discussion: """
            Each mistake is one line, `file:line:column: what is wrong, what to write`, and the exit status 78. What is missing or \
            may not be read on this machine is a warning, and the exit status 0.

            EXAMPLES
              tidings check
              tidings check --config new.yaml && tidings reload
              sudo -u tidings tidings check       what the daemon's user can read
            """)

    @OptionGroup var common: CommonOptions

    @Flag(help: "As one JSON object.")
    var json = false

    func run() throws {
        let file = try common.settingsFile()
        let settings: Settings
        do {
            settings = try common.settings()
        } catch let error as SettingsError {
            if json {
                standardOutput.line(Self.json(file, mistakes: error.problems))
                throw Failure(EX_CONFIG, "")
            }
            // Without the program's name in front, so that editors can jump to the place.
            tidings.write(Array((error.description + "\n").utf8), to: STDERR_FILENO)
            throw Failure(EX_CONFIG, "")
        }
        let state = StateFolder(path: settings.stateFolder)
        try state.becomeOwner()
        let warnings = settings.placeProblems(environment: processEnvironment)
        let daemon = state.daemonStatus()
        if json {
            return standardOutput.line(Self.json(file) { Self.write(settings, daemon, warnings, into: &$0) })
        }
        let lists = settings.pages.isEmpty ? "" : ", \(counted(settings.pages.count, "list")) of pages"
        let sources = "\(counted(settings.folders.count, "folder")), \(counted(settings.feeds.count, "feed"))\(lists)"
        let use = daemon.pid.map { "where a daemon runs, pid \($0)" } ?? "where no daemon runs"
        standardOutput.line("\(printable(file)): nothing is wrong; \(sources); state in \(printable(settings.stateFolder)), \(use)")
        if settings.sourceNames.isEmpty { say("warning: there is nothing to watch yet: write a folder or a feed into \(file)") }
        for warning in warnings { say("warning: \(warning.source.map { "\($0): " } ?? "")\(warning.path): \(warning.message)") }
    }

    /// - Parameter more: writes what is known of settings that are right.
    private static func json(_ file: String, mistakes: [SettingsProblem] = [], more: (inout JSONWriter) -> Void = { _ in }) -> [UInt8] {
        var json = JSONWriter()
        json.object { json in
            json.field("settings", file)
            json.field("valid", mistakes.isEmpty)
            json.array("mistakes", mistakes) { json, mistake in
                json.object { json in
                    json.field("line", mistake.line > 0 ? mistake.line : nil)
                    json.field("column", mistake.line > 0 ? mistake.column : nil)
                    json.field("message", mistake.message)
                    json.field("suggestion", mistake.suggestion)
                }
            }
            more(&json)
        }
        return json.bytes
    }

    private static func write(_ settings: Settings, _ daemon: DaemonStatus, _ warnings: [PlaceProblem], into json: inout JSONWriter) {
        json.field("state", settings.stateFolder)
        json.field("pid", daemon.pid.map(Int.init))
        json.field("folders", settings.folders.count)
        json.field("feeds", settings.feeds.count)
        json.field("page_lists", settings.pages.count)
        json.array("warnings", warnings) { json, warning in
            json.object { json in
                json.field("source", warning.source)
                json.field("path", warning.path)
                json.field("message", warning.message)
            }
        }
    }
}
