import CMarkup

/// The lines that stand near the heading of a page, nearest first: there a page says when its article was published, and by
/// whom.
struct PageLines {
    struct Line {
        let text: String
        /// The first node of its text.
        let node: Int
    }

    let all: [Line]

    init(_ nodes: HTMLNodes, heading: Int, parts: inout PageParts) {
        let range = max(0, heading - Self.nodesBefore)..<min(nodes.all.upperBound, nodes.subtree(heading).upperBound + Self.nodesAfter)
        var before: [Line] = []
        var after: [Line] = []
        var text: [UInt8] = []
        var first: Int?
        var paragraphs = 0
        // Where the blocks around the current node end.
        var ends: [Int] = []
        func endLine() {
            defer {
                text = []
                first = nil
            }
            guard let node = first else { return }
            let line = foldedSpace(text[...])
            guard !line.isEmpty else { return }
            if node > heading, line.utf8.count > Self.paragraphBytes { paragraphs += 1 }
            // A line of prose may have a date in it too.
            guard line.unicodeScalars.count <= Self.limitScalars else { return }
            if node < heading { before.append(Line(text: line, node: node)) } else { after.append(Line(text: line, node: node)) }
        }
        var node = range.lowerBound
        while node < range.upperBound, paragraphs < Self.paragraphLimit {
            while let end = ends.last, end <= node {
                endLine()
                ends.removeLast()
            }
            let tag = nodes.tag(node)
            if tag == TIDINGS_HTML_TEXT {
                if first == nil { first = node }
                text += nodes.bytes[nodes.textRange(node)]
            } else if node == heading || nodes.isNeverShown(node) && !holds(heading, node, nodes) || parts.isBeside(node) {
                endLine()
                node = nodes.subtree(node).upperBound
                continue
            } else if isBlock(tag) || tag == TIDINGS_HTML_BR || tag == TIDINGS_HTML_TIME || tag == TIDINGS_HTML_TD {
                endLine()
                ends.append(nodes.subtree(node).upperBound)
            } else if isPhrase(tag) || tag == TIDINGS_HTML_A, !text.isEmpty {
                // Parts that only a style sheet sets apart.
                text.append(0x20)
            }
            node += 1
        }
        endLine()
        all = Self.nearestFirst(before, after)
    }

    /// Whether `node` is where such lines are looked for.
    static func isNear(_ node: Int, heading: Int, _ nodes: HTMLNodes) -> Bool {
        (heading - nodesBefore..<nodes.subtree(heading).upperBound + nodesAfter).contains(node)
    }

    private static let nodesBefore = 150
    private static let nodesAfter = 800
    private static let paragraphBytes = 280
    private static let paragraphLimit = 3
    private static let limitScalars = 110
    private static let lineLimit = 40

    /// What stands before a heading is more often something else than what stands behind it.
    private static func nearestFirst(_ before: [Line], _ after: [Line]) -> [Line] {
        var lines: [Line] = []
        let before = before.suffix(lineLimit / 4)
        for index in 0..<lineLimit {
            if index < after.count { lines.append(after[index]) }
            if index % 2 == 1, index / 2 < before.count { lines.append(before[before.endIndex - 1 - index / 2]) }
        }
        return lines
    }
}

/// Whether `node` is below `element`.
private func holds(_ node: Int, _ element: Int, _ nodes: HTMLNodes) -> Bool { nodes.subtree(element).contains(node) }
