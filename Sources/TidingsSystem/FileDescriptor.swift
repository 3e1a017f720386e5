import CLinux
import Glibc

/// An open descriptor, closed when its one owner lets go of it.
package struct FileDescriptor: ~Copyable, Sendable {
    package let raw: Int32

    package init(_ raw: Int32) { self.raw = raw }

    /// Opens `path` with the flags of open(2); O_CLOEXEC is added.
    package init(opening path: String, _ flags: Int32, mode: mode_t = 0) throws(SystemError) {
        let opened = unsafe Glibc.open(path, flags | O_CLOEXEC, mode)
        guard opened >= 0 else { throw .last }
        raw = opened
    }

    /// Opens the folder at `path`, to lock it, to sync it, or for calls that take a name in it.
    package init(openingFolder path: String) throws(SystemError) {
        try self.init(opening: path, O_RDONLY | O_DIRECTORY)
    }

    /// Gives the descriptor to somebody who closes it.
    package consuming func release() -> Int32 {
        let raw = raw
        discard self
        return raw
    }

    /// Closes the descriptor where a failure matters: "NFS: write errors may be reported by close()". It is closed in any case:
    /// "retrying the close() after a failure return is the wrong thing to do" (close(2)).
    package consuming func close() throws(SystemError) {
        guard Glibc.close(release()) == 0 else { throw .last }
    }

    deinit { Glibc.close(raw) }

    /// fsync(2): bytes, size, times and, of a folder, its names.
    package borrowing func sync() throws(SystemError) {
        guard fsync(raw) == 0 else { throw .last }
    }

    /// fdatasync(2): the bytes, and the size that is needed to read them back.
    package borrowing func syncData() throws(SystemError) {
        guard fdatasync(raw) == 0 else { throw .last }
    }

    /// The type of the file system that the file lies on, as statfs(2) numbers them; 0 if the kernel does not say.
    package borrowing func fileSystemType() -> UInt32 { tidings_filesystem_magic(raw) }
}
