import Foundation
import Synchronization

/// The receiving end of a notify socket, as a service manager has one (sd_notify(3)). A thread takes the messages, so that
/// the sender never waits for the test.
@safe package final class NotifySocket: Sendable {
    private let descriptor: Int32
    private let received = Mutex<[String]>([])
    /// What the program must find in its environment.
    package let environment: [String: String]

    package init() throws {
        let name = "@tidings-\(UUID().uuidString)"
        environment = ["NOTIFY_SOCKET": name]
        descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: name.utf8) }
        // An abstract address: the kernel takes it away with the socket.
        address.sun_path.0 = 0
        let length = socklen_t(2 + name.utf8.count)
        let isBound = unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { unsafe bind(descriptor, $0, length) == 0 }
        }
        guard isBound else { throw NotifySocketError(code: errno) }
        // The thread owns the socket, and outlives this object by one message at most.
        Thread.detachNewThread { [descriptor, weak self] in
            while let message = Self.receive(descriptor), let self { self.received.withLock { $0.append(message) } }
            close(descriptor)
        }
    }

    deinit { shutdown(descriptor, Int32(SHUT_RDWR)) }

    /// All messages so far, in order.
    package var messages: [String] { received.withLock { $0 } }

    /// All assignments (`READY=1`) so far, in order.
    package var assignments: [String] { messages.flatMap { $0.split(separator: "\n").map(String.init) } }

    private static func receive(_ descriptor: Int32) -> String? {
        var bytes = [UInt8](repeating: 0, count: 8192)
        let count = unsafe bytes.withUnsafeMutableBytes { unsafe recv(descriptor, $0.baseAddress, $0.count, 0) }
        return count > 0 ? String(decoding: bytes[..<count], as: UTF8.self) : nil
    }
}

package struct NotifySocketError: Error { let code: Int32 }
