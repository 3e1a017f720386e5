import ArgumentParser
import Glibc
import TidingsDaemon

struct CheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Say what is wrong with the settings file.",
        discussion: """
            Each mistake is one line, `file:line:column: what is wrong, what to write`, and the exit status 78.

            EXAMPLES
              tidings check
              tidings check --config new.yaml && tidings reload
            """)

    @OptionGroup var common: CommonOptions

    func run() throws {
        let file = try common.settingsFile()
        let settings: Settings
        do {
            settings = try common.settings()
        } catch let error as SettingsError {
            // Without the program's name in front, so that editors can jump to the place.
            write(Array((error.description + "\n").utf8), to: STDERR_FILENO)
            throw Failure(EX_CONFIG, "")
        }
        let folders = counted(settings.folders.count, "folder")
        let feeds = counted(settings.feeds.count, "feed")
        let lists = settings.pages.isEmpty ? "" : ", \(counted(settings.pages.count, "list")) of pages"
        standardOutput.line("\(printable(file)): nothing is wrong; \(folders), \(feeds)\(lists), state in \(printable(settings.stateFolder))")
    }
}
