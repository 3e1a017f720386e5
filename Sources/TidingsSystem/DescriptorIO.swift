import Glibc

/// Reads up to the end, also from a pipe or a terminal; nil if that is more than `limitBytes`.
package func readToEnd(_ descriptor: Int32, limitBytes: Int) throws(SystemError) -> [UInt8]? {
    var bytes: [UInt8] = []
    var page = [UInt8](repeating: 0, count: 64 << 10)
    while true {
        let count = try retryingInterrupted {
            unsafe page.withUnsafeMutableBytes { unsafe read(descriptor, $0.baseAddress, $0.count) }
        }
        if count == 0 { return bytes }
        guard bytes.count + count <= limitBytes else { return nil }
        bytes += page[..<count]
    }
}

/// Writes all of `bytes`, in as many calls as that takes. After an error some of them may have been written.
package func writeAll(_ bytes: [UInt8], to descriptor: Int32) throws(SystemError) {
    var written = 0
    while written < bytes.count {
        written += try retryingInterrupted {
            unsafe bytes[written...].withUnsafeBytes { unsafe write(descriptor, $0.baseAddress, $0.count) }
        }
    }
}

/// One piece of what can be read now: as much as a pipe holds; nothing after an error, such as that there is nothing.
/// - Parameter isClosed: whether nothing more can come.
package func readPiece(_ descriptor: Int32, isClosed: inout Bool) -> [UInt8] {
    if isClosed { return [] }
    var count = 0
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: pipeBytes) { buffer, filled in
        count = unsafe read(descriptor, buffer.baseAddress, pipeBytes)
        filled = max(0, count)
    }
    isClosed = count == 0
    return bytes
}

/// What a pipe holds (pipe(7)).
private let pipeBytes = 64 << 10
