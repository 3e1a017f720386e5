import TidingsCore
import TidingsSystem

/// One place where a change file differs from the committed rows, or is malformed.
package struct StreamDifference: Equatable, Sendable, CustomStringConvertible {
    package enum Kind: Equatable, Sendable {
        case noFile
        /// The first line is no header, or names another stream or another first change.
        case header
        /// The line differs from its row.
        case line
        /// A line with a number that is not the next one.
        case order
        /// These changes are in no file although later ones are.
        case missing(through: Int64)
        /// The ledger never committed this change.
        case uncommitted
        /// A sealed segment ends within a line, or the live segment ends with a fragment that differs from its row.
        case torn
    }

    package let kind: Kind
    /// The file's name in the stream folder.
    package let file: String
    /// 1 is the header.
    package let line: Int
    /// The change that should be there; nil where that is unknown.
    package let sequence: Int64?

    package var description: String {
        place + "; " + (isLeadOfLedger ? "restart the daemon, which begins a new stream id" : "run `tidings verify --repair`")
    }

    /// The place and the kind of the difference, for people.
    package var place: String {
        let place = "\(file):\(line): " + (sequence.map { "change \($0): " } ?? "")
        return switch kind {
        case .noFile: place + "there is no such file"
        case .header: place + "not the header of this segment"
        case .line: place + "differs from the ledger"
        case .order: place + "another line stands in its place"
        case .missing(let through): place + "missing, up to \(through)"
        case .uncommitted: place + "the ledger has not committed it"
        case .torn: place + "not whole"
        }
    }

    /// Whether the file has more than the ledger, which then was lost or restored. The file must not be made anew from it.
    package var isLeadOfLedger: Bool { kind == .uncommitted }
}

/// The result of a check of the stream folder.
package struct StreamCheck: Equatable, Sendable {
    /// At most `differencesLimit` for each file, because a shifted file differs in every line.
    package var differences: [StreamDifference] = []
    package var segments = 0
    /// Lines that equal their rows.
    package var equalLines: Int64 = 0
    /// Lines whose rows are no longer kept; only their order was checked.
    package var uncheckedLines: Int64 = 0
    /// Committed changes that are not yet in the files.
    package var unpublished: Int64 = 0

    static let differencesLimit = 100

    /// The result before anything was read.
    package static let none = StreamCheck()

    /// Compares every sealed segment and the live one, line by line, with the rows. Reads only, in constant memory, and may
    /// run beside the daemon.
    package static func run(folder: String, stream: String, committed: any CommittedLines) throws -> StreamCheck {
        let folder = StreamFolder(path: folder)
        var check = StreamCheck()
        // Opened before the names are listed: otherwise a rotation in between would hide it.
        let live = try FileStatus.of(path: folder.livePath)?.isRegular == true ? OpenFile(folder.livePath, for: .read) : nil
        let liveIdentity = try live?.stamp().identity
        var walk = Walk(
            stream: stream, oldest: try committed.first(), committed: committed, rows: CommittedCursor(committed))
        for segment in try folder.sealed() {
            guard let file = try OpenFile(folder.path(of: segment.name), for: .read),
                try file.stamp().identity != liveIdentity
            else { continue }
            try walk.read(file, name: segment.name, first: segment.first, into: &check)
        }
        if let live {
            try walk.read(live, name: StreamFolder.liveName, first: nil, into: &check)
        } else {
            check.differences.append(
                StreamDifference(kind: .noFile, file: StreamFolder.liveName, line: 1, sequence: nil))
        }
        check.unpublished = max(0, try committed.last() - (walk.next ?? 1) + 1)
        return check
    }

    private struct Walk {
        let stream: String
        /// The oldest row that is kept. Rises when rows are pruned during the check.
        var oldest: Int64
        let committed: any CommittedLines
        var rows: CommittedCursor
        /// The change that the next line must have; nil before the first segment.
        var next: Int64?

        /// - Parameter first: the first change by the name of a sealed segment; nil for the live one.
        mutating func read(_ file: OpenFile, name: String, first: Int64?, into check: inout StreamCheck) throws {
            check.segments += 1
            var found: [StreamDifference] = []
            defer { check.differences += found }
            var number = 1
            func note(_ kind: StreamDifference.Kind, _ sequence: Int64?) {
                guard found.count < StreamCheck.differencesLimit else { return }
                found.append(StreamDifference(kind: kind, file: name, line: number, sequence: sequence))
            }
            var scanner = SegmentScanner(file)
            guard case .line(let line) = try scanner.next(), let header = SegmentHeader(line), header.stream == stream,
                header.first == first ?? header.first
            else { return note(.header, first) }
            if let next, header.first > next { note(.missing(through: header.first - 1), next) }
            if let next, header.first < next { note(.order, next) }
            var expected = header.first
            defer { next = max(next ?? 1, expected) }
            while true {
                number += 1
                switch try scanner.next() {
                case .line(let line):
                    let sequence = ChangeLine.sequence(of: line)
                    if let sequence, sequence > expected { note(.missing(through: sequence - 1), expected) }
                    if sequence != expected { note(.order, expected) }
                    let place = max(sequence ?? expected, expected)
                    if let row = try rows.bytes(of: place) {
                        if row == line { check.equalLines += 1 } else if sequence == place { note(.line, place) }
                    } else {
                        if place >= oldest { oldest = try committed.first() }
                        if place < oldest { check.uncheckedLines += 1 } else { note(.uncommitted, place) }
                    }
                    expected = place + 1
                case .tooLong: return note(.order, expected)
                case .end(let fragment):
                    guard !fragment.isEmpty else { return }
                    // The daemon may be writing this line.
                    let row = try rows.bytes(of: expected)
                    if first != nil || row?.starts(with: fragment) != true { note(.torn, expected) }
                    return
                }
            }
        }
    }
}
