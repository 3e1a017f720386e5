import Glibc
import TidingsSystem

/// Rotation: the live segment gets its sealed name as a second name, and then a new live segment is renamed over the first.
///
/// So the name `changes.ndjson` never disappears and nothing is ever copied or truncated: `tail -F` reads the old file to
/// its end and goes over to the new one. Each step can be done again after a kill: the link is there already (same inode),
/// the temporary file is thrown away, the rename has happened or not.
extension ChangeFile {
    package enum Cause: Sendable { case due, requested }

    package enum Rotation: Equatable, Sendable {
        case sealed(name: String)
        /// Neither large nor old enough.
        case notDue
        /// There are no changes in the live segment, or its last line is not whole yet.
        case nothingToSeal
        /// The last one is too recent; ask again when so much time has passed.
        case tooSoon(waitMilliseconds: Int64)
    }

    /// Seals the live segment if it has changes, the last rotation is long enough ago, and it is large or old enough or
    /// `cause` is a request. Call it after `publish`, now and then, and when asked to.
    package mutating func rotate(
        _ cause: Cause, from committed: some CommittedLines, nowMilliseconds: Int64
    ) throws -> Rotation {
        let segment = try intactLive(committed, nowMilliseconds: nowMilliseconds)
        guard segment.hasLines, segment.fragment.isEmpty else { return .nothingToSeal }
        // A clock that was set back must not stop rotation for as long as it was set back.
        let age = abs(nowMilliseconds - segment.createdMilliseconds)
        guard cause == .requested || segment.stamp.size >= limits.segmentBytes || age >= limits.segmentAgeSeconds * 1000
        else { return .notDue }
        let spacing = limits.rotationSpacingSeconds * 1000
        guard age >= spacing else { return .tooSoon(waitMilliseconds: spacing - age) }
        return .sealed(name: try seal(segment, from: committed, nowMilliseconds: nowMilliseconds))
    }

    /// Goes on with a rotation that was killed between its link and its rename.
    mutating func finishRotation(nowMilliseconds: Int64, from committed: some CommittedLines) throws {
        guard let segment = live, segment.hasLines, segment.fragment.isEmpty,
            try FileStatus.of(path: sealedPath(of: segment))?.identity == segment.stamp.identity
        else { return }
        _ = try seal(segment, from: committed, nowMilliseconds: nowMilliseconds)
    }

    func sealedPath(of segment: Live) -> String {
        folder.path(of: StreamFolder.sealedName(first: segment.first))
    }

    /// - Throws: `.system(EEXIST)` if the sealed name belongs to another file.
    mutating func seal(
        _ segment: Live, from committed: some CommittedLines, nowMilliseconds: Int64
    ) throws -> String {
        try sync(segment.file, then: .rotationSynced)
        // The file that is open, and not whatever has the live name by now.
        let sealed = sealedPath(of: segment)
        if try !segment.file.link(to: sealed), try FileStatus.of(path: sealed)?.identity != segment.stamp.identity {
            throw StreamError(attempt: "seal the change file as", path: sealed, code: EEXIST)
        }
        // From here on the stamp is not what we left; a step that fails has the next call look again.
        live = nil
        try reach(.rotationLinked)
        live = try makeSegment(
            StreamFolder.liveName, first: segment.last + 1, through: segment.last, from: committed,
            nowMilliseconds: nowMilliseconds)
        return StreamFolder.sealedName(first: segment.first)
    }
}
