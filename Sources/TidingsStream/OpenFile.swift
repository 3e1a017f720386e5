import Glibc

/// What tells whether a file is still the one we know: another inode was put in its place, or somebody wrote to it.
struct FileStatus: Equatable {
    struct Identity: Hashable {
        let device: dev_t
        let inode: ino_t
    }
    struct Instant: Equatable {
        let seconds: Int
        let nanoseconds: Int

        var description: String { "\(seconds).\(nanoseconds)" }
    }

    var identity: Identity
    var size: Int64
    var modified: Instant
    /// Also moves when a link is made or the mode changes.
    var touched: Instant
    /// How many names it has; none once it was deleted.
    var links: Int
    var isRegular: Bool

    init(_ status: stat) {
        identity = Identity(device: status.st_dev, inode: status.st_ino)
        size = Int64(status.st_size)
        modified = Instant(seconds: status.st_mtim.tv_sec, nanoseconds: status.st_mtim.tv_nsec)
        touched = Instant(seconds: status.st_ctim.tv_sec, nanoseconds: status.st_ctim.tv_nsec)
        links = Int(status.st_nlink)
        isRegular = status.st_mode & S_IFMT == S_IFREG
    }

    /// Only its links, owner or mode changed if the content's time did not.
    func isUnwritten(in later: FileStatus) -> Bool {
        identity == later.identity && size == later.size && modified == later.modified
    }

    /// The same description for the same file only while nobody has touched it.
    var description: String {
        "\(identity.device) \(identity.inode) \(size) \(modified.description) \(touched.description) \(links)"
    }

    /// Of whatever stands at `path`; nil if nothing does. Symbolic links are not followed.
    static func of(path: String) throws(StreamError) -> FileStatus? {
        var status = stat()
        if unsafe lstat(path, &status) == 0 { return FileStatus(status) }
        guard errno == ENOENT else { throw StreamError(attempt: "look at", path: path) }
        return nil
    }
}

/// An open file. Closed when nobody holds it any more.
@safe final class OpenFile {
    enum Use { case read, append, createAnew }

    let path: String
    private let descriptor: Int32

    /// Nil if there is no such file.
    init?(_ path: String, for use: Use) throws(StreamError) {
        // O_NONBLOCK: a FIFO in the place of the file must not stop us. It means nothing to a regular file.
        let common = O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK
        let opened =
            switch use {
            case .read: unsafe open(path, common | O_RDONLY)
            case .append: unsafe open(path, common | O_RDWR | O_APPEND)
            case .createAnew: unsafe open(path, common | O_RDWR | O_APPEND | O_CREAT | O_EXCL, StreamFolder.fileMode)
            }
        if opened < 0 {
            guard errno == ENOENT, use != .createAnew else { throw StreamError(attempt: "open", path: path) }
            return nil
        }
        descriptor = opened
        self.path = path
    }

    deinit { close(descriptor) }

    func stamp() throws(StreamError) -> FileStatus {
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else { throw StreamError(attempt: "look at", path: path) }
        return FileStatus(status)
    }

    /// Gives the file another name, whatever it is called by now; false if that name is taken.
    func link(to name: String) throws(StreamError) -> Bool {
        // "create a link to the file descriptor […] by using linkat(AT_FDCWD, "/proc/self/fd/<fd>", newdirfd, newname,
        // AT_SYMLINK_FOLLOW)", as open(2) has it; AT_EMPTY_PATH would need a capability.
        if unsafe linkat(AT_FDCWD, "/proc/self/fd/\(descriptor)", AT_FDCWD, name, AT_SYMLINK_FOLLOW) == 0 { return true }
        guard errno == EEXIST else { throw StreamError(attempt: "link to \(name)", path: path) }
        return false
    }

    /// Reads at `offset` into `buffer` from `position` on; 0 at the end of the file.
    func read(into buffer: inout [UInt8], from position: Int, at offset: Int64) throws(StreamError) -> Int {
        while true {
            let count = unsafe buffer.withUnsafeMutableBytes { bytes in
                unsafe pread(descriptor, bytes.baseAddress! + position, bytes.count - position, off_t(offset))
            }
            if count >= 0 { return count }
            guard errno == EINTR else { throw StreamError(attempt: "read", path: path) }
        }
    }

    /// Appends a part of `bytes`, at most `limit` of them from `position` on, and says how many the kernel took.
    func append(_ bytes: [UInt8], from position: Int, limit: Int) throws(StreamError) -> Int {
        while true {
            let count = unsafe bytes.withUnsafeBytes { bytes in
                unsafe write(descriptor, bytes.baseAddress! + position, min(limit, bytes.count - position))
            }
            if count >= 0 { return count }
            guard errno == EINTR else { throw StreamError(attempt: "write", path: path) }
        }
    }

    /// Data, and the size needed to read it back, on the disk. Never to be called again after a failure.
    func syncData() throws(StreamError) {
        guard fdatasync(descriptor) == 0 else { throw StreamError(.syncFailed, attempt: "sync", path: path) }
    }
}
