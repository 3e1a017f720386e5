import Glibc

/// What a file is.
package enum FileKind: Equatable, Sendable {
    case file, folder, symlink
    /// A FIFO, a socket or a device.
    case special
    /// A folder's entry of which the file system says no kind. No `FileStatus` has it.
    case unknown
}

/// What the kernel says of a file without reading it (inode(7)).
///
/// Two equal values mean that nobody wrote to the file in between, except within one tick of the kernel's clock.
package struct FileStatus: Equatable, Sendable {
    /// Which file it is, whatever its name: no two files of a running system have the same one at a time.
    package struct Identity: Hashable, Sendable {
        package let device: UInt64
        package let inode: UInt64

        package init(device: UInt64, inode: UInt64) {
            self.device = device
            self.inode = inode
        }
    }

    package struct Instant: Equatable, Sendable {
        package let seconds: Int
        package let nanoseconds: Int

        init(_ time: timespec) {
            seconds = time.tv_sec
            nanoseconds = time.tv_nsec
        }

        /// Since 1970. Past the years 1677 to 2262 the number wraps around.
        package var nanosecondsSince1970: Int64 { Int64(seconds) &* 1_000_000_000 &+ Int64(nanoseconds) }
    }

    package let identity: Identity
    /// Type and permissions, as in `st_mode`.
    package let mode: mode_t
    package let owner: uid_t
    package let group: gid_t
    /// How many names the file has; 0 once it was deleted.
    package let links: Int
    /// In bytes.
    package var size: Int64
    /// The last write. Anybody can set it: `rsync -t` gives a new file an old time.
    package let modified: Instant
    /// The last write, rename, link, or change of mode or owner. Nobody can set it.
    package let changed: Instant

    init(_ status: stat) {
        identity = Identity(device: UInt64(status.st_dev), inode: UInt64(status.st_ino))
        mode = status.st_mode
        owner = status.st_uid
        group = status.st_gid
        links = Int(status.st_nlink)
        size = Int64(status.st_size)
        modified = Instant(status.st_mtim)
        changed = Instant(status.st_ctim)
    }

    /// Of the file at `path`.
    /// - Parameter followsLinks: whether a symbolic link counts as what it leads to.
    package init(path: String, followsLinks: Bool = true) throws(SystemError) {
        var status = stat()
        guard unsafe followsLinks ? stat(path, &status) == 0 : lstat(path, &status) == 0 else { throw .last }
        self.init(status)
    }

    /// Of the entry `name` of an open folder, itself if it is a symbolic link.
    package init(_ name: String, in folder: borrowing FileDescriptor) throws(SystemError) {
        try unsafe self.init(name, below: folder.raw)
    }

    init(_ name: UnsafePointer<CChar>, below folder: Int32) throws(SystemError) {
        var status = stat()
        guard unsafe fstatat(folder, name, &status, AT_SYMLINK_NOFOLLOW) == 0 else { throw .last }
        self.init(status)
    }

    /// As `init(path:followsLinks:)`, but nil if there is no file.
    package static func ifExists(path: String, followsLinks: Bool = true) throws(SystemError) -> FileStatus? {
        do {
            return try FileStatus(path: path, followsLinks: followsLinks)
        } catch {
            guard error.code == ENOENT else { throw error }
            return nil
        }
    }

    package var kind: FileKind {
        switch mode & S_IFMT {
        case S_IFREG: .file
        case S_IFDIR: .folder
        case S_IFLNK: .symlink
        default: .special
        }
    }

    package var isRegular: Bool { kind == .file }
    package var isSocket: Bool { mode & S_IFMT == S_IFSOCK }
}

extension FileDescriptor {
    package borrowing func status() throws(SystemError) -> FileStatus {
        var status = stat()
        guard unsafe fstat(raw, &status) == 0 else { throw .last }
        return FileStatus(status)
    }
}
