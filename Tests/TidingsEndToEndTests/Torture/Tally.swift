import Foundation

/// What any number of lines of the stream come to, in a few words of memory: how many they are, whether each has the number after the
/// one before it, and a digest of all their bytes in their order. Two who have the same tally have seen the same.
struct Tally: Equatable, CustomStringConvertible {
    private(set) var count = 0
    private(set) var last: Int64 = 0
    /// The first line that did not follow the one before it: one that was missed, or came twice, or out of order.
    private(set) var misplaced: String?
    private var digest = 0

    private static let beginning = Data(#"{"specversion":"1.0","id":""#.utf8)

    var description: String { "\(count) changes to \(last)" + (misplaced.map { ", misplaced: \($0)" } ?? "") }

    /// The number of `line`; nil for the header of a file.
    static func sequence(of line: Data) -> Int64? {
        guard line.starts(with: beginning) else { return nil }
        return Int64(String(decoding: line.dropFirst(beginning.count).prefix { $0 != UInt8(ascii: "\"") }, as: UTF8.self))
    }

    /// - Returns: false for the header of a file, which does not count.
    @discardableResult
    mutating func add(_ line: Data) -> Bool {
        let sequence = Self.sequence(of: line)
        if sequence == nil, line.range(of: Data(#""type":"tidings.stream.header""#.utf8)) != nil { return false }
        if sequence != last + 1, misplaced == nil {
            misplaced = "after \(last): \(String(decoding: line.prefix(160), as: UTF8.self))"
        }
        count += 1
        last = sequence ?? last
        var hasher = Hasher()
        hasher.combine(digest)
        unsafe line.withUnsafeBytes { unsafe hasher.combine(bytes: $0) }
        digest = hasher.finalize()
        return true
    }
}

extension Installation {
    /// Of what the change files hold.
    func tallyOfFiles() throws -> Tally {
        let folder = state + "/stream"
        var tally = Tally()
        let sealed = try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasPrefix("changes-") }.sorted()
        for name in sealed + ["changes.ndjson"] {
            var file = try GrowingFile(folder + "/" + name)
            try file.takeLines { tally.add($0) }
        }
        return tally
    }

    /// Of what the ledger has committed.
    func tallyOfLedger() throws -> Tally {
        var tally = Tally()
        let ledger = try ledger()
        while true {
            let rows = try ledger.lines(after: tally.last, limitBytes: 1 << 20)
            if rows.isEmpty { return tally }
            for row in rows { tally.add(Data(row.bytes.dropLast())) }
        }
    }
}
