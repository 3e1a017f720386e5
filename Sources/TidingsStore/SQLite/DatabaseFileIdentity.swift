import Glibc

/// Which files stood beside a database when it was opened, by their inodes: SQLite says of the database itself whether it was
/// moved, and not of its log and the index of that.
struct DatabaseFileIdentity {
    private let path: String
    private let log: ino_t?
    private let index: ino_t?

    init(path: String) {
        self.path = path
        log = Self.inode(path + "-wal")
        index = Self.inode(path + "-shm")
    }

    /// The first of the files that is not any more what it was.
    func firstMissing() -> String? {
        if let log, Self.inode(path + "-wal") != log { return path + "-wal" }
        if let index, Self.inode(path + "-shm") != index { return path + "-shm" }
        return nil
    }

    /// Gives the log a name that SQLite does not look for, if it still is the one of before.
    /// - Returns: the name.
    func setLogAside() -> String? {
        guard let log, Self.inode(path + "-wal") == log else { return nil }
        return Self.setAside(path + "-wal")
    }

    /// A log without its database: SQLite would delete it, or replay it into a database that it was not written for.
    /// - Returns: its new name; nil if there is none.
    static func setOrphanAside(path: String) -> String? {
        guard (size(path) ?? 0) == 0, (size(path + "-wal") ?? 0) > 0 else { return nil }
        return setAside(path + "-wal")
    }

    private static func setAside(_ file: String) -> String? {
        for number in 1...1000 {
            let name = file + ".kept" + (number == 1 ? "" : "-\(number)")
            // link(2) never replaces what stands there.
            if unsafe link(file, name) == 0 { return unsafe unlink(file) == 0 ? name : nil }
            if errno != EEXIST { return nil }
        }
        return nil
    }

    private static func inode(_ path: String) -> ino_t? {
        var status = stat()
        return unsafe lstat(path, &status) == 0 ? status.st_ino : nil
    }

    private static func size(_ path: String) -> Int64? {
        var status = stat()
        return unsafe lstat(path, &status) == 0 ? Int64(status.st_size) : nil
    }
}
