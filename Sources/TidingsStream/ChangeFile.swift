import TidingsCore
import TidingsFailpoints

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
        /// How much of the end of the live segment is compared with the ledger at start. `verify` compares all of it.
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
        var stamp: FileStamp

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

    /// Opens the change file of `stream` below `folder`, which is made if need be, and recovers it from the ledger. Rows
    /// that are not yet in the file stay out of it until `publish`, unless the segment had to be made anew.
    ///
    /// A file whose header names another stream id is set aside as `changes-<first>.<its id>.ndjson`, and a new one begins
    /// with the first row of `committed`.
    /// - Parameter stream: the stream id, a UUID in lowercase.
    /// - Throws: `StreamError`, above all `.aheadOfLedger`, after which the files are as they were; the ledger's own errors.
    package init(
        folder: String, stream: String, committed: some CommittedLines, nowMilliseconds: Int64, limits: Limits = Limits()
    ) throws {
        try self.init(
            folder: folder, stream: stream, committed: committed, nowMilliseconds: nowMilliseconds, limits: limits,
            room: { $0 })
    }

    init(
        folder: String, stream: String, committed: some CommittedLines, nowMilliseconds: Int64, limits: Limits,
        room: @escaping (Int) -> Int
    ) throws {
        self.folder = StreamFolder(path: folder)
        self.stream = stream
        self.limits = limits
        self.room = room
        live = nil
        try self.folder.create()
        try recover(from: committed, nowMilliseconds: nowMilliseconds, comparing: .tail)
    }

    /// The newest change that stands whole in the file.
    package var last: Int64 { live?.last ?? 0 }
    /// Size of the live segment.
    package var bytes: Int64 { live?.stamp.size ?? 0 }

    /// Appends every committed row that is not yet in the file. Before each batch the file is compared with what was left
    /// there, which costs one `stat`; what others did to it is put right first.
    /// - Returns: the newest change in the file.
    /// - Throws: `StreamError`; the ledger's own errors.
    package mutating func publish(from committed: some CommittedLines, nowMilliseconds: Int64) throws -> Int64 {
        while true {
            let intact = try intactLive(committed, nowMilliseconds: nowMilliseconds)
            let batch = try committed.lines(after: intact.last, limitBytes: limits.batchBytes)
            guard let next = batch.first else { return intact.last }
            guard next.bytes.starts(with: intact.fragment) else {
                // A fragment that stood there before its row was committed, and is not its beginning.
                live = nil
                continue
            }
            try append(batch, to: intact)
        }
    }

    /// The live segment, after a look whether it still is what it was; recovered if not.
    mutating func intactLive(_ committed: some CommittedLines, nowMilliseconds: Int64) throws -> Live {
        guard !hasFailedSync else { throw StreamError(.syncFailed, attempt: "use", path: folder.livePath) }
        if let known = live, let stamp = try FileStamp.of(path: folder.livePath) {
            if stamp == known.stamp { return known }
            // Only its links, owner or mode changed if the content's time did not.
            let isUnwritten = stamp.identity == known.stamp.identity && stamp.size == known.stamp.size
                && stamp.modified == known.stamp.modified
            try recover(from: committed, nowMilliseconds: nowMilliseconds, comparing: isUnwritten ? .tail : .everything)
        } else {
            try recover(from: committed, nowMilliseconds: nowMilliseconds, comparing: .everything)
        }
        guard let live else { throw StreamError(.noStream, attempt: "recover", path: folder.livePath) }
        return live
    }

    private mutating func append(_ batch: [CommittedLine], to segment: Live) throws {
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
        try sync(segment.file, then: .appendSynced)
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
