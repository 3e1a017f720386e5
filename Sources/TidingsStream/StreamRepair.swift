import TidingsCore
import TidingsSystem

/// What a repair of the stream folder did.
package struct StreamRepair: Equatable, Sendable {
    /// Names of files that were made anew from the rows; what they were is kept beside them as `.damaged`.
    package var remade: [String] = []
    /// Names of sealed segments whose rows are no longer kept, so that they stay as they are.
    package var beyondRepair: [String] = []

    /// Makes every change file anew that differs from the committed rows anywhere, and removes what a killed process left.
    /// Nobody else writes to the folder.
    /// - Throws: `StreamError`, above all `aheadOfLedger`, after which the files are as they were; the ledger's own errors.
    package static func run(
        folder path: String, stream: String, committed: some CommittedLines, nowMilliseconds: Int64
    ) throws -> StreamRepair {
        let folder = StreamFolder(path: path)
        var limits = ChangeFile.Limits()
        limits.comparedTailBytes = .max
        let before = try FileStatus.of(path: folder.livePath)
        var repair = StreamRepair()
        var file = try ChangeFile(
            folder: path, stream: stream, committed: committed, nowMilliseconds: nowMilliseconds, limits: limits)
        if try FileStatus.of(path: folder.livePath)?.identity != before?.identity { repair.remade.append(StreamFolder.liveName) }

        // Recovery looks at the ends of sealed segments; here their middles count too.
        let wrong = Set(
            try StreamCheck.run(folder: path, stream: stream, committed: committed).differences.map(\.file))
        let sealed = try folder.sealed()
        let oldest = try committed.first()
        for (position, segment) in sealed.enumerated() where wrong.contains(segment.name) {
            let next = position + 1 < sealed.count ? sealed[position + 1].first : file.liveFirst ?? 1
            guard segment.first >= oldest, next > segment.first else {
                repair.beyondRepair.append(segment.name)
                continue
            }
            _ = try folder.keepDamaged(segment.name)
            try file.remakeSealed(segment.first, through: next - 1, from: committed, nowMilliseconds: nowMilliseconds)
            repair.remade.append(segment.name)
        }
        return repair
    }

    /// The highest sequence number in the live segment, of whatever stream: what consumers may have seen. 0 if there is none.
    package static func newestPublished(folder path: String) throws -> Int64 {
        let folder = StreamFolder(path: path)
        guard try FileStatus.of(path: folder.livePath)?.isRegular == true,
            let file = try OpenFile(folder.livePath, for: .read)
        else { return try folder.sealed().last?.first ?? 0 }
        var scanner = SegmentScanner(file)
        var newest: Int64 = 0
        if case .line(let line) = try scanner.next(), let header = SegmentHeader(line) { newest = header.first - 1 }
        scanner = SegmentScanner(file, at: max(0, try file.stamp().size - Int64(2 * ChangeLine.limitBytes)))
        while true {
            switch try scanner.next() {
            case .line(let line): newest = max(newest, ChangeLine.sequence(of: line) ?? 0)
            case .tooLong: return newest
            case .end(let fragment): return max(newest, ChangeLine.sequence(of: fragment) ?? 0)
            }
        }
    }
}

/// A file in the stream folder that no reader of the stream opens.
package struct StreamLeftover: Equatable, Sendable {
    package enum Kind: Equatable, Sendable {
        /// What a file was before it was made anew.
        case damagedCopy
        /// A segment of an earlier stream; what is wrong with it, if anything is.
        case earlierStream(problem: String?)
        /// A file in the making, or what is left of one.
        case temporary
    }
    package let name: String
    package let kind: Kind

    /// All of them. Reads the segments of earlier streams line by line: their rows may be gone, but each has to be a line of that
    /// stream, and after each the next.
    package static func all(in path: String) throws -> [StreamLeftover] {
        let folder = StreamFolder(path: path)
        return try folder.names().sorted().compactMap { name in
            guard name.hasPrefix("changes"), name != StreamFolder.liveName, StreamFolder.first(ofSealed: name) == nil else { return nil }
            if name.hasSuffix(".ndjson.new") { return StreamLeftover(name: name, kind: .temporary) }
            if name.contains(".ndjson.damaged") { return StreamLeftover(name: name, kind: .damagedCopy) }
            guard name.hasSuffix(".ndjson") else { return nil }
            return StreamLeftover(name: name, kind: .earlierStream(problem: try problem(of: folder.path(of: name))))
        }
    }

    private static func problem(of path: String) throws -> String? {
        guard try FileStatus.of(path: path)?.isRegular == true, let file = try OpenFile(path, for: .read) else {
            return "that is no file"
        }
        var scanner = SegmentScanner(file)
        guard case .line(let line) = try scanner.next(), let header = SegmentHeader(line) else { return "its first line is no header" }
        var number = 1
        var expected = header.first
        while true {
            number += 1
            switch try scanner.next() {
            case .line(let line):
                guard ChangeLine.sequence(of: line) == expected, ChangeLineFields(line)?.stream == header.stream else {
                    return "line \(number) is not change \(expected) of its stream"
                }
                expected += 1
            case .tooLong: return "line \(number) is too long"
            // The daemon may have been killed in the middle of the last line, and the ledger lost.
            case .end: return nil
            }
        }
    }
}

extension ChangeFile {
    fileprivate mutating func remakeSealed(
        _ first: Int64, through last: Int64, from committed: some CommittedLines, nowMilliseconds: Int64
    ) throws {
        _ = try makeSegment(
            StreamFolder.sealedName(first: first), first: first, through: last, from: committed, nowMilliseconds: nowMilliseconds)
    }
}
