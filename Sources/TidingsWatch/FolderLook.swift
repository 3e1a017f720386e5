import Glibc
import TidingsSystem

/// What is at one path.
package enum PathState: Equatable, Sendable {
    /// New, or not as it was when it was last read.
    case changed(FileStatus)
    case unchanged(FileStatus)
    /// Nothing is there, and the root is.
    case missing
    /// Written a moment ago, perhaps not to its end.
    case young(settlesIn: Duration)
    case skipped(SkipReason)
    case folder
}

extension FolderScan {
    /// Looks at the single file `path`. Give one open root to many calls.
    ///
    /// - Parameter isClosed: an event said that the writer closed the file or moved it in, so that it need not settle.
    /// - Throws: when nothing is at the path and the root is gone too, so that the absence proves nothing.
    package func look(
        at path: RawPath, in root: FolderRoot, _ table: borrowing FileTable, isClosed: Bool = false
    ) throws(FolderError) -> PathState {
        let status: FileStatus
        do throws(SystemError) {
            status = try root.open(path, FileDescriptor.pathOnly).status()
        } catch {
            if error.meansAbsent {
                try root.verify()
                return .missing
            }
            return .skipped(error.code == ELOOP ? .symlink : .unreadable(error.message))
        }
        switch status.kind {
        case .folder: return .folder
        case .symlink: return .skipped(.symlink)
        case .special, .unknown: return .skipped(.special)
        case .file:
            guard rules.admits(file: path) else { return .skipped(.excluded) }
            let isKnown = table.fingerprint(of: path) == status.fingerprint
            return verdict(on: status, isKnown: isKnown, isClosed: isClosed)
        }
    }
}
