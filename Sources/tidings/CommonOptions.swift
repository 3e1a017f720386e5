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

    /// What the articles are read from: the ledger, or the running daemon where this user may read its stream and not the database.
    /// - Throws: `NoLedgerError` if neither can be had.
    func articles() throws -> ArticleSource {
        let state = try state()
        do {
            return .ledger(try state.openLedger())
        } catch let error as NoLedgerError {
            guard case .denied = error else { throw error }
            return .daemon(try DaemonReader(state, denied: error))
        }
    }

    private var environment: [String: String] { processEnvironment }
}
