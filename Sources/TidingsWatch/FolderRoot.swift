import CLinux
import Glibc

/// A root, opened. All that is looked at in one go is looked at below this descriptor, so that a root renamed or mounted
/// over in between cannot mix two trees. Several threads may use one at once.
///
/// Hold it for one scan or one batch of reads, not for good: while it is open, its file system cannot be unmounted.
package final class FolderRoot: Sendable {
    package let path: String
    /// The device and inode that the path led to.
    package let device: UInt64
    package let inode: UInt64
    let descriptor: FileDescriptor

    /// - Parameter expectedDevice: where the root was when it was last looked at; nil for the first time.
    package init(path: String, expectedDevice: UInt64? = nil) throws(FolderError) {
        // A person named the root, so that a symlink here is theirs to follow. Below it none is.
        let opened = unsafe Glibc.open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NONBLOCK)
        guard opened >= 0 else { throw FolderError(path: path, .last) }
        descriptor = FileDescriptor(opened)
        self.path = path
        guard let status = FolderRoot.status(of: opened) else { throw FolderError(path: path, .last) }
        device = UInt64(status.st_dev)
        inode = UInt64(status.st_ino)
        guard device == expectedDevice ?? device else { throw FolderError(path: path, reason: .otherFileSystem) }
    }

    /// Throws if the path no longer leads to what is open here: then an absence proves nothing.
    package func verify() throws(FolderError) {
        var status = stat()
        guard unsafe fstatat(AT_FDCWD, path, &status, 0) == 0 else { throw FolderError(path: path, .last) }
        guard UInt64(status.st_dev) == device, UInt64(status.st_ino) == inode else {
            throw FolderError(path: path, reason: .replacedMeanwhile)
        }
    }

    /// Opens what lies at `path` below the root without following a symlink in any of its parts. `flags` as in open(2);
    /// O_CLOEXEC and O_NOFOLLOW are added.
    func open(_ path: RawPath, _ flags: Int32) throws(SystemError) -> FileDescriptor {
        if path.isEmpty { return try Self.open([UInt8(ascii: ".")], flags, below: descriptor.raw) }
        return try Self.open(path[...], flags, below: descriptor.raw)
    }

    static func status(of descriptor: Int32) -> stat? {
        var status = stat()
        return unsafe fstat(descriptor, &status) == 0 ? status : nil
    }

    /// The kernel takes no longer path than PATH_MAX = 4,096 bytes with its NUL, but trees are deeper: what is longer is
    /// opened piece by piece.
    private static let pieceLimitBytes = 4_095

    // Linux before 5.6 has no openat2, and some sandboxes refuse it with EPERM.
    private static let hasOpenat2 = {
        let probe = unsafe tidings_open_beneath(AT_FDCWD, ".", tidings_O_PATH | O_CLOEXEC)
        if probe >= 0 { close(probe) }
        return probe >= 0
    }()

    private static func open(
        _ path: ArraySlice<UInt8>, _ flags: Int32, below parent: Int32
    ) throws(SystemError) -> FileDescriptor {
        let end = pieceEnd(path)
        guard end < path.endIndex else { return try openPiece(path, flags, below: parent) }
        let folder = try openPiece(path[..<end], tidings_O_PATH | O_DIRECTORY, below: parent)
        return try open(path[(end + 1)...], flags, below: folder.raw)
    }

    /// Where the first piece that can be opened by one call ends: at a `/`, or at the end.
    private static func pieceEnd(_ path: ArraySlice<UInt8>) -> Int {
        // O_NOFOLLOW looks at the last part only, so that without openat2 each part must be the last of its call.
        guard hasOpenat2 else { return path.firstIndex(of: slash) ?? path.endIndex }
        guard path.count > pieceLimitBytes else { return path.endIndex }
        return path.prefix(pieceLimitBytes).lastIndex(of: slash) ?? path.endIndex
    }

    private static func openPiece(
        _ piece: ArraySlice<UInt8>, _ flags: Int32, below parent: Int32
    ) throws(SystemError) -> FileDescriptor {
        let all = flags | O_CLOEXEC | O_NOFOLLOW
        let opened = unsafe withCString(piece) { name in
            hasOpenat2 ? unsafe tidings_open_beneath(parent, name, all) : unsafe openat(parent, name, all)
        }
        guard opened >= 0 else { throw .last }
        return FileDescriptor(opened)
    }

    private static func withCString(_ bytes: ArraySlice<UInt8>, _ body: (UnsafePointer<CChar>) -> Int32) -> Int32 {
        unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: bytes.count + 1) { buffer in
            for (position, byte) in bytes.enumerated() {
                unsafe buffer.initializeElement(at: position, to: CChar(bitPattern: byte))
            }
            unsafe buffer.initializeElement(at: bytes.count, to: 0)
            // Not nil: the buffer holds at least the NUL.
            return unsafe body(UnsafePointer(buffer.baseAddress.unsafelyUnwrapped))
        }
    }
}

/// An open file, closed when its one owner lets go of it.
struct FileDescriptor: ~Copyable, Sendable {
    let raw: Int32

    init(_ raw: Int32) { self.raw = raw }

    /// Gives the descriptor to somebody who closes it.
    consuming func release() -> Int32 {
        let raw = raw
        discard self
        return raw
    }

    // "Retrying the close() after a failure return is the wrong thing to do" (close(2)).
    deinit { close(raw) }
}
