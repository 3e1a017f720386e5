import TidingsStore

/// What every source is given to bring what it finds to the ledger.
package struct Pipeline: Sendable {
    package let committer: Committer
    /// The ledger's file, to be read beside its writer.
    let database: String
    /// The reader threads; never empty.
    let readers: [Ingest]
    /// Of the source: the watchdog tells by it a source that works from one that hangs.
    package let progress: Progress
    /// For people who watch: what a source is doing, and the part that is done, 0…1.
    package let onProgress: @Sendable (String, Double) -> Void

    /// The reader for what comes from `source` alone: one document at a time, and sources spread over the threads.
    func reader(for source: SourceID) -> Ingest { readers[Int(source.row.magnitude % UInt64(readers.count))] }
}
