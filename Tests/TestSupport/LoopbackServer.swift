import Glibc
import Synchronization

/// An HTTP/1.1 server on loopback that answers, or misbehaves, as its script says, with TLS or without. It is real
/// sockets and threads, so that a client meets what it would meet outside; each connection has a thread of its own.
///
///     let server = try LoopbackServer { request in
///         request.path == "/feed" ? .conditional(request, etag: #""v1""#, body: feed) : .redirect(to: "/feed")
///     }
///     defer { server.stop() }
///     … server.url(for: "/feed") … try await server.waitForRequests(1, of: "/feed")
package final class LoopbackServer: Sendable {
    package typealias Script = @Sendable (LoopbackRequest) -> LoopbackReply

    package let port: UInt16
    private let host: String
    private let security: LoopbackSecurity
    private let listener: CInt
    private let script: Script
    private let state = Mutex(State())

    private struct State {
        var requests: [LoopbackRequest] = []
        var connections: Set<CInt> = []
        var acceptedCount = 0
        var isStopped = false
    }

    /// What a test learns when the server could not do its part.
    package struct Failure: Error, CustomStringConvertible {
        package let description: String
    }

    /// Listens on a free port, and answers from now on until `stop`.
    /// - Parameter host: the loopback address to listen on, of 127.0.0.0/8.
    package init(
        host: String = "127.0.0.1", security: LoopbackSecurity = .plain, _ script: @escaping Script
    ) throws {
        let listener = try Self.listen(on: host)
        self.listener = listener
        self.host = host
        self.security = security
        self.script = script
        port = Self.port(of: listener)
        startThread { self.acceptAll() }
    }

    /// Ends all connections. Clients that wait see theirs closed.
    package func stop() {
        state.withLock { state in
            guard !state.isStopped else { return }
            state.isStopped = true
            // The threads close what they own; this makes their calls return.
            shutdown(listener, CInt(SHUT_RDWR))
            for connection in state.connections { shutdown(connection, CInt(SHUT_RDWR)) }
        }
    }

    /// The URL of `path`, which starts with a slash. `name`: another name of the server's than its address.
    package func url(for path: String, name: String? = nil) -> String {
        let scheme = if case .plain = security { "http" } else { "https" }
        return "\(scheme)://\(name ?? host):\(port)\(path)"
    }

    /// All requests so far, in the order they came.
    package var requests: [LoopbackRequest] { state.withLock(\.requests) }

    package func requests(of path: String) -> [LoopbackRequest] { requests.filter { $0.path == path } }

    /// How many connections have been made so far.
    package var connectionCount: Int { state.withLock(\.acceptedCount) }

    /// Waits until `count` requests of `path` have come, and gives those that have.
    @discardableResult
    package func waitForRequests(_ count: Int, of path: String, seconds: Int = 20) async throws -> [LoopbackRequest] {
        let deadline = ContinuousClock.now + .seconds(seconds)
        while true {
            let seen = requests(of: path)
            if seen.count >= count { return seen }
            guard ContinuousClock.now < deadline else {
                throw Failure(description: "\(seen.count) of \(count) requests of \(path) after \(seconds) s")
            }
            try await Task.sleep(for: .milliseconds(2))
        }
    }

    private func acceptAll() {
        defer { close(listener) }
        while true {
            let socket = accept(listener, nil, nil)
            if socket < 0 {
                // A client that has already gone again is no reason to end.
                if errno == EINTR || errno == ECONNABORTED { continue }
                return
            }
            let isWelcome = state.withLock { state in
                guard !state.isStopped else { return false }
                state.connections.insert(socket)
                state.acceptedCount += 1
                return true
            }
            guard isWelcome else { return _ = close(socket) }
            startThread { self.serve(socket) }
        }
    }

    private func serve(_ socket: CInt) {
        // A client that leaves in mid-answer is an error of the write, never a signal to the test.
        var brokenPipe = sigset_t()
        unsafe sigemptyset(&brokenPipe)
        unsafe sigaddset(&brokenPipe, SIGPIPE)
        unsafe pthread_sigmask(SIG_BLOCK, &brokenPipe, nil)
        answerAll(on: socket)
        // Under the lock, so that `stop` never meets a number that already names another file.
        state.withLock { state in
            state.connections.remove(socket)
            close(socket)
        }
    }

    private func answerAll(on socket: CInt) {
        guard var connection = LoopbackConnection(socket: socket, security: security) else { return }
        while let request = connection.nextRequest() {
            state.withLock { $0.requests.append(request) }
            guard connection.send(script(request)) else { return }
        }
    }

    /// A port of 127.0.0.1 that nobody listens on, for a server that must be told one.
    package static func freePort() throws -> UInt16 {
        let listener = try listen(on: "127.0.0.1")
        defer { close(listener) }
        return port(of: listener)
    }

    static func listen(on host: String, backlog: CInt = SOMAXCONN) throws -> CInt {
        let listener = socket(AF_INET, CInt(SOCK_STREAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue), 0)
        guard listener >= 0 else { throw Failure(description: "socket: errno \(errno)") }
        var address = address(of: host)
        let isBound = unsafe withSocketAddress(&address) { unsafe bind(listener, $0, $1) == 0 }
        guard isBound, Glibc.listen(listener, backlog) == 0 else {
            defer { close(listener) }
            throw Failure(description: "bind or listen: errno \(errno)")
        }
        return listener
    }

    static func port(of listener: CInt) -> UInt16 {
        var address = sockaddr_in()
        unsafe withSocketAddress(&address) { pointer, length in
            var length = length
            unsafe getsockname(listener, pointer, &length)
        }
        return UInt16(bigEndian: address.sin_port)
    }

    /// A connection to 127.0.0.1 that is under way; nobody waits for it.
    static func connect(to port: UInt16) -> CInt {
        let type = CInt(SOCK_STREAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue) | CInt(SOCK_NONBLOCK.rawValue)
        let connection = socket(AF_INET, type, 0)
        var address = address(of: "127.0.0.1", port: port)
        unsafe withSocketAddress(&address) { unsafe Glibc.connect(connection, $0, $1) }
        return connection
    }

    private static func address(of host: String, port: UInt16 = 0) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = unsafe inet_addr(host)
        address.sin_port = port.bigEndian
        return address
    }
}

@discardableResult
private func withSocketAddress<Result>(
    _ address: inout sockaddr_in, _ body: (UnsafeMutablePointer<sockaddr>, socklen_t) -> Result
) -> Result {
    unsafe withUnsafeMutablePointer(to: &address) { pointer in
        unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            unsafe body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
        }
    }
}

private final class ThreadBody: Sendable {
    let run: @Sendable () -> Void
    init(_ run: @escaping @Sendable () -> Void) { self.run = run }
}

/// Runs `body` on a thread of its own, small enough that a test may have hundreds.
private func startThread(_ body: @escaping @Sendable () -> Void) {
    var attributes = pthread_attr_t()
    unsafe pthread_attr_init(&attributes)
    defer { unsafe pthread_attr_destroy(&attributes) }
    unsafe pthread_attr_setstacksize(&attributes, 256 << 10)
    var thread = pthread_t()
    let code = unsafe pthread_create(
        &thread, &attributes,
        { context in
            guard let context = unsafe context else { return nil }
            unsafe Unmanaged<ThreadBody>.fromOpaque(context).takeRetainedValue().run()
            return nil
        }, Unmanaged.passRetained(ThreadBody(body)).toOpaque())
    precondition(code == 0, "pthread_create: \(code)")
    pthread_detach(thread)
}
