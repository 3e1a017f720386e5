import TidingsStore

/// What a source needs to bring its captures to the ledger.
package struct Pipeline: Sendable {
    package let committer: Committer
    /// The ledger's file, for readers beside its writer.
    let database: String
    /// The reader threads; never empty.
    let readers: [Ingest]
    /// The progress of the source, by which the watchdog detects a hang.
    package let progress: Progress
    /// Called with a message for people about what a source does, and the fraction that is done, 0…1.
    package let onProgress: @Sendable (String, Double) -> Void

    /// The reader for a source that is read one document at a time. Sources are spread over the readers.
    func reader(for source: SourceID) -> Ingest { readers[Int(source.row.magnitude % UInt64(readers.count))] }
}
