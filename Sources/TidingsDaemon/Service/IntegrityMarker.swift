import Glibc
import Logging
import TidingsStore
import TidingsSystem

/// A file in `db/` which notes that a database error ended the last daemon. The next start then checks every page of the database
/// before it uses any, because a disk that failed once may have lost a part of what it reported as written.
enum IntegrityMarker {
    private static func file(_ state: StateFolder) -> String { state.databaseFolder + "/tidings.doubt" }

    /// Notes `error` if the database may be damaged after it. If the note cannot be written, nothing else happens.
    static func note(_ error: any Error, in state: StateFolder) {
        guard let error = error as? StoreError else { return }
        switch error.reason {
        // `other` includes failed constraints, which damaged rows may cause.
        case .corrupt, .inputOutput, .other: break
        default: return
        }
        guard let file = try? FileDescriptor(opening: file(state), O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW, mode: 0o600)
        else { return }
        try? writeAll(Array("\(error.description)\n".utf8), to: file.raw)
        try? file.sync()
    }

    /// Checks the database if there is a note, and deletes the note if the check finds nothing.
    /// - Parameter onProgress: called now and then while the check makes progress.
    /// - Throws: `corrupt`; the note stays then.
    static func settle(_ state: StateFolder, logger: Logger, onProgress: @escaping () -> Void) throws(StoreError) {
        guard unsafe access(file(state), F_OK) == 0 else { return }
        // Without a database there is nothing to check: somebody has moved the damaged one away.
        if unsafe access(state.database, F_OK) == 0 {
            logger.notice("checking the database: the last daemon ended by an error of it", metadata: [LogKey.path: "\(state.database)"])
            try LedgerReader(path: state.database).quickCheck(onProgress: onProgress)
        }
        _ = unsafe unlink(file(state))
    }
}
