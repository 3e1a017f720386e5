import CMarkup
import TidingsCore

/// The path of each block – the kinds and classes of its element and the three around it – and what the blocks of equal
/// paths have in common: paragraphs of one article are made alike, and so are teasers.
struct BlockPaths {
    private var paths: [UInt64] = []
    private var shorter: [UInt64] = []
    private var totals: [UInt64: Total] = [:]
    private let all: PageBlocks.Amount

    private struct Total {
        var blocks = 0
        var words = 0
        var linkedWords: Float = 0
        var proseWords = 0
        var first = Int.max
        var last = 0
    }

    init(_ page: PageBlocks) {
        all = page.all
        for (index, block) in page.blocks.enumerated() {
            let path = Self.path(block.holder, page.nodes, levels: 4)
            let short = Self.path(block.holder, page.nodes, levels: 2)
            paths.append(path)
            shorter.append(short)
            for key in [path, short] {
                var total = totals[key] ?? Total()
                total.blocks += 1
                total.words += block.measures.words
                total.linkedWords += Float(block.measures.words) * block.linkShare
                if block.isProse { total.proseWords += block.measures.words }
                total.first = min(total.first, index)
                total.last = index
                totals[key] = total
            }
        }
    }

    func put(_ index: Int, into row: inout FeatureRow) {
        put("path", paths[index], into: &row)
        put("short path", shorter[index], into: &row)
    }

    private func put(_ name: StaticString, _ path: UInt64, into row: inout FeatureRow) {
        let total = totals[path] ?? Total()
        row.put("\(name): blocks", total.blocks)
        row.put("\(name): words a block", Float(total.words) / Float(max(1, total.blocks)))
        row.put("\(name): links", total.linkedWords / Float(max(1, total.words)))
        row.put("\(name): share of prose", Float(total.proseWords) / Float(max(1, all.proseWords)))
        row.put("\(name): spread", total.blocks == 0 ? 0 : total.last - total.first + 1 - total.blocks)
    }

    /// Where an element stands, in a form that another look at the page shows again: without numbers.
    static func place(_ holder: Int, _ nodes: HTMLNodes) -> UInt64 {
        var hash = WordGroups.start
        var element = holder
        for _ in 0..<4 {
            hash = WordGroups.hash(hash, nodes.tag(element).rawValue)
            for byte in nodes.attributeBytes("class", of: element)?.prefix(120) ?? [] where !byte.isASCIIDigit {
                hash = WordGroups.hash(hash, byte)
            }
            let parent = nodes.parent(element)
            if parent == element { break }
            element = parent
        }
        return hash
    }

    private static func path(_ holder: Int, _ nodes: HTMLNodes, levels: Int) -> UInt64 {
        var hash = WordGroups.start ^ UInt64(levels)
        var element = holder
        for _ in 0..<levels {
            hash = WordGroups.hash(hash, nodes.tag(element).rawValue)
            // Numbers in classes count: `post-1234` is another element on each page, not within one.
            for byte in nodes.attributeBytes("class", of: element)?.prefix(120) ?? [] { hash = WordGroups.hash(hash, byte) }
            let parent = nodes.parent(element)
            if parent == element { break }
            element = parent
        }
        return hash
    }
}
