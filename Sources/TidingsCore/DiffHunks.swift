/// A part of a comparison of two texts: lines that differ, with a few equal ones around them.
package struct DiffHunk: Equatable, Sendable {
    /// The paragraphs of both texts that it covers, counted from 0.
    package let old: Range<Int>
    package let new: Range<Int>
    /// One at least.
    package let lines: ArraySlice<DiffLine>

    fileprivate init(_ lines: ArraySlice<DiffLine>) {
        old = (lines.first?.old.lowerBound ?? 0)..<(lines.last?.old.upperBound ?? 0)
        new = (lines.first?.new.lowerBound ?? 0)..<(lines.last?.new.upperBound ?? 0)
        self.lines = lines
    }

    /// `@@ -12,7 +12,8 @@`, as in a unified diff (POSIX, diff -u): number of the first paragraph and how many there are, if not one;
    /// of none, the number of the paragraph before.
    package var header: String {
        func words(_ range: Range<Int>) -> String {
            switch range.count {
            case 0: "\(range.lowerBound),0"
            case 1: "\(range.lowerBound + 1)"
            default: "\(range.lowerBound + 1),\(range.count)"
            }
        }
        return "@@ -\(words(old)) +\(words(new)) @@"
    }
}

/// The parts of `lines` that differ, in order.
/// - Parameter context: how many equal lines are shown before and after a differing one; nil for all of them.
package func hunks(of lines: [DiffLine], context: Int? = 3) -> [DiffHunk] {
    guard let context else { return lines.isEmpty ? [] : [DiffHunk(lines[...])] }
    var list: [DiffHunk] = []
    var start: Int?
    var lastDifference = 0
    func close() {
        guard let first = start else { return }
        list.append(DiffHunk(lines[first..<min(lines.count, lastDifference + context + 1)]))
        start = nil
    }
    for (index, line) in lines.enumerated() where line.kind != .same {
        if start != nil, index - lastDifference > 2 * context + 1 { close() }
        if start == nil { start = max(0, index - context) }
        lastDifference = index
    }
    close()
    return list
}
