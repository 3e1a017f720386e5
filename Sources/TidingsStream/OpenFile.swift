import Glibc
import TidingsSystem

/// An open file. Closed when nobody holds it any more.
@safe final class OpenFile {
    enum Use { case read, append, createAnew }

    let path: String
    private let descriptor: FileDescriptor

    /// Nil if there is no such file.
    init?(_ path: String, for use: Use) throws(StreamError) {
        // O_NONBLOCK: a FIFO in the place of the file must not stop us. It means nothing to a regular file.
        let common = O_NOFOLLOW | O_NONBLOCK
        let flags =
            switch use {
            case .read: common | O_RDONLY
            case .append: common | O_RDWR | O_APPEND
            case .createAnew: common | O_RDWR | O_APPEND | O_CREAT | O_EXCL
            }
        do {
            descriptor = try FileDescriptor(opening: path, flags, mode: StreamFolder.fileMode)
        } catch {
            guard error.code == ENOENT, use != .createAnew else { throw StreamError(attempt: "open", path: path, code: error.code) }
            return nil
        }
        self.path = path
    }

    func stamp() throws(StreamError) -> FileStatus {
        do {
            return try descriptor.status()
        } catch {
            throw StreamError(attempt: "look at", path: path, code: error.code)
        }
    }

    /// Gives the file another name, whatever it is called by now; false if that name is taken.
    func link(to name: String) throws(StreamError) -> Bool {
        // "create a link to the file descriptor […] by using linkat(AT_FDCWD, "/proc/self/fd/<fd>", newdirfd, newname,
        // AT_SYMLINK_FOLLOW)", as open(2) has it; AT_EMPTY_PATH would need a capability.
        if unsafe linkat(AT_FDCWD, "/proc/self/fd/\(descriptor.raw)", AT_FDCWD, name, AT_SYMLINK_FOLLOW) == 0 { return true }
        guard errno == EEXIST else { throw StreamError(attempt: "link to \(name)", path: path) }
        return false
    }

    /// Reads at `offset` into `buffer` from `position` on; 0 at the end of the file.
    func read(into buffer: inout [UInt8], from position: Int, at offset: Int64) throws(StreamError) -> Int {
        do {
            return try retryingInterrupted {
                unsafe buffer.withUnsafeMutableBytes { bytes in
                    unsafe pread(descriptor.raw, bytes.baseAddress! + position, bytes.count - position, off_t(offset))
                }
            }
        } catch {
            throw StreamError(attempt: "read", path: path, code: error.code)
        }
    }

    /// Appends a part of `bytes`, at most `limit` of them from `position` on, and says how many the kernel took.
    func append(_ bytes: [UInt8], from position: Int, limit: Int) throws(StreamError) -> Int {
        do {
            return try retryingInterrupted {
                unsafe bytes.withUnsafeBytes { bytes in
                    unsafe write(descriptor.raw, bytes.baseAddress! + position, min(limit, bytes.count - position))
                }
            }
        } catch {
            throw StreamError(attempt: "write", path: path, code: error.code)
        }
    }

    /// Data, and the size needed to read it back, on the disk. Never to be called again after a failure.
    func syncData() throws(StreamError) {
        do {
            try descriptor.syncData()
        } catch {
            throw StreamError(.syncFailed, attempt: "sync", path: path)
        }
    }
}
