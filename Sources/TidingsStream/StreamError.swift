import Glibc
import TidingsSystem

/// Why the change file could not be written or read.
package struct StreamError: Error, Equatable, Sendable {
    package enum Reason: Equatable, Sendable {
        /// The disk or the quota is full. Nothing is lost: a later call writes what is missing.
        case noSpace
        /// A sync failed. Which part of the file is on the disk is unknown, and another sync could report success all the same. So
        /// the process has to exit; the next start recovers from the ledger.
        case syncFailed
        /// The file has lines that the ledger never committed or has lost. It is left as it is: begin a new stream id with
        /// a `stream.reset`, and open again with that id.
        case aheadOfLedger(highest: Int64, last: Int64)
        /// The files belong to a stream that this ledger has never been, and go up to change `highest`. They are left as they are:
        /// begin a new stream id as for `aheadOfLedger`.
        case otherStream(id: String, highest: Int64)
        /// The ledger has no row with this number although it has later ones.
        case hole(sequence: Int64)
        /// There is no change file.
        case noStream
        /// The requested change is no longer kept; `oldest` is the oldest one that is.
        case tooOld(oldest: Int64)
        /// The requested change has not happened yet; `newest` is the newest one.
        case inFuture(newest: Int64)
        /// The cursor names another stream than the files, which are of stream `id`.
        case cursorOfOtherStream(id: String)
        /// The line after change `after` is no change line, or has the wrong number.
        case damaged(after: Int64)
        /// The system refused, with this `errno`.
        case system(Int32)
    }

    package let reason: Reason
    /// What was attempted: a verb.
    package let attempt: String
    package let path: String

    init(_ reason: Reason, attempt: String, path: String) {
        self.reason = reason
        self.attempt = attempt
        self.path = path
    }

    /// Whether what was asked for lies outside of what the files hold: no longer, not yet, or not of this stream. Where to begin
    /// is then for the consumer to say anew.
    package var isOutsideStream: Bool {
        switch reason {
        case .tooOld, .inFuture, .cursorOfOtherStream: true
        default: false
        }
    }

    /// Whether this user may not do it.
    package var isDenied: Bool { reason == .system(EACCES) || reason == .system(EPERM) }

    /// Whether the same call may succeed later without a restart. Committed changes wait in the ledger meanwhile. A failed sync is
    /// not transient.
    package var isTransient: Bool {
        switch reason {
        case .noSpace: true
        // A disk that is read-only or fails, changed permissions, a deleted folder, limits on open files and on memory.
        case .system(let code): [EROFS, EIO, EACCES, EPERM, ENOENT, EMFILE, ENFILE, ENOMEM].contains(code)
        default: false
        }
    }

    /// For a system call that has just failed: reads `errno`.
    init(attempt: String, path: String, code: Int32 = errno) {
        self.init(code == ENOSPC || code == EDQUOT ? .noSpace : .system(code), attempt: attempt, path: path)
    }
}

extension StreamError: CustomStringConvertible {
    /// For people: what happened to which file, and what to do about it.
    package var description: String {
        let attempted = "cannot \(attempt) \(path): "
        return switch reason {
        case .noSpace: attempted + "no space left; publishing goes on when there is some"
        case .syncFailed: attempted + "the sync failed; start the daemon again to recover from the ledger"
        case .aheadOfLedger(let highest, let last):
            "\(path) has change \(highest), but the ledger ends at \(last): it was restored or lost; a new stream id is due"
        case .otherStream(let id, let highest):
            "\(path) has stream \(id) up to change \(highest), which the ledger knows nothing of: it was restored or lost; "
                + "a new stream id is due"
        case .hole(let sequence): attempted + "the ledger has no change \(sequence); run `tidings verify`"
        case .noStream: "there is no change file at \(path); is the daemon running on this state folder?"
        case .tooOld(let oldest):
            "that change is no longer kept; the oldest is \(oldest): take all articles with `tidings snapshot`, and go on with "
                + "`tidings tail --since` and the number in its last line"
        case .inFuture(let newest):
            "that change has not happened yet; the newest is \(newest): if the number is of this stream, the database was lost or "
                + "restored since, and `tidings snapshot` gives you what it has now"
        case .cursorOfOtherStream(let id):
            "the stream has another id now, \(id), because the database was lost or restored: take all articles with "
                + "`tidings snapshot`, and go on with `tidings tail --since` and the number in its last line"
        case .damaged(let after): "\(path) is damaged after change \(after); the daemon repairs it, or run `tidings verify`"
        case .system(let code): attempted + SystemError(code: code).message
        }
    }
}
