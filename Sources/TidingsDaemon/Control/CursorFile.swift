import Glibc
import TidingsStream
import TidingsSystem

/// The file in which a consumer's cursor is kept: one line, replaced as a whole, so that a crash leaves the old one or the new.
/// It has one writer.
package struct CursorFile: Sendable {
    private static let limitBytes = 256

    package let path: String
    /// What is in the file, as far as we know; nil if there is none.
    private var content: [UInt8]?

    /// What stands in the file; nil if there is none.
    package private(set) var cursor: StreamCursor?

    /// - Throws: `CursorFileError` if there is a file and it holds no cursor, or cannot be read.
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

    /// Replaces what is in the file, unless somebody else did so since: two consumers with one cursor would each lose what the
    /// other has dealt with.
    package mutating func write(_ cursor: StreamCursor) throws(FileReplacementError) {
        let bytes = Array(cursor.line.utf8)
        try replaceFile(path, with: bytes, expecting: content, isSoleWriter: true)
        content = bytes
        self.cursor = cursor
    }
}

/// Why a cursor file says nothing.
package struct CursorFileError: Error, Equatable, Sendable, CustomStringConvertible {
    package let path: String
    let message: String

    package var description: String { "cannot read a cursor from \(path): \(message); name another file, or remove it to begin anew" }
}
