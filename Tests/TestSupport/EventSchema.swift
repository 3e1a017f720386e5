import Foundation
import Synchronization

/// The schema of the stream's events, as it stands in the repository.
package enum EventSchema {
    package static func file() throws -> Data {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        return try Data(contentsOf: root.appendingPathComponent("Sources/TidingsServer/Contract/events.schema.json"))
    }

    private static let shared = Result { try JSONSchema(file()) }

    /// Of a line of the stream.
    package static func event() throws -> JSONSchema { try shared.get() }

    /// Of a line of a snapshot.
    package static func snapshotLine() throws -> JSONSchema { try JSONSchema(file(), definition: "snapshot") }

    /// What is wrong with `lines`: each sentence once, with the first line that it is true of.
    ///
    /// Of lines with the same fields and the same words for type, class, reason and the like, the first is held against the schema:
    /// the tests bring a hundred thousand lines of a hundred shapes.
    package static func complaints(_ lines: some Sequence<String>) throws -> [String] {
        let schema = try event()
        var found: [String: String] = [:]
        for line in lines where known.withLock({ $0.insert(shape(of: line)).inserted }) {
            for complaint in try schema.complaints(line) where found[complaint] == nil { found[complaint] = line }
        }
        return found.map { "\($0.key): \($0.value.prefix(300))" }.sorted()
    }

    private static let known = Mutex<Set<[UInt8]>>([])
    private static let words: Set<[UInt8]> = Set(["type", "class", "reason", "state", "kind"].map { Array($0.utf8) })

    /// All names of fields, and the values that are words of the contract.
    private static func shape(of line: String) -> [UInt8] {
        var shape: [UInt8] = []
        var string: [UInt8] = []
        var isInString = false
        var isEscaped = false
        var isWord = false
        for byte in line.utf8 {
            if isInString {
                if byte == UInt8(ascii: "\""), !isEscaped {
                    isInString = false
                    if isWord { shape += string + [UInt8(ascii: ",")] }
                    isWord = false
                } else {
                    string.append(byte)
                }
                isEscaped = byte == UInt8(ascii: "\\") && !isEscaped
            } else if byte == UInt8(ascii: "\"") {
                isInString = true
                string.removeAll(keepingCapacity: true)
            } else if byte == UInt8(ascii: ":") {
                shape += string + [byte]
                isWord = words.contains(string)
            } else if byte == UInt8(ascii: "}") {
                shape.append(byte)
            }
        }
        return shape
    }
}
