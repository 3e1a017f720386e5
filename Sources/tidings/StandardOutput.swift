import Glibc
import Synchronization

/// Standard output, in large writes.
final class StandardOutput: Sendable {
    private static let bufferBytes = 64 << 10
    private let buffer = Mutex<[UInt8]>([])

    /// Whether a person reads it.
    let isTerminal = isatty(STDOUT_FILENO) == 1

    func put(_ bytes: [UInt8]) {
        let isFull = buffer.withLock { buffer in
            buffer += bytes
            return buffer.count >= Self.bufferBytes
        }
        if isFull { flush() }
    }

    func line(_ text: String) { put(Array(text.utf8) + [UInt8(ascii: "\n")]) }

    /// Ends the process when nothing can be written any more: quietly if the reader has gone, who then has what it wanted.
    func flush() {
        let bytes = buffer.withLock { buffer in
            defer { buffer.removeAll(keepingCapacity: true) }
            return buffer
        }
        guard !bytes.isEmpty, !write(bytes, to: STDOUT_FILENO) else { return }
        if errno == EPIPE { exit(EX_OK) }
        say("cannot write to standard output: \(unsafe String(cString: strerror(errno)))")
        exit(EX_IOERR)
    }
}

let standardOutput = StandardOutput()
