import TidingsCore
import TidingsSystem

/// Recovery: what is found in the folder, against what is committed.
///
/// First everything is looked at, then something is done, so that a folder that is ahead of the ledger is left untouched.
extension ChangeFile {
    enum Scope { case tail, everything }

    /// What stands under the live name.
    private enum LiveFileState {
        /// - whole: whether all of it was compared.
        case right(Live, whole: Bool)
        /// Nothing, or an empty file as logrotate's `create` leaves it: there is nothing to keep.
        case absent
        case ofOtherStream(SegmentHeader)
        /// Something else than the rows; `first` if the header says where it began.
        case damaged(first: Int64?)
        case ahead(highest: Int64)
    }

    /// Recovers, and once more if rows went from the oldest end meanwhile that were to be written: what is kept now is what counts.
    /// - Returns: whether all of the live segment is known to be the rows.
    mutating func recover(
        from committed: some CommittedLines, nowMilliseconds: Int64, comparing scope: Scope
    ) throws -> Bool {
        let oldest = try committed.first()
        do {
            return try recoverOnce(from: committed, nowMilliseconds: nowMilliseconds, comparing: scope)
        } catch let error as StreamError {
            guard case .hole = error.reason, try committed.first() > oldest else { throw error }
            return try recoverOnce(from: committed, nowMilliseconds: nowMilliseconds, comparing: scope)
        }
    }

    private mutating func recoverOnce(
        from committed: some CommittedLines, nowMilliseconds: Int64, comparing scope: Scope
    ) throws -> Bool {
        live = nil
        try folder.create()
        let last = try committed.last()
        let oldest = try committed.first()
        var finding = try examine(against: committed, last: last, oldest: oldest, comparing: scope)
        if case .ahead(let highest) = finding { throw try aheadOfLedger(highest: highest, last: last) }
        var sealed = try sealedSegments()
        // Those that begin past the ledger, and the one before them: no other can reach so far.
        let past = sealed.own.firstIndex { $0.first > last } ?? sealed.own.endIndex
        if let end = try sealed.own[max(0, past - 1)...].compactMap({ try highest(in: $0) }).max(), end > last {
            throw try aheadOfLedger(highest: end, last: last)
        }
        if case .right(let segment, _) = finding, let before = sealed.own[..<past].last, try !segment.hasLines && overlaps(segment, before) {
            finding = .damaged(first: nil)
        }

        try reach(.recoveryExamined)
        try folder.removeTemporaries()
        // A name that is ahead although nothing in the file is: what comes next must not begin after it.
        for stray in sealed.own[past...] { try setAsideDamaged(stray.name) }
        sealed.own.removeSubrange(past...)
        for other in sealed.others { try setAside(other.name, other.header) }
        if case .ofOtherStream(let header) = finding { try setAside(StreamFolder.liveName, header) }
        let liveFirst = try first(of: finding, after: sealed.own.last)
        let end = try repair(sealed.own, before: liveFirst, from: committed, oldest: oldest, nowMilliseconds: nowMilliseconds)
        if case .right(let segment, let isWhole) = finding {
            live = segment
            try finishRotation(nowMilliseconds: nowMilliseconds, from: committed)
            return isWhole
        }
        if case .damaged = finding { try keepDamagedLive() }
        let first = max(end.map { $0 + 1 } ?? liveFirst ?? oldest, oldest)
        live = try makeSegment(
            StreamFolder.liveName, first: first, through: nil, from: committed, nowMilliseconds: nowMilliseconds)
        return true
    }

    /// Where the live segment begins, as far as that can be relied on: the header of a damaged one is asked only when the
    /// sealed segment before it does not tell.
    private func first(of finding: LiveFileState, after sealed: StreamFolder.Sealed?) throws -> Int64? {
        switch finding {
        case .right(let segment, _): return segment.first
        case .damaged(let first):
            guard let sealed else { return first }
            return try lastSequence(of: sealed) == nil ? first : nil
        default: return nil
        }
    }

    /// Whether a live segment would repeat what is sealed. Without a line of its own there is nothing else to show that somebody
    /// was at its header.
    private func overlaps(_ segment: Live, _ before: StreamFolder.Sealed) throws -> Bool {
        try segment.first <= max(before.first, lastSequence(of: before) ?? before.first)
    }

    /// A live segment that begins after the end of the ledger was not compared any further, and has lines all the same.
    private func aheadOfLedger(highest: Int64, last: Int64) throws -> StreamError {
        let seen = try highestSequence(in: StreamFolder.liveName)
        return StreamError(.aheadOfLedger(highest: max(highest, seen), last: last), attempt: "recover", path: folder.livePath)
    }

    // MARK: The live segment

    private func examine(
        against committed: some CommittedLines, last: Int64, oldest: Int64, comparing scope: Scope
    ) throws -> LiveFileState {
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
            // A header that differs from its own lines is what somebody made of ours.
            guard case .line(let line) = try scanner.next(), ChangeLineFields(line)?.stream == stream else {
                return .ofOtherStream(header)
            }
            return .damaged(first: nil)
        }
        guard header.first <= last + 1 else { return .ahead(highest: header.first - 1) }

        let tail = stamp.size - limits.comparedTailBytes
        let isWhole = scope == .everything || tail <= scanner.offset
        if !isWhole {
            // The header decides what the sealed segments must hold, so it has to be right about its own.
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

    /// Goes along with the lines of a segment and says of each whether it is what it must be there.
    private struct LineComparison {
        let stream: String
        /// The number that the next line must have; nil until one was seen.
        var expected: Int64?
        let last: Int64
        let oldest: Int64
        var rows: CommittedCursor
        /// The newest line of our stream, committed or not.
        var highest: Int64 = 0

        mutating func isRight(_ line: [UInt8]) throws -> Bool {
            guard let sequence = ChangeLine.sequence(of: line), sequence == expected ?? sequence else { return false }
            expected = sequence + 1
            // Past the end of the ledger only a real line of this stream counts; anything else is garbage.
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
            // As much as names the change and the stream is proof that it was committed once.
            if fragment.count >= start.count { highest = next }
            return true
        }
    }

    private mutating func keepDamagedLive() throws {
        let stamp = try FileStatus.of(path: folder.livePath)
        _ = try folder.keepDamaged(StreamFolder.liveName)
        try reach(.recoveryCopyKept)
        // A rotation that was killed after its link: the sealed name holds the same bytes, which the copy has now.
        for segment in try folder.sealed() {
            let sealed = folder.path(of: segment.name)
            if try FileStatus.of(path: sealed)?.identity == stamp?.identity { try folder.remove(sealed) }
        }
    }

    // MARK: Sealed segments

    /// The sealed segments of this stream, and those that an earlier one left. What is also the live segment (a rotation
    /// that was killed after its link) counts as live only.
    private func sealedSegments() throws -> (
        own: [StreamFolder.Sealed], others: [(name: String, header: SegmentHeader)]
    ) {
        var own: [StreamFolder.Sealed] = []
        var others: [(name: String, header: SegmentHeader)] = []
        let liveIdentity = try FileStatus.of(path: folder.livePath)?.identity
        for segment in try folder.sealed() {
            guard try FileStatus.of(path: folder.path(of: segment.name))?.identity != liveIdentity else { continue }
            // One whose header somebody was at is ours to repair.
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

    /// The last change in a sealed segment; nil if its beginning or its end is not what it must be. Two reads, whatever its
    /// size: what lies between is `verify`'s business.
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

    /// The newest change that must have been announced for this segment to be there; nil if nothing in it tells.
    private func highest(in segment: StreamFolder.Sealed) throws -> Int64? {
        if let last = try lastSequence(of: segment) { return last }
        guard let header = try header(of: segment.name), header.first == segment.first else { return nil }
        return header.first - 1
    }

    /// Makes damaged and missing sealed segments anew where the ledger still has their rows. Missing ones before the oldest
    /// that stands stay away: whoever deletes from the old end wants the space.
    /// - Parameter next: the first change of the live segment; nil if that is unknown.
    /// - Returns: the last change that is in a sealed segment; nil if there is none.
    private mutating func repair(
        _ sealed: [StreamFolder.Sealed], before next: Int64?, from committed: some CommittedLines, oldest: Int64,
        nowMilliseconds: Int64
    ) throws -> Int64? {
        var end: Int64?
        for (segment, following) in zip(sealed, sealed.dropFirst().map { Int64?.some($0.first) } + [next]) {
            let last = try lastSequence(of: segment)
            guard let following else {
                end = last ?? end
                // Where it ended is unknown. The live segment, which is unknown too, goes on from where this one began.
                if last == nil { try setAsideDamaged(segment.name) }
                continue
            }
            if let last, last < following {
                end = last
                guard last + 1 < following, last + 1 >= oldest else { continue }
                try remake(last + 1, through: following - 1, from: committed, nowMilliseconds: nowMilliseconds)
            } else if following <= segment.first {
                try setAsideDamaged(segment.name)
                continue
            } else if segment.first >= oldest {
                _ = try folder.keepDamaged(segment.name)
                try reach(.recoveryCopyKept)
                try remake(segment.first, through: following - 1, from: committed, nowMilliseconds: nowMilliseconds)
            }
            end = following - 1
        }
        return end
    }

    private mutating func remake(
        _ first: Int64, through last: Int64, from committed: some CommittedLines, nowMilliseconds: Int64
    ) throws {
        _ = try makeSegment(
            StreamFolder.sealedName(first: first), first: first, through: last, from: committed,
            nowMilliseconds: nowMilliseconds)
    }

    private mutating func setAsideDamaged(_ name: String) throws {
        _ = try folder.keepDamaged(name)
        try reach(.recoveryCopyKept)
        try folder.remove(folder.path(of: name))
    }

    /// Gives a file of another stream a name that says so. The live one keeps its name as well until it is replaced.
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
