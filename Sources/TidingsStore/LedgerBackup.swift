import Glibc

/// Writes a copy of a ledger under a name that appears only when the copy is whole, checked and on the disk.
@safe package final class LedgerBackup {
    private static let mode: mode_t = 0o600

    private let file: String
    private let replaces: Bool
    /// Holds flock(2) while the copy is made, so that two backups do not write into one file. The file of a killed backup is
    /// reused.
    private let descriptor: Int32
    /// The file that the copy is written to. Its size tells the progress.
    package let temporary: String

    /// - Parameters:
    ///   - file: the name of the copy.
    ///   - replaces: whether an existing file of this name is replaced.
    /// - Throws: `exists`, `another`, `system`.
    package init(file: String, replaces: Bool) throws(BackupError) {
        self.file = file
        self.replaces = replaces
        temporary = file + ".part"
        var status = stat()
        if unsafe lstat(file, &status) == 0 {
            let isFile = status.st_mode & S_IFMT == S_IFREG
            guard replaces, isFile else { throw BackupError(.exists(isFile: isFile), path: file) }
        }
        // O_NOFOLLOW, and below a check of the owner: in a folder that others can write to, anything may have this name.
        let opened = unsafe open(file + ".part", O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, Self.mode)
        guard opened >= 0 else { throw BackupError(.system(errno), path: file + ".part") }
        descriptor = opened
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            throw BackupError(errno == EWOULDBLOCK ? .another : .system(errno), path: temporary)
        }
        guard unsafe fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_uid == geteuid() else {
            throw BackupError(.system(EPERM), path: temporary)
        }
        guard ftruncate(descriptor, 0) == 0, fchmod(descriptor, Self.mode) == 0 else {
            throw BackupError(.system(errno), path: temporary)
        }
    }

    deinit { close(descriptor) }

    /// Makes the copy.
    /// - Throws: `StoreError`, `BackupError`. The part file is then deleted, and the file under the name is what it was, unless
    ///   only the last sync, that of the folder, failed.
    package func run(_ ledger: LedgerReader) throws -> LedgerCopy {
        do {
            try ledger.copy(to: temporary)
            try reach(.replacementWritten)
            let copy = try LedgerReader(path: temporary).checkCopy()
            guard fsync(descriptor) == 0 else { throw BackupError(.system(errno), path: temporary) }
            try reach(.replacementSynced)
            try giveName()
            try reach(.replacementRenamed)
            try syncFolder()
            return copy
        } catch {
            _ = unsafe unlink(temporary)
            _ = unsafe unlink(temporary + "-journal")
            throw error
        }
    }

    private func giveName() throws(BackupError) {
        // link(2) fails if somebody created the file meanwhile; rename(2) would replace it.
        if !replaces {
            if unsafe link(temporary, file) == 0 {
                _ = unsafe unlink(temporary)
                return
            }
            guard errno == EPERM || errno == EOPNOTSUPP else {
                throw BackupError(errno == EEXIST ? .exists(isFile: true) : .system(errno), path: file)
            }
        }
        guard unsafe rename(temporary, file) == 0 else { throw BackupError(.system(errno), path: file) }
    }

    private func syncFolder() throws(BackupError) {
        let parent = file.lastIndex(of: "/").map { $0 == file.startIndex ? "/" : String(file[..<$0]) } ?? "."
        let folder = unsafe open(parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folder >= 0 else { throw BackupError(.system(errno), path: parent) }
        defer { close(folder) }
        guard fsync(folder) == 0 else { throw BackupError(.system(errno), path: parent) }
    }
}

/// Why a backup could not be written.
package struct BackupError: Error, Equatable, Sendable, CustomStringConvertible {
    package enum Reason: Equatable, Sendable {
        /// The name exists, and replacing it was not requested or is not possible.
        case exists(isFile: Bool)
        /// Another backup is writing the same file.
        case another
        /// A system call failed with this `errno`.
        case system(Int32)
    }
    package let reason: Reason
    package let path: String

    init(_ reason: Reason, path: String) {
        self.reason = reason
        self.path = path
    }

    package var description: String {
        switch reason {
        case .exists(true): "\(path) exists; name another file, or replace it with --replace"
        case .exists(false): "\(path) is no file that could be replaced; name another"
        case .another: "another backup is writing \(path); wait for it"
        case .system(let code): "cannot write \(path): \(unsafe String(cString: strerror(code)))"
        }
    }
}
