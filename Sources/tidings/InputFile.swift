import Glibc

/// Why a file that was named on the command line could not be read.
struct UnreadableInput: Error {
    let message: String
}

/// The size of one file, or of standard input, past which it is refused.
private let limitBytes = 256 << 20

/// All bytes of `file`, where `-` is standard input.
func readInput(_ file: String) throws(UnreadableInput) -> [UInt8] {
    let descriptor = file == "-" ? STDIN_FILENO : unsafe open(file, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw unreadable() }
    defer { if descriptor != STDIN_FILENO { close(descriptor) } }
    var bytes: [UInt8] = []
    var page = [UInt8](repeating: 0, count: 64 << 10)
    while true {
        let count = unsafe page.withUnsafeMutableBytes { unsafe read(descriptor, $0.baseAddress, $0.count) }
        if count == 0 { return bytes }
        if count < 0, errno == EINTR { continue }
        guard count > 0 else { throw unreadable() }
        bytes += page[..<count]
        guard bytes.count <= limitBytes else {
            throw UnreadableInput(message: "larger than \(sizeWords(Int64(limitBytes)))")
        }
    }
}

private func unreadable() -> UnreadableInput { UnreadableInput(message: unsafe String(cString: strerror(errno))) }
