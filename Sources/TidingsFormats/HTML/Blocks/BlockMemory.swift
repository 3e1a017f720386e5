import TidingsCore

/// What was decided about each block of a page when it was last read.
///
/// A page around an article changes with every look – other teasers, other dates – and with it the scores of doubtful
/// blocks. So a block that was kept stays kept until its score is clearly against it, and the other way round: the text
/// changes when the article does. Blocks are known again by their text, and by how often the page had it before.
package struct BlockMemory: Equatable, Sendable {
    /// Four bytes a block, little-endian: 31 bits of a hash, and the lowest bit for a block that was kept.
    package private(set) var bytes: [UInt8]

    /// - Parameter bytes: `bytes` of an earlier one. Any other bytes are a memory of other blocks.
    package init(bytes: [UInt8]) { self.bytes = bytes }

    /// The limit of blocks that are remembered.
    private static let limitBlocks = 16_384

    init(_ page: PageBlocks, kept: [Int]) {
        let kept = Set(kept)
        bytes = []
        for (index, key) in Self.keys(page).enumerated().prefix(Self.limitBlocks) {
            let entry = key & ~1 | (kept.contains(index) ? 1 : 0)
            for shift in [0, 8, 16, 24] as [UInt32] { bytes.append(UInt8(truncatingIfNeeded: entry >> shift)) }
        }
    }

    /// For each block of `page`: whether it was kept, or nil for one that was not there.
    func decisions(_ page: PageBlocks) -> [Bool?] {
        var known: [UInt32: Bool] = [:]
        for start in stride(from: 0, to: bytes.count - bytes.count % 4, by: 4) {
            let entry = (0..<4).reduce(0 as UInt32) { $0 | UInt32(bytes[start + $1]) << UInt32($1 * 8) }
            known[entry & ~1] = entry & 1 == 1
        }
        return Self.keys(page).map { known[$0 & ~1] }
    }

    private static func keys(_ page: PageBlocks) -> [UInt32] {
        var occurrences: [UInt64: UInt64] = [:]
        return page.blocks.map { block in
            let text = WordGroups.hash(page.text[block.text])
            let occurrence = occurrences[text, default: 0]
            occurrences[text] = occurrence + 1
            let key = (text &+ occurrence &* 0x9E37_79B9_7F4A_7C15) &* 0xD6E8_FEB8_6659_FD93
            return UInt32(truncatingIfNeeded: key >> 32)
        }
    }
}
