import Glibc
import TidingsSystem

/// The folder with the daemon's state: `db/`, which only the daemon may enter, and `stream/`, which a group may read. Making these
/// folders is the only change to the file system before the daemon has the lock.
package struct StateFolder: Equatable, Sendable {
    /// Absolute path.
    package let path: String
    package var databaseFolder: String { path + "/db" }
    package var database: String { path + "/db/tidings.db" }
    /// Names the documents that are being read, see `Quarantine`.
    package var readingFile: String { path + "/db/reading" }
    package var searchIndex: String { "\(databaseFolder)/\(Self.searchIndexName)" }
    package static let searchIndexName = "search.db"
    package var streamFolder: String { path + "/stream" }

    /// The names of the sockets: the first is in `databaseFolder`, which only the owner can enter, and this is its access control
    /// (unix(7), "Pathname socket ownership and permissions"); the other, for the group, is in the state folder.
    package static let controlSocket = "control"
    package static let readingSocket = "api.sock"

    /// Of the system's service: its state folder, and the folder of its socket for reading.
    static let servicePath = "/var/lib/tidings"
    static let serviceRuntimePath = "/run/tidings"

    package init(path: String) { self.path = path }

    /// The path of the state folder if the settings name none: `$STATE_DIRECTORY` (systemd.exec(5)); else the folder of the system's
    /// service for its settings, so that commands find what the service uses; else `$XDG_STATE_HOME/tidings` (XDG Base Directory
    /// Specification 0.8) or `~/.local/state/tidings`; nil without `$HOME`.
    package static func standardPath(settingsFile: String, environment: [String: String]) -> String? {
        // systemd separates several state directories with colons. Ours is the first.
        if let given = environment["STATE_DIRECTORY"]?.split(separator: ":").first { return String(given) }
        if settingsFile == SettingsFile.systemPath { return servicePath }
        return baseFolder("XDG_STATE_HOME", or: ".local/state", environment).map { "\($0)/tidings" }
    }

    /// Makes missing folders and checks existing ones. Afterwards both folders exist and are writable, and only the owner can read
    /// `db/`. Other modes of existing folders stay, because the operator chose them.
    package func prepare() throws(StateFolderError) {
        var parent = ""
        for part in path.split(separator: "/").dropLast() {
            parent += "/" + part
            // An existing ancestor need not be writable, nor belong to us.
            if unsafe mkdir(parent, 0o755) == 0 || errno == EEXIST { continue }
            let code = errno
            guard unsafe access(parent, F_OK) == 0 else {
                throw StateFolderError(attempt: "make", path: parent, code: code)
            }
        }
        try Self.make(path, mode: 0o750)
        try Self.make(databaseFolder, mode: 0o700)
        try Self.make(streamFolder, mode: 0o750)
        // A copied or restored folder may have a mode from the umask of that copy.
        guard unsafe chmod(databaseFolder, 0o700) == 0 else {
            throw StateFolderError(attempt: "close to others", path: databaseFolder, code: errno)
        }
    }

    private static func make(_ folder: String, mode: mode_t) throws(StateFolderError) {
        if unsafe mkdir(folder, mode) == 0 {
            // mkdir(2) removes the umask's bits from the mode; a umask of 077 would lock the stream's group out.
            guard unsafe chmod(folder, mode) == 0 else {
                throw StateFolderError(attempt: "set the mode of", path: folder, code: errno)
            }
            return
        }
        guard errno == EEXIST else { throw StateFolderError(attempt: "make", path: folder, code: errno) }
        let status: FileStatus
        do {
            status = try FileStatus(path: folder)
        } catch {
            throw StateFolderError(attempt: "look at", path: folder, code: error.code)
        }
        guard status.kind == .folder else {
            throw StateFolderError(attempt: "use", path: folder, code: ENOTDIR)
        }
        guard unsafe access(folder, R_OK | W_OK | X_OK) == 0 else {
            throw StateFolderError(attempt: "write to", path: folder, code: errno)
        }
    }
}

/// Why the state folder cannot be used.
package struct StateFolderError: Error, Equatable, Sendable, CustomStringConvertible {
    package enum Reason: Equatable, Sendable {
        case denied, readOnly, full, notAFolder, other(code: Int32)
    }

    package let path: String
    package let reason: Reason
    private let attempt: String
    private let detail: String

    init(attempt: String, path: String, code: Int32) {
        self.attempt = attempt
        self.path = path
        detail = SystemError(code: code).message
        switch code {
        case EACCES, EPERM: reason = .denied
        case EROFS: reason = .readOnly
        case ENOSPC, EDQUOT: reason = .full
        case ENOTDIR: reason = .notAFolder
        default: reason = .other(code: code)
        }
    }

    /// The failed attempt, the folder, and the next step.
    package var description: String {
        let next =
            switch reason {
            case .denied: "give it to the user that runs tidings, or name another with 'state:'"
            case .readOnly: "mount it writable, or add it to ReadWritePaths= of the unit"
            case .full: "free some space"
            case .notAFolder: "move away what has its name"
            case .other: "check the disk"
            }
        return "cannot \(attempt) the state folder \(path): \(detail); \(next)"
    }
}
