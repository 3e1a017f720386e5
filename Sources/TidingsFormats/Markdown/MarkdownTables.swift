import CMarkup
import Glibc

/// Finds the tables in Markdown that GitHub Flavored Markdown defines (GFM §4.10), which cmark takes for paragraphs.
///
/// cmark still says where paragraphs are, so that lines of code and of HTML are no tables. Each cell is then written as a
/// paragraph of its own between marks, which `MarkdownHTML` replaces in cmark's HTML: so the markup in a cell is read
/// by cmark too, and never reaches into the next cell.
struct MarkdownTables {
    static let rowStart: StaticString = "<tidings-row>"
    static let rowEnd: StaticString = "</tidings-row>"
    static let cellStart: StaticString = "<tidings-cell>"
    static let cellEnd: StaticString = "</tidings-cell>"

    /// The Markdown with the cells of its tables marked; nil if it has no tables.
    static func marked(_ markdown: [UInt8]) -> [UInt8]? {
        let lines = lines(of: markdown)
        guard lines.contains(where: { delimiterCells(markdown[content(of: $0, in: markdown)]) != nil }) else { return nil }
        var tables = MarkdownTables(markdown, lines)
        for block in paragraphs(of: markdown) { tables.read(block) }
        return tables.copiedLines == 0 ? nil : tables.finish()
    }

    private let markdown: [UInt8]
    private let lines: [Range<Int>]
    private var output: [UInt8] = []
    private var copiedLines = 0

    private init(_ markdown: [UInt8], _ lines: [Range<Int>]) {
        self.markdown = markdown
        self.lines = lines
    }

    private mutating func read(_ block: tidings_commonmark_block) {
        let first = Int(block.first_line) - 1
        var end = min(Int(block.last_line), lines.count)
        guard first >= copiedLines, first < end else { return }
        if block.is_heading != 0 {
            // A rule below the last row underlines it, for cmark, which counts the line after the rule too.
            end = (first..<end).last { Self.isUnderline(markdown[Self.content(of: lines[$0], in: markdown)]) } ?? end
        }
        let start = lines[first].lowerBound + Int(block.column) - 1
        guard first < end, start <= lines[first].upperBound else { return }
        let contents = (first..<end).map { line in
            markdown[line == first ? start..<lines[line].upperBound : Self.content(of: lines[line], in: markdown)]
        }
        guard let header = contents.indices.dropLast().first(where: { Self.isHeader(contents[$0], above: contents[$0 + 1]) })
        else { return }
        let opening = markdown[lines[first].lowerBound..<start]
        // What opens a list item on its first line is space on the lines below.
        let prefix = opening.map { $0 == UInt8(ascii: ">") || $0 == 0x09 ? $0 : 0x20 }
        copy(upTo: first + header)
        if header > 0 { endLine(prefix) }
        output += header == 0 ? Array(opening) : prefix
        put(Self.cells(contents[header]), prefix)
        for row in contents.dropFirst(header + 2) {
            output += prefix
            put(Self.cells(row), prefix)
        }
        copiedLines = end
    }

    private mutating func copy(upTo line: Int) {
        if copiedLines < line { output += markdown[lines[copiedLines].lowerBound..<lines[line].lowerBound] }
    }

    private mutating func finish() -> [UInt8] {
        if copiedLines < lines.count { output += markdown[lines[copiedLines].lowerBound...] }
        return output
    }

    /// Writes a row: its cells one to a line, with blank lines below.
    private mutating func put(_ cells: [[UInt8]], _ prefix: [UInt8]) {
        for (index, cell) in cells.enumerated() {
            if index > 0 { output += prefix }
            put(index == 0 ? Self.rowStart : Self.cellStart)
            output += cell
            // A backslash at the end of the cell is none of the mark.
            output.append(0x20)
            put(index == cells.count - 1 ? Self.rowEnd : Self.cellEnd)
            output.append(0x0A)
            endLine(prefix)
        }
    }

    private mutating func put(_ mark: StaticString) { mark.withUTF8Buffer { unsafe output.append(contentsOf: $0) } }

    private mutating func endLine(_ prefix: [UInt8]) {
        output += prefix
        output.append(0x0A)
    }

    // MARK: Rows

    private static func isHeader(_ line: ArraySlice<UInt8>, above delimiter: ArraySlice<UInt8>) -> Bool {
        guard let count = delimiterCells(delimiter) else { return false }
        return cells(line).count == count
    }

    /// The number of cells of a delimiter row: `| --- | :-: |`; nil for any other line.
    private static func delimiterCells(_ line: ArraySlice<UInt8>) -> Int? {
        guard line.contains(UInt8(ascii: "|")), line.allSatisfy(isOfDelimiter) else { return nil }
        let cells = cells(line)
        let isRow = cells.allSatisfy { cell in
            var dashes = cell[...]
            if dashes.first == UInt8(ascii: ":") { dashes = dashes.dropFirst() }
            if dashes.last == UInt8(ascii: ":") { dashes = dashes.dropLast() }
            return !dashes.isEmpty && dashes.allSatisfy { $0 == UInt8(ascii: "-") }
        }
        return isRow ? cells.count : nil
    }

    private static func isUnderline(_ line: ArraySlice<UInt8>) -> Bool {
        let line = line.trimmingSpace
        return !line.isEmpty && (line.allSatisfy { $0 == UInt8(ascii: "-") } || line.allSatisfy { $0 == UInt8(ascii: "=") })
    }

    private static func isOfDelimiter(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "|"), UInt8(ascii: "-"), UInt8(ascii: ":"), 0x20, 0x09: true
        default: false
        }
    }

    /// The cells of a row, without the white space around them. A backslash makes a pipe text, also in code (GFM example
    /// 200). A row may have more cells than the header; GitHub does not show them, but they are text of the file.
    private static func cells(_ line: ArraySlice<UInt8>) -> [[UInt8]] {
        let row = line.trimmingSpace
        var cells: [[UInt8]] = []
        var cell: [UInt8] = []
        var index = row.first == UInt8(ascii: "|") ? row.startIndex + 1 : row.startIndex
        while index < row.endIndex {
            let byte = row[index]
            if byte == UInt8(ascii: "\\"), index + 1 < row.endIndex {
                if row[index + 1] != UInt8(ascii: "|") { cell.append(byte) }
                cell.append(row[index + 1])
                index += 2
                continue
            }
            if byte == UInt8(ascii: "|") {
                cells.append(Array(cell[...].trimmingSpace))
                cell = []
            } else {
                cell.append(byte)
            }
            index += 1
        }
        let last = cell[...].trimmingSpace
        return last.isEmpty && !cells.isEmpty ? cells : cells + [Array(last)]
    }

    // MARK: Lines

    private static func paragraphs(of markdown: [UInt8]) -> [tidings_commonmark_block] {
        var count = 0
        let blocks = unsafe markdown.withUnsafeBytes { buffer in
            unsafe tidings_commonmark_paragraphs(buffer.baseAddress?.assumingMemoryBound(to: CChar.self), buffer.count, &count)
        }
        defer { unsafe free(blocks) }
        return unsafe Array(UnsafeBufferPointer(start: blocks, count: count))
    }

    /// The lines as cmark counts them: they end with LF, CRLF or CR.
    private static func lines(of markdown: [UInt8]) -> [Range<Int>] {
        var lines: [Range<Int>] = []
        var start = 0
        var index = 0
        while index < markdown.count {
            let byte = markdown[index]
            guard byte == 0x0A || byte == 0x0D else {
                index += 1
                continue
            }
            lines.append(start..<index)
            index += byte == 0x0D && index + 1 < markdown.count && markdown[index + 1] == 0x0A ? 2 : 1
            start = index
        }
        if start < markdown.count { lines.append(start..<markdown.count) }
        return lines
    }

    /// A line without its indentation and the marks of the quotes around it.
    private static func content(of line: Range<Int>, in markdown: [UInt8]) -> Range<Int> {
        let start = line.first { ![0x20, 0x09, UInt8(ascii: ">")].contains(markdown[$0]) } ?? line.upperBound
        return start..<line.upperBound
    }
}

extension ArraySlice<UInt8> {
    fileprivate var trimmingSpace: Self {
        var slice = self
        while let first = slice.first, first <= 0x20 { slice.removeFirst() }
        while let last = slice.last, last <= 0x20 { slice.removeLast() }
        return slice
    }
}
