import Glibc

/// The address of a Unix socket (unix(7)).
package struct UnixSocketAddress: Sendable {
    /// Names have fewer bytes than this: sun_path has 108, and a path ends in a NUL.
    package static let limitBytes = MemoryLayout.size(ofValue: sockaddr_un().sun_path)

    private let name: [UInt8]

    /// - Parameter name: a path; or `@` and an abstract name, which is in no file system. Nil if it is empty or too long.
    package init?(_ name: String) {
        guard !name.isEmpty, name.utf8.count < Self.limitBytes else { return nil }
        self.name = Array(name.utf8)
    }

    /// Calls `body` (bind, connect, sendto) with the address, and returns what it returns.
    package func withAddress<Result>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Result) -> Result {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: name) }
        // "an abstract socket address is distinguished […] by the fact that sun_path[0] is a null byte", and its length counts, so
        // that the rest of sun_path must not be in it (unix(7)).
        if name.first == UInt8(ascii: "@") { address.sun_path.0 = 0 }
        let start = MemoryLayout<sockaddr_un>.offset(of: \.sun_path) ?? MemoryLayout<sa_family_t>.size
        return unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                unsafe body(generic, socklen_t(start + name.count))
            }
        }
    }
}
