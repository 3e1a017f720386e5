import TidingsCore

/// The position of a consumer: a stream and the last change that it has processed. The number alone is not enough, because it may
/// belong to another change after the database was lost or restored.
package struct StreamCursor: Equatable, Sendable {
    package let stream: String
    /// The newest change that was processed; 0 before the first.
    package let sequence: Int64

    package init(stream: String, sequence: Int64) {
        self.stream = stream
        self.sequence = sequence
    }

    /// `urn:uuid:0198f2a4-… 1042`. `jq -r '"\(.source) \(.id)"'` makes a cursor from any line of the stream.
    package var line: String { "\(Self.start)\(stream) \(sequence)\n" }

    /// Nil if `line` is not a cursor. The line end may be missing.
    package init?(line: String) {
        let parts = (line.utf8.last == UInt8(ascii: "\n") ? line.dropLast() : line[...])
            .split(separator: " ", omittingEmptySubsequences: false)
        guard parts.count == 2, parts[0].hasPrefix(Self.start), let sequence = decimalNumber(parts[1].utf8)
        else { return nil }
        let stream = parts[0].dropFirst(Self.start.count)
        guard !stream.isEmpty, !stream.utf8.contains(where: { $0 <= 0x20 || $0 >= 0x7F }) else { return nil }
        self.init(stream: String(stream), sequence: Int64(sequence))
    }

    private static let start = "urn:uuid:"
}
