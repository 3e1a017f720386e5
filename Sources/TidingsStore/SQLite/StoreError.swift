import CSQLite
import Glibc
import TidingsFailpoints

/// Why an operation on the ledger failed.
package struct StoreError: Error, Equatable, Sendable, CustomStringConvertible {
    package enum Reason: Equatable, Sendable {
        /// Another process holds the database's write lock.
        case busy
        /// The disk is full, or a quota is used up.
        case full
        case readOnly
        case cannotOpen
        /// The file is damaged or is not a database. Nothing is deleted; a person must act.
        case corrupt
        case inputOutput
        /// The file, or its log, is no longer the one that was opened: somebody moved, removed or replaced it.
        case moved
        /// A newer version of this program has migrated the schema.
        case newerSchema(found: Int, known: Int)
        /// SQL that SQLite refuses, or a result code that this program does not expect: a bug.
        case other(code: Int32)
    }
    package let reason: Reason
    /// What was attempted: "open /…/tidings.db", "commit".
    package let attempt: String
    /// SQLite's own message, for the log. It is never parsed.
    package let detail: String

    package init(reason: Reason, attempt: String, detail: String) {
        self.reason = reason
        self.attempt = attempt
        self.detail = detail
    }

    /// Whether the same operation may succeed later although nobody changes the program or its settings.
    package var isTransient: Bool { reason == .busy || reason == .full || reason == .readOnly }

    /// Whether only a restart or a person can help.
    package var isFatal: Bool { reason == .corrupt || reason == .inputOutput || reason == .moved }

    package var description: String { "cannot \(attempt): \(detail); \(nextStep)" }

    private var nextStep: String {
        switch reason {
        case .busy: "another program holds the database; close it, or wait"
        case .full: "free space on the disk of the state folder; nothing is lost meanwhile"
        case .readOnly: "the state folder must be writable"
        case .cannotOpen: "check that the state folder exists and belongs to the user of the daemon"
        case .corrupt: "run `tidings verify`, and restore a backup or recover the file; README says how. Nothing was deleted"
        case .inputOutput: "the disk reports errors: look at the kernel's log; the next start checks the database"
        case .moved: "start again once the files are in their places; without the database a new stream begins"
        case .newerSchema: "it was written by a newer version; use that version"
        case .other: "this is a bug; please report it with these words"
        }
    }
}

extension StoreError {
    /// The reason behind a result code (sqlite.org/rescode.html), whose low byte is the primary code.
    init(attempt: String, code: Int32, detail: String) {
        let reason: Reason =
            switch code & 0xFF {
            case SQLITE_BUSY, SQLITE_LOCKED: .busy
            case SQLITE_FULL: .full
            case SQLITE_READONLY: .readOnly
            case SQLITE_CANTOPEN, SQLITE_PERM, SQLITE_AUTH: .cannotOpen
            case SQLITE_CORRUPT, SQLITE_NOTADB: .corrupt
            case SQLITE_IOERR: .inputOutput
            default: .other(code: code)
            }
        self.init(reason: reason, attempt: attempt, detail: detail)
    }
}

/// Marks a step of the ledger's work at which a test can make it fail.
func reach(_ step: Failpoint) throws(StoreError) {
    do throws(Fault) {
        try failpoint(step)
    } catch {
        let reason: StoreError.Reason =
            switch error.code {
            case ENOSPC: .full
            case EROFS: .readOnly
            case EIO: .inputOutput
            default: .other(code: error.code)
            }
        throw StoreError(reason: reason, attempt: step.rawValue, detail: "as planned")
    }
}
