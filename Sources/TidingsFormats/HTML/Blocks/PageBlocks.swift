import CMarkup
import TidingsCore

/// One block of a page: a line of its text, or a whole preformatted element.
struct PageBlock {
    /// Where its lines are in the text of the page.
    var text: Range<Int>
    /// The first and last node that gave text to it.
    var first: Int
    var last: Int
    /// The smallest block-level element that all of its text is in.
    var holder: Int
    var linkedBytes: Int
    var measures = LineMeasures([])

    /// The share of the text that is in links, 0…1.
    var linkShare: Float { text.isEmpty ? 0 : min(1, Float(linkedBytes) / Float(text.count)) }

    /// A short line without a sentence, in letters rather than links: "Related articles" is often no `h3` but looks like one.
    var isLikeHeading: Bool { measures.words <= 5 && measures.ending == .open && linkShare < 0.5 && measures.letters > 3 && measures.digits == 0 }

    /// A paragraph: enough words, in sentences, and most of them are no links.
    var isProse: Bool { measures.words >= 12 && linkShare < 0.4 && measures.sentences + measures.commas > 0 }
}

/// The text of a page as blocks in document order, and what each element holds of them.
struct PageBlocks {
    let nodes: HTMLNodes
    private(set) var blocks: [PageBlock] = []
    /// The text of the page that is not left out, as UTF-8.
    let text: [UInt8]
    /// For each node, and the end: how many blocks begin before it.
    private var starts: [Int32] = []
    /// What the blocks before each block, and before the end, hold together.
    private(set) var sums: [Amount] = []

    /// What some blocks hold together.
    struct Amount {
        var blocks = 0
        var words = 0
        var linkedWords: Float = 0
        var proseBlocks = 0
        var proseWords = 0
        var headings = 0
        /// Short blocks with a year or a time of day.
        var dates = 0
        /// Blocks that are links as a whole.
        var links = 0

        static func - (left: Amount, right: Amount) -> Amount {
            Amount(
                blocks: left.blocks - right.blocks, words: left.words - right.words,
                linkedWords: left.linkedWords - right.linkedWords, proseBlocks: left.proseBlocks - right.proseBlocks,
                proseWords: left.proseWords - right.proseWords, headings: left.headings - right.headings,
                dates: left.dates - right.dates, links: left.links - right.links)
        }

        static func + (left: Amount, right: Amount) -> Amount {
            Amount(
                blocks: left.blocks + right.blocks, words: left.words + right.words,
                linkedWords: left.linkedWords + right.linkedWords, proseBlocks: left.proseBlocks + right.proseBlocks,
                proseWords: left.proseWords + right.proseWords, headings: left.headings + right.headings,
                dates: left.dates + right.dates, links: left.links + right.links)
        }

        fileprivate mutating func add(_ block: PageBlock, isHeading: Bool) {
            blocks += 1
            words += block.measures.words
            linkedWords += Float(block.measures.words) * block.linkShare
            if block.isProse {
                proseBlocks += 1
                proseWords += block.measures.words
            }
            if isHeading { headings += 1 }
            if block.measures.words <= 12, block.measures.hasYear || block.measures.hasClock { dates += 1 }
            if block.linkShare > 0.8 { links += 1 }
        }

        var linkShare: Float { words == 0 ? 0 : linkedWords / Float(words) }
    }

    init(_ nodes: HTMLNodes, _ boxes: PageBoxes) {
        self.nodes = nodes
        let (text, lines) = HTMLTextWalk(nodes).lines(in: nodes.all, verdict: boxes.verdict)
        self.text = text
        var pre: Int?
        for (number, line) in lines.enumerated() {
            let end = number + 1 < lines.count ? lines[number + 1].start - 1 : text.count
            guard line.start < end else { continue }
            let preformatted = nodes.preformatted(around: line.first)
            if let preformatted, preformatted == pre, var block = blocks.popLast() {
                block.text = block.text.lowerBound..<end
                block.last = line.last
                block.linkedBytes += line.linkedBytes
                blocks.append(block)
                continue
            }
            pre = preformatted
            blocks.append(
                PageBlock(
                    text: line.start..<end, first: line.first, last: line.last,
                    holder: preformatted ?? nodes.blockElement(holding: line.first, line.last), linkedBytes: line.linkedBytes))
        }
        for block in blocks.indices { blocks[block].measures = LineMeasures(text[blocks[block].text]) }
        starts = [Int32](repeating: 0, count: nodes.all.count + 1)
        for block in blocks { starts[block.first + 1] += 1 }
        for node in nodes.all { starts[node + 1] += starts[node] }
        var sum = Amount()
        sums.reserveCapacity(blocks.count + 1)
        sums.append(sum)
        for block in blocks {
            sum.add(block, isHeading: nodes.headingLevel(block.holder) > 0)
            sums.append(sum)
        }
    }

    /// The blocks that begin in an element.
    func range(of element: Int) -> Range<Int> {
        let subtree = nodes.subtree(element)
        return Int(starts[subtree.lowerBound])..<Int(starts[subtree.upperBound])
    }

    /// The smallest element that holds both nodes.
    func common(_ first: Int, _ second: Int) -> Int {
        var element = min(first, second)
        let last = max(first, second)
        while nodes.subtree(element).upperBound <= last, nodes.parent(element) != element { element = nodes.parent(element) }
        return element
    }

    func amount(in range: Range<Int>) -> Amount { sums[range.upperBound] - sums[range.lowerBound] }

    var all: Amount { sums[blocks.count] }
}

extension HTMLNodes {
    /// 1…6 of a heading, else 0.
    func headingLevel(_ node: Int) -> Int {
        switch tag(node) {
        case TIDINGS_HTML_H1: 1
        case TIDINGS_HTML_H2: 2
        case TIDINGS_HTML_H3: 3
        case TIDINGS_HTML_H4: 4
        case TIDINGS_HTML_H5: 5
        case TIDINGS_HTML_H6: 6
        default: 0
        }
    }

    /// The preformatted element that a node is in.
    fileprivate func preformatted(around node: Int) -> Int? {
        var element = node
        // Code is marked up word by word, but not deeply.
        for _ in 0..<8 {
            if tag(element) == TIDINGS_HTML_PRE { return element }
            let parent = parent(element)
            if parent == element { return nil }
            element = parent
        }
        return nil
    }

    fileprivate func blockElement(holding first: Int, _ last: Int) -> Int {
        var element = first
        while !isBlockOrCell(tag(element)) || subtree(element).upperBound <= last {
            let parent = parent(element)
            if parent == element { break }
            element = parent
        }
        return element
    }

    private func isBlockOrCell(_ tag: Tag) -> Bool { tag == TIDINGS_HTML_TD || tag == TIDINGS_HTML_TH || isBlock(tag) }
}
