import CLinux
import Glibc

extension FileDescriptor {
    /// open(2)'s O_PATH: opens whatever is there, a FIFO or an unreadable file as well, for its status only.
    package static let pathOnly = tidings_O_PATH

    /// Opens what lies at the relative path `path` below this folder, without following a symbolic link in any of its parts.
    /// - Parameters:
    ///   - path: without a NUL; empty for the folder itself.
    ///   - flags: as in open(2); O_CLOEXEC and O_NOFOLLOW are added.
    package borrowing func open(beneath path: [UInt8], _ flags: Int32) throws(SystemError) -> FileDescriptor {
        if path.isEmpty { return try BeneathOpen.open([UInt8(ascii: ".")], flags, below: raw) }
        return try BeneathOpen.open(path[...], flags, below: raw)
    }
}

private enum BeneathOpen {
    /// The kernel takes no path longer than PATH_MAX = 4,096 bytes with its NUL, but trees are deeper. A longer path is opened
    /// piece by piece.
    private static let pieceLimitBytes = 4_095

    // Linux before 5.6 has no openat2, and some sandboxes refuse it with EPERM.
    private static let hasOpenat2 = {
        let probe = unsafe tidings_open_beneath(AT_FDCWD, ".", tidings_O_PATH | O_CLOEXEC)
        if probe >= 0 { close(probe) }
        return probe >= 0
    }()

    static func open(
        _ path: ArraySlice<UInt8>, _ flags: Int32, below folder: Int32
    ) throws(SystemError) -> FileDescriptor {
        let end = pieceEnd(path)
        guard end < path.endIndex else { return try openPiece(path, flags, below: folder) }
        let next = try openPiece(path[..<end], tidings_O_PATH | O_DIRECTORY, below: folder)
        return try open(path[(end + 1)...], flags, below: next.raw)
    }

    /// Where the first piece that one call can open ends: at a `/`, or at the end.
    private static func pieceEnd(_ path: ArraySlice<UInt8>) -> Int {
        let slash = UInt8(ascii: "/")
        // O_NOFOLLOW is about the last part only, so that without openat2 each part must be the last of its call.
        guard hasOpenat2 else { return path.firstIndex(of: slash) ?? path.endIndex }
        guard path.count > pieceLimitBytes else { return path.endIndex }
        return path.prefix(pieceLimitBytes).lastIndex(of: slash) ?? path.endIndex
    }

    private static func openPiece(
        _ piece: ArraySlice<UInt8>, _ flags: Int32, below folder: Int32
    ) throws(SystemError) -> FileDescriptor {
        let all = flags | O_CLOEXEC | O_NOFOLLOW
        let opened = unsafe withCString(piece) { name in
            hasOpenat2 ? unsafe tidings_open_beneath(folder, name, all) : unsafe openat(folder, name, all)
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
