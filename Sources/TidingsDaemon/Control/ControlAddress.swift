import Glibc
import TidingsSystem

/// The address of the control socket: `control` in the state's `db/`. Only the daemon's user can enter that folder, and this is the
/// only access control (unix(7), "Pathname socket ownership and permissions").
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

    /// Deletes a socket that an earlier daemon left. Anything else of this name is not ours to delete; `bind` then fails.
    func removeSocket() {
        guard let status = try? FileStatus(Self.name, in: folder), status.isSocket else { return }
        unsafe unlinkat(folder.raw, Self.name, 0)
    }
}
