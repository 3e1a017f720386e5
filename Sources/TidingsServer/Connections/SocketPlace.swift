import Glibc
import TidingsSystem

/// Why a server cannot listen.
package struct ListenError: Error, Equatable, Sendable, CustomStringConvertible {
    package let address: String
    package let code: Int32

    package var description: String {
        let next =
            switch code {
            case EADDRINUSE: "; another program listens there: choose another port as http.listen"
            case EACCES: "; this user may not: choose a port from 1024 on"
            case EADDRNOTAVAIL: "; no interface of this machine has this address"
            default: ""
            }
        return "cannot listen at \(address): \(SystemError(code: code).message)\(next)"
    }
}

/// The place of a Unix socket. Its folder stays open, because the path through its descriptor is always short enough for a socket's
/// name (proc(5), /proc/pid/fd; unix(7), sun_path).
struct SocketPlace: ~Copyable, Sendable {
    private let folder: FileDescriptor
    private let name: String

    init(folder path: String, name: String) throws(ListenError) {
        do {
            folder = try FileDescriptor(openingFolder: path)
        } catch {
            throw ListenError(address: "\(path)/\(name)", code: error.code)
        }
        self.name = name
        // A killed daemon leaves its socket. Anything else of this name is not ours to delete; `bind` then fails.
        remove()
    }

    var shortPath: String { "/proc/self/fd/\(folder.raw)/\(name)" }

    func setMode(_ mode: mode_t) { unsafe fchmodat(folder.raw, name, mode, 0) }

    func remove() {
        guard let status = try? FileStatus(name, in: folder), status.isSocket else { return }
        unsafe unlinkat(folder.raw, name, 0)
    }
}
