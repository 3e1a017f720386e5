import ArgumentParser
import FoundationEssentials
import Glibc
import TidingsCore
import TidingsDaemon
import TidingsFormats
import TidingsSystem

struct OPMLCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "opml", abstract: "Bring feeds in from other programs, or out to them.",
        discussion: """
            EXAMPLES
              tidings opml import subscriptions.opml
              tidings opml export > feeds.opml
            """,
        subcommands: [OPMLImportCommand.self, OPMLExportCommand.self])
}

struct OPMLImportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import", abstract: "Add the feeds of subscription lists to the settings file.",
        discussion: """
            The feeds are written behind those that are there; all else in the file stays as it is, comments too. A feed that is \
            there already is left alone, so that the same list can be imported again. Folders and categories become tags.

            EXAMPLES
              tidings opml import subscriptions.opml && tidings reload
              tidings opml import --dry-run *.opml             only say what would be added
              curl -s https://example.org/list.opml | tidings opml import -
            """)

    @OptionGroup var common: CommonOptions

    @Flag(help: "Only say what would be added. The settings file need not exist.")
    var dryRun = false

    @Flag(help: "As one JSON object.")
    var json = false

    @Argument(help: ArgumentHelp("The lists, in OPML; - is standard input.", valueName: "file"))
    var files: [String]

    func run() throws {
        let edit = try settingsToEdit()
        var report = OPMLReport()
        var subscriptions: [Subscription] = []
        for file in files {
            do {
                let list = try readOPML(readInput(file))
                subscriptions += list.subscriptions
                report.add(list.problems, of: file)
            } catch let error as NotASubscriptionList {
                report.addUnreadable(file, error.message)
            } catch let error as UnreadableInput {
                report.addUnreadable(file, error.message)
            }
        }
        let plan = FeedImport(subscriptions, into: edit?.settings)
        if !dryRun { try write(plan.added, with: edit) }
        if json { standardOutput.put(report.json(plan)) } else { report.show(plan, isDryRun: dryRun) }
        standardOutput.flush()
        if !dryRun, !plan.added.isEmpty { say("next: `tidings reload`, so that a running daemon polls them") }
        if report.hasUnreadable { throw Failure(EX_DATAERR, "") }
    }

    /// Nil with `--dry-run` if there is no settings file.
    private func settingsToEdit() throws -> SettingsEdit? {
        let file: String
        do {
            file = try common.settingsFile()
        } catch where dryRun {
            return nil
        }
        if dryRun, unsafe access(file, F_OK) != 0, errno == ENOENT { return nil }
        return try SettingsEdit(file, environment: processEnvironment)
    }

    private func write(_ feeds: [FeedSettings], with edit: SettingsEdit?) throws {
        do {
            try edit?.add(feeds)
        } catch let error as FileReplacementError {
            throw Failure(error.reason == .changedMeanwhile ? EX_TEMPFAIL : EX_IOERR, error.description)
        }
    }
}

struct OPMLExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Write the feeds of the settings file as OPML 2.0.",
        discussion: """
            Feeds that are switched off too. Tags become folders, the first the outermost; an import gives the same names and tags.

            EXAMPLES
              tidings opml export > feeds.opml
              tidings opml export --output feeds.opml          replaces the file as a whole
            """)

    @OptionGroup var common: CommonOptions

    @Option(help: ArgumentHelp("Where to write instead of standard output.", valueName: "file"))
    var output: String?

    func run() throws {
        let opml = try common.settings().opml
        guard let output else { return standardOutput.put(opml) }
        do {
            try replaceFile(output, with: opml)
        } catch {
            throw Failure(EX_IOERR, error.description)
        }
    }
}
