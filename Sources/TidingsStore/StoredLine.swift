import TidingsCore

// How the ledger keeps the lines of changes: as one zstd frame (RFC 8878) that was made with `LineDictionary`, or as they are
// published, which is how the lines of older ledgers stay.

extension Compressor {
    /// One for lines.
    static func forLines() -> Compressor { Compressor(level: 3, dictionary: LineDictionary.current) }
}

extension Row {
    /// The line in a column of `changes.line`; empty if there is none, or if it is damaged.
    func line(_ column: Int32) -> [UInt8] { unsafe withBlob(column) { unsafe lines.bytes(ofStored: $0) } }
}

/// What the writer compresses with.
struct LedgerCompressors {
    let forms = Compressor.forForms()
    let lines = Compressor.forLines()
}
