import Glibc
import TidingsSystem

/// The file with a consumer's cursor. It has one line and is replaced as a whole, so that a crash leaves the old cursor or the new
/// one. It has one writer.
package struct CursorFile: Sendable {
    private static let limitBytes = 256

    package let path: String
    /// The bytes of the file as last read or written; nil if there is no file.
    private var content: [UInt8]?

    /// The cursor in the file; nil if there is no file.
    package private(set) var cursor: StreamCursor?

    /// - Throws: `CursorFileError` if the file exists but cannot be read or has no cursor.
    package init(path: String) throws(CursorFileError) {
        self.path = path
        if unsafe access(path, F_OK) != 0, errno == ENOENT { return }
        let bytes: [UInt8]
        do {
            bytes = try readSmallFile(path, limitBytes: Self.limitBytes)
        } catch {
            throw CursorFileError(path: path, message: error.message)
        }
        guard let cursor = StreamCursor(line: String(decoding: bytes, as: UTF8.self)) else {
            throw CursorFileError(path: path, message: "it holds no line like 'urn:uuid:0198f2a4-… 1042'")
        }
        content = bytes
        self.cursor = cursor
    }

    /// Replaces the file, unless somebody else has changed it. If two consumers shared a cursor, each would miss the changes that
    /// the other has processed.
    package mutating func write(_ cursor: StreamCursor) throws(FileReplacementError) {
        let bytes = Array(cursor.line.utf8)
        try replaceFile(path, with: bytes, expecting: content, isSoleWriter: true)
        content = bytes
        self.cursor = cursor
    }
}

/// Why a cursor file cannot be used.
package struct CursorFileError: Error, Equatable, Sendable, CustomStringConvertible {
    package let path: String
    let message: String

    package var description: String { "cannot read a cursor from \(path): \(message); name another file, or remove it to begin anew" }
}
