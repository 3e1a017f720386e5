import TidingsWatch

/// How one full pass over a source ended.
package enum PassResult: Equatable, Sendable {
    case done(PassSummary)
    /// With the reason, for people.
    case failed(String)
    /// The daemon stops.
    case stopped

    package var isDone: Bool {
        if case .done = self { true } else { false }
    }

    /// For people.
    package var message: String {
        switch self {
        case .done(let summary):
            let read = summary.files > 0 ? "\(summary.files) files, \(summary.changed) read" : "read"
            return summary.message.map { "\(read); \($0)" } ?? read
        case .failed(let message): return "failed: \(message)"
        case .stopped: return "stopped before it was done"
        }
    }
}

/// What a pass saw.
package struct PassSummary: Equatable, Sendable {
    package var files = 0
    /// Files or documents that were read.
    package var changed = 0
    package var heldRemovals: String?
    package var skipped: [String] = []

    package init() {}

    init(_ report: ScanReport) {
        files = report.unchangedCount + report.changed.count + report.young.count
        skipped = report.skipped.examples.map { "'\(pathKey($0.path))' \($0.reason)" }
            + report.unread.prefix(5).map { "'\(pathKey($0.path))' could not be looked at: \($0.message)" }
    }

    /// What a person should know of the source although it was read; nil when that is nothing.
    var message: String? {
        let list = (heldRemovals.map { [$0] } ?? []) + skipped.prefix(3)
        guard !list.isEmpty else { return nil }
        let rest = skipped.count - 3
        return list.joined(separator: "; ") + (rest > 0 ? "; and \(rest) more" : "")
    }
}
