import TidingsCore
import TidingsStream

/// The committed changes as sinks read them. Calls block, and come from one thread only.
package protocol SinkChanges: CommittedLines {
    /// The id of the present stream.
    func stream() throws -> String
    /// The ids of the streams that the present one took the place of.
    func supersededStreams() throws -> Set<String>
    /// The text of a version; nil if it is no longer kept.
    func text(of version: ArticleVersion) throws -> String?
}

extension SinkChanges {
    /// Brings `record` to where delivery goes on: into the present stream, and not before the oldest change that is kept.
    /// - Parameter now: milliseconds since 1970.
    /// - Returns: the changes that are no longer kept although the sink lacks them; nil if there are none.
    func settle(_ record: inout SinkRecord, now: Int64) throws -> MissedChanges? {
        let stream = try stream()
        let first = try first()
        if record.stream != stream {
            // The first change of the new stream is the reset, which says what happened.
            let lacks = try isReset(first) ? nil : MissedChanges(first: record.confirmed + 1, last: first - 1, at: now)
            record.stream = stream
            record.begin = first - 1
            record.confirmed = first - 1
            return lacks
        }
        guard record.confirmed + 1 < first else { return nil }
        // Who asked for all that is kept has missed nothing yet.
        let asksForKept = record.confirmed == 0 && record.begin == 0 && record.state.standing == .new
        let lacks = MissedChanges(first: record.confirmed + 1, last: first - 1, at: now)
        record.confirmed = first - 1
        return asksForKept ? nil : lacks
    }

    /// Whether change `sequence` begins a new stream.
    func isReset(_ sequence: Int64) throws -> Bool {
        guard let row = try lines(after: sequence - 1, limitBytes: 1).first, row.sequence == sequence else { return false }
        return ChangeLineFields(row.bytes)?.type == ChangeType.streamReset.name
    }

    /// Where a sink begins that is new.
    package func begin(_ from: SinkSettings.From) throws -> Int64 {
        switch from {
        case .start: return 0
        case .now:
            let last = try last()
            // A database that was lost has lost the sink's record, too: it is told of the reset.
            return try last > 0 && isReset(last) ? last - 1 : last
        }
    }
}
