import Glibc
import TidingsCore
import TidingsDaemon
import TidingsStore
import TidingsStream
import TidingsSystem

/// Why a command did not do what it was asked to, with the exit status for it (sysexits.h).
struct Failure: Error {
    let status: Int32
    /// For people: what is wrong and what to do. Empty if that has been said already, or there is nothing to say.
    let message: String

    init(_ status: Int32, _ message: String) {
        self.status = status
        self.message = message
    }

    init(_ end: OutputEnd) {
        switch end {
        // No message: the reader has what it wanted, and whoever sent the signal knows.
        case .readerGone, .told: self.init(EX_OK, "")
        case .stalled(let seconds):
            self.init(EX_TEMPFAIL, "the reader of the output took next to nothing for \(counted(seconds, "second")); given up")
        case .failed(let code):
            self.init(EX_IOERR, "cannot write to standard output: \(SystemError(code: code).message)")
        }
    }

    /// Nil for an error of the argument parser, which writes its own message.
    init?(_ error: any Error) {
        switch error {
        case let failure as Failure: self = failure
        case let error as SettingsError: self.init(EX_CONFIG, error.description)
        case let error as ControlError: self.init(Self.status(error), error.description)
        case let error as NoLedgerError: self.init(Self.status(error), error.description)
        case let error as DaemonRefusal: self.init(Self.status(error), error.description)
        case let error as ArticleReferenceError: self.init(EX_DATAERR, error.message)
        case let error as UnknownSourceError: self.init(EX_USAGE, error.description)
        case let error as StoreError: self.init(Self.status(error.reason), error.description)
        case let error as BackupError: self.init(Self.status(error.reason), error.description)
        case let error as BackupTargetError: self.init(Self.status(error), error.description)
        case let error as StateLockError: self.init(EX_TEMPFAIL, error.description)
        case let error as StateOwnerError: self.init(EX_NOPERM, error.description)
        case let error as StreamError where error.isDenied:
            let advice = ReadersOfState(of: error.path).map { "; \($0.advice)" } ?? ""
            self.init(EX_NOPERM, error.description + advice)
        case let error as StreamError: self.init(Self.status(error.reason), error.description)
        case let error as CursorFileError: self.init(EX_DATAERR, error.description)
        case let error as FileReplacementError: self.init(Self.status(error.reason), error.description)
        case let end as OutputEnd: self.init(end)
        default: return nil
        }
    }

    private static func status(_ error: ControlError) -> Int32 {
        switch error {
        case .noDaemon: EX_UNAVAILABLE
        case .denied: EX_NOPERM
        case .brokenOff: EX_TEMPFAIL
        case .notUnderstood: EX_PROTOCOL
        case .failed: EX_IOERR
        }
    }

    private static func status(_ error: DaemonRefusal) -> Int32 {
        switch error.status {
        case 400: EX_USAGE
        case 404, 409, 410: EX_DATAERR
        case 503: EX_TEMPFAIL
        default: EX_PROTOCOL
        }
    }

    private static func status(_ error: NoLedgerError) -> Int32 {
        switch error {
        case .denied: EX_NOPERM
        case .missing: EX_UNAVAILABLE
        }
    }

    private static func status(_ reason: StoreError.Reason) -> Int32 {
        switch reason {
        case .busy, .full: EX_TEMPFAIL
        case .corrupt: EX_DATAERR
        case .readOnly, .inputOutput, .moved: EX_IOERR
        case .cannotOpen: EX_UNAVAILABLE
        case .newerSchema: EX_CONFIG
        case .other: EX_SOFTWARE
        }
    }

    private static func status(_ reason: FileReplacementError.Reason) -> Int32 {
        switch reason {
        case .changedMeanwhile, .system(code: ENOSPC), .system(code: EDQUOT): EX_TEMPFAIL
        case .notRegular, .othersFile, .system: EX_IOERR
        }
    }

    private static func status(_ reason: BackupError.Reason) -> Int32 {
        switch reason {
        case .exists: EX_CANTCREAT
        case .another, .system(ENOSPC), .system(EDQUOT): EX_TEMPFAIL
        case .system(ENOENT), .system(ENOTDIR), .system(EACCES), .system(EPERM), .system(EROFS), .system(ELOOP): EX_CANTCREAT
        case .system: EX_IOERR
        }
    }

    private static func status(_ error: BackupTargetError) -> Int32 {
        switch error {
        case .isFolder: EX_USAGE
        case .noFolder, .inDatabaseFolder: EX_CANTCREAT
        }
    }

    private static func status(_ reason: StreamError.Reason) -> Int32 {
        switch reason {
        case .noStream: EX_UNAVAILABLE
        case .noSpace: EX_TEMPFAIL
        case .syncFailed, .system: EX_IOERR
        case .aheadOfLedger, .otherStream, .hole, .tooOld, .inFuture, .cursorOfOtherStream, .damaged: EX_DATAERR
        }
    }
}

/// Writes `message` to standard error, for people; on a terminal broken at spaces where it is too long.
func say(_ message: String) {
    guard !message.isEmpty else { return }
    let width = terminalWidth(of: STDERR_FILENO) ?? .max
    let lines = message.split(separator: "\n", omittingEmptySubsequences: false).map { part in
        let line = "tidings: " + printable(String(part))
        guard displayWidth(line) > width, let wrap = LineWrap(indent: "tidings: ".utf8.count, of: STDERR_FILENO) else { return line }
        return wrap.wrapped(line)
    }
    write(Array((lines.joined(separator: "\n") + "\n").utf8), to: STDERR_FILENO)
}

/// Writes all of `bytes`, if that is possible.
func write(_ bytes: [UInt8], to descriptor: Int32) { try? writeAll(bytes, to: descriptor) }
