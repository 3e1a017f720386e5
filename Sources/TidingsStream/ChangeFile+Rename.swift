import TidingsSystem

/// Somebody else rotates: the live segment was renamed away, and nothing or an empty file stands in its place. logrotate's
/// `create` does that, and so does a plain `mv`.
///
/// The open descriptor still leads to the file. While it is as we left it, it becomes a sealed segment under its own name as
/// well, from which readers can resume, and a new live segment goes on with the next change: who follows the name has seen
/// every line once. A file that was deleted (no name leads to it) or written to is not of use any more, and recovery makes it
/// anew. So it does after a restart, when the descriptor is gone: then `tail -F` sees those lines again.
extension ChangeFile {
    /// - Parameter standing: what has the live name now; not what we left.
    /// - Returns: whether a new live segment stands there now.
    mutating func followRename(
        of known: Live, standing: FileStatus?, from committed: some CommittedLines, nowMilliseconds: Int64
    ) throws -> Bool {
        guard Self.isVacant(standing, without: known), try isKept(known) else { return false }
        var segment = known
        if !segment.fragment.isEmpty {
            // Its last line was cut by a full disk; a sealed segment ends with a whole one.
            let rest = try committed.lines(after: segment.last, limitBytes: 1)
            guard rest.first?.bytes.starts(with: segment.fragment) == true else { return false }
            _ = try append(rest, to: segment)
            guard let completed = live else { return false }
            segment = completed
        }
        // The folder itself may have been renamed.
        try folder.create()
        guard segment.hasLines else {
            live = try makeSegment(
                StreamFolder.liveName, first: segment.first, through: segment.last, from: committed,
                nowMilliseconds: nowMilliseconds)
            return true
        }
        let sealed = try FileStatus.of(path: sealedPath(of: segment))
        guard sealed == nil || sealed?.identity == segment.stamp.identity else { return false }
        _ = try seal(segment, from: committed, nowMilliseconds: nowMilliseconds)
        return true
    }

    /// The live name was taken away in the moment in which a batch was written. Whether who follows the name has read that
    /// batch in the renamed file nobody knows, so it comes again in the new one: what the sealed segment holds ends before it.
    /// - Parameter before: the live segment without the batch.
    mutating func repeatBatch(
        after before: Live, from committed: some CommittedLines, nowMilliseconds: Int64
    ) throws {
        live = nil
        // Else recovery makes anew what is missing.
        guard Self.isVacant(try FileStatus.of(path: folder.livePath), without: before), try before.file.stamp().links > 0,
            before.hasLines, try committed.first() <= before.first, try FileStatus.of(path: sealedPath(of: before)) == nil
        else { return }
        try folder.create()
        _ = try makeSegment(
            StreamFolder.sealedName(first: before.first), first: before.first, through: before.last, from: committed,
            nowMilliseconds: nowMilliseconds)
    }

    private static func isVacant(_ standing: FileStatus?, without known: Live) -> Bool {
        guard let standing else { return true }
        return standing.isRegular && standing.size == 0 && standing.identity != known.stamp.identity
    }

    private func isKept(_ known: Live) throws -> Bool {
        let now = try known.file.stamp()
        return now.links > 0 && known.stamp.isUnwritten(in: now)
    }
}
