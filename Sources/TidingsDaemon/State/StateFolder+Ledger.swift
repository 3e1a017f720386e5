import Glibc
import TidingsStore

extension StateFolder {
    /// The ledger, for reading.
    /// - Throws: `NoLedgerError`, `StoreError`.
    package func openLedger() throws -> LedgerReader {
        try checkLedger()
        return try LedgerReader(path: database)
    }

    /// Whether there is a ledger, without a look at it.
    package func checkLedger() throws(NoLedgerError) {
        guard unsafe access(database, F_OK) != 0 else { return }
        throw errno == EACCES ? .denied(database: database) : .missing(state: path)
    }
}

/// Why there is no ledger to open.
package enum NoLedgerError: Error, Equatable, Sendable {
    /// This user may not look into the folder.
    case denied(database: String)
    /// No daemon has run on this state folder yet.
    case missing(state: String)
}

extension NoLedgerError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .denied(let database): "this user may not read \(database); become the daemon's user (sudo -u tidings …)"
        case .missing(let state): "there is no state at \(state) yet; start the daemon with `tidings run`"
        }
    }
}
