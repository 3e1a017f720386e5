import TidingsStore
import TidingsStream

extension LedgerReader: CommittedLines {
    package func last() throws -> Int64 { try lastSequence() }

    package func first() throws -> Int64 { try firstSequence() }

    package func lines(after sequence: Int64, limitBytes: Int) throws -> [CommittedLine] {
        let rows: [(sequence: Int64, bytes: [UInt8])] = try lines(after: sequence, limitBytes: limitBytes)
        return rows.map { CommittedLine(sequence: $0.sequence, bytes: $0.bytes) }
    }
}
