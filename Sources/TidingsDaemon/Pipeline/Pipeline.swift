import TidingsStore

/// What every source is given to take its captures down the pipeline.
package struct Pipeline: Sendable {
    package let ledger: Ledger
    package let committer: Committer
    package let ingest: Ingest
    let quarantine: Quarantine
    let readers: [FileReader]
    /// Of the source that travels: the watchdog tells by it a source that works from one that hangs.
    package let progress: Progress
    /// For people who watch: what a source is doing, and the part that is done, 0…1.
    package let onProgress: @Sendable (String, Double) -> Void
}
