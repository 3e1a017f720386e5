import TidingsCore
import TidingsWatch

/// How one full pass over a source ended.
package enum PassResult: Equatable, Sendable {
    case done(PassSummary)
    /// The pass failed, with the reason for people.
    case failed(String)
    /// The source or the daemon stopped before the pass ended.
    case stopped

    package var isDone: Bool {
        if case .done = self { true } else { false }
    }

    /// The result for people.
    package var message: String {
        switch self {
        case .done(let summary):
            let read = summary.files > 0 ? "\(counted(summary.files, "file")), \(summary.changed) read" : "read"
            return summary.message.map { "\(read); \($0)" } ?? read
        case .failed(let message): return "failed: \(message)"
        case .stopped: return "stopped before it was done"
        }
    }
}

/// Counts and messages of one pass.
package struct PassSummary: Equatable, Sendable {
    package var files = 0
    /// How many files or documents were read.
    package var changed = 0
    package var heldRemovals: String?
    package var skipped: [String] = []

    package init() {}

    init(_ report: ScanReport) {
        files = report.unchangedCount + report.changed.count + report.young.count
        skipped = report.skipped.examples.map { "'\(pathKey($0.path))' \($0.reason)" }
            + report.unread.prefix(5).map { "'\(pathKey($0.path))' could not be looked at: \($0.message)" }
    }

    /// Problems of a source that was read; nil if there are none.
    var message: String? {
        let list = (heldRemovals.map { [$0] } ?? []) + skipped.prefix(3)
        guard !list.isEmpty else { return nil }
        let rest = skipped.count - 3
        return list.joined(separator: "; ") + (rest > 0 ? "; and \(rest) more" : "")
    }
}
