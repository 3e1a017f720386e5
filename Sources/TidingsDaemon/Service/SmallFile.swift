import Glibc

/// Why a file could not be read whole.
struct SmallFileError: Error {
    let message: String
}

/// All bytes of the regular file at `path`, which has at most `limitBytes`.
func readSmallFile(_ path: String, limitBytes: Int) throws(SmallFileError) -> [UInt8] {
    // O_NONBLOCK: "opening for reading will not block" should this be a FIFO (fifo(7)).
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw SmallFileError(message: errorMessage("open")) }
    defer { close(descriptor) }
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0 else { throw SmallFileError(message: errorMessage("fstat")) }
    guard status.st_mode & S_IFMT == S_IFREG else { throw SmallFileError(message: "this is not a regular file") }

    var bytes: [UInt8] = []
    var page = [UInt8](repeating: 0, count: 64 << 10)
    while true {
        let count = unsafe page.withUnsafeMutableBytes { unsafe read(descriptor, $0.baseAddress, $0.count) }
        if count == 0 { return bytes }
        if count < 0, errno == EINTR { continue }
        guard count > 0 else { throw SmallFileError(message: errorMessage("read")) }
        guard bytes.count + count <= limitBytes else {
            throw SmallFileError(message: "the file is larger than \(Quantity.message(bytes: limitBytes))")
        }
        bytes += page[..<count]
    }
}

/// `open: No such file or directory`, from `errno` as the call just made left it.
func errorMessage(_ call: String) -> String {
    let code = errno
    return "\(call): \(unsafe String(cString: strerror(code)))"
}
