import TidingsCore
import TidingsFailpoints
import TidingsSystem

/// The change file: `changes.ndjson` and its sealed segments, an exact projection of the committed change rows.
///
/// It lags behind the ledger and never leads, skips, repeats or reorders. Everything it holds can be made again from the
/// rows, so whatever it finds wrong with the files (a torn line after a kill, garbage after a power cut, a file that
/// somebody deleted, truncated, edited or replaced) it puts right by two means only: *appending* what is missing, even the
/// missing half of a line; or making the segment *anew* under another name and renaming it over the old one. It never
/// truncates: a reader that has half a line would get the other half of something else.
///
/// One owner, one thread; calls block on the disk. After an error it stays usable and `publish` may be called again, with
/// one exception: after `.syncFailed` every call fails, and the process has to exit.
package struct ChangeFile: ~Copyable {
    package struct Limits: Sendable {
        /// The live segment is sealed when it is as large as this.
        package var segmentBytes: Int64 = 64 << 20
        /// … or as old as this.
        package var segmentAgeSeconds: Int64 = 86_400
        /// … but never sooner than this after the last one, so that `tail -F` sees every name in time.
        package var rotationSpacingSeconds: Int64 = 60
        /// Lines written between two syncs; one line may be larger.
        package var batchBytes = 1 << 20
        /// How much of the end of the live segment is compared with the ledger at start. The rest follows with the first
        /// `publish`, and only if the file is not as it was left; sealed segments are left to `verify`.
        package var comparedTailBytes: Int64 = 256 << 10

        package init() {}
    }

    /// The segment that grows, as far as it is known to be right.
    struct Live {
        let file: OpenFile
        let first: Int64
        let createdMilliseconds: Int64
        /// The last change that stands in it whole; `first - 1` when there is none.
        var last: Int64
        /// What stands after the last `\n`: the beginning of line `last + 1`.
        var fragment: [UInt8]
        /// As we left it. Any difference is somebody else's doing.
        var stamp: FileStatus

        var hasLines: Bool { last >= first }
    }

    let folder: StreamFolder
    let stream: String
    let limits: Limits
    /// How many of so many bytes the disk still takes: all of them, but in tests.
    let room: (Int) -> Int
    /// Nil until the first recovery has succeeded, and after a batch that did not fit what stands in the file.
    var live: Live?
    private var hasFailedSync = false
    /// How much of what is known of the files has to be looked at again although the live one has the stamp that was left.
    private var doubt: Scope?
    /// Called whenever a part of a long work is done.
    let onProgress: () -> Void

    /// Opens the change file of `stream` below `folder`, which is made if need be, and recovers it from the ledger. Rows
    /// that are not yet in the file stay out of it until `publish`, unless the segment had to be made anew.
    ///
    /// A file whose header names another stream id is set aside as `changes-<first>.<its id>.ndjson`, and a new one begins
    /// with the first row of `committed`.
    /// - Parameters:
    ///   - stream: the stream id, a UUID in lowercase.
    ///   - superseded: the ids that files may have which are only to be set aside; nil for any. Files of another stream mean
    ///     that the ledger was lost or restored.
    ///   - left: what `left` was when the last process let go of the file. If the file is still that, the comparison of its
    ///     end is enough.
    /// - Throws: `StreamError`, above all `.aheadOfLedger` and `.otherStream`, after which the files are as they were; the
    ///   ledger's own errors.
    package init(
        folder: String, stream: String, superseded: Set<String>? = nil, left: String? = nil, committed: some CommittedLines,
        nowMilliseconds: Int64, limits: Limits = Limits(), onProgress: @escaping () -> Void = {}
    ) throws {
        try self.init(
            folder: folder, stream: stream, superseded: superseded, left: left, committed: committed,
            nowMilliseconds: nowMilliseconds, limits: limits, onProgress: onProgress, room: { $0 })
    }

    init(
        folder: String, stream: String, superseded: Set<String>? = nil, left: String? = nil, committed: some CommittedLines,
        nowMilliseconds: Int64, limits: Limits, onProgress: @escaping () -> Void = {}, room: @escaping (Int) -> Int
    ) throws {
        self.folder = StreamFolder(path: folder)
        self.stream = stream
        self.limits = limits
        self.onProgress = onProgress
        self.room = room
        live = nil
        try self.folder.create()
        if let superseded { try refuseOtherStream(than: superseded) }
        let isAsLeft = try left != nil && FileStatus.of(path: self.folder.livePath)?.description == left
        let isWhole = try recover(from: committed, nowMilliseconds: nowMilliseconds, comparing: .tail)
        // After a kill, too: what was appended since cannot be told from what somebody else did.
        doubt = isAsLeft || isWhole ? nil : .everything
    }

    /// The newest change that stands whole in the file.
    package var last: Int64 { live?.last ?? 0 }
    /// Size of the live segment.
    package var bytes: Int64 { live?.stamp.size ?? 0 }

    /// What the live segment is now, to be handed to the next process when this one is done; nil if it is not known to be the
    /// rows throughout. Not to be relied on for anything but to spare work.
    package var left: String? { doubt == nil ? live?.stamp.description : nil }

    /// Has the next call look at the sealed segments although nothing happened to the live one.
    package mutating func doubtSealed() { doubt = doubt ?? .tail }

    /// Appends every committed row that is not yet in the file.
    /// - Returns: the newest change in the file.
    /// - Throws: `StreamError`; the ledger's own errors.
    package mutating func publish(from committed: some CommittedLines, nowMilliseconds: Int64) throws -> Int64 {
        while try publishBatch(from: committed, nowMilliseconds: nowMilliseconds) {}
        return last
    }

    /// Appends some of the committed rows that are not yet in the file. Before it the file is compared with what was left
    /// there, which costs one `stat`; what others did to it is put right first.
    /// - Returns: whether there may be more.
    /// - Throws: `StreamError`; the ledger's own errors.
    package mutating func publishBatch(from committed: some CommittedLines, nowMilliseconds: Int64) throws -> Bool {
        let intact = try intactLive(committed, nowMilliseconds: nowMilliseconds)
        let batch = try committed.lines(after: intact.last, limitBytes: limits.batchBytes)
        guard let next = batch.first else { return false }
        guard next.bytes.starts(with: intact.fragment) else {
            // A fragment that stood there before its row was committed, and is not its beginning.
            live = nil
            return true
        }
        let wasSeen = try append(batch, to: intact)
        onProgress()
        if !wasSeen {
            try repeatBatch(after: intact, from: committed, nowMilliseconds: nowMilliseconds)
        }
        return true
    }

    /// The live segment, after a look whether it still is what it was; recovered if not.
    mutating func intactLive(_ committed: some CommittedLines, nowMilliseconds: Int64) throws -> Live {
        guard !hasFailedSync else { throw StreamError(.syncFailed, attempt: "use", path: folder.livePath) }
        var scope = Scope.everything
        if let known = live {
            let standing = try FileStatus.of(path: folder.livePath)
            if standing == known.stamp {
                guard let doubt else { return known }
                scope = doubt
            } else if try followRename(of: known, standing: standing, from: committed, nowMilliseconds: nowMilliseconds) {
                return try intactLive(committed, nowMilliseconds: nowMilliseconds)
            } else if doubt != .everything, let standing, known.stamp.isUnwritten(in: standing) {
                scope = .tail
            }
        }
        _ = try recover(from: committed, nowMilliseconds: nowMilliseconds, comparing: scope)
        // What could not be compared before this has been now, unless no more than the end was in question.
        doubt = nil
        guard let live else { throw StreamError(.noStream, attempt: "recover", path: folder.livePath) }
        return live
    }

    /// - Returns: whether the file still had its name when all was written: then who follows the name has been told of the
    ///   batch before it is told of whatever happens to the name.
    mutating func append(_ batch: [CommittedLine], to segment: Live) throws -> Bool {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(batch.reduce(0) { $0 + $1.bytes.count })
        for (line, expected) in zip(batch, (segment.last + 1)...) {
            guard line.sequence == expected else {
                throw StreamError(.hole(sequence: expected), attempt: "publish to", path: folder.livePath)
            }
            bytes += line.bytes
        }
        try reach(.appendBegun)
        var written = segment.fragment.count
        defer { note(written: written, of: batch, in: segment) }
        while written < bytes.count {
            let room = room(bytes.count - written)
            guard room > 0 else { throw StreamError(.noSpace, attempt: "write", path: segment.file.path) }
            written += try segment.file.append(bytes, from: written, limit: room)
            try reach(.appendWritten)
        }
        let hasName = try FileStatus.of(path: folder.livePath)?.identity == segment.stamp.identity
        try sync(segment.file, then: .appendSynced)
        return hasName
    }

    /// Remembers how far a batch got, also when it stopped in the middle of a line.
    private mutating func note(written: Int, of batch: [CommittedLine], in segment: Live) {
        var noted = segment
        var rest = written
        noted.fragment = []
        for line in batch where rest > 0 {
            if rest >= line.bytes.count {
                noted.last = line.sequence
            } else {
                noted.fragment = Array(line.bytes.prefix(rest))
            }
            rest -= min(rest, line.bytes.count)
        }
        // The times are the file's own, the size is ours: had somebody appended meanwhile, the next look must see it.
        guard var stamp = try? segment.file.stamp() else {
            live = nil
            return
        }
        stamp.size = segment.stamp.size + Int64(written - segment.fragment.count)
        noted.stamp = stamp
        live = noted
    }

    /// Once for each batch. What a failed sync leaves in the kernel is unknown, so there is no second try: on Linux it
    /// would report success although the data never reached the disk.
    /// - Parameter step: what is then done; an error there is one of the sync.
    mutating func sync(_ file: OpenFile, then step: Failpoint) throws {
        do {
            try file.syncData()
            try failpoint(step)
        } catch let error as StreamError where error.reason == .syncFailed {
            hasFailedSync = true
            throw error
        } catch let fault as Fault where fault.code != Fault.death {
            hasFailedSync = true
            throw StreamError(.syncFailed, attempt: "sync", path: file.path)
        }
    }

    /// Marks a step that is no sync.
    func reach(_ step: Failpoint) throws {
        do {
            try failpoint(step)
        } catch where error.code != Fault.death {
            throw StreamError(attempt: step.rawValue, path: folder.livePath, code: error.code)
        }
    }

    mutating func syncFolder() throws {
        do {
            try folder.sync()
        } catch where error.reason == .syncFailed {
            hasFailedSync = true
            throw error
        }
    }
}
