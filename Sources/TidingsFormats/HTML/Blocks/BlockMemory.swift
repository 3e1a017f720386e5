import TidingsCore

/// What was decided about each block of a page when it was last read.
///
/// A page around an article changes with every look – other teasers, other dates – and with it the scores of doubtful
/// blocks. So a block that was kept stays kept until its score is clearly against it, and the other way round: the text
/// changes when the article does. Blocks are known again by their text but for its numbers, and by how often the page had it before.
/// A block that was not there is likely to be what all others in its place were: one more teaser, one more paragraph.
package struct BlockMemory: Equatable, Sendable {
    /// Four bytes a block or place, little-endian: 31 bits of a hash, and the lowest bit for one that was kept.
    package private(set) var bytes: [UInt8]

    /// - Parameter bytes: `bytes` of an earlier one. Any other bytes are a memory of other blocks.
    package init(bytes: [UInt8]) { self.bytes = bytes }

    /// The limit of blocks and places that are remembered.
    private static let limit = 16_384

    /// Stands in place of a block's hash if teasers of other articles were kept.
    private static let teasers: UInt32 = 0x7EA5_E250

    init(_ page: PageBlocks, kept: [Int], keepsTeasers: Bool = false) {
        let kept = Set(kept)
        bytes = []
        if keepsTeasers { append(Self.teasers, false) }
        for (index, key) in Self.keys(page).enumerated().prefix(Self.limit) { append(key, kept.contains(index)) }
        var places: [UInt32: Bool?] = [:]
        for (index, key) in Self.places(page).enumerated() {
            let isKept = kept.contains(index)
            places[key] = places[key, default: isKept] == isKept ? isKept : .some(nil)
        }
        // In a fixed order, so that the same page leaves the same memory.
        for (key, isKept) in places.sorted(by: { $0.key < $1.key }).prefix(max(0, Self.limit - page.blocks.count)) {
            if let isKept { append(key, isKept) }
        }
    }

    private mutating func append(_ key: UInt32, _ isKept: Bool) {
        let entry = key & ~1 | (isKept ? 1 : 0)
        for shift in [0, 8, 16, 24] as [UInt32] { bytes.append(UInt8(truncatingIfNeeded: entry >> shift)) }
    }

    /// Whether teasers of other articles were a part of the text.
    var keepsTeasers: Bool {
        bytes.count >= 4 && (0..<4).allSatisfy { bytes[$0] == UInt8(truncatingIfNeeded: Self.teasers >> UInt32($0 * 8)) }
    }

    /// For each block of `page`: what its score need not reach, because it or others in its place were kept; negative where they
    /// were not.
    func habits(_ page: PageBlocks) -> [Float] {
        var known: [UInt32: Bool] = [:]
        for start in stride(from: 0, to: bytes.count - bytes.count % 4, by: 4) {
            let entry = (0..<4).reduce(0 as UInt32) { $0 | UInt32(bytes[start + $1]) << UInt32($1 * 8) }
            known[entry & ~1] = entry & 1 == 1
        }
        return zip(Self.keys(page), Self.places(page)).map { key, place in
            if let wasKept = known[key & ~1] { return wasKept ? Self.inertia : -Self.inertia }
            if let wereKept = known[place & ~1] { return wereKept ? Self.inertiaOfPlace : -Self.inertiaOfPlace }
            return 0
        }
    }

    /// By how much a score must be against what was decided before.
    static let inertia: Float = 0.25
    static let inertiaOfPlace: Float = 0.15

    private static func keys(_ page: PageBlocks) -> [UInt32] {
        var occurrences: [UInt64: UInt64] = [:]
        return page.blocks.map { block in
            let text = WordGroups.hash(WithoutNumbers(bytes: page.text[block.text]))
            let occurrence = occurrences[text, default: 0]
            occurrences[text] = occurrence + 1
            return folded(text &+ occurrence &* 0x9E37_79B9_7F4A_7C15)
        }
    }

    private static func places(_ page: PageBlocks) -> [UInt32] {
        page.blocks.map { folded(~BlockPaths.place($0.holder, page.nodes)) }
    }

    private static func folded(_ hash: UInt64) -> UInt32 {
        UInt32(truncatingIfNeeded: (hash &* 0xD6E8_FEB8_6659_FD93) >> 32)
    }
}

/// The bytes of a text with one 0 for each run of digits.
private struct WithoutNumbers: Sequence, IteratorProtocol {
    private let bytes: ArraySlice<UInt8>
    private var position: Int

    init(bytes: ArraySlice<UInt8>) {
        self.bytes = bytes
        position = bytes.startIndex
    }

    mutating func next() -> UInt8? {
        guard position < bytes.endIndex else { return nil }
        let byte = bytes[position]
        position += 1
        guard byte.isASCIIDigit else { return byte }
        while position < bytes.endIndex, bytes[position].isASCIIDigit { position += 1 }
        return UInt8(ascii: "0")
    }
}
