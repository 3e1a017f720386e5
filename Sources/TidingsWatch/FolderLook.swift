import CLinux
import Glibc

/// What is at one path.
package enum Look: Equatable, Sendable {
    /// New, or with another stamp than when it was last read.
    case changed(FileStamp)
    case unchanged(FileStamp)
    /// Nothing is there, and the root is.
    case missing
    /// Written a moment ago, perhaps not to its end.
    case young(settlesIn: Duration)
    case skipped(SkipReason)
    case folder
}

extension FolderScan {
    /// Looks at the single file `path`. For many, hold one root open over them.
    ///
    /// - Parameter isClosed: an event said that the writer closed the file or moved it in, so that it need not settle.
    /// - Throws: when there is nothing at the path and the root has gone, too, so that it proves nothing.
    package func look(
        at path: RawPath, in root: FolderRoot, _ table: borrowing FileTable, isClosed: Bool = false
    ) throws(FolderError) -> Look {
        let status: stat
        do throws(SystemError) {
            // O_PATH opens whatever is there, a FIFO or an unreadable file as well, and touches it not.
            let found = try root.open(path, tidings_O_PATH)
            guard let known = FolderRoot.status(of: found.raw) else { throw .last }
            status = known
        } catch {
            if error.meansAbsent {
                try root.verify()
                return .missing
            }
            return .skipped(error.code == ELOOP ? .symlink : .unreadable(error.message))
        }
        switch DirectoryReader.kind(mode: status.st_mode) {
        case .folder: return .folder
        case .symlink: return .skipped(.symlink)
        case .special, .unknown: return .skipped(.special)
        case .file:
            guard rules.admits(file: path) else { return .skipped(.excluded) }
            let stamp = FileStamp(status)
            let isKnown = table.fingerprint(of: path) == stamp.fingerprint
            return verdict(on: stamp, isKnown: isKnown, isClosed: isClosed)
        }
    }
}
