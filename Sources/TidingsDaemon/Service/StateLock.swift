import Glibc
import TidingsSystem

/// Locks a state folder for one daemon, from `init` until the value is destroyed or the process dies in any way.
///
/// The lock is a flock(2) on the folder `db/` itself. A lock *file* could be deleted while it is locked. A second daemon would then
/// lock a new file of the same name, and both would run. Nobody deletes a folder with a database by accident. If it was moved
/// between open and flock, the inode under its name differs, and `init` tries again. The kernel releases the lock when the last
/// descriptor is closed, so no stale lock remains.
@safe package struct StateLock: ~Copyable {
    /// How often to try again when the folder is replaced between open and flock.
    private static let attempts = 8

    private let folder: FileDescriptor

    /// Acquires the lock of `state`, whose folders must exist. It does not wait.
    /// - Throws: `held` if another daemon has it; `failed`.
    package init(_ state: StateFolder) throws(StateLockError) {
        for _ in 0..<Self.attempts {
            let folder: FileDescriptor
            do {
                folder = try FileDescriptor(openingFolder: state.databaseFolder)
            } catch {
                throw .failed(path: state.databaseFolder, message: "open: \(error.message)")
            }
            if flock(folder.raw, LOCK_EX | LOCK_NB) != 0 {
                let error = SystemError.last
                if error.code == EINTR { continue }
                guard error.code == EWOULDBLOCK else {
                    throw .failed(path: state.databaseFolder, message: "flock: \(error.message)")
                }
                throw .held(path: state.path, pid: Self.readPID(state))
            }
            if Self.isStillNamed(state.databaseFolder, folder) {
                self.folder = folder
                Self.writePID(state)
                return
            }
        }
        throw .failed(path: state.databaseFolder, message: "the folder keeps being exchanged")
    }

    /// The pid of the daemon that has the lock of `state`; nil if there is none or it has not written its pid yet.
    package static func holder(of state: StateFolder) -> Int32? {
        guard let folder = try? FileDescriptor(openingFolder: state.databaseFolder) else { return nil }
        // If we get a shared lock, no daemon has the exclusive one. We hold it for microseconds; a daemon that starts in that time
        // fails as if another daemon ran.
        if flock(folder.raw, LOCK_SH | LOCK_NB) == 0 { return nil }
        return readPID(state)
    }

    private static func isStillNamed(_ path: String, _ folder: borrowing FileDescriptor) -> Bool {
        guard let named = try? FileStatus(path: path), let held = try? folder.status() else { return false }
        return named.identity == held.identity
    }

    private static func pidFile(_ state: StateFolder) -> String { state.databaseFolder + "/tidings.pid" }

    /// Writes the pid for messages and commands. It never decides who has the lock, so a failed write is ignored: on a full disk
    /// the database will report the error.
    private static func writePID(_ state: StateFolder) {
        guard let file = try? FileDescriptor(opening: pidFile(state), O_WRONLY | O_CREAT | O_NOFOLLOW, mode: 0o600)
        else { return }
        // A fixed width needs no truncation, so that a reader never sees an empty file or half a number.
        let digits = String(getpid())
        let line = Array((digits + String(repeating: " ", count: max(0, 10 - digits.utf8.count)) + "\n").utf8)
        _ = unsafe line.withUnsafeBytes { unsafe pwrite(file.raw, $0.baseAddress, $0.count, 0) }
    }

    /// Nil if the file is missing or has the pid of a dead daemon: the daemon that has the lock has not written its own pid yet.
    private static func readPID(_ state: StateFolder) -> Int32? {
        guard let bytes = try? readSmallFile(pidFile(state), limitBytes: 64),
            let pid = Int32(String(decoding: bytes.prefix { $0 > 0x20 }, as: UTF8.self)), pid > 0,
            kill(pid, 0) == 0 || errno == EPERM
        else { return nil }
        return pid
    }
}

/// Why a daemon cannot use a state folder.
package enum StateLockError: Error, Equatable, Sendable, CustomStringConvertible {
    /// Another daemon has the lock. Its pid is nil if it has not written it yet.
    case held(path: String, pid: Int32?)
    /// A system call failed.
    case failed(path: String, message: String)

    package var description: String {
        switch self {
        case .held(let path, let pid):
            let who = pid.map { "another daemon, pid \($0)," } ?? "another daemon"
            return "\(who) runs on the state folder \(path); stop it first, or name another folder with 'state:'"
        case .failed(let path, let message):
            return "cannot lock \(path): \(message); check that it is a folder of a local disk"
        }
    }
}
