import CMarkup
import TidingsCore

/// Where each block stands on the page, and what its neighbours are.
struct Surroundings {
    private let page: PageBlocks
    /// The block of the title.
    private let title: Int?
    /// For each block: how many blocks away the nearest prose is, before and after it.
    private var proseBefore: [Int] = []
    private var proseAfter: [Int] = []
    /// How many words of prose the run of blocks around it has that no long gap interrupts.
    private var run: [Int] = []
    private var repeats: [Int] = []
    private var headingBefore: [Int] = []
    private var depths: [Int] = []
    /// The blocks of the longest run, and the one of them with the most words.
    private var longest = 0..<0
    private var longestBlock: Int?

    init(_ page: PageBlocks, title: Int?) {
        self.page = page
        self.title = title
        let blocks = page.blocks
        var last = -1
        var lastHeading = -1
        for index in blocks.indices {
            proseBefore.append(last < 0 ? Self.far : min(Self.far, index - last))
            headingBefore.append(lastHeading < 0 ? Self.far : min(Self.far, index - lastHeading))
            if blocks[index].isProse { last = index }
            if page.nodes.headingLevel(blocks[index].holder) > 0 || blocks[index].isLikeHeading { lastHeading = index }
        }
        proseAfter = [Int](repeating: Self.far, count: blocks.count)
        var next = -1
        for index in blocks.indices.reversed() {
            if next >= 0 { proseAfter[index] = min(Self.far, next - index) }
            if blocks[index].isProse { next = index }
        }
        run = Self.runs(blocks)
        if let most = run.max(), most > 0, let first = run.firstIndex(of: most), let end = run.lastIndex(of: most) {
            longest = first..<end + 1
            longestBlock = longest.max { blocks[$0].measures.words < blocks[$1].measures.words }
        }
        depths = [Int](repeating: 0, count: page.nodes.all.count)
        for node in page.nodes.all.dropFirst() { depths[node] = depths[page.nodes.parent(node)] + 1 }
        var counts: [UInt64: Int] = [:]
        let masked = blocks.map { block in
            page.text[block.text].prefix(200).reduce(WordGroups.start) { WordGroups.hash($0, $1.isASCIIDigit ? UInt8(ascii: "0") : $1) }
        }
        for text in masked { counts[text, default: 0] += 1 }
        repeats = masked.map { counts[$0] ?? 1 }
    }

    /// Farther away is the same.
    private static let far = 50
    /// So many other blocks between two paragraphs end a run.
    private static let gap = 4

    private static func runs(_ blocks: [PageBlock]) -> [Int] {
        var runs = [Int](repeating: 0, count: blocks.count)
        var start = 0
        var words = 0
        var lastProse = -gap
        func close(_ end: Int) { for index in start..<end { runs[index] = words } }
        for index in blocks.indices {
            if index - lastProse > gap, words > 0 {
                close(index)
                start = index
                words = 0
            }
            if blocks[index].isProse {
                if words == 0 {
                    close(index)
                    start = index
                }
                words += blocks[index].measures.words
                lastProse = index
            }
        }
        close(blocks.count)
        return runs
    }

    func put(_ index: Int, into row: inout FeatureRow) {
        let blocks = page.blocks
        let all = page.all
        let before = page.amount(in: 0..<index)
        row.put("position", Float(index) / Float(max(1, blocks.count)))
        row.put("share of words before", Float(before.words) / Float(max(1, all.words)))
        row.put("share of prose before", Float(before.proseWords) / Float(max(1, all.proseWords)))
        row.put("prose before: blocks away", proseBefore[index])
        row.put("prose after: blocks away", proseAfter[index])
        row.put("heading before: blocks away", headingBefore[index])
        row.put("run: share of prose", Float(run[index]) / Float(max(1, all.proseWords)))
        row.put("repeats", repeats[index])
        row.put("blocks from the longest run", index < longest.lowerBound ? index - longest.lowerBound : max(0, index - longest.upperBound + 1))
        row.put("levels to the longest run", levels(index, longestBlock))
        row.put("levels from the longest run", longestBlock.map { levels($0, index) } ?? -1)
        row.put("levels to the title", levels(index, title))
        row.put("levels from the title", title.map { levels($0, index) } ?? -1)
        putNeighbour("before", index - 1, of: index, into: &row)
        putNeighbour("2 before", index - 2, of: index, into: &row)
        putNeighbour("after", index + 1, of: index, into: &row)
        putNeighbour("2 after", index + 2, of: index, into: &row)
    }

    /// How many levels above a block the element is that also holds the other block.
    private func levels(_ index: Int, _ other: Int?) -> Int {
        guard let other else { return -1 }
        let holder = page.blocks[index].holder
        return depths[holder] - min(depths[holder], depths[page.common(holder, page.blocks[other].holder)])
    }

    private func putNeighbour(_ name: StaticString, _ neighbour: Int, of index: Int, into row: inout FeatureRow) {
        let block = page.blocks.indices.contains(neighbour) ? page.blocks[neighbour] : nil
        let nodes = page.nodes
        row.put("\(name): words", block?.measures.words ?? -1)
        row.put("\(name): links", block?.linkShare ?? -1)
        row.put("\(name): is a sibling", block.map { nodes.parent($0.holder) == nodes.parent(page.blocks[index].holder) } ?? false)
        row.put("\(name): heading level", block.map { nodes.headingLevel($0.holder) } ?? -1)
    }
}
