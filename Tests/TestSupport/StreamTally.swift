import Foundation

/// What any number of lines of the stream come to, in a few words of memory: how many they are, whether each has the number after the
/// one before it, and a digest of all their bytes in their order. Two with the same tally have seen the same.
///
/// It reads no more of a line than its number, which stands first: a million lines are too many for a decoder.
package struct StreamTally: Equatable, Sendable, CustomStringConvertible {
    package private(set) var count = 0
    package private(set) var last: Int64
    /// The first line that did not follow the one before it: one that was missed, or came twice, or out of order.
    package private(set) var misplaced: String?
    private var digest = 0

    private static let beginning = Data(#"{"specversion":"1.0","id":""#.utf8)

    /// - Parameter start: the change after which it begins.
    package init(after start: Int64 = 0) { last = start }

    package var description: String { "\(count) changes to \(last)" + (misplaced.map { ", misplaced: \($0)" } ?? "") }

    /// The number of `line`; nil for the header of a file.
    private static func sequence(of line: Data) -> Int64? {
        guard line.starts(with: beginning) else { return nil }
        return Int64(String(decoding: line.dropFirst(beginning.count).prefix { $0 != UInt8(ascii: "\"") }, as: UTF8.self))
    }

    /// - Returns: false for the header of a file, which does not count.
    @discardableResult
    package mutating func add(_ line: Data) -> Bool {
        let sequence = Self.sequence(of: line)
        if sequence == nil, StreamLine.isHeader(String(decoding: line, as: UTF8.self)) { return false }
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
