import TidingsCore
import TidingsSystem

/// A segment that is open for reading, with a position in it.
struct ReadSegment {
    private static let linearBytes: Int64 = 64 << 10

    let path: String
    let header: SegmentHeader
    let identity: FileStatus.Identity
    var scanner: SegmentScanner
    private let file: OpenFile
    private let headerBytes: Int64

    /// Nil if there is no regular file with a whole header.
    static func open(_ path: String) throws(StreamError) -> ReadSegment? {
        guard try FileStatus.of(path: path)?.isRegular == true, let file = try OpenFile(path, for: .read) else { return nil }
        var scanner = SegmentScanner(file)
        guard case .line(let line) = try scanner.next(), let header = SegmentHeader(line) else { return nil }
        return ReadSegment(
            path: path, header: header, identity: try file.stamp().identity, scanner: scanner, file: file,
            headerBytes: Int64(line.count))
    }

    /// Moves to a line near the one after `sequence`, and never past it, by binary search. The caller skips the few lines up to it,
    /// because it checks every number anyway.
    mutating func seek(after sequence: Int64) throws(StreamError) {
        // Every line before `low` has at most the number `sequence`.
        var low = headerBytes
        var high = try file.stamp().size
        while high - low > Self.linearBytes {
            let middle = low + (high - low) / 2
            var probe = SegmentScanner(file, at: middle)
            try probe.skipRest()
            let start = probe.offset
            guard case .line(let line) = try probe.next(), let found = ChangeLine.sequence(of: line), found <= sequence else {
                high = middle
                continue
            }
            low = start
        }
        scanner = SegmentScanner(file, at: low)
    }

    /// The last whole line; nil if the segment has no changes or a line near its end is too long.
    func lastLine() throws(StreamError) -> [UInt8]? {
        let start = max(headerBytes, try file.stamp().size - Self.linearBytes)
        var last: [UInt8]?
        var scanner = SegmentScanner(file, at: start)
        if start > headerBytes { try scanner.skipRest() }
        while true {
            switch try scanner.next() {
            case .line(let line): last = line
            case .tooLong: return nil
            case .end: return last
            }
        }
    }

    /// The last change of which the whole line is in the segment; `first - 1` if there is none.
    func lastSequence() throws(StreamError) -> Int64 {
        let start = max(headerBytes, try file.stamp().size - Self.linearBytes)
        var last = header.first - 1
        var scanner = SegmentScanner(file, at: start)
        if start > headerBytes { try scanner.skipRest() }
        while true {
            switch try scanner.next() {
            case .line(let line): last = max(last, ChangeLine.sequence(of: line) ?? last)
            case .tooLong, .end: return last
            }
        }
    }
}

/// The range of changes that the files have.
struct StreamExtent {
    let stream: String
    /// The oldest change that can be read; the next one if there is none yet.
    let oldest: Int64
    let newest: Int64

    /// Nil if there is no change file.
    static func of(_ folder: StreamFolder) throws(StreamError) -> StreamExtent? {
        // The live segment is opened first: a rotation meanwhile makes it a sealed one, which is found below. If it was deleted and
        // is not yet made anew, only the sealed segments can be read.
        let live = try ReadSegment.open(folder.livePath)
        var extent = try live.map { segment throws(StreamError) in try StreamExtent(segment) }
        for segment in try folder.sealed().reversed() {
            guard let sealed = try ReadSegment.open(folder.path(of: segment.name)), sealed.identity != live?.identity
            else { continue }
            guard let known = extent else {
                extent = try StreamExtent(sealed)
                continue
            }
            guard sealed.header.stream == known.stream else { continue }
            // Before a segment that is missing, nothing can be read without a hole.
            guard try sealed.lastSequence() >= known.oldest - 1 else { break }
            extent = StreamExtent(
                stream: known.stream, oldest: min(known.oldest, sealed.header.first), newest: known.newest)
        }
        return extent
    }
}

extension StreamExtent {
    fileprivate init(_ segment: ReadSegment) throws(StreamError) {
        self.init(stream: segment.header.stream, oldest: segment.header.first, newest: try segment.lastSequence())
    }
}
