import ArgumentParser
import FoundationEssentials
import Glibc
import TidingsDaemon
import TidingsStore

/// What every command takes, and what follows from it.
struct CommonOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The settings file.", valueName: "file"))
    var config: String?

    func settingsFile() throws -> String {
        try SettingsFile.find(
            argument: config, environment: environment, workingFolder: FileManager.default.currentDirectoryPath)
    }

    func settings() throws -> Settings { try SettingsFile.load(settingsFile(), environment: environment) }

    func state() throws -> StateFolder { StateFolder(path: try settings().stateFolder) }

    /// The ledger of the state in the settings.
    func ledger() throws -> LedgerReader { try openLedger(state()) }

    private var environment: [String: String] { ProcessInfo.processInfo.environment }
}

/// - Throws: status 69 if there is no ledger yet.
func openLedger(_ state: StateFolder) throws -> LedgerReader {
    if unsafe access(state.database, F_OK) != 0 {
        if errno == EACCES {
            throw Failure(EX_NOPERM, "this user may not read \(state.database); become the daemon's user (sudo -u tidings …)")
        }
        throw Failure(EX_UNAVAILABLE, "there is no state at \(state.path) yet; start the daemon with `tidings run`")
    }
    return try LedgerReader(path: state.database)
}
