import Glibc
import TidingsFailpoints

/// Why a file could not be replaced. It is then as it was.
package struct FileReplacementError: Error, Equatable, Sendable, CustomStringConvertible {
    package enum Reason: Equatable, Sendable {
        case changedMeanwhile, notRegular, othersFile, system(code: Int32)
    }

    package let path: String
    package let reason: Reason

    /// What went wrong, and the next step.
    package var description: String {
        switch reason {
        case .changedMeanwhile: "\(path) was changed meanwhile by somebody else; try again"
        case .notRegular: "\(path) is not a regular file; name one"
        case .othersFile: "\(path) belongs to another user or group and would not any more; run this as that user or as root"
        case .system(let code):
            "cannot replace \(path): \(unsafe String(cString: strerror(code))); check the folder, who may write to it, and its space"
        }
    }
}

/// Gives the file at `path` new bytes in one step: who opens it sees the old ones or the new ones, also after a power
/// loss. Mode and owner stay, and a symbolic link stays one. A file that does not exist is made.
/// - Parameters:
///   - original: what must be in the file now; nil if that does not matter.
///   - isSoleWriter: whether nobody else replaces this file, so that what a killed process left half made can be taken away.
package func replaceFile(
    _ path: String, with bytes: [UInt8], expecting original: [UInt8]? = nil, isSoleWriter: Bool = false
) throws(FileReplacementError) {
    let path = resolved(path)
    let temporary = path + (isSoleWriter ? ".tidings-new" : ".new-\(getpid())")
    func fail(_ code: Int32 = errno) -> FileReplacementError { FileReplacementError(path: path, reason: .system(code: code)) }

    var status = stat()
    let exists = unsafe stat(path, &status) == 0
    guard exists || errno == ENOENT else { throw fail() }
    guard !exists || status.st_mode & S_IFMT == S_IFREG else { throw FileReplacementError(path: path, reason: .notRegular) }

    // A process that had our number and was killed may have left one; in a container all have the same number.
    guard unsafe unlink(temporary) == 0 || errno == ENOENT else { throw fail() }
    let descriptor = unsafe open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, exists ? 0o600 : 0o666)
    guard descriptor >= 0 else { throw fail() }
    var keepsTemporary = false
    defer { if !keepsTemporary { unsafe unlink(temporary) } }
    do throws(FileReplacementError) {
        if exists { try keepOwner(of: status, on: descriptor, path: path) }
        try fill(descriptor, with: bytes, path: path)
    } catch {
        close(descriptor)
        // The dead remove nothing.
        keepsTemporary = error.reason == .system(code: Fault.death)
        throw error
    }
    // "NFS: write errors may be reported by close()" (close(2), Dealing with error returns).
    guard close(descriptor) == 0 else { throw fail() }
    if let original {
        guard let now = try? readSmallFile(path, limitBytes: original.count), now == original else {
            throw FileReplacementError(path: path, reason: .changedMeanwhile)
        }
    }
    guard unsafe rename(temporary, path) == 0 else { throw fail() }
    keepsTemporary = true
    try reach(.replacementRenamed, path: path)
    syncFolder(of: path)
}

/// Marks a step, which may be planned to fail there.
private func reach(_ step: Failpoint, path: String) throws(FileReplacementError) {
    do throws(Fault) {
        try failpoint(step)
    } catch {
        throw FileReplacementError(path: path, reason: .system(code: error.code))
    }
}

/// Where `path` leads through symbolic links; itself if there is nothing yet.
private func resolved(_ path: String) -> String {
    guard let real = unsafe realpath(path, nil) else { return path }
    defer { unsafe free(real) }
    return unsafe String(cString: real)
}

private func keepOwner(of status: stat, on descriptor: Int32, path: String) throws(FileReplacementError) {
    var own = stat()
    guard unsafe fstat(descriptor, &own) == 0 else { throw FileReplacementError(path: path, reason: .system(code: errno)) }
    if (own.st_uid, own.st_gid) != (status.st_uid, status.st_gid) {
        guard fchown(descriptor, status.st_uid, status.st_gid) == 0 else {
            throw FileReplacementError(path: path, reason: .othersFile)
        }
    }
    // After fchown, which clears the bits for set-user-ID and set-group-ID (chown(2)).
    guard fchmod(descriptor, status.st_mode & 0o7777) == 0 else {
        throw FileReplacementError(path: path, reason: .system(code: errno))
    }
}

private func fill(_ descriptor: Int32, with bytes: [UInt8], path: String) throws(FileReplacementError) {
    var written = 0
    while written < bytes.count {
        let count = unsafe bytes[written...].withUnsafeBytes { unsafe write(descriptor, $0.baseAddress, $0.count) }
        guard count >= 0 || errno == EINTR else { throw FileReplacementError(path: path, reason: .system(code: errno)) }
        written += max(0, count)
    }
    try reach(.replacementWritten, path: path)
    guard fsync(descriptor) == 0 else { throw FileReplacementError(path: path, reason: .system(code: errno)) }
    try reach(.replacementSynced, path: path)
}

/// Makes the new name last. The rename has happened, so that a failure here is no failure to replace.
private func syncFolder(of path: String) {
    let parent = path.utf8.lastIndex(of: UInt8(ascii: "/")).map { String(path[...$0]) } ?? "."
    let folder = unsafe open(parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard folder >= 0 else { return }
    fsync(folder)
    close(folder)
}
