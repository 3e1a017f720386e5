import TidingsCore
import TidingsSystem

/// Reads the stream from its files alone, as a program beside the daemon does: from any change that is kept, across sealed
/// segments and the live one, each change once and in order.
///
/// It goes by sequence numbers, not by positions. Whatever happens to the files (rotation, a segment made anew under the same
/// name), it finds the line after the last one it returned, skips lines that it returned already, and does not pass over a hole.
/// A line counts only with its `\n`. Memory is bounded by one buffer, whatever the size of the files.
///
///     var reader = try ChangeReader(folder: folder, from: .after(1042), isFollowing: true)
///     repeat {
///         while let event = try reader.next() { show(event) }
///     } while try reader.wait(cancellation: stop) != .cancelled
package struct ChangeReader: ~Copyable {
    package enum Start: Equatable, Sendable {
        /// Exclusive: the changes with a greater number. 0 is the beginning of the stream.
        case after(Int64)
        /// The same, in the stream with this id.
        case cursor(stream: String, sequence: Int64)
        /// The last so many changes, or all that are kept if there are fewer; 0 for new ones only.
        case last(Int)
    }

    package enum Event: Equatable, Sendable {
        /// A change, with the bytes of its line and the `\n`.
        case line(sequence: Int64, bytes: [UInt8])
        /// The files now belong to the stream with this id, because the ledger was lost or restored. Changes of the old stream may
        /// not be in the ledger. The lines of the new one follow, from its first; if that is no longer kept, `next` throws `.tooOld`
        /// instead.
        case streamChanged(id: String)
    }

    package enum Wake: Equatable, Sendable { case changed, timedOut, cancelled }

    /// The id of the stream that is being read.
    package private(set) var stream: String
    /// The newest change that was returned; at first, the one before the first that will be.
    package private(set) var last: Int64

    private let folder: StreamFolder
    private let watch: FolderWatch?
    private var segment: ReadSegment?
    /// Whether `next` returned nil the last time.
    private var isIdle = false
    /// The id of another stream whose file was opened; nil after the event that reports it.
    private var pendingStream: String?

    /// - Parameters:
    ///   - folder: the stream folder.
    ///   - isFollowing: whether `wait` will be called. Then a damaged line is no error: the reader waits until the daemon has made
    ///     the file anew.
    /// - Throws: `StreamError`: `.noStream`; `.cursorOfOtherStream`; `.tooOld` and `.inFuture` if `start` is outside of what is
    ///   kept. A future change is refused also when following, because the number may belong to another change by then.
    package init(folder: String, from start: Start, isFollowing: Bool) throws(StreamError) {
        let files = StreamFolder(path: folder)
        guard try FileStatus.of(path: folder) != nil else {
            throw StreamError(.noStream, attempt: "read", path: files.livePath)
        }
        // The watch begins before the first look, so that no event is missed in between.
        let watch = isFollowing ? try FolderWatch(folder) : nil
        guard let extent = try StreamExtent.of(files) else {
            throw StreamError(.noStream, attempt: "read", path: files.livePath)
        }
        last = try Self.changeBefore(start, in: extent, path: folder)
        stream = extent.stream
        self.watch = watch
        self.folder = files
    }

    private static func changeBefore(
        _ start: Start, in extent: StreamExtent, path: String
    ) throws(StreamError) -> Int64 {
        switch start {
        case .last(let count): return max(extent.newest - Int64(max(0, count)), extent.oldest - 1)
        case .cursor(let stream, _) where stream != extent.stream:
            throw StreamError(.cursorOfOtherStream(id: extent.stream), attempt: "read", path: path)
        case .after(let sequence), .cursor(_, let sequence):
            if sequence > extent.newest { throw StreamError(.inFuture(newest: extent.newest), attempt: "read", path: path) }
            if sequence < extent.oldest - 1 { throw StreamError(.tooOld(oldest: extent.oldest), attempt: "read", path: path) }
            return sequence
        }
    }

    /// The next event; nil if there is none for now. Blocks on nothing but the disk.
    /// - Throws: `StreamError`: `.tooOld` when the next change was deleted before it was read; `.damaged`, unless following.
    package mutating func next() throws(StreamError) -> Event? {
        // The rest of a segment that was replaced while we waited is not read: it may have been replaced because it was damaged.
        if isIdle, let identity = segment?.identity, try hasSuccessor(identity) { segment = nil }
        isIdle = false
        while true {
            if segment == nil {
                guard try locate() else { return nil }
                if let changed = takeStreamChange() { return changed }
            }
            if let event = try nextInSegment() { return event }
            if segment != nil {
                isIdle = true
                return nil
            }
        }
    }

    /// Waits until the files may have more. Returns `.cancelled` at once if not following, so that one loop serves both cases.
    /// - Parameters:
    ///   - cancellation: a descriptor that becomes readable when the wait is to end, such as a signalfd or a pipe.
    ///   - output: the write end of a pipe or socket; the wait ends when its read end is closed.
    package mutating func wait(
        timeoutMilliseconds: Int32? = nil, cancellation: Int32? = nil, output: Int32? = nil
    ) throws(StreamError) -> Wake {
        guard let watch else { return .cancelled }
        let wake = try watch.wait(timeoutMilliseconds: timeoutMilliseconds, cancellation: cancellation, output: output)
        return switch wake {
        case .changed: .changed
        case .timedOut: .timedOut
        case .cancelled: .cancelled
        }
    }

    /// The next line of the open segment; nil at its end or at damage. Then `segment` is nil if the reader has to open another
    /// file.
    private mutating func nextInSegment() throws(StreamError) -> Event? {
        guard let identity = segment?.identity else { return nil }
        while true {
            switch try segment?.scanner.next() {
            case nil: return nil
            case .line(let line):
                guard let sequence = ChangeLine.sequence(of: line), sequence <= last + 1 else {
                    return try meetDamage(identity)
                }
                guard sequence == last + 1 else { continue }
                last = sequence
                return .line(sequence: sequence, bytes: line)
            case .tooLong: return try meetDamage(identity)
            case .end:
                // Lines that were written to it before it was replaced are in its sealed segment, and are found there by number.
                if try hasSuccessor(identity) { segment = nil }
                return nil
            }
        }
    }

    /// Whether the reader has to open another file: the live name belongs to another one now, or this one has become shorter.
    private func hasSuccessor(_ identity: FileStatus.Identity) throws(StreamError) -> Bool {
        guard let live = try FileStatus.of(path: folder.livePath) else { return false }
        if live.identity != identity { return live.size > 0 }
        return live.size < (segment?.scanner.reach ?? 0)
    }

    /// If the file was made anew meanwhile, that one is read next. If it is still the same file, the rest of it is damaged.
    private mutating func meetDamage(_ identity: FileStatus.Identity) throws(StreamError) -> Event? {
        let path = segment?.path ?? folder.livePath
        if try FileStatus.of(path: path)?.identity != identity {
            segment = nil
        } else if watch == nil {
            throw StreamError(.damaged(after: last), attempt: "read", path: path)
        }
        return nil
    }

    /// Opens the segment with the next change. False if there is no usable one for now.
    private mutating func locate() throws(StreamError) -> Bool {
        guard let live = try ReadSegment.open(folder.livePath) else { return false }
        if live.header.stream != stream {
            // All of the new stream is read, its sealed segments first.
            guard let extent = try StreamExtent.of(folder), extent.stream == live.header.stream else { return false }
            // Its first changes may be removed already. That must not be passed over in silence.
            guard try isBeginning(extent.oldest, live) else {
                throw StreamError(.tooOld(oldest: extent.oldest), attempt: "read", path: folder.path)
            }
            pendingStream = extent.stream
            stream = extent.stream
            last = extent.oldest - 1
        }
        if live.header.first <= last + 1 {
            segment = live
        } else {
            segment = try sealedSegment(with: last + 1)
            if segment == nil {
                guard let extent = try StreamExtent.of(folder) else { return false }
                throw StreamError(.tooOld(oldest: max(extent.oldest, last + 2)), attempt: "read", path: folder.path)
            }
        }
        try segment?.seek(after: last)
        return true
    }

    /// Whether `oldest`, the oldest change in the files, is the first of its stream: it has number 1 or is the reset.
    private func isBeginning(_ oldest: Int64, _ live: ReadSegment) throws(StreamError) -> Bool {
        if oldest == 1 { return true }
        let sealed = oldest < live.header.first ? try folder.sealed().first { $0.first == oldest }?.name : nil
        guard var segment = try sealed.map({ name throws(StreamError) in try ReadSegment.open(folder.path(of: name)) }) ?? live,
            case .line(let line) = try segment.scanner.next()
        else { return false }
        return ChangeLineFields(line)?.type == "tidings." + ChangeType.streamReset.rawValue
    }

    private mutating func takeStreamChange() -> Event? {
        defer { pendingStream = nil }
        return pendingStream.map { .streamChanged(id: $0) }
    }

    private func sealedSegment(with sequence: Int64) throws(StreamError) -> ReadSegment? {
        let name = try folder.sealed().last { $0.first <= sequence }?.name
        guard let name, let found = try ReadSegment.open(folder.path(of: name)), found.header.stream == stream,
            try found.lastSequence() >= sequence
        else { return nil }
        return found
    }
}
