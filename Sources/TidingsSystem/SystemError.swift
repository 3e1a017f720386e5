import Glibc

/// A system call that failed: the `errno` that it left, and what the system says of it.
package struct SystemError: Error, Equatable, Sendable {
    package let code: Int32

    package init(code: Int32) { self.code = code }

    /// Of the call just made. To be asked before anything else, which may set `errno` anew.
    package static var last: SystemError { SystemError(code: errno) }

    /// The text of strerror(3).
    package var message: String { unsafe String(cString: strerror(code)) }

    /// Whether the file is not there, or a folder above it is not: a normal state, not a failure.
    package var meansAbsent: Bool { code == ENOENT || code == ENOTDIR }
}

/// `open: No such file or directory`, for the call just made.
package func errorMessage(_ call: String) -> String {
    let error = SystemError.last
    return "\(call): \(error.message)"
}

/// Makes `call`, and makes it again each time that a signal interrupts it (EINTR, signal(7)).
/// - Parameter call: returns a negative number and sets `errno` if it fails.
package func retryingInterrupted(_ call: () -> Int) throws(SystemError) -> Int {
    while true {
        let result = call()
        if result >= 0 { return result }
        guard errno == EINTR else { throw .last }
    }
}
