import Glibc
import TidingsSystem

/// Why a folder could not be looked at. Nothing may be inferred about its files then.
package struct FolderError: Error, Equatable, Sendable, CustomStringConvertible {
    package enum Reason: Equatable, Sendable {
        /// There is nothing at the path.
        case missing
        case notAFolder
        /// The system refuses it or cannot read it.
        case unreadable
        /// The path leads to another file system than before: something was mounted there, or is no longer.
        case otherFileSystem
        /// At the end of a look the path led to another folder than at its start.
        case replacedMeanwhile
        /// The caller stopped the scan.
        case cancelled
    }

    package let path: String
    package let reason: Reason
    /// What the system said; empty if it was not asked.
    package let detail: String

    init(path: String, reason: Reason, detail: String = "") {
        self.path = path
        self.reason = reason
        self.detail = detail
    }

    init(path: String, _ error: SystemError) {
        switch error.code {
        case ENOENT: self.init(path: path, reason: .missing, detail: error.message)
        case ENOTDIR: self.init(path: path, reason: .notAFolder, detail: error.message)
        default: self.init(path: path, reason: .unreadable, detail: error.message)
        }
    }

    package var description: String {
        switch reason {
        case .missing: "the folder \(path) does not exist; create it, mount it, or correct its path in the settings"
        case .notAFolder: "\(path) is not a folder; correct the path in the settings"
        case .unreadable: "the folder \(path) cannot be read (\(detail)); allow the daemon's user to read and enter it"
        case .otherFileSystem:
            "\(path) is on another file system than before; mount the one that belongs there, or restart if this is meant"
        case .replacedMeanwhile: "the folder \(path) was replaced or unmounted while it was looked at; it is tried again"
        case .cancelled: "the scan of \(path) was stopped"
        }
    }
}
