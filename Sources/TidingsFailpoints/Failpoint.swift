/// The steps at which a kill or an error must be survived, in the order of the pipeline. Each is a place between two effects on the
/// disk; tests die at every one of them in turn.
package enum Failpoint: String, CaseIterable, Sendable {
    // A step of the schema: in its transaction, before COMMIT, after it.
    case migrationBegun = "migration.begun"
    case migrationApplied = "migration.applied"
    case migrationCommitted = "migration.committed"
    // A transaction of the ledger.
    case commitBegun = "commit.begun"
    case commitApplied = "commit.applied"
    case commitCommitted = "commit.committed"
    // A new stream id.
    case resetCommitted = "reset.committed"
    // Lines that are added to the live segment.
    case appendBegun = "append.begun"
    case appendWritten = "append.written"
    case appendSynced = "append.synced"
    // A segment that is made: anew from the ledger, or the next one of a rotation.
    case segmentBegun = "segment.begun"
    case segmentWritten = "segment.written"
    case segmentSynced = "segment.synced"
    case segmentRenamed = "segment.renamed"
    case segmentNamed = "segment.named"
    // A rotation, before its new segment.
    case rotationSynced = "rotation.synced"
    case rotationLinked = "rotation.linked"
    // A recovery.
    case recoveryExamined = "recovery.examined"
    case recoveryCopyKept = "recovery.copy_kept"
    case recoverySetAside = "recovery.set_aside"
    // What is no longer kept.
    case pruneBegun = "prune.begun"
    case pruneApplied = "prune.applied"
    case pruneCommitted = "prune.committed"
    case pruneFileRemoved = "prune.file_removed"
    // A file that replaces another: backup, cursor.
    case replacementWritten = "replacement.written"
    case replacementSynced = "replacement.synced"
    case replacementRenamed = "replacement.renamed"
}

/// What a failpoint has its step fail with.
package struct Fault: Error, Equatable, Sendable {
    /// An error number (errno(3)); `death` where the process is to be thought dead.
    package let code: Int32

    /// The process died here, in a test that dies without its process: whatever would run after a throw must leave the disk alone.
    package static let death: Int32 = -1

    package init(code: Int32) { self.code = code }
}

/// Marks a step. Does nothing, and is nothing, in a program that was built without failpoints: release builds are, unless
/// `TIDINGS_WITH_FAILPOINTS` is set for Package.swift.
/// - Throws: what the plan wants the step to fail with. A plan may also kill or stop the process here.
@inline(__always)
package func failpoint(_ step: Failpoint) throws(Fault) {
    #if FAILPOINTS
        try FailurePlan.current?.reach(step)
    #endif
}
