import Foundation

/// The schema of the stream's events, as it stands in the repository.
package enum EventSchema {
    package static func file() throws -> Data {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        return try Data(contentsOf: root.appendingPathComponent("Sources/TidingsServer/Contract/events.schema.json"))
    }

    /// Of a line of the stream.
    package static func event() throws -> JSONSchema { try JSONSchema(file()) }

    /// Of a line of a snapshot.
    package static func snapshotLine() throws -> JSONSchema { try JSONSchema(file(), definition: "snapshot") }

    /// What is wrong with `lines`: each sentence once, with the first line that it is true of.
    package static func complaints(_ lines: some Sequence<String>) throws -> [String] {
        let schema = try event()
        var found: [String: String] = [:]
        for line in lines {
            for complaint in try schema.complaints(line) where found[complaint] == nil { found[complaint] = line }
        }
        return found.map { "\($0.key): \($0.value.prefix(300))" }.sorted()
    }
}
