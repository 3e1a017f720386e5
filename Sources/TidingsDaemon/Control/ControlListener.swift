import Glibc

/// An open descriptor; closed when nobody has it any more.
final class Descriptor: Sendable {
    let number: Int32
    init(_ number: Int32) { self.number = number }
    deinit { close(number) }
}

/// The control socket while it listens.
final class ControlListener: Sendable {
    enum Accepted {
        case client(Descriptor)
        /// The client has gone again.
        case none
        /// No descriptors or no memory are left, so that the same client would be met again at once.
        case noResources
    }

    private let address: ControlAddress
    private let descriptor: Descriptor
    var number: Int32 { descriptor.number }

    /// How many clients may wait to be accepted.
    private static let backlog: Int32 = 32

    init(_ state: StateFolder) throws(ControlError) {
        guard let address = ControlAddress(state) else { throw .failed(state: state.path, message: errorMessage("open")) }
        let type = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
        let number = socket(AF_UNIX, type, 0)
        guard number >= 0 else { throw .failed(state: state.path, message: errorMessage("socket")) }
        descriptor = Descriptor(number)
        address.removeSocket()
        guard unsafe address.withAddress({ unsafe bind(number, $0, $1) }) == 0 else {
            throw .failed(state: state.path, message: errorMessage("bind \(ControlAddress.name)"))
        }
        guard listen(number, Self.backlog) == 0 else { throw .failed(state: state.path, message: errorMessage("listen")) }
        self.address = address
    }

    func accept() -> Accepted {
        // accept4(2) is not visible here; a daemon that never runs another program loses nothing by the gap before fcntl.
        let client = Glibc.accept(number, nil, nil)
        if client >= 0 {
            _ = fcntl(client, F_SETFD, FD_CLOEXEC)
            return .client(Descriptor(client))
        }
        return [EMFILE, ENFILE, ENOBUFS, ENOMEM].contains(errno) ? .noResources : .none
    }

    /// So that later commands find nobody instead of a socket that nobody listens to.
    func removeName() { address.removeSocket() }
}
