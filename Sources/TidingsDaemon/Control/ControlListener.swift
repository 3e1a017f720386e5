import Glibc
import TidingsSystem

/// The control socket while it listens.
final class ControlListener: Sendable {
    enum Accepted: ~Copyable {
        case client(FileDescriptor)
        /// The client has closed its connection.
        case none
        /// Descriptors or memory are used up. The client stays in the backlog, so that poll(2) would report it again at once.
        case noResources
    }

    private let address: ControlAddress
    private let descriptor: FileDescriptor
    var number: Int32 { descriptor.raw }

    /// How many clients may wait to be accepted.
    private static let backlog: Int32 = 32

    init(_ state: StateFolder) throws(ControlError) {
        let address: ControlAddress
        do {
            address = try ControlAddress(state)
        } catch {
            throw .failed(state: state.path, message: "open: \(error.message)")
        }
        let type = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
        let number = socket(AF_UNIX, type, 0)
        guard number >= 0 else { throw .failed(state: state.path, message: errorMessage("socket")) }
        descriptor = FileDescriptor(number)
        address.removeSocket()
        guard unsafe address.withAddress({ unsafe bind(number, $0, $1) }) == 0 else {
            throw .failed(state: state.path, message: errorMessage("bind \(ControlAddress.name)"))
        }
        guard listen(number, Self.backlog) == 0 else { throw .failed(state: state.path, message: errorMessage("listen")) }
        self.address = address
    }

    func accept() -> Accepted {
        // Swift does not import accept4(2). The gap before fcntl(2) does no harm, because the daemon never runs another program.
        let client = Glibc.accept(number, nil, nil)
        if client >= 0 {
            _ = fcntl(client, F_SETFD, FD_CLOEXEC)
            return .client(FileDescriptor(client))
        }
        return [EMFILE, ENFILE, ENOBUFS, ENOMEM].contains(errno) ? .noResources : .none
    }

    /// Deletes the socket, so that later commands do not find one without a listener.
    func removeName() { address.removeSocket() }
}
