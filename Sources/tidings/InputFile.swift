import Glibc
import TidingsSystem

/// Why a file that was named on the command line could not be read.
struct UnreadableInput: Error {
    let message: String
}

/// The size of one file, or of standard input, past which it is refused.
private let limitBytes = 256 << 20

/// All bytes of `file`, where `-` is standard input.
func readInput(_ file: String) throws(UnreadableInput) -> [UInt8] {
    let bytes: [UInt8]?
    do throws(SystemError) {
        bytes = try file == "-" ? readToEnd(STDIN_FILENO, limitBytes: limitBytes) : readFile(file)
    } catch {
        throw UnreadableInput(message: error.message)
    }
    guard let bytes else { throw UnreadableInput(message: "larger than \(sizeWords(Int64(limitBytes)))") }
    return bytes
}

/// Nil if the file is larger than the limit.
private func readFile(_ path: String) throws(SystemError) -> [UInt8]? {
    let file = try FileDescriptor(opening: path, O_RDONLY)
    return try readToEnd(file.raw, limitBytes: limitBytes)
}
