import TidingsCore

/// Detects that the ledger is not the one that the files were made from: it was deleted and is a new one now, or it was restored
/// from a copy older than its last reset. Its numbers may stand for other changes than those in the files, which somebody may have
/// read. So a new stream has to begin after the highest number in the files.
extension ChangeFile {
    /// - Parameter superseded: the earlier stream ids of this ledger.
    /// - Throws: `.otherStream` if the newest file with a reliable header, the live segment first, is of a stream that is neither
    ///   ours nor superseded.
    func refuseOtherStream(than superseded: Set<String>) throws {
        let sealed = try folder.sealed()
        let telling = [StreamFolder.liveName] + sealed.reversed().map(\.name)
        var told: SegmentHeader?
        for name in telling where told == nil { told = try reliableHeader(of: name) }
        guard let other = told?.stream, other != stream, !superseded.contains(other) else { return }
        let highest = try telling.map { try highestSequence(in: $0) }.max() ?? 0
        throw StreamError(.otherStream(id: other, highest: highest), attempt: "recover", path: folder.livePath)
    }

    /// The header of a segment; nil if there is none, or if the first line names another stream: then the header was edited.
    func reliableHeader(of name: String) throws -> SegmentHeader? {
        guard let header = try header(of: name), let file = try OpenFile(folder.path(of: name), for: .read) else { return nil }
        var scanner = SegmentScanner(file)
        _ = try scanner.next()
        guard case .line(let line) = try scanner.next(), let fields = ChangeLineFields(line) else { return header }
        return fields.stream == header.stream ? header : nil
    }

    /// The highest number of a change in a file of any stream; 0 if it has no header. Reads all of the file, because its end may
    /// be damaged. This happens only after the ledger was lost or restored.
    func highestSequence(in name: String) throws -> Int64 {
        guard let header = try header(of: name), let file = try OpenFile(folder.path(of: name), for: .read) else { return 0 }
        var highest = header.first - 1
        var scanner = SegmentScanner(file)
        while true {
            onProgress()
            switch try scanner.next() {
            case .line(let line): highest = max(highest, Self.sequence(of: line, in: header.stream) ?? 0)
            // No reader has taken a line that is not whole.
            case .end, .tooLong: return highest
            }
        }
    }

    /// Nil for numbers above a limit as well: garbage that looks like a line must not use up the numbers.
    private static func sequence(of line: [UInt8], in stream: String) -> Int64? {
        guard ChangeLineFields(line)?.stream == stream, let sequence = ChangeLine.sequence(of: line), sequence < .max / 2
        else { return nil }
        return sequence
    }
}
