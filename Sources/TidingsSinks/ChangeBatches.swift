import TidingsCore
import TidingsStream

/// The changes that one sink asks for, in batches, with their texts if it wants them. Of what is committed it holds at most one read
/// of `readBytes`.
struct ChangeBatches {
    /// Bytes of one read from the ledger; one line may be larger.
    private static let readBytes = 256 << 10

    /// Changes as they are delivered.
    struct Batch: Equatable {
        /// Those that are asked for, in order.
        var lines: [CommittedLine] = []
        /// All changes up to this one are among `lines`, or not asked for.
        var through: Int64
        /// Changes between the one asked after and the batch that are no longer kept.
        var missed: ClosedRange<Int64>?
    }

    private let changes: any SinkChanges
    private let filter: ChangeFilter
    private let withText: Bool
    private var rows: ArraySlice<CommittedLine> = []

    init(_ changes: any SinkChanges, filter: ChangeFilter, withText: Bool) {
        self.changes = changes
        self.filter = filter
        self.withText = withText
    }

    /// The changes after `sequence`: as many as fit, but at least one if there is one that is asked for, within one read.
    /// - Returns: `through` is `sequence` if nothing is there.
    mutating func next(after sequence: Int64, count: Int, bytes: Int) throws -> Batch {
        var batch = Batch(through: sequence)
        if rows.first?.sequence != sequence + 1 {
            rows = try changes.lines(after: sequence, limitBytes: Self.readBytes)[...]
            // Only what was removed from the old end leaves a hole.
            if let first = rows.first?.sequence, first > sequence + 1 { batch.missed = sequence + 1...first - 1 }
        }
        var size = 0
        while let row = rows.first, batch.lines.count < count {
            if filter.matches(line: row.bytes) {
                let line = CommittedLine(sequence: row.sequence, bytes: try withItsText(row.bytes))
                guard batch.lines.isEmpty || size + line.bytes.count <= bytes else { break }
                size += line.bytes.count
                batch.lines.append(line)
            }
            batch.through = row.sequence
            rows.removeFirst()
        }
        return batch
    }

    private func withItsText(_ line: [UInt8]) throws -> [UInt8] {
        guard withText, let version = ChangeLineFields(line)?.announcedVersion, let text = try changes.text(of: version)
        else { return line }
        return ChangeLine.adding(text: text, to: line)
    }
}
