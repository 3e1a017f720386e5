import Glibc
import TidingsStore
import TidingsStream

/// The exit status of the process after `error` (sysexits.h).
package func exitCode(for error: any Error) -> Int32 {
    switch error {
    case is SettingsError: EX_CONFIG
    case is StateLockError: EX_TEMPFAIL
    case is StateOwnerError: EX_NOPERM
    case let error as StoreError:
        switch error.reason {
        case .corrupt: EX_DATAERR
        case .newerSchema: EX_CONFIG
        case .busy, .full: EX_TEMPFAIL
        case .other: EX_SOFTWARE
        case .readOnly, .cannotOpen, .inputOutput, .moved: EX_IOERR
        }
    case let error as StreamError:
        switch error.reason {
        // The files are copies of the rows. If a row is missing, the ledger is damaged.
        case .hole: EX_DATAERR
        case .noSpace: EX_TEMPFAIL
        default: EX_IOERR
        }
    default: EX_IOERR
    }
}
