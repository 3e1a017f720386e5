import Glibc
import TidingsSystem

/// The identities of a database's log and of the log's index, as they were when the database was opened. SQLite reports whether the
/// database itself was moved, but not whether these two were.
struct DatabaseFileIdentity {
    private let path: String
    private let log: FileStatus.Identity?
    private let index: FileStatus.Identity?

    init(path: String) {
        self.path = path
        log = Self.identity(path + "-wal")
        index = Self.identity(path + "-shm")
    }

    var logPath: String { path + "-wal" }

    /// Whether the log is gone or replaced.
    var lacksLog: Bool { log != nil && Self.identity(logPath) != log }

    /// The path of the first of the two files that is gone or replaced; nil if both are unchanged.
    func firstMissing() -> String? {
        if lacksLog { return logPath }
        if let index, Self.identity(path + "-shm") != index { return path + "-shm" }
        return nil
    }

    /// Renames the log, if it was not replaced, to a name that SQLite does not look for.
    /// - Returns: the new name; nil if it was not renamed.
    func setLogAside() -> String? {
        log != nil && !lacksLog ? Self.setAside(logPath) : nil
    }

    /// Renames the file that has the log's name, if it is another one.
    /// - Returns: the new name; nil if it was not renamed.
    func setOtherLogAside() -> String? { lacksLog ? Self.setAside(logPath) : nil }

    /// Renames a log whose database is missing or empty. SQLite would delete this log, or replay it into another database.
    /// - Returns: the new name; nil if there is no such log.
    static func setOrphanAside(path: String) -> String? {
        guard (size(path) ?? 0) == 0, (size(path + "-wal") ?? 0) > 0 else { return nil }
        return setAside(path + "-wal")
    }

    private static func setAside(_ file: String) -> String? {
        for number in 1...1000 {
            let name = file + ".kept" + (number == 1 ? "" : "-\(number)")
            // Unlike rename(2), link(2) never replaces a file.
            if unsafe link(file, name) == 0 { return unsafe unlink(file) == 0 ? name : nil }
            if errno != EEXIST { return nil }
        }
        return nil
    }

    private static func identity(_ path: String) -> FileStatus.Identity? { status(path)?.identity }

    private static func size(_ path: String) -> Int64? { status(path)?.size }

    /// Nil for every error: a file whose status cannot be read counts as gone.
    private static func status(_ path: String) -> FileStatus? { try? FileStatus(path: path, followsLinks: false) }
}
