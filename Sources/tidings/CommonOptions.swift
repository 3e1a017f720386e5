import ArgumentParser
import FoundationEssentials
import Glibc
import TidingsDaemon
import TidingsStore

/// The options that every command takes, and what they lead to.
struct CommonOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The settings file.", valueName: "file"))
    var config: String?

    func settingsFile() throws -> String {
        try SettingsFile.find(
            argument: config, environment: environment, workingFolder: FileManager.default.currentDirectoryPath)
    }

    func settings() throws -> Settings { try SettingsFile.load(settingsFile(), environment: environment) }

    /// The state folder that the settings name, whatever else is wrong with them.
    func state() throws -> StateFolder { StateFolder(path: try SettingsFile.stateFolder(settingsFile(), environment: environment)) }

    /// The ledger of the state folder that the settings name.
    /// - Throws: status 69 if there is none yet.
    func ledger() throws -> LedgerReader { try state().openLedger() }

    private var environment: [String: String] { ProcessInfo.processInfo.environment }
}
