import Glibc
import TidingsSystem

/// A command's end of the control socket.
package enum ControlClient {
    /// Sends `request` to the daemon that runs on `state`, and waits for its reply as long as the work lasts.
    /// - Parameters:
    ///   - waits: false to wait only until the daemon has accepted the request.
    ///   - limitSeconds: how long to wait for a daemon that sends nothing; nil: for ever.
    ///   - progress: called with messages for people while the work goes on.
    package static func send(
        _ request: ControlRequest, to state: StateFolder, waits: Bool = true, limitSeconds: Int? = nil,
        progress: (String) -> Void = { _ in }
    ) throws(ControlError) -> ControlReply {
        let socket = try connected(to: state, limitSeconds: limitSeconds)
        let line = ControlCall(request, waits: waits).line
        var sent = 0
        while sent < line.count {
            let count = unsafe line[sent...].withUnsafeBytes {
                unsafe Glibc.send(socket.raw, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            // The daemon may have replied and closed the socket before it read everything. Its reply can still be read.
            if count < 0, errno == EPIPE { break }
            if count < 0, errno != EINTR { throw .failed(state: state.path, message: errorMessage("send")) }
            sent += max(0, count)
        }
        var lines = ReceivedLines(socket)
        while let line = try lines.next() {
            switch ControlAnswer(line: line) {
            case .progress(let message): progress(message)
            case .reply(let reply): return reply
            case nil: throw .notUnderstood
            }
        }
        throw .brokenOff
    }

    private static func connected(to state: StateFolder, limitSeconds: Int?) throws(ControlError) -> FileDescriptor {
        let address: ControlAddress
        do {
            address = try ControlAddress(state)
        } catch {
            switch error.code {
            case ENOENT: throw .noDaemon(state: state.path)
            case EACCES: throw .denied(state: state.path)
            default: throw .failed(state: state.path, message: "open: \(error.message)")
            }
        }
        let number = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard number >= 0 else { throw .failed(state: state.path, message: errorMessage("socket")) }
        let socket = FileDescriptor(number)
        if var limit = limitSeconds.map({ timeval(tv_sec: $0, tv_usec: 0) }) {
            // SO_SNDTIMEO also limits the wait of connect(2) for a free slot of the backlog (unix(7)).
            for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
                unsafe setsockopt(number, SOL_SOCKET, option, &limit, socklen_t(MemoryLayout<timeval>.size))
            }
        }
        if unsafe address.withAddress({ unsafe connect(number, $0, $1) }) == 0 { return socket }
        switch errno {
        // A killed daemon leaves a socket without a listener.
        case ENOENT, ECONNREFUSED: throw .noDaemon(state: state.path)
        case EACCES, EPERM: throw .denied(state: state.path)
        default: throw .failed(state: state.path, message: errorMessage("connect"))
        }
    }
}

/// The lines of the daemon's answer, as they arrive.
private struct ReceivedLines: ~Copyable {
    private let socket: FileDescriptor
    private var bytes: [UInt8] = []

    init(_ socket: consuming FileDescriptor) { self.socket = socket }

    /// The next line without its `\n`; nil at the end of the connection, even after an incomplete line.
    mutating func next() throws(ControlError) -> [UInt8]? {
        while true {
            if let end = bytes.firstIndex(of: UInt8(ascii: "\n")) {
                defer { bytes.removeFirst(end + 1) }
                return Array(bytes[..<end])
            }
            guard bytes.count <= ControlAnswer.limitBytes else { throw .notUnderstood }
            let count = unsafe withUnsafeTemporaryAllocation(byteCount: 4 << 10, alignment: 1) { page in
                let count = unsafe recv(socket.raw, page.baseAddress, page.count, 0)
                if count > 0 { unsafe bytes.append(contentsOf: UnsafeRawBufferPointer(rebasing: page[..<count])) }
                return count
            }
            if count == 0 || (count < 0 && errno != EINTR) { return nil }
        }
    }
}
