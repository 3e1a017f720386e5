import Foundation
import Synchronization

/// An HTTP/1.1 server on all of 127.0.0.0/8 that costs as little as it can: one thread, connections that stay open, whole answers
/// made by `reply`. For GET requests that come in one piece, as curl sends them.
@safe final class CannedServer: Sendable {
    /// - Parameters:
    ///   - path: of the request, with its slash.
    ///   - isConditional: whether the client has validators.
    typealias Reply = @Sendable (_ path: Substring, _ isConditional: Bool) -> [UInt8]

    let port: UInt16
    private let listener: Int32
    private let reply: Reply
    private let delay: Duration
    private let state = Mutex((count: 0, first: ContinuousClock.Instant?.none))

    /// - Parameter delayMilliseconds: how long an answer takes.
    init(delayMilliseconds: Int = 0, _ reply: @escaping Reply) throws {
        delay = .milliseconds(delayMilliseconds)
        listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(INADDR_ANY)
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let (listener, given) = (listener, length)
        let isListening = unsafe withUnsafeMutablePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe bind(listener, $0, given) == 0 && listen(listener, 4_096) == 0 && getsockname(listener, $0, &length) == 0
            }
        }
        guard isListening else { throw BenchError.system("serve on loopback") }
        port = UInt16(bigEndian: address.sin_port)
        self.reply = reply
        Thread.detachNewThread { self.serve() }
    }

    /// Ends the thread; connections are closed with it.
    func stop() { shutdown(listener, Int32(SHUT_RDWR)) }

    /// How many requests have come since the last `reset`, and when the first of them did.
    var seen: (count: Int, first: ContinuousClock.Instant?) { state.withLock(\.self) }

    func reset() { state.withLock { $0 = (0, nil) } }

    private func serve() {
        var watched = [pollfd(fd: listener, events: Int16(POLLIN), revents: 0)]
        var buffer = [UInt8](repeating: 0, count: 16 << 10)
        defer { for entry in watched { close(entry.fd) } }
        /// Answers whose time has not come, in the order of their times. A client that has gone meanwhile is not answered: its number is
        /// closed only when it is read from.
        var waiting: ArraySlice<(due: ContinuousClock.Instant, connection: Int32, bytes: [UInt8])> = []
        while true {
            let wait = waiting.first.map { max(0, (($0.due - .now) / .milliseconds(1)).rounded(.up)) }
            _ = unsafe watched.withUnsafeMutableBufferPointer { unsafe poll($0.baseAddress, nfds_t($0.count), wait.map { Int32($0) } ?? -1) }
            while let first = waiting.first, first.due <= .now {
                send(first.bytes, to: first.connection)
                waiting.removeFirst()
            }
            // From the end, so that those that are taken out move none that is still to be seen.
            for index in watched.indices.reversed() where watched[index].revents != 0 {
                if index > 0 {
                    let connection = watched[index].fd
                    if let bytes = take(connection, &buffer) {
                        if delay > .zero { waiting.append((.now + delay, connection, bytes)) } else { send(bytes, to: connection) }
                    } else {
                        waiting.removeAll { $0.connection == connection }
                        close(watched[index].fd)
                        watched.swapAt(index, watched.count - 1)
                        watched.removeLast()
                    }
                    continue
                }
                let connection = accept(listener, nil, nil)
                guard connection >= 0 else { return }
                var on: Int32 = 1
                unsafe setsockopt(connection, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
                watched.append(pollfd(fd: connection, events: Int16(POLLIN), revents: 0))
            }
        }
    }

    /// The answer to the request that has come; nil if the connection is at its end.
    private func take(_ connection: Int32, _ buffer: inout [UInt8]) -> [UInt8]? {
        let count = unsafe buffer.withUnsafeMutableBytes { unsafe recv(connection, $0.baseAddress, $0.count, 0) }
        guard count > 0 else { return nil }
        state.withLock { state in
            state.count += 1
            if state.first == nil { state.first = .now }
        }
        let head = String(decoding: buffer[..<count], as: UTF8.self)
        let path = head.split(separator: " ", maxSplits: 2)[1]
        return reply(path, head.contains("\r\nIf-None-Match:"))
    }

    private func send(_ bytes: [UInt8], to connection: Int32) {
        var sent = 0
        while sent < bytes.count {
            let count = unsafe bytes[sent...].withUnsafeBytes {
                unsafe Glibc.send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return }
            sent += count
        }
    }

    /// A whole answer.
    static func message(_ status: String, _ fields: [String] = [], body: [UInt8] = []) -> [UInt8] {
        let length = status.hasPrefix("304") ? [] : ["Content-Length: \(body.count)"]
        return Array(("HTTP/1.1 \(status)\r\n" + (fields + length).map { "\($0)\r\n" }.joined() + "\r\n").utf8) + body
    }
}
