import Glibc
import TidingsSystem

/// The control socket's place: `control` in the state's `db/`, which nobody but the daemon's user can enter. That is the
/// whole of its access control (unix(7), "Pathname socket ownership and permissions").
@safe struct ControlAddress: ~Copyable {
    static let name = "control"

    /// `db/`.
    private let folder: FileDescriptor
    private let address: UnixSocketAddress

    /// Opens the folder.
    init(_ state: StateFolder) throws(SystemError) {
        let folder = try FileDescriptor(openingFolder: state.databaseFolder)
        // A state folder may lie deeper than a socket's name can be long. The name by way of the open folder's descriptor is
        // short wherever the folder is (proc(5), /proc/pid/fd).
        guard
            let address = UnixSocketAddress(state.databaseFolder + "/" + Self.name)
                ?? UnixSocketAddress("/proc/self/fd/\(folder.raw)/\(Self.name)")
        else { throw SystemError(code: ENAMETOOLONG) }
        self.folder = folder
        self.address = address
    }

    /// Calls `body` (bind, connect) with the socket address; gives its result.
    func withAddress(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32) -> Int32 { unsafe address.withAddress(body) }

    /// Takes a socket that a daemon left behind out of the way. Nothing else has this name; what does is not ours to delete,
    /// and then `bind` says so.
    func removeSocket() {
        guard let status = try? FileStatus(Self.name, in: folder), status.isSocket else { return }
        unsafe unlinkat(folder.raw, Self.name, 0)
    }
}
