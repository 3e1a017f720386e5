import Glibc
import TidingsSystem

/// A message to the service manager (sd_notify(3), "Well-known assignments").
package enum ServiceNotice: Equatable, Sendable {
    case ready
    /// The time at which the reload began, from `monotonicMicroseconds()`.
    case reloading(monotonicMicroseconds: UInt64)
    case stopping
    /// One line of text for `systemctl status`.
    case status(String)
    case watchdog
    /// Start, reload or stop needs this much more time from now on.
    case extendTimeout(Duration)

    var assignment: String {
        switch self {
        case .ready: "READY=1"
        case .reloading(let time): "RELOADING=1\nMONOTONIC_USEC=\(time)"
        case .stopping: "STOPPING=1"
        // A line end would begin another assignment.
        case .status(let message): "STATUS=" + String(decoding: message.utf8.map { $0 < 0x20 ? 0x20 : $0 }, as: UTF8.self)
        case .watchdog: "WATCHDOG=1"
        case .extendTimeout(let duration): "EXTEND_TIMEOUT_USEC=\(duration.microseconds)"
        }
    }
}

/// Sends messages to the service manager. Each message is one datagram to the socket `$NOTIFY_SOCKET` (sd_notify(3)), so no library
/// is needed.
///
/// A socket is opened for each message, because messages are rare and a permanent descriptor would need an owner.
@safe package struct Notifier: Sendable {
    /// Limit of one message. A longer message is cut.
    private static let limitBytes = 4096
    private let address: UnixSocketAddress

    /// Nil if `$NOTIFY_SOCKET` is not set, or names neither a path nor an abstract socket.
    package init?(environment: [String: String]) {
        guard let name = environment["NOTIFY_SOCKET"], let first = name.utf8.first,
            first == UInt8(ascii: "/") || first == UInt8(ascii: "@"), name.utf8.count > 1,
            let address = UnixSocketAddress(name)
        else { return nil }
        self.address = address
    }

    /// Sends `notices` as one message, which the service manager handles as a whole.
    /// - Returns: nil, or the reason why it could not be sent, for the log. The daemon goes on without its manager.
    @discardableResult
    package func send(_ notices: ServiceNotice...) -> String? {
        let message = Array(notices.map(\.assignment).joined(separator: "\n").utf8.prefix(Self.limitBytes))
        let number = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard number >= 0 else { return errorMessage("socket") }
        let socket = FileDescriptor(number)
        // A manager that does not read must not block us for longer than this.
        var patience = timeval(tv_sec: 1, tv_usec: 0)
        unsafe setsockopt(socket.raw, SOL_SOCKET, SO_SNDTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))

        let sent = unsafe address.withAddress { destination, length in
            unsafe message.withUnsafeBytes {
                unsafe sendto(socket.raw, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL), destination, length)
            }
        }
        return sent == message.count ? nil : errorMessage("sendto")
    }
}
