import TidingsCore
import TidingsSystem

/// Recovery: compares the files in the folder with the committed rows and repairs them.
///
/// All files are examined before the first one is changed, so that a folder that is ahead of the ledger is left as it is.
extension ChangeFile {
    enum Scope { case tail, everything }

    /// What has the live name.
    private enum LiveFileState {
        /// - whole: whether all of it was compared.
        case right(Live, whole: Bool)
        /// Nothing, or an empty file as logrotate's `create` leaves it: there is nothing to keep.
        case absent
        case ofOtherStream(SegmentHeader)
        /// A file that differs from the rows. `first` is the change with which it began, if the header is readable.
        case damaged(first: Int64?)
        case ahead(highest: Int64)
    }

    /// Recovers, and a second time if rows that were needed were pruned meanwhile.
    /// - Returns: whether all of the live segment is known to equal the rows.
    mutating func recover(comparing scope: Scope) throws -> Bool {
        let oldest = try committed.first()
        do {
            return try recoverOnce(comparing: scope)
        } catch let error as StreamError {
            guard case .hole = error.reason, try committed.first() > oldest else { throw error }
            return try recoverOnce(comparing: scope)
        }
    }

    private mutating func recoverOnce(comparing scope: Scope) throws -> Bool {
        live = nil
        try folder.create()
        let last = try committed.last()
        let oldest = try committed.first()
        var finding = try examine(last: last, oldest: oldest, comparing: scope)
        if case .ahead(let highest) = finding { throw try aheadOfLedger(highest: highest, last: last) }
        var sealed = try sealedSegments()
        // Only the segments that begin after the last row, and the one before them, can go beyond the ledger.
        let past = sealed.own.firstIndex { $0.first > last } ?? sealed.own.endIndex
        if let end = try sealed.own[max(0, past - 1)...].compactMap({ try highest(in: $0) }).max(), end > last {
            throw try aheadOfLedger(highest: end, last: last)
        }
        if case .right(let segment, _) = finding, let before = sealed.own[..<past].last, try !segment.hasLines && overlaps(segment, before) {
            finding = .damaged(first: nil)
        }

        try reach(.recoveryExamined)
        try folder.removeTemporaries()
        // A segment that is named after a change that is not committed, though it has no such line. Later segments would begin
        // before it.
        for stray in sealed.own[past...] { try setAsideDamaged(stray.name) }
        sealed.own.removeSubrange(past...)
        for other in sealed.others { try setAside(other.name, other.header) }
        if case .ofOtherStream(let header) = finding { try setAside(StreamFolder.liveName, header) }
        let liveFirst = try first(of: finding, after: sealed.own.last)
        let end = try repair(sealed.own, before: liveFirst, oldest: oldest)
        if case .right(let segment, let isWhole) = finding {
            live = segment
            try finishRotation()
            return isWhole
        }
        if case .damaged = finding { try keepDamagedLive() }
        let first = max(end.map { $0 + 1 } ?? liveFirst ?? oldest, oldest)
        live = try makeSegment(StreamFolder.liveName, first: first, through: nil)
        return true
    }

    /// Where the live segment begins; nil if that is unknown. The header of a damaged one counts only if the end of the sealed
    /// segment before it cannot be read.
    private func first(of finding: LiveFileState, after sealed: StreamFolder.Sealed?) throws -> Int64? {
        switch finding {
        case .right(let segment, _): return segment.first
        case .damaged(let first):
            guard let sealed else { return first }
            return try lastSequence(of: sealed) == nil ? first : nil
        default: return nil
        }
    }

    /// Whether a live segment would repeat sealed changes. If it has no lines, only this shows that its header was edited.
    private func overlaps(_ segment: Live, _ before: StreamFolder.Sealed) throws -> Bool {
        try segment.first <= max(before.first, lastSequence(of: before) ?? before.first)
    }

    /// A live segment whose header already shows that it is ahead was not examined further. Its lines may have higher numbers.
    private func aheadOfLedger(highest: Int64, last: Int64) throws -> StreamError {
        let seen = try highestSequence(in: StreamFolder.liveName)
        return StreamError(.aheadOfLedger(highest: max(highest, seen), last: last), attempt: "recover", path: folder.livePath)
    }

    // MARK: The live segment

    private func examine(last: Int64, oldest: Int64, comparing scope: Scope) throws -> LiveFileState {
        guard let standing = try FileStatus.of(path: folder.livePath) else { return .absent }
        guard standing.isRegular else { return .damaged(first: nil) }
        guard let file = try OpenFile(folder.livePath, for: .append) else { return .absent }
        let stamp = try file.stamp()
        guard stamp.size > 0 else { return .absent }
        var scanner = SegmentScanner(file)
        guard case .line(let headerLine) = try scanner.next(), let header = SegmentHeader(headerLine) else {
            return .damaged(first: nil)
        }
        guard header.stream == stream else {
            // If the first line is of our stream, the header was edited.
            guard case .line(let line) = try scanner.next(), ChangeLineFields(line)?.stream == stream else {
                return .ofOtherStream(header)
            }
            return .damaged(first: nil)
        }
        guard header.first <= last + 1 else { return .ahead(highest: header.first - 1) }

        let tail = stamp.size - limits.comparedTailBytes
        let isWhole = scope == .everything || tail <= scanner.offset
        if !isWhole {
            // The header decides which changes the sealed segments must have, so it is checked against the first line.
            guard case .line(let line) = try scanner.next(), ChangeLine.sequence(of: line) == header.first else {
                return .damaged(first: nil)
            }
            scanner = SegmentScanner(file, at: tail - 1)
            try scanner.skipRest()
        }
        var comparison = LineComparison(
            stream: stream, expected: isWhole ? header.first : nil, last: last, oldest: oldest, rows: CommittedCursor(committed))
        while true {
            onProgress()
            switch try scanner.next() {
            case .line(let line):
                guard try comparison.isRight(line) else { return .damaged(first: header.first) }
            case .tooLong: return .damaged(first: header.first)
            case .end(let fragment):
                guard let next = comparison.expected, next >= header.first, try comparison.isBeginning(fragment) else {
                    return .damaged(first: header.first)
                }
                if comparison.highest > last { return .ahead(highest: comparison.highest) }
                return .right(
                    Live(
                        file: file, first: header.first, createdMilliseconds: header.createdMilliseconds, last: next - 1,
                        fragment: fragment, stamp: stamp), whole: isWhole)
            }
        }
    }

    /// Compares the lines of a segment, one after the other, with the rows.
    private struct LineComparison {
        let stream: String
        /// The number that the next line must have; nil before the first line if that is unknown.
        var expected: Int64?
        let last: Int64
        let oldest: Int64
        var rows: CommittedCursor
        /// The newest line of our stream, committed or not.
        var highest: Int64 = 0

        mutating func isRight(_ line: [UInt8]) throws -> Bool {
            guard let sequence = ChangeLine.sequence(of: line), sequence == expected ?? sequence else { return false }
            expected = sequence + 1
            // After the last row only a line of this stream counts; anything else is garbage.
            if sequence > last { guard ChangeLineFields(line)?.stream == stream else { return false } }
            highest = sequence
            guard (oldest...max(oldest, last)).contains(sequence), sequence <= last else { return true }
            return try rows.bytes(of: sequence) == line
        }

        /// Whether `fragment` may be the beginning of the next line.
        mutating func isBeginning(_ fragment: [UInt8]) throws -> Bool {
            guard let next = expected, !fragment.isEmpty else { return true }
            if next <= last {
                guard next >= oldest, let row = try rows.bytes(of: next) else { return false }
                return row.starts(with: fragment)
            }
            let start = Array(#"{"specversion":"1.0","id":"\#(next)","source":"urn:uuid:\#(stream)""#.utf8)
            guard fragment.starts(with: start.prefix(fragment.count)) else { return false }
            // A fragment that names the change and the stream proves that the change was committed once.
            if fragment.count >= start.count { highest = next }
            return true
        }
    }

    private mutating func keepDamagedLive() throws {
        let stamp = try FileStatus.of(path: folder.livePath)
        _ = try folder.keepDamaged(StreamFolder.liveName)
        try reach(.recoveryCopyKept)
        // After a rotation that was killed after its link, the sealed name leads to the same file, which the copy keeps.
        for segment in try folder.sealed() {
            let sealed = folder.path(of: segment.name)
            if try FileStatus.of(path: sealed)?.identity == stamp?.identity { try folder.remove(sealed) }
        }
    }

    // MARK: Sealed segments

    /// The sealed segments of this stream, and those of earlier streams. A file that is the live segment as well (after a rotation
    /// that was killed after its link) counts as live only.
    private func sealedSegments() throws -> (
        own: [StreamFolder.Sealed], others: [(name: String, header: SegmentHeader)]
    ) {
        var own: [StreamFolder.Sealed] = []
        var others: [(name: String, header: SegmentHeader)] = []
        let liveIdentity = try FileStatus.of(path: folder.livePath)?.identity
        for segment in try folder.sealed() {
            guard try FileStatus.of(path: folder.path(of: segment.name))?.identity != liveIdentity else { continue }
            // A segment with an edited header counts as ours and is repaired.
            if let header = try reliableHeader(of: segment.name), header.stream != stream {
                others.append((segment.name, header))
            } else {
                own.append(segment)
            }
        }
        return (own, others)
    }

    func header(of name: String) throws -> SegmentHeader? {
        guard try FileStatus.of(path: folder.path(of: name))?.isRegular == true,
            let file = try OpenFile(folder.path(of: name), for: .read)
        else { return nil }
        var scanner = SegmentScanner(file)
        guard case .line(let line) = try scanner.next() else { return nil }
        return SegmentHeader(line)
    }

    /// The last change in a sealed segment; nil if its header or its end is wrong. Two reads, whatever its size: only `verify`
    /// reads what is between them.
    private func lastSequence(of segment: StreamFolder.Sealed) throws -> Int64? {
        guard let header = try header(of: segment.name), header.stream == stream, header.first == segment.first,
            let file = try OpenFile(folder.path(of: segment.name), for: .read)
        else { return nil }
        var scanner = SegmentScanner(file, at: max(0, try file.stamp().size - Int64(2 * ChangeLine.limitBytes)))
        try scanner.skipRest()
        var last: Int64?
        while true {
            switch try scanner.next() {
            case .line(let line): last = ChangeLine.sequence(of: line)
            case .tooLong: return nil
            case .end(let fragment): return fragment.isEmpty ? last : nil
            }
        }
    }

    /// The newest change that must have been published if this segment exists; nil if neither its end nor its header is readable.
    private func highest(in segment: StreamFolder.Sealed) throws -> Int64? {
        if let last = try lastSequence(of: segment) { return last }
        guard let header = try header(of: segment.name), header.first == segment.first else { return nil }
        return header.first - 1
    }

    /// Makes damaged and missing sealed segments anew where the ledger still has their rows. Those that are missing before the
    /// oldest one stay missing: whoever deletes the oldest files wants the space.
    /// - Parameter next: the first change of the live segment; nil if that is unknown.
    /// - Returns: the last change that is in a sealed segment; nil if there is none.
    private mutating func repair(
        _ sealed: [StreamFolder.Sealed], before next: Int64?, oldest: Int64
    ) throws -> Int64? {
        var end: Int64?
        for (segment, following) in zip(sealed, sealed.dropFirst().map { Int64?.some($0.first) } + [next]) {
            let last = try lastSequence(of: segment)
            guard let following else {
                end = last ?? end
                // Neither its end nor the beginning of the live segment is known. The live segment is made anew from where this
                // one began.
                if last == nil { try setAsideDamaged(segment.name) }
                continue
            }
            if let last, last < following {
                end = last
                guard last + 1 < following, last + 1 >= oldest else { continue }
                try remake(last + 1, through: following - 1)
            } else if following <= segment.first {
                try setAsideDamaged(segment.name)
                continue
            } else if segment.first >= oldest {
                _ = try folder.keepDamaged(segment.name)
                try reach(.recoveryCopyKept)
                try remake(segment.first, through: following - 1)
            }
            end = following - 1
        }
        return end
    }

    /// Makes a sealed segment anew.
    mutating func remake(_ first: Int64, through last: Int64) throws {
        _ = try makeSegment(StreamFolder.sealedName(first: first), first: first, through: last)
    }

    private mutating func setAsideDamaged(_ name: String) throws {
        _ = try folder.keepDamaged(name)
        try reach(.recoveryCopyKept)
        try folder.remove(folder.path(of: name))
    }

    /// Renames a file of another stream to a name with that stream's id. The live segment keeps its name as well until it is
    /// replaced.
    private mutating func setAside(_ name: String, _ header: SegmentHeader) throws {
        let aside = folder.path(of: StreamFolder.setAsideName(first: header.first, stream: header.stream))
        let path = folder.path(of: name)
        if try !folder.link(path, to: aside), try FileStatus.of(path: aside)?.identity != FileStatus.of(path: path)?.identity {
            _ = try folder.keepDamaged(name)
        }
        try reach(.recoverySetAside)
        if name != StreamFolder.liveName { try folder.remove(path) }
        try syncFolder()
    }
}
