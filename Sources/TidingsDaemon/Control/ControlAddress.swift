import Glibc
import TidingsSystem

/// The address of the control socket: `control` in the state's `db/`. Only the daemon's user can enter that folder, and this is the
/// only access control (unix(7), "Pathname socket ownership and permissions").
@safe struct ControlAddress: ~Copyable {
    static let name = "control"

    /// The folder `db/`, open for as long as `address` is used.
    private let folder: FileDescriptor
    private let address: UnixSocketAddress

    /// Opens the folder.
    init(_ state: StateFolder) throws(SystemError) {
        let folder = try FileDescriptor(openingFolder: state.databaseFolder)
        // The path of a state folder may be longer than a socket's name can be. The path through the open folder's descriptor is
        // always short (proc(5), /proc/pid/fd).
        guard
            let address = UnixSocketAddress(state.databaseFolder + "/" + Self.name)
                ?? UnixSocketAddress("/proc/self/fd/\(folder.raw)/\(Self.name)")
        else { throw SystemError(code: ENAMETOOLONG) }
        self.folder = folder
        self.address = address
    }

    /// Calls `body` (bind, connect) with the socket address and returns its result.
    func withAddress(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32) -> Int32 { unsafe address.withAddress(body) }

    /// Deletes a socket that an earlier daemon left. Anything else of this name is not ours to delete; `bind` then fails.
    func removeSocket() {
        guard let status = try? FileStatus(Self.name, in: folder), status.isSocket else { return }
        unsafe unlinkat(folder.raw, Self.name, 0)
    }
}
