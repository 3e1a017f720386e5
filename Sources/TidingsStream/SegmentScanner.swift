import Glibc
import TidingsCore

/// Reads a growing file line by line, with a buffer of fixed size. A line counts only with its `\n`.
struct SegmentScanner {
    enum Element: Equatable {
        /// A whole line, with its `\n`.
        case line([UInt8])
        /// The end of the file for now; `fragment` has the bytes after the last `\n`. Call again when the file has grown.
        case end(fragment: [UInt8])
        /// More bytes without a `\n` than the longest line has.
        case tooLong
    }

    private static let capacity = 4 * (ChangeLine.limitBytes + 1)

    private let file: OpenFile
    private var buffer = [UInt8](repeating: 0, count: capacity)
    private var start = 0
    private var searched = 0
    private var end = 0
    /// The offset in the file of the byte after `end`.
    private var readOffset: Int64

    init(_ file: OpenFile, at offset: Int64 = 0) {
        self.file = file
        readOffset = offset
    }

    /// The offset in the file where the next line starts.
    var offset: Int64 { readOffset - Int64(end - start) }
    /// How far the file has been read.
    var reach: Int64 { readOffset }

    mutating func next() throws(StreamError) -> Element {
        while true {
            if let newline = firstNewline() {
                guard newline - start < ChangeLine.limitBytes else { return .tooLong }
                defer { start = newline + 1; searched = start }
                return .line(Array(buffer[start...newline]))
            }
            searched = end
            guard end - start <= ChangeLine.limitBytes else { return .tooLong }
            makeRoom()
            let count = try file.read(into: &buffer, from: end, at: readOffset)
            guard count > 0 else { return .end(fragment: Array(buffer[start..<end])) }
            end += count
            readOffset += Int64(count)
        }
    }

    /// Skips everything up to the next `\n`. After a start in the middle of a file the first bytes are the rest of a line.
    mutating func skipRest() throws(StreamError) { _ = try next() }

    private func firstNewline() -> Int? {
        unsafe buffer.withUnsafeBytes { bytes in
            guard searched < end, let base = bytes.baseAddress,
                let found = unsafe memchr(base + searched, 0x0A, end - searched)
            else { return nil }
            return unsafe UnsafeRawPointer(found) - base
        }
    }

    private mutating func makeRoom() {
        guard start > 0 else { return }
        if start < end { buffer.replaceSubrange(0..<(end - start), with: Array(buffer[start..<end])) }
        end -= start
        searched -= start
        start = 0
    }
}
