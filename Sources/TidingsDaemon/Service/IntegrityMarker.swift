import Glibc
import Logging
import TidingsStore
import TidingsSystem

/// A note in `db/` that the database gave the last daemon reason to end: read at the next start, which then looks at every page
/// before it relies on any. A disk that failed once may have written half of what it said it wrote.
enum IntegrityMarker {
    private static func file(_ state: StateFolder) -> String { state.databaseFolder + "/tidings.doubt" }

    /// Notes `error`, if it is one after which the file may be damaged. A disk that does not even take the note fails nothing more.
    static func note(_ error: any Error, in state: StateFolder) {
        guard let error = error as? StoreError else { return }
        switch error.reason {
        // Constraints that fail may be those of damaged rows.
        case .corrupt, .inputOutput, .other: break
        default: return
        }
        guard let file = try? FileDescriptor(opening: file(state), O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW, mode: 0o600)
        else { return }
        try? writeAll(Array("\(error.description)\n".utf8), to: file.raw)
        try? file.sync()
    }

    /// Checks the database if there is a note, which goes away when all is well.
    /// - Parameter onProgress: called now and then while that takes time and gets on.
    /// - Throws: `corrupt`; the note stays.
    static func settle(_ state: StateFolder, logger: Logger, onProgress: @escaping () -> Void) throws(StoreError) {
        guard unsafe access(file(state), F_OK) == 0 else { return }
        // Without a database there is nothing to doubt: somebody has taken the damaged one away.
        if unsafe access(state.database, F_OK) == 0 {
            logger.notice("checking the database: the last daemon ended by an error of it", metadata: [LogKey.path: "\(state.database)"])
            try LedgerReader(path: state.database).quickCheck(onProgress: onProgress)
        }
        _ = unsafe unlink(file(state))
    }
}
