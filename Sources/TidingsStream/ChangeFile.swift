import TidingsCore
import TidingsFailpoints
import TidingsSystem

/// The change file: `changes.ndjson` and its sealed segments, an exact projection of the committed change rows.
///
/// It lags behind the ledger and never leads, skips, repeats or reorders. All of its content can be made again from the rows.
/// So it repairs whatever is wrong with the files (a torn line after a kill, garbage after a power cut, a file that somebody
/// deleted, truncated, edited or replaced), and in two ways only: it *appends* what is missing, even the rest of a line; or it
/// makes the segment *anew* under another name and renames it over the old one. It never truncates: a reader that has read
/// half a line would get the end of another line after it.
///
/// A line is visible as soon as it is written. Its sync may come later, because its row is on the disk already: what a power loss takes
/// from the end of the file, the next start appends again.
///
/// It has one owner and is used by one thread; calls block on the disk. After an error every call may be tried again, with one
/// exception: after `.syncFailed` every call fails, and the process has to exit.
package struct ChangeFile: ~Copyable {
    package struct Limits: Sendable {
        /// The live segment is sealed when it is as large as this.
        package var segmentBytes: Int64 = 64 << 20
        /// … or as old as this,
        package var segmentAgeSeconds: Int64 = 86_400
        /// … but never sooner than this after the rotation before, so that `tail -F` opens every live segment in time.
        package var rotationSpacingSeconds: Int64 = 60
        /// Lines written at a time; one line may be larger.
        package var batchBytes = 1 << 20
        /// How much of the end of the live segment is compared with the ledger at start. The rest is compared by the first
        /// `reconcile`, and only if the file is not as it was left. The middle of a sealed segment is compared by `verify` only.
        package var comparedTailBytes: Int64 = 256 << 10

        package init() {}
    }

    /// The live segment, as it was when we last wrote to it or compared it.
    struct Live {
        let file: OpenFile
        let first: Int64
        let createdMilliseconds: Int64
        /// The last change that stands in it whole; `first - 1` when there is none.
        var last: Int64
        /// What stands after the last `\n`: the beginning of line `last + 1`.
        var fragment: [UInt8]
        /// The file's status as we left it. Any difference is an external edit.
        var stamp: FileStatus

        var hasLines: Bool { last >= first }
    }

    let folder: StreamFolder
    package let stream: String
    let limits: Limits
    /// The rows that the file is made from.
    package let committed: any CommittedLines
    let nowMilliseconds: () -> Int64
    /// How many of so many bytes the disk still takes. All of them, except in tests.
    let room: (Int) -> Int
    /// Nil until the first recovery has succeeded, and when the next call has to recover again.
    var live: Live?
    private var hasFailedSync = false
    /// The file whose newest lines are not on the disk yet.
    private var unsynced: OpenFile?
    /// What the next look has to compare although the live segment has the status that we left; nil for nothing.
    private var doubt: Scope?
    /// Called after each step of long work.
    let onProgress: () -> Void

    /// Opens the change file of `stream` below `folder`, which is made if it is missing, and recovers it from the ledger. Rows
    /// that are not yet in the file stay out of it until they are delivered, unless the live segment had to be made anew.
    ///
    /// A file whose header names another stream id is set aside as `changes-<first>.<its id>.ndjson`, and a new one begins
    /// with the first row of `committed`.
    /// - Parameters:
    ///   - stream: the stream id, a UUID in lowercase.
    ///   - superseded: the earlier stream ids, whose files are set aside; nil for any id. A file of a stream that is not among
    ///     them shows that the ledger was lost or restored.
    ///   - left: the value of `left` when the last process ended. If the file still has that status, it is enough to compare
    ///     its end.
    ///   - nowMilliseconds: the wall clock.
    ///   - onProgress: called after each step of long work.
    /// - Throws: `StreamError`, above all `.aheadOfLedger` and `.otherStream`, after which the files are as they were; the
    ///   ledger's own errors.
    package init(
        folder: String, stream: String, superseded: Set<String>? = nil, left: String? = nil, committed: any CommittedLines,
        nowMilliseconds: @escaping () -> Int64, limits: Limits = Limits(), onProgress: @escaping () -> Void = {}
    ) throws {
        try self.init(
            folder: folder, stream: stream, superseded: superseded, left: left, committed: committed,
            nowMilliseconds: nowMilliseconds, limits: limits, onProgress: onProgress, room: { $0 })
    }

    init(
        folder: String, stream: String, superseded: Set<String>? = nil, left: String? = nil, committed: any CommittedLines,
        nowMilliseconds: @escaping () -> Int64, limits: Limits, onProgress: @escaping () -> Void = {},
        room: @escaping (Int) -> Int
    ) throws {
        self.folder = StreamFolder(path: folder)
        self.stream = stream
        self.committed = committed
        self.nowMilliseconds = nowMilliseconds
        self.limits = limits
        self.onProgress = onProgress
        self.room = room
        live = nil
        try self.folder.create()
        if let superseded { try refuseOtherStream(than: superseded) }
        let isAsLeft = try left != nil && FileStatus.of(path: self.folder.livePath)?.description == left
        let isWhole = try recover(comparing: .tail)
        // Also after a kill: what the killed process appended cannot be told from an external edit.
        doubt = isAsLeft || isWhole ? nil : .everything
    }

    /// The newest change of which the whole line is in the file; 0 while the file has to be recovered.
    package var last: Int64 { live?.last ?? 0 }

    /// The status of the live segment, for `init` of the next process; nil unless all of the segment is known to equal the rows, and
    /// is on the disk. It serves to skip a comparison and nothing else.
    package var left: String? { doubt == nil && isSynced ? live?.stamp.description : nil }

    /// Whether a power loss would take no line from the file.
    package var isSynced: Bool { unsynced == nil }

    /// Makes the next call check the sealed segments even if the live one is as we left it.
    package mutating func doubtSealed() { doubt = doubt ?? .tail }

    /// Appends every committed row that is not yet in the file, and syncs it.
    /// - Returns: the newest change in the file.
    /// - Throws: `StreamError`; the ledger's own errors.
    package mutating func publish() throws -> Int64 {
        while try publishBatch() {}
        try sync()
        return last
    }

    /// - Returns: whether there may be more.
    mutating func publishBatch() throws -> Bool {
        try reconcile()
        let batch = try committed.lines(after: last, limitBytes: limits.batchBytes)
        if batch.isEmpty { return false }
        try deliver(batch)
        return true
    }

    /// Compares the file with what was left there, which costs one `stat`, and repairs what others did to it.
    /// - Throws: `StreamError`; the ledger's own errors.
    package mutating func reconcile() throws { _ = try intactLive() }

    /// Appends committed rows. Call `reconcile` right before it, and `sync` some time after it; `last` says afterwards which of the
    /// rows are in the file.
    /// - Parameter batch: the rows after `last`, in order.
    /// - Throws: `StreamError`; the ledger's own errors.
    package mutating func deliver(_ batch: [CommittedLine]) throws {
        guard !hasFailedSync else { throw StreamError(.syncFailed, attempt: "use", path: folder.livePath) }
        guard let intact = live else { throw StreamError(.noStream, attempt: "publish to", path: folder.livePath) }
        guard let next = batch.first else { return }
        guard next.bytes.starts(with: intact.fragment) else {
            // The fragment was there before its row was committed, and is not the beginning of that row. The next call recovers.
            live = nil
            return
        }
        let hadName = try append(batch, to: intact)
        onProgress()
        if !hadName { try repeatBatch(after: intact) }
    }

    /// The live segment, compared with what was left there and recovered if it differs.
    mutating func intactLive() throws -> Live {
        guard !hasFailedSync else { throw StreamError(.syncFailed, attempt: "use", path: folder.livePath) }
        var scope = Scope.everything
        if let known = live {
            let standing = try FileStatus.of(path: folder.livePath)
            if standing == known.stamp {
                guard let doubt else { return known }
                scope = doubt
            } else if try followRename(of: known, standing: standing) {
                return try intactLive()
            } else if doubt != .everything, let standing, known.stamp.isUnwritten(in: standing) {
                scope = .tail
            }
        }
        _ = try recover(comparing: scope)
        // The comparison that `doubt` asked for is done: `scope` is at least as wide.
        doubt = nil
        guard let live else { throw StreamError(.noStream, attempt: "recover", path: folder.livePath) }
        return live
    }

    /// - Returns: whether the file still had its name after the write. If it had, a reader that follows the name sees the batch
    ///   before it sees a change of the name.
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
        if let unsynced, unsynced !== segment.file { try sync() }
        unsynced = segment.file
        var written = segment.fragment.count
        defer { note(written: written, of: batch, in: segment) }
        while written < bytes.count {
            let room = room(bytes.count - written)
            guard room > 0 else { throw StreamError(.noSpace, attempt: "write", path: segment.file.path) }
            written += try segment.file.append(bytes, from: written, limit: room)
            try reach(.appendWritten)
        }
        return try FileStatus.of(path: folder.livePath)?.identity == segment.stamp.identity
    }

    /// Puts on the disk what `deliver` has written. Costs nothing when it is there already.
    /// - Throws: `.syncFailed`.
    package mutating func sync() throws {
        guard let file = unsynced else { return }
        try sync(file, then: .appendSynced)
        unsynced = nil
    }

    /// Notes how many bytes of a batch are in the file, which may end within a line.
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
        // The times come from the file, the size from our count: if somebody else appended meanwhile, the next look sees another
        // size.
        guard var stamp = try? segment.file.stamp() else {
            live = nil
            return
        }
        stamp.size = segment.stamp.size + Int64(written - segment.fragment.count)
        noted.stamp = stamp
        live = noted
    }

    /// Syncs a file. There is no second try after a failure: on Linux the next `fdatasync` would report
    /// success although the data never reached the disk.
    /// - Parameter step: the step that is reached by it. A fault planned there is a failed sync.
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

    /// Reaches a step other than a sync.
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
