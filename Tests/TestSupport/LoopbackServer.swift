import Glibc
import Synchronization

/// An HTTP/1.1 server on 127.0.0.1 that answers, or misbehaves, as its script says. It is real sockets and threads,
/// so that a client meets what it would meet outside; each connection has a thread of its own.
///
///     let server = try LoopbackServer { request in
///         request.path == "/feed" ? .conditional(request, etag: #""v1""#, body: feed) : .redirect(to: "/feed")
///     }
///     defer { server.stop() }
///     … server.url(for: "/feed") … try await server.waitForRequests(1, of: "/feed")
package final class LoopbackServer: Sendable {
    package typealias Script = @Sendable (LoopbackRequest) -> LoopbackReply

    package let port: UInt16
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
    package init(_ script: @escaping Script) throws {
        let listener = try Self.listen()
        self.listener = listener
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

    /// The URL of `path`, which starts with a slash.
    package func url(for path: String) -> String { "http://127.0.0.1:\(port)\(path)" }

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
        var connection = LoopbackConnection(socket: socket)
        while let request = connection.nextRequest() {
            state.withLock { $0.requests.append(request) }
            guard connection.send(script(request)) else { break }
        }
        // Under the lock, so that `stop` never meets a number that already names another file.
        state.withLock { state in
            state.connections.remove(socket)
            close(socket)
        }
    }

    private static func listen() throws -> CInt {
        let listener = socket(AF_INET, CInt(SOCK_STREAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue), 0)
        guard listener >= 0 else { throw Failure(description: "socket: errno \(errno)") }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        let isBound = unsafe withSocketAddress(&address) { unsafe bind(listener, $0, $1) == 0 }
        guard isBound, Glibc.listen(listener, SOMAXCONN) == 0 else {
            defer { close(listener) }
            throw Failure(description: "bind or listen: errno \(errno)")
        }
        return listener
    }

    private static func port(of listener: CInt) -> UInt16 {
        var address = sockaddr_in()
        unsafe withSocketAddress(&address) { pointer, length in
            var length = length
            unsafe getsockname(listener, pointer, &length)
        }
        return UInt16(bigEndian: address.sin_port)
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
