/// One committed change row: its sequence number and the bytes of its line, with the `\n`.
package struct CommittedLine: Equatable, Sendable {
    package let sequence: Int64
    package let bytes: [UInt8]

    package init(sequence: Int64, bytes: [UInt8]) {
        self.sequence = sequence
        self.bytes = bytes
    }
}

/// The change rows of the current stream, as the ledger keeps them. Sinks are made from these and from nothing else. Calls block,
/// and come from one thread only.
///
/// The rows of an earlier stream (before a `stream.reset`) are not among them: `first` is after them.
package protocol CommittedLines {
    /// The newest committed sequence number, whether or not its row is kept; 0 if there was none.
    func last() throws -> Int64
    /// The sequence number of the oldest row that is kept; `last() + 1` if none is.
    func first() throws -> Int64
    /// The rows after `sequence`, in order and without holes: as many as fit in `limitBytes`, but at least one if there is one.
    func lines(after sequence: Int64, limitBytes: Int) throws -> [CommittedLine]
}

/// Reads the committed rows one after the other, with few queries and bounded memory.
struct CommittedCursor {
    private static let chunkBytes = 1 << 20

    private let lines: any CommittedLines
    private var chunk: [CommittedLine] = []
    private var position = 0

    init(_ lines: any CommittedLines) { self.lines = lines }

    /// The bytes of one row; nil if the ledger does not have it. Cheap when the numbers come in order.
    mutating func bytes(of sequence: Int64) throws -> [UInt8]? {
        if position >= chunk.count || chunk[position].sequence != sequence {
            chunk = try lines.lines(after: sequence - 1, limitBytes: Self.chunkBytes)
            position = 0
        }
        guard position < chunk.count, chunk[position].sequence == sequence else { return nil }
        defer { position += 1 }
        return chunk[position].bytes
    }
}
