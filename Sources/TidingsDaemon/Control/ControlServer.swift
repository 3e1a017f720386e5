import Dispatch
import Glibc
import Synchronization
import TidingsCore
import TidingsSystem

/// The daemon's end of the control socket. It reads requests of commands and calls a handler for each, for several at a time.
///
/// One thread accepts clients and reads their request lines with poll(2), so that no slow client holds up another. Each complete
/// request becomes a child task of `run`. The work goes on even if its client disconnects.
@safe package final class ControlServer: Sendable {
    package typealias Handler =
        @Sendable (ControlRequest, _ progress: @escaping @Sendable (String) -> Void) async -> ControlReply

    struct Limits: Sendable {
        /// Open connections, including those whose work goes on.
        var clients = 16
        /// The time within which a client must send its request.
        var requestMilliseconds: Int64 = 5_000
        /// How long to accept no client after descriptors or memory were used up.
        var pauseMilliseconds: Int64 = 1_000
    }

    private let limits: Limits
    /// `run` moves it out. If `run` is never called, it closes with the server.
    private let listener: Mutex<ControlListener?>
    /// Ends the receiving thread's wait, and the thread with it.
    private let ending: EventDescriptor
    private let clients = Atomic<Int>(0)

    /// Opens the socket in `state`. The caller holds the lock of `state`, so an existing socket belongs to a dead daemon.
    /// - Throws: `failed`.
    package convenience init(_ state: StateFolder) throws(ControlError) { try self.init(state, limits: Limits()) }

    init(_ state: StateFolder, limits: Limits) throws(ControlError) {
        self.limits = limits
        do {
            ending = try EventDescriptor()
        } catch {
            throw .failed(state: state.path, message: "eventfd: \(error.message)")
        }
        listener = Mutex(try ControlListener(state))
    }

    /// Serves until the task is cancelled. Then it accepts no more clients and returns when all handlers have returned; they see
    /// the cancellation. Call it once.
    package func run(_ handler: @escaping Handler) async {
        let owned = listener.withLock { listener in
            defer { listener = nil }
            return listener
        }
        guard let owned else { preconditionFailure("a control server runs once") }
        // `limits.clients` bounds the number of calls in it.
        let (calls, sink) = AsyncStream.makeStream(of: ReceivedCall.self)
        await withTaskCancellationHandler {
            await withDiscardingTaskGroup { group in
                group.addTask { await self.receiveOnThread(owned, into: sink) }
                for await received in calls {
                    group.addTask { await Self.answer(received, handler) }
                }
            }
        } onCancel: {
            ending.signal()
        }
    }

    private static func answer(_ received: ReceivedCall, _ handler: Handler) async {
        let connection = received.connection
        if !received.call.waits {
            connection.end(ControlReply(.done, "the daemon has been told"))
            _ = await handler(received.call.request) { _ in }
            return
        }
        let reply = await handler(received.call.request) { message in connection.send(progress: message) }
        connection.end(reply)
    }

    // MARK: The receiving thread

    fileprivate struct ReceivedCall: Sendable {
        let call: ControlCall
        let connection: ControlConnection
    }

    /// A client whose request is not complete yet.
    private struct Caller {
        let connection: ControlConnection
        let deadline: Int64
        var line: [UInt8] = []
    }

    private func receiveOnThread(_ listener: ControlListener, into sink: AsyncStream<ReceivedCall>.Continuation) async {
        await withCheckedContinuation { (ended: CheckedContinuation<Void, Never>) in
            DispatchQueue(label: "tidings.control").async { [self] in
                receive(from: listener, into: sink)
                listener.removeName()
                sink.finish()
                ended.resume()
            }
        }
    }

    private func receive(from listener: ControlListener, into sink: AsyncStream<ReceivedCall>.Continuation) {
        var callers: [Caller] = []
        var pausedUntil: Int64 = 0
        while true {
            let now = monotonicMilliseconds()
            let isPaused = pausedUntil > now
            // poll(2) ignores a negative descriptor.
            var polled = [
                pollfd(fd: ending.descriptor.raw, events: Int16(POLLIN), revents: 0),
                pollfd(fd: isPaused ? -1 : listener.number, events: Int16(POLLIN), revents: 0),
            ]
            polled += callers.map { pollfd(fd: $0.connection.number, events: Int16(POLLIN), revents: 0) }
            let deadline = min(callers.map(\.deadline).min() ?? .max, isPaused ? pausedUntil : .max)
            let timeout = deadline == .max ? -1 : Int32(clamping: max(0, deadline - now))
            let count = unsafe poll(&polled, nfds_t(polled.count), timeout)
            precondition(count >= 0 || errno == EINTR, "poll refuses descriptors that are open")
            if count < 0 { continue }
            if polled[0].revents != 0 { return }

            var waiting: [Caller] = []
            let later = monotonicMilliseconds()
            for (caller, state) in zip(callers, polled.dropFirst(2)) {
                if let stays = serve(caller, isReady: state.revents != 0, now: later, into: sink) { waiting.append(stays) }
            }
            callers = waiting
            guard polled[1].revents != 0 else { continue }
            switch listener.accept() {
            case .client(let descriptor):
                let connection = ControlConnection(descriptor)
                guard clients.load(ordering: .relaxed) < limits.clients else {
                    connection.end(ControlReply(.notNow, "\(limits.clients) commands are being served; try again later"))
                    continue
                }
                connection.count(in: self)
                callers.append(Caller(connection: connection, deadline: later + limits.requestMilliseconds))
            case .none: continue
            case .noResources: pausedUntil = later + limits.pauseMilliseconds
            }
        }
    }

    /// Reads what `caller` has sent. Returns the caller if its request is not complete yet.
    private func serve(
        _ caller: Caller, isReady: Bool, now: Int64, into sink: AsyncStream<ReceivedCall>.Continuation
    ) -> Caller? {
        var caller = caller
        if isReady {
            guard caller.connection.receive(into: &caller.line) else { return nil }
            if let end = caller.line.firstIndex(of: UInt8(ascii: "\n")) {
                if let call = ControlCall(line: Array(caller.line[..<end])) {
                    sink.yield(ReceivedCall(call: call, connection: caller.connection))
                } else {
                    caller.connection.end(ControlReply(.badRequest, "this is no request; is the command of the same version?"))
                }
                return nil
            }
            if caller.line.count > ControlCall.limitBytes {
                caller.connection.end(ControlReply(.badRequest, "the request is longer than \(ControlCall.limitBytes) bytes"))
                return nil
            }
        }
        guard caller.deadline > now else {
            caller.connection.end(ControlReply(.badRequest, "no request within \(limits.requestMilliseconds) ms"))
            return nil
        }
        return caller
    }

    fileprivate func began() { clients.add(1, ordering: .relaxed) }
    fileprivate func ended() { clients.subtract(1, ordering: .relaxed) }

    private func monotonicMilliseconds() -> Int64 { Int64(monotonicMicroseconds() / 1000) }
}

/// One client, from accept to reply. Its descriptor is closed when the last reference is released.
private final class ControlConnection: Sendable {
    private let descriptor: FileDescriptor
    private let server = Mutex<ControlServer?>(nil)
    var number: Int32 { descriptor.raw }

    init(_ descriptor: consuming FileDescriptor) { self.descriptor = descriptor }

    deinit { server.withLock { $0?.ended() } }

    /// Counts the connection as one of the server's clients until it is released.
    func count(in server: ControlServer) {
        server.began()
        self.server.withLock { $0 = server }
    }

    /// Appends what has arrived. Returns false if the client has disconnected.
    func receive(into line: inout [UInt8]) -> Bool {
        let count = unsafe withUnsafeTemporaryAllocation(byteCount: 16 << 10, alignment: 1) { page in
            let count = unsafe recv(number, page.baseAddress, page.count, Int32(MSG_DONTWAIT))
            if count > 0 { unsafe line.append(contentsOf: UnsafeRawBufferPointer(rebasing: page[..<count])) }
            return count
        }
        return count > 0 || (count < 0 && (errno == EAGAIN || errno == EINTR))
    }

    /// Sends progress to the client, unless it reads so slowly that the buffer would have no room left for the reply.
    func send(progress message: String) {
        var unread: Int32 = 0
        // The send buffer is at least twice as large (socket(7), wmem_default).
        guard unsafe ioctl(number, UInt(TIOCOUTQ), &unread) == 0, unread < 64 << 10 else { return }
        send(.progress(message))
    }

    func end(_ reply: ControlReply) {
        send(.reply(reply))
        shutdown(number, Int32(SHUT_WR))
    }

    /// Sends without waiting. A client that has disconnected is not an error.
    private func send(_ answer: ControlAnswer) {
        let line = answer.line
        let flags = Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT)
        let sent = unsafe line.withUnsafeBytes { unsafe Glibc.send(number, $0.baseAddress, $0.count, flags) }
        // Nothing may follow an incomplete line.
        if sent != line.count { shutdown(number, Int32(SHUT_WR)) }
    }
}
