// Elements that were never closed. Such an element would swallow what follows it: in the head of a feed all items, in an
// item its other fields. So a tag that cannot stand where it does ends what is open there, as in HTML. What is properly
// closed is never ended early: a nested list of other items belongs to the item around it.

extension XMLReader {
    /// Whether the tag needs to be examined. Cheap, because it is asked for each tag.
    func mayImplyEnds(_ spelling: Range<Int>, in parent: FeedRole) -> Bool {
        switch parent {
        case .container, .closed: false
        // All but another item is as it should be.
        case .item: isItemName(spelling)
        case .field, .other: true
        }
    }

    private func isItemName(_ spelling: Range<Int>) -> Bool { ends(spelling, with: "item") || ends(spelling, with: "entry") }

    private func ends(_ spelling: Range<Int>, with word: StaticString) -> Bool {
        let start = spelling.upperBound - word.utf8CodeUnitCount
        return start >= spelling.lowerBound && bytes.startsIgnoringCase(with: word, at: start)
    }

    /// How many elements end before a start tag, because they must have been closed there. Reports them.
    /// - Parameter start: where the tag begins.
    mutating func countOfImpliedEnds(before role: FeedRole, spelled spelling: Range<Int>, at start: Int) -> Int {
        guard role == .item || role == .field, let parent = frames.last else { return 0 }
        let outermost = outermostEnd(for: role, at: start)
        let count = frames.count - outermost
        if count > 0 {
            report("<\(spelled(parent.qualifiedName))> is not closed before <\(spelled(spelling))>", at: start)
        }
        return count
    }

    /// The index of the first frame that ends; the number of frames if none does.
    private mutating func outermostEnd(for role: FeedRole, at start: Int) -> Int {
        let container = frames.lastIndex { $0.role == .container } ?? 0
        let item = frames.lastIndex { $0.role == .item }
        if role == .item {
            // Nothing but items can hold other things named so.
            guard let item, item > container, item < frames.count - 1 else { return container + 1 }
        }
        switch lookAhead(from: start) {
        case .closed:
            frames[frames.count - 1].role = .closed
            if role == .item, let parent = frames.last {
                report("an item inside <\(spelled(parent.qualifiedName))> is not read", at: start)
            }
            return frames.count
        case .outlived(let ended):
            return role == .item ? container + 1 : max(ended, item ?? 0, container) + 1
        case .unknown: return frames.count
        }
    }

    private enum Fate {
        /// The innermost element has an end tag.
        case closed
        /// The element with this index in `frames`, which is farther out, ends first.
        case outlived(Int)
        /// The document ends first, or too much would have to be examined.
        case unknown
    }

    /// Looks for the end tag that ends an open element, from a start tag on.
    private mutating func lookAhead(from start: Int) -> Fate {
        var inner: [Range<Int>] = []
        var hasOpenItem = false
        var index = start
        defer { lookAheadLeft -= index - start }
        while index - start < lookAheadLeft, let open = bytes.position(of: UInt8(ascii: "<"), from: index),
            open + 1 < bytes.count
        {
            let next = bytes[open + 1]
            if next == UInt8(ascii: "/") {
                let name = nameRange(from: open + 2)
                index = name.upperBound
                if let same = inner.lastIndex(where: { sameName($0, name) }) {
                    inner.removeSubrange(same...)
                    hasOpenItem = hasOpenItem && inner.contains(where: isItemName)
                } else if let same = frames.lastIndex(where: { sameName($0.qualifiedName, name) }) {
                    return same == frames.count - 1 ? .closed : .outlived(same)
                }
            } else if next == UInt8(ascii: "!") || next == UInt8(ascii: "?") {
                index = endOfDeclaration(from: open)
            } else if startsName(next) {
                let name = nameRange(from: open + 1)
                let end = endOfTag(from: name.upperBound)
                index = end
                if bytes[end - 1] == UInt8(ascii: "/") { continue }
                if isItemName(name) {
                    // Items that follow each other without end tags do not lie in a closed element.
                    if hasOpenItem { return .outlived(0) }
                    hasOpenItem = true
                }
                guard inner.count < Self.depthLimit else { return .unknown }
                inner.append(name)
            } else {
                index = open + 1
            }
        }
        return .unknown
    }

    private func nameRange(from start: Int) -> Range<Int> {
        var end = start
        while end < bytes.count, !bytes[end].isXMLSpace, bytes[end] != UInt8(ascii: "/"), bytes[end] != UInt8(ascii: ">"),
            bytes[end] != UInt8(ascii: "<")
        {
            end += 1
        }
        return start..<end
    }

    /// The position of the `>` that ends a start tag, or of what stands in its place.
    private func endOfTag(from start: Int) -> Int {
        var index = start
        while index < bytes.count {
            switch bytes[index] {
            case UInt8(ascii: ">"), UInt8(ascii: "<"): return index
            case UInt8(ascii: "\""), UInt8(ascii: "'"):
                guard let close = bytes.position(of: bytes[index], from: index + 1) else { return bytes.count }
                index = close + 1
            default: index += 1
            }
        }
        return index
    }

    private func endOfDeclaration(from open: Int) -> Int {
        let end =
            if bytes.starts(with: "<!--", at: open) {
                bytes.position(of: "-->", from: open + 4)
            } else if bytes.startsIgnoringCase(with: "<![cdata[", at: open) {
                bytes.position(of: "]]>", from: open + 9)
            } else {
                bytes.position(of: UInt8(ascii: ">"), from: open)
            }
        return end ?? bytes.count
    }
}
