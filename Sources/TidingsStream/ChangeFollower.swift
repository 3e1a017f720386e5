/// Reads for one consumer the changes that it asks for, and knows where it goes on. It holds a cursor and no queue: what the
/// consumer does not take stays in the files.
///
///     var follower = try ChangeFollower(folder: folder, query: query, isFollowing: true)
///     repeat {
///         while let event = try follower.next() { show(event) }
///     } while try follower.wait(cancellation: stop) != .cancelled
package struct ChangeFollower: ~Copyable {
    package enum Event: Equatable, Sendable {
        /// A change that was asked for: its line, with the `\n`.
        case line([UInt8])
        /// A change that was not asked for, or may not be among the last so many. Told so that the consumer can save `cursor`
        /// where it meets nothing else for long.
        case passed
        /// As `ChangeReader.Event.streamChanged`.
        case streamChanged(id: String)
    }

    /// Where a consumer goes on that has dealt with all that `next` gave.
    package private(set) var cursor: StreamCursor

    private var reader: ChangeReader
    private let filter: ChangeFilter
    /// The last lines of those that were there at the beginning, until all of these are read.
    private var held: LastLines?
    /// What was held and is still to be given, the newest first.
    private var released: [LastLines.Line]?

    /// - Throws: as `ChangeReader.init`: `isOutsideStream` tells whether the beginning of `query` is what cannot be had.
    package init(folder: String, query: ChangeQuery, isFollowing: Bool) throws(StreamError) {
        let reader = try ChangeReader(folder: folder, from: query.readerStart, isFollowing: isFollowing)
        cursor = StreamCursor(stream: reader.stream, sequence: reader.last)
        self.reader = reader
        filter = query.filter
        held = query.heldLines.map { LastLines(limit: $0) }
    }

    /// The next event; nil when there is none for now. Never blocks on anything but the disk.
    /// - Throws: as `ChangeReader.next`.
    package mutating func next() throws(StreamError) -> Event? {
        if released != nil { return release() }
        if let event = try reader.next() { return take(event) }
        guard let lines = held?.lines else { return nil }
        held = nil
        released = lines.reversed()
        return release()
    }

    /// Waits until the files may have more, as `ChangeReader.wait`.
    package mutating func wait(
        timeoutMilliseconds: Int32? = nil, cancellation: Int32? = nil, output: Int32? = nil
    ) throws(StreamError) -> ChangeReader.Wake {
        try reader.wait(timeoutMilliseconds: timeoutMilliseconds, cancellation: cancellation, output: output)
    }

    private var position: StreamCursor { StreamCursor(stream: reader.stream, sequence: reader.last) }

    private mutating func take(_ event: ChangeReader.Event) -> Event {
        // While lines are held, none of them has been given, and the cursor stays before all of them.
        if held == nil { cursor = position }
        switch event {
        case .streamChanged(let id): return .streamChanged(id: id)
        case .line(_, let bytes):
            guard filter.matches(line: bytes) else { return .passed }
            guard held != nil else { return .line(bytes) }
            let line = LastLines.Line(cursor: position, bytes: bytes)
            held?.keep(line)
            return .passed
        }
    }

    private mutating func release() -> Event? {
        if let line = released?.popLast() {
            cursor = line.cursor
            return .line(line.bytes)
        }
        released = nil
        cursor = position
        return nil
    }
}

/// The last so many lines, for when their number is known only at the end.
private struct LastLines {
    struct Line {
        let cursor: StreamCursor
        let bytes: [UInt8]
    }

    private let limit: Int
    private var ring: [Line] = []
    private var oldest = 0

    init(limit: Int) { self.limit = limit }

    /// The oldest first.
    var lines: [Line] { Array(ring[oldest...] + ring[..<oldest]) }

    /// Keeps `line`, if need be in the place of the oldest.
    mutating func keep(_ line: Line) {
        if ring.count < limit {
            ring.append(line)
        } else if limit > 0 {
            ring[oldest] = line
            oldest = (oldest + 1) % limit
        }
    }
}
