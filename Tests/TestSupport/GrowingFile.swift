import Foundation
import Glibc

/// The lines of a file that somebody appends to, each of them given once and when it has its end.
package struct GrowingFile {
    private static let chunkBytes = 1 << 20

    private let handle: FileHandle
    private var rest = Data()

    package init(_ path: String) throws { handle = try FileHandle(forReadingFrom: URL(fileURLWithPath: path)) }

    /// Calls `body` with the lines that have come since the last time, without their ends.
    package mutating func takeLines(_ body: (Data) throws -> Void) throws {
        while let chunk = try handle.read(upToCount: Self.chunkBytes), !chunk.isEmpty {
            rest.append(chunk)
            var start = rest.startIndex
            while let end = rest[start...].endOfLine {
                try body(rest[start..<end])
                start = end + 1
            }
            rest = Data(rest[start...])
        }
    }
}

extension Data {
    /// Where its first line ends. By memchr(3): a million lines are gone through byte by byte otherwise, in a program that was built
    /// for debugging.
    fileprivate var endOfLine: Index? {
        unsafe withUnsafeBytes { bytes in
            guard let base = bytes.baseAddress, let found = unsafe memchr(base, 0x0A, bytes.count) else { return nil }
            return unsafe startIndex + (UnsafeRawPointer(found) - base)
        }
    }
}
