import Foundation

/// The reading end of a pipe that a program writes to, read only when a test says so: what is not read blocks the program.
package final class SlowReader {
    private let pipe = Pipe()
    package private(set) var bytes: [UInt8] = []
    package private(set) var hasEnded = false

    package init() {
        let number = pipe.fileHandleForReading.fileDescriptor
        _ = fcntl(number, F_SETFL, fcntl(number, F_GETFL) | O_NONBLOCK)
    }

    /// The end for the program; to be given away before anything is read.
    package var end: FileHandle { pipe.fileHandleForWriting }

    /// Lets go of the program's end here, so that its own is the last.
    package func started() throws { try pipe.fileHandleForWriting.close() }

    /// The reader goes away.
    package func close() throws { try pipe.fileHandleForReading.close() }

    /// Reads what is there now, at most `limit` bytes. Says whether there was anything.
    @discardableResult
    package func read(atMost limit: Int = .max) -> Bool {
        var left = limit
        var page = [UInt8](repeating: 0, count: 64 << 10)
        while left > 0 {
            let number = pipe.fileHandleForReading.fileDescriptor
            let count = unsafe page.withUnsafeMutableBytes { unsafe Foundation.read(number, $0.baseAddress, min(left, $0.count)) }
            if count == 0 { hasEnded = true }
            guard count > 0 else { break }
            bytes += page[..<count]
            left -= count
        }
        return left < limit
    }

    /// Reads to the end, without holding a thread. Says whether it came within `seconds`.
    package func readToEnd(seconds: Double = 60) async throws -> Bool {
        try await eventually(seconds: seconds) {
            read()
            return hasEnded
        }
    }

    /// The lines that have their end.
    package var lines: [String] { wholeLines(bytes) }
}

/// The lines in `bytes` that have their end.
package func wholeLines(_ bytes: [UInt8]) -> [String] {
    bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).dropLast()
        .map { String(decoding: $0, as: UTF8.self) }
}
