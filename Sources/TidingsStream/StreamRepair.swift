import TidingsCore
import TidingsSystem

/// What a repair of the stream folder did.
package struct StreamRepair: Equatable, Sendable {
    /// Names of the files that were made anew from the rows. The old files are kept beside them as `.damaged`.
    package var remade: [String] = []
    /// Names of the sealed segments that stay as they are because their rows are no longer kept.
    package var beyondRepair: [String] = []

    /// Makes every change file anew that differs from the committed rows anywhere, and removes the temporary files of killed
    /// processes. Nobody else may write to the folder meanwhile.
    /// - Parameter nowMilliseconds: the wall clock.
    /// - Throws: `StreamError`, above all `aheadOfLedger`, after which the files are as they were; the ledger's own errors.
    package static func run(
        folder path: String, stream: String, committed: any CommittedLines, nowMilliseconds: @escaping () -> Int64
    ) throws -> StreamRepair {
        let folder = StreamFolder(path: path)
        var limits = ChangeFile.Limits()
        limits.comparedTailBytes = .max
        let before = try FileStatus.of(path: folder.livePath)
        var repair = StreamRepair()
        var file = try ChangeFile(
            folder: path, stream: stream, committed: committed, nowMilliseconds: nowMilliseconds, limits: limits)
        if try FileStatus.of(path: folder.livePath)?.identity != before?.identity { repair.remade.append(StreamFolder.liveName) }

        // Recovery reads only the header and the end of a sealed segment.
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
            try file.remake(segment.first, through: next - 1)
            repair.remade.append(segment.name)
        }
        return repair
    }

    /// The highest sequence number in the live segment, of any stream, which readers may have seen; 0 if there is none. Without a
    /// live segment, the first number of the newest sealed one.
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
        /// A copy of a file from before it was made anew.
        case damagedCopy
        /// A segment of an earlier stream; `problem` says what is wrong with it, if anything is.
        case earlierStream(problem: String?)
        /// A file that is being made, or one that a killed process left.
        case temporary
    }
    package let name: String
    package let kind: Kind

    /// All leftovers in a stream folder. Reads the segments of earlier streams line by line. Their rows may be gone, but every line
    /// has to be of that stream and has to have the next number.
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
            // A fragment is no problem: the daemon may have been killed within the last line before the ledger was lost.
            case .end: return nil
            }
        }
    }
}
