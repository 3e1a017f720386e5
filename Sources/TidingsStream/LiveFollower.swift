/// Reads for one consumer within the daemon's process the changes that it asks for. Like `ChangeFollower`, it holds a cursor and no
/// queue; what is new comes from memory, and files are open only while it reads what is older than that.
package struct LiveFollower: ~Copyable {
    /// A part of what there is.
    package struct Batch: Equatable, Sendable {
        package struct Line: Equatable, Sendable {
            package let sequence: Int64
            /// With the `\n`.
            package let bytes: [UInt8]
        }

        /// The changes that were asked for.
        package var lines: [Line] = []
        /// How far the consumer is that has dealt with them. It moves on over changes that were not asked for, too.
        package var cursor: Int64
        /// Whether nothing more is there for now.
        package var isAtEnd = false

        /// Nothing yet, for a consumer that has everything up to `sequence`.
        package init(after sequence: Int64) { cursor = sequence }
    }

    /// How many bytes of lines to look through for one batch, so that a filter that nothing passes holds up nobody else.
    private static let searchBytes = 1 << 20

    /// Where the consumer goes on.
    package private(set) var cursor: StreamCursor
    private let folder: String
    private let filter: ChangeFilter
    private let recent: RecentChanges
    /// Reads what is no longer in memory.
    private var files: ChangeFollower?

    /// - Parameters:
    ///   - after: the number of the last change that the consumer has; nil for what is new from now on.
    ///   - stream: the id that this number belongs to, if the consumer knows it.
    /// - Throws: `StreamError`: `.tooOld`, `.inFuture` and `.cursorOfOtherStream` if that change is outside of what is kept.
    package init(
        folder: String, after: Int64?, stream: String? = nil, filter: ChangeFilter, recent: RecentChanges
    ) throws(StreamError) {
        let present = recent.cursor
        if let stream, stream != present.stream {
            throw StreamError(.cursorOfOtherStream(id: present.stream), attempt: "read", path: folder)
        }
        let cursor = StreamCursor(stream: present.stream, sequence: after ?? present.sequence)
        // In memory is only what is in the files.
        let isInMemory = cursor.sequence <= present.sequence && recent.lines(after: cursor.sequence, limitBytes: 0) != nil
        files = isInMemory ? nil : try Self.files(folder, cursor, filter)
        self.cursor = cursor
        self.folder = folder
        self.filter = filter
        self.recent = recent
    }

    /// The next part. Blocks on nothing but the disk.
    /// - Parameters:
    ///   - limit: how many lines at most.
    ///   - limitBytes: how many bytes of lines; at least one line is given if there is one.
    /// - Throws: as `ChangeFollower.next`.
    package mutating func next(limit: Int, limitBytes: Int) throws(StreamError) -> Batch {
        var batch = Batch(after: cursor.sequence)
        var left = (lines: limit, bytes: limitBytes, searched: Self.searchBytes)
        while left.lines > 0, left.bytes > 0, left.searched > 0 {
            if files == nil, let lines = recent.lines(after: cursor.sequence, limitBytes: min(left.bytes, left.searched)) {
                if lines.isEmpty {
                    batch.isAtEnd = true
                    break
                }
                for line in lines where left.lines > 0 {
                    take(line, asked: filter.matches(line: line), into: &batch, &left)
                }
            } else if try !readFiles(into: &batch, &left) {
                // The rest is in memory, or not there yet.
                files = nil
            }
        }
        batch.cursor = cursor.sequence
        return batch
    }

    /// - Returns: whether there may be more in the files.
    private mutating func readFiles(
        into batch: inout Batch, _ left: inout (lines: Int, bytes: Int, searched: Int)
    ) throws(StreamError) -> Bool {
        if files == nil { files = try Self.files(folder, cursor, filter) }
        switch try files?.next() {
        case nil, .streamChanged: return false
        case .passed: take([], asked: false, into: &batch, &left)
        case .line(let line): take(line, asked: true, into: &batch, &left)
        }
        return true
    }

    private mutating func take(
        _ line: [UInt8], asked: Bool, into batch: inout Batch, _ left: inout (lines: Int, bytes: Int, searched: Int)
    ) {
        cursor = StreamCursor(stream: cursor.stream, sequence: cursor.sequence + 1)
        // A line that was passed over in a file is not known; this is about its length.
        left.searched -= max(line.count, 512)
        guard asked else { return }
        batch.lines.append(Batch.Line(sequence: cursor.sequence, bytes: line))
        left.lines -= 1
        left.bytes -= line.count
    }

    private static func files(
        _ folder: String, _ cursor: StreamCursor, _ filter: ChangeFilter
    ) throws(StreamError) -> ChangeFollower {
        try ChangeFollower(folder: folder, query: ChangeQuery(begin: .cursor(cursor), filter: filter), isFollowing: false)
    }
}
