import TidingsCore

/// The files tell when the ledger is not the one that wrote them: it was deleted and is a new one now, or it was restored from
/// a copy older than its last reset. Its numbers may mean other changes to those who have read the files, so that a new stream
/// has to begin past the last of them.
extension ChangeFile {
    /// - Parameter superseded: ids that the ledger knows and has left behind.
    /// - Throws: `.otherStream` if the live segment, or the newest sealed one where no live one tells, is of a stream that is
    ///   neither ours nor superseded.
    func refuseOtherStream(than superseded: Set<String>) throws {
        let sealed = try folder.sealed()
        let telling = [StreamFolder.liveName] + sealed.reversed().map(\.name)
        var told: SegmentHeader?
        for name in telling where told == nil { told = try reliableHeader(of: name) }
        guard let other = told?.stream, other != stream, !superseded.contains(other) else { return }
        let highest = try telling.map { try highestSequence(in: $0) }.max() ?? 0
        throw StreamError(.otherStream(id: other, highest: highest), attempt: "recover", path: folder.livePath)
    }

    /// Nil as well if the first line is of another stream: then somebody was at the header.
    func reliableHeader(of name: String) throws -> SegmentHeader? {
        guard let header = try header(of: name), let file = try OpenFile(folder.path(of: name), for: .read) else { return nil }
        var scanner = SegmentScanner(file)
        _ = try scanner.next()
        guard case .line(let line) = try scanner.next(), let fields = ChangeLineFields(line) else { return header }
        return fields.stream == header.stream ? header : nil
    }

    /// The highest number of a change in a file of whatever stream, read from its beginning: this happens once, after a
    /// disaster, and what stands in its tail may be damaged.
    func highestSequence(in name: String) throws -> Int64 {
        guard let header = try header(of: name), let file = try OpenFile(folder.path(of: name), for: .read) else { return 0 }
        var highest = header.first - 1
        var scanner = SegmentScanner(file)
        while true {
            onProgress()
            switch try scanner.next() {
            case .line(let line): highest = max(highest, Self.sequence(of: line, in: header.stream) ?? 0)
            // No consumer has read more of a line that is not whole.
            case .end, .tooLong: return highest
            }
        }
    }

    /// Garbage that looks like a line must not use up all the numbers that there are.
    private static func sequence(of line: [UInt8], in stream: String) -> Int64? {
        guard ChangeLineFields(line)?.stream == stream, let sequence = ChangeLine.sequence(of: line), sequence < .max / 2
        else { return nil }
        return sequence
    }
}
