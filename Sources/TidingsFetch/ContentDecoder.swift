import CCurl
import Glibc
import TidingsSystem

/// Decodes bytes in content codings with libcurl's decoders, and within the limit of a body.
///
/// libcurl decodes the body of a transfer, and nothing else. So the bytes are transferred once more, within this process: over a Unix
/// socket, behind a header that names the codings. This is for bodies with a header that libcurl cannot follow, which are rare: the
/// caller waits meanwhile. All others are decoded as they arrive.
struct ContentDecoder {
    let limits: FetchLimits

    enum Failure: Error, Equatable {
        case tooLarge
        /// The bytes are not in these codings, or libcurl has no decoder for them.
        case notInCoding
    }

    func decode(_ body: [UInt8], from codings: [String]) throws(Failure) -> [UInt8] {
        guard let easy = EasyHandle(isPublic: { _ in false }), let server = OneTimeServer() else { throw .notInCoding }
        easy.aim(
            at: HopRequest(
                url: "http://decoder.invalid/", fields: [], userAgent: "", limits: limits, timeoutMilliseconds: Self.longestMilliseconds,
                allowsPrivateNetwork: true))
        easy.redirect(toSocket: server.name)
        let head = "HTTP/1.1 200 OK\r\nContent-Encoding: \(codings.joined(separator: ", "))\r\nContent-Length: \(body.count)\r\n\r\n"
        let code = transfer(Array(head.utf8) + body, from: server, to: easy)
        if easy.collector.refusal(isConnected: true) == .bodyTooLarge { throw .tooLarge }
        guard code == CURLE_OK else { throw .notInCoding }
        return easy.collector.body
    }

    /// Far longer than it takes, for both ends are here.
    private static let longestMilliseconds = 10_000

    private func transfer(_ message: [UInt8], from server: borrowing OneTimeServer, to easy: EasyHandle) -> CURLcode {
        let multi = MultiHandle(limits: FetcherLimits())
        guard multi.add(easy) == CURLM_OK else { return CURLE_OUT_OF_MEMORY }
        defer { multi.remove(easy) }
        multi.perform()
        guard let connection = server.accept() else { return CURLE_COULDNT_CONNECT }
        var rest = message[...]
        while true {
            let count = unsafe rest.withUnsafeBytes {
                unsafe send(connection.raw, $0.baseAddress, $0.count, CInt(MSG_NOSIGNAL) | CInt(MSG_DONTWAIT))
            }
            rest = rest.dropFirst(max(count, 0))
            multi.perform()
            if let (_, code) = multi.nextEnded() { return code }
        }
    }
}

/// An abstract Unix socket that takes one connection, of this process.
private struct OneTimeServer: ~Copyable {
    /// Unlike any other.
    let name = "tidings.decoder.\(getpid()).\(UInt64.random(in: .min ... .max))"
    private let listener: FileDescriptor

    /// Nil if there are no descriptors left.
    init?() {
        let type = CInt(SOCK_STREAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue) | CInt(SOCK_NONBLOCK.rawValue)
        listener = FileDescriptor(socket(AF_UNIX, type, 0))
        guard listener.raw >= 0, let address = UnixSocketAddress("@" + name) else { return nil }
        let raw = listener.raw
        guard unsafe address.withAddress({ unsafe bind(raw, $0, $1) }) == 0, listen(raw, 1) == 0 else { return nil }
    }

    /// The connection that waits; nil if there is none, or if it is another process's.
    borrowing func accept() -> FileDescriptor? {
        let connection = FileDescriptor(Glibc.accept(listener.raw, nil, nil))
        guard connection.raw >= 0 else { return nil }
        // struct ucred (unix(7)), which Swift does not see.
        var peer: (process: pid_t, user: uid_t, group: gid_t) = (0, 0, 0)
        var size = socklen_t(MemoryLayout.size(ofValue: peer))
        let isKnown = unsafe getsockopt(connection.raw, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0
        guard isKnown, peer.process == getpid() else { return nil }
        return connection
    }
}
