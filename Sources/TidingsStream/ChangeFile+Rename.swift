import TidingsSystem

/// External rotation: somebody renamed the live segment, and nothing or an empty file has its name now. logrotate's `create`
/// does that, and so does a plain `mv`.
///
/// The open descriptor still refers to the renamed file. While that file is as we left it, it gets the name of a sealed segment
/// as a second name, so that readers can resume from it, and a new live segment begins with the next change. So a reader that
/// follows the live name has seen every line once. A file that was deleted (it has no name left) or written to cannot serve as a
/// segment, and recovery makes it anew. Recovery does so after a restart, too, because the descriptor is gone then, and
/// `tail -F` sees those lines again.
extension ChangeFile {
    /// - Parameter standing: the status of the file that has the live name now, which is not the one we left.
    /// - Returns: whether there is a new live segment now.
    mutating func followRename(of known: Live, standing: FileStatus?) throws -> Bool {
        guard Self.isVacant(standing, without: known), try isKept(known) else { return false }
        var segment = known
        if !segment.fragment.isEmpty {
            // A full disk cut its last line. A sealed segment ends with a whole line.
            let rest = try committed.lines(after: segment.last, limitBytes: 1)
            guard rest.first?.bytes.starts(with: segment.fragment) == true else { return false }
            _ = try append(rest, to: segment)
            guard let completed = live else { return false }
            segment = completed
        }
        // The folder itself may have been renamed.
        try folder.create()
        guard segment.hasLines else {
            live = try makeSegment(StreamFolder.liveName, first: segment.first, through: segment.last)
            return true
        }
        let sealed = try FileStatus.of(path: sealedPath(of: segment))
        guard sealed == nil || sealed?.identity == segment.stamp.identity else { return false }
        _ = try seal(segment)
        return true
    }

    /// Handles a rename of the live segment while a batch was written to it. A reader that follows the name may have missed the
    /// batch in the renamed file, so the batch is written again to the new live segment: the sealed segment that is made here
    /// ends before it.
    /// - Parameter before: the live segment without the batch.
    mutating func repeatBatch(after before: Live) throws {
        live = nil
        // In every other case recovery makes anew what is missing.
        guard Self.isVacant(try FileStatus.of(path: folder.livePath), without: before), try before.file.stamp().links > 0,
            before.hasLines, try committed.first() <= before.first, try FileStatus.of(path: sealedPath(of: before)) == nil
        else { return }
        try folder.create()
        _ = try makeSegment(StreamFolder.sealedName(first: before.first), first: before.first, through: before.last)
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
