/// The steps at which the daemon must survive a kill or an error, in the order of the pipeline. Each is a point between
/// two effects on the disk; tests die at every one of them in turn.
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
    // Adding lines to the live segment.
    case appendBegun = "append.begun"
    case appendWritten = "append.written"
    case appendSynced = "append.synced"
    // Making a segment: anew from the ledger, or the next one of a rotation.
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
    // Removing what is no longer kept.
    case pruneBegun = "prune.begun"
    case pruneApplied = "prune.applied"
    case pruneCommitted = "prune.committed"
    case pruneFileRemoved = "prune.file_removed"
    // Replacing a file: backup, cursor.
    case replacementWritten = "replacement.written"
    case replacementSynced = "replacement.synced"
    case replacementRenamed = "replacement.renamed"
}

/// The error that a failpoint makes its step fail with.
package struct Fault: Error, Equatable, Sendable {
    /// An error number (errno(3)), or `death`.
    package let code: Int32

    /// A test uses it to simulate the death of the process without ending it: code that runs after the throw must leave
    /// the disk alone.
    package static let death: Int32 = -1

    package init(code: Int32) { self.code = code }
}

/// Marks a step. Compiles to nothing in a program that was built without failpoints, as release builds are unless
/// `TIDINGS_WITH_FAILPOINTS` is set for Package.swift.
/// - Throws: the error that the plan gives the step. A plan may also kill or stop the process here.
@inline(__always)
package func failpoint(_ step: Failpoint) throws(Fault) {
    #if FAILPOINTS
        try FailurePlan.current?.reach(step)
    #endif
}
