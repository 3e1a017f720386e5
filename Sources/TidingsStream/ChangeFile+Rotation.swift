import Glibc
import TidingsSystem

/// Rotation: the live segment gets its sealed name as a second name, and then a new live segment is renamed over the live name.
///
/// So the name `changes.ndjson` never disappears, and nothing is ever copied or truncated: `tail -F` reads the old file to its
/// end and then opens the new one. Each step can be repeated after a kill: the link exists already (same inode), the temporary
/// file is removed, the rename has happened or not.
extension ChangeFile {
    package enum Cause: Sendable { case due, requested }

    package enum Rotation: Equatable, Sendable {
        case sealed(name: String)
        /// Neither large nor old enough.
        case notDue
        /// The live segment has no changes, or its last line is not whole yet.
        case nothingToSeal
        /// The rotation before is too recent; try again after this time.
        case tooSoon(waitMilliseconds: Int64)
    }

    /// Seals the live segment if it has changes, the rotation before is long enough ago, and it is large or old enough or
    /// `cause` is a request.
    package mutating func rotate(_ cause: Cause) throws -> Rotation {
        let segment = try intactLive()
        guard segment.hasLines, segment.fragment.isEmpty else { return .nothingToSeal }
        // If the clock was set back by an hour, rotation must not stop for that hour.
        let age = abs(nowMilliseconds() - segment.createdMilliseconds)
        guard cause == .requested || segment.stamp.size >= limits.segmentBytes || age >= limits.segmentAgeSeconds * 1000
        else { return .notDue }
        let spacing = limits.rotationSpacingSeconds * 1000
        guard age >= spacing else { return .tooSoon(waitMilliseconds: spacing - age) }
        return .sealed(name: try seal(segment))
    }

    /// Completes a rotation that was killed between its link and its rename.
    mutating func finishRotation() throws {
        guard let segment = live, segment.hasLines, segment.fragment.isEmpty,
            try FileStatus.of(path: sealedPath(of: segment))?.identity == segment.stamp.identity
        else { return }
        _ = try seal(segment)
    }

    func sealedPath(of segment: Live) -> String {
        folder.path(of: StreamFolder.sealedName(first: segment.first))
    }

    /// - Throws: `.system(EEXIST)` if the sealed name belongs to another file.
    mutating func seal(_ segment: Live) throws -> String {
        try sync()
        // An earlier process may have left lines unsynced.
        try sync(segment.file, then: .rotationSynced)
        // Linked by descriptor: another file may have the live name by now.
        let sealed = sealedPath(of: segment)
        if try !segment.file.link(to: sealed), try FileStatus.of(path: sealed)?.identity != segment.stamp.identity {
            throw StreamError(attempt: "seal the change file as", path: sealed, code: EEXIST)
        }
        // The link has changed the file's status. If a step fails from here on, the next call recovers.
        live = nil
        try reach(.rotationLinked)
        live = try makeSegment(StreamFolder.liveName, first: segment.last + 1, through: segment.last)
        return StreamFolder.sealedName(first: segment.first)
    }
}
