import Glibc

/// Why a file could not be read completely.
package enum SmallFileError: Error, Equatable, Sendable {
    /// The system call of this name failed.
    case system(call: String, SystemError)
    case notRegular
    case tooLarge(limitBytes: Int)

    /// For people, without the file's name.
    package var message: String {
        switch self {
        case .system(let call, let error): "\(call): \(error.message)"
        case .notRegular: "this is not a regular file"
        case .tooLarge(let limit) where limit % (1 << 20) == 0: "the file is larger than \(limit >> 20)MiB"
        case .tooLarge(let limit) where limit % (1 << 10) == 0: "the file is larger than \(limit >> 10)KiB"
        case .tooLarge(let limit): "the file is larger than \(limit)B"
        }
    }
}

/// All bytes of the regular file at `path`.
/// - Throws: also if the file has more than `limitBytes`.
package func readSmallFile(_ path: String, limitBytes: Int) throws(SmallFileError) -> [UInt8] {
    // O_NONBLOCK: "opening for reading will not block" if this is a FIFO (fifo(7)).
    let file = try named("open", try FileDescriptor(opening: path, O_RDONLY | O_NONBLOCK))
    guard try named("fstat", try file.status()).isRegular else { throw .notRegular }
    guard let bytes = try named("read", try readToEnd(file.raw, limitBytes: limitBytes)) else {
        throw .tooLarge(limitBytes: limitBytes)
    }
    return bytes
}

private func named<Value: ~Copyable>(
    _ name: String, _ call: @autoclosure () throws(SystemError) -> Value
) throws(SmallFileError) -> Value {
    do {
        return try call()
    } catch {
        throw .system(call: name, error)
    }
}
