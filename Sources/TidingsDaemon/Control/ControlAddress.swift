import Glibc

/// The control socket's place: `control` in the state's `db/`, which nobody but the daemon's user can enter. That is the
/// whole of its access control (unix(7), "Pathname socket ownership and permissions").
@safe struct ControlAddress: ~Copyable {
    static let name = "control"

    /// Of the folder `db/`.
    private let folder: Int32
    private let path: String

    /// Opens the folder; nil with `errno` set if that is not possible.
    init?(_ state: StateFolder) {
        let folder = unsafe open(state.databaseFolder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folder >= 0 else { return nil }
        self.folder = folder
        let plain = state.databaseFolder + "/" + Self.name
        // sun_path has 108 bytes with the terminating NUL (unix(7)), and state folders may lie deeper than that. The name by
        // way of the open folder's descriptor is short wherever the folder is (proc(5), /proc/pid/fd).
        path = plain.utf8.count < Self.pathLimit ? plain : "/proc/self/fd/\(folder)/\(Self.name)"
    }

    deinit { close(folder) }

    private static var pathLimit: Int { MemoryLayout.size(ofValue: sockaddr_un().sun_path) }

    /// Calls `body` (bind, connect) with the socket address; gives its result.
    func withAddress(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32) -> Int32 {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: path.utf8) }
        return unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                unsafe body(generic, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
    }

    /// Takes a socket that a daemon left behind out of the way. Nothing else has this name; what does is not ours to delete,
    /// and then `bind` says so.
    func removeSocket() {
        var status = stat()
        guard unsafe fstatat(folder, Self.name, &status, AT_SYMLINK_NOFOLLOW) == 0, status.st_mode & S_IFMT == S_IFSOCK
        else { return }
        unsafe unlinkat(folder, Self.name, 0)
    }
}
