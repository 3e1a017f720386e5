import Glibc
import TidingsSystem

/// Which process keeps the daemon from writing, for people who have to find and end it.
package enum LockHolder {
    /// Offset of the write lock in the log's index (sqlite.org/walformat.html, "WAL Locks").
    private static let writeLockByte = 120
    /// Room for more locks than a machine has.
    private static let limitBytes = 16 << 20

    /// "sqlite3, pid 4711"; nil if the kernel does not show the lock to us (`ProcSubset=pid` hides it) or nobody holds it any more.
    package static func ofWriteLock(database path: String) -> String? {
        guard let index = try? FileStatus(path: path + "-shm"), let locks = read("/proc/locks") else { return nil }
        return pid(inLocks: locks, inode: index.identity.inode).map { pid in
            let name = read("/proc/\(pid)/comm").map { $0.prefix { $0 != "\n" } } ?? ""
            return name.isEmpty ? "pid \(pid)" : "\(name), pid \(pid)"
        }
    }

    /// Reads lines such as `1: POSIX  ADVISORY  WRITE 4711 08:01:131 120 120` (proc_locks(5)).
    static func pid(inLocks locks: String, inode: UInt64) -> Int32? {
        for line in locks.split(separator: "\n") {
            let fields = line.split(separator: " ")
            guard fields.count == 8, fields[1] == "POSIX", fields[3] == "WRITE", let pid = Int32(fields[4]), pid > 0,
                pid != getpid(), fields[5].split(separator: ":").last.flatMap({ UInt64($0) }) == inode,
                let first = Int(fields[6]), first <= writeLockByte, Int(fields[7]).map({ $0 >= writeLockByte }) ?? true
            else { continue }
            return pid
        }
        return nil
    }

    private static func read(_ path: String) -> String? {
        (try? readSmallFile(path, limitBytes: limitBytes)).map { String(decoding: $0, as: UTF8.self) }
    }
}
