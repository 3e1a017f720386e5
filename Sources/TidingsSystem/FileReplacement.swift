import Glibc
import TidingsFailpoints

/// Why a file could not be replaced. The file is then unchanged.
package struct FileReplacementError: Error, Equatable, Sendable, CustomStringConvertible {
    package enum Reason: Error, Equatable, Sendable {
        case changedMeanwhile, notRegular, othersFile, system(code: Int32)
    }

    package let path: String
    package let reason: Reason

    /// The problem and the next step.
    package var description: String {
        switch reason {
        case .changedMeanwhile: "\(path) was changed meanwhile by somebody else; try again"
        case .notRegular: "\(path) is not a regular file; name one"
        case .othersFile: "\(path) belongs to another user or group and would not any more; run this as that user or as root"
        case .system(let code):
            "cannot replace \(path): \(SystemError(code: code).message); check the folder, who may write to it, and its space"
        }
    }
}

/// Replaces the bytes of the file at `path` in one step: a reader sees the old bytes or the new ones, even after a power loss. Mode
/// and owner stay, and a symbolic link stays one. A file that does not exist is created.
/// - Parameters:
///   - original: the bytes that the file must have now; nil if that does not matter.
///   - isSoleWriter: whether nobody else replaces this file. Its temporary file then has a name of its own, so that the next call
///     removes what a killed process left.
package func replaceFile(
    _ path: String, with bytes: [UInt8], expecting original: [UInt8]? = nil, isSoleWriter: Bool = false
) throws(FileReplacementError) {
    let path = realPath(path) ?? path
    let temporary = path + (isSoleWriter ? ".tidings-new" : ".new-\(getpid())")
    do {
        try replaceFile(path, with: bytes, expecting: original, temporary: temporary)
    } catch {
        throw FileReplacementError(path: path, reason: error)
    }
}

private func replaceFile(
    _ path: String, with bytes: [UInt8], expecting original: [UInt8]?, temporary: String
) throws(FileReplacementError.Reason) {
    let replaced = try attempt(try FileStatus.ifExists(path: path))
    guard replaced?.isRegular ?? true else { throw .notRegular }
    // A killed process with the same pid may have left one. In a container the pid is often the same.
    guard unsafe unlink(temporary) == 0 || errno == ENOENT else { throw .system(code: errno) }
    let mode: mode_t = replaced == nil ? 0o666 : 0o600
    let file = try attempt(try FileDescriptor(opening: temporary, O_WRONLY | O_CREAT | O_EXCL, mode: mode))
    do throws(FileReplacementError.Reason) {
        if let replaced { try keepOwner(of: replaced, on: file) }
        try attempt(try writeAll(bytes, to: file.raw))
        try reach(.replacementWritten)
        try attempt(try file.sync())
        try reach(.replacementSynced)
        try close(file)
        if let original {
            guard let now = try? readSmallFile(path, limitBytes: original.count), now == original else {
                throw .changedMeanwhile
            }
        }
        guard unsafe rename(temporary, path) == 0 else { throw .system(code: errno) }
    } catch {
        // A process that died would have removed nothing.
        if error != .system(code: Fault.death) { unsafe unlink(temporary) }
        throw error
    }
    try reach(.replacementRenamed)
    // Makes the new name durable. The file is already replaced, so a failure here is ignored.
    let parent = path.utf8.lastIndex(of: UInt8(ascii: "/")).map { String(path[...$0]) } ?? "."
    try? FileDescriptor(openingFolder: parent).sync()
}

private func keepOwner(of status: FileStatus, on file: borrowing FileDescriptor) throws(FileReplacementError.Reason) {
    let own = try attempt(try file.status())
    if (own.owner, own.group) != (status.owner, status.group) {
        guard fchown(file.raw, status.owner, status.group) == 0 else { throw .othersFile }
    }
    // After fchown, which clears the bits for set-user-ID and set-group-ID (chown(2)).
    guard fchmod(file.raw, status.mode & 0o7777) == 0 else { throw .system(code: errno) }
}

private func close(_ file: consuming FileDescriptor) throws(FileReplacementError.Reason) {
    do {
        try file.close()
    } catch {
        throw .system(code: error.code)
    }
}

private func attempt<Value: ~Copyable>(
    _ call: @autoclosure () throws(SystemError) -> Value
) throws(FileReplacementError.Reason) -> Value {
    do {
        return try call()
    } catch {
        throw .system(code: error.code)
    }
}

/// Marks a step at which a test can make the replacement fail.
private func reach(_ step: Failpoint) throws(FileReplacementError.Reason) {
    do throws(Fault) {
        try failpoint(step)
    } catch {
        throw .system(code: error.code)
    }
}
