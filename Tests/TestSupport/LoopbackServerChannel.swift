import CTLS
import Glibc

/// What lies between the loopback server's sockets and its HTTP.
package enum LoopbackSecurity: Sendable {
    case plain
    case tls(TestCertificate)
    /// The client's hello is read, and the connection reset.
    case resetInHandshake
}

/// One connection's bytes, with or without TLS. Its thread must hold SIGPIPE back, which OpenSSL's writes may raise.
@safe final class LoopbackChannel {
    private let socket: CInt
    private let session: OpaquePointer?

    /// Nil if it came to no connection.
    init?(socket: CInt, security: LoopbackSecurity) {
        self.socket = socket
        switch security {
        case .plain: unsafe session = nil
        case .tls(let certificate):
            guard let opened = unsafe ctls_accept(socket, certificate.identity) else { return nil }
            unsafe session = opened
        case .resetInHandshake:
            unsafe session = nil
            _ = receive()
            // "linger on, 0 seconds": what close(2) sends then is a reset.
            var linger = linger(l_onoff: 1, l_linger: 0)
            unsafe setsockopt(socket, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout<linger>.size))
            return nil
        }
    }

    deinit {
        if let session = unsafe session { unsafe ctls_close(session) }
    }

    /// What has come; empty at the end of the connection.
    func receive() -> [UInt8] {
        let room = 16 << 10
        return unsafe [UInt8](unsafeUninitializedCapacity: room) { buffer, count in
            while true {
                let got: Int
                if let session = unsafe session {
                    got = unsafe Int(ctls_read(session, buffer.baseAddress, CInt(room)))
                } else {
                    got = unsafe recv(socket, buffer.baseAddress, room, 0)
                    if got < 0, errno == EINTR { continue }
                }
                count = max(got, 0)
                return
            }
        }
    }

    /// False if the connection is at its end.
    func send(_ bytes: [UInt8]) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes { bytes in
                if let session = unsafe session {
                    return unsafe Int(ctls_write(session, bytes.baseAddress, CInt(bytes.count)))
                }
                return unsafe Glibc.send(socket, bytes.baseAddress, bytes.count, CInt(MSG_NOSIGNAL))
            }
            if unsafe session == nil, count < 0, errno == EINTR { continue }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }

    /// Waits; false, and at once, if the client leaves meanwhile: all that it could send in mid-answer is its end.
    func clientStays(milliseconds: Int) -> Bool {
        var watched = pollfd(fd: socket, events: Int16(POLLIN), revents: 0)
        return unsafe poll(&watched, 1, CInt(milliseconds)) == 0
    }
}
