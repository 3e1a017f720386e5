import CMarkup

/// Converts Markdown to HTML: CommonMark by cmark, and of GitHub's extensions tables and `~~struck~~` text.
enum MarkdownHTML {
    static func html(of markdown: [UInt8]) -> [UInt8] {
        let marked = MarkdownTables.marked(markdown)
        let html = commonMark(marked ?? markdown)
        return withoutStrikes(marked == nil ? html : withTables(html))
    }

    private static func commonMark(_ utf8: [UInt8]) -> [UInt8] {
        var count = 0
        let html = unsafe utf8.withUnsafeBufferPointer { buffer in
            unsafe tidings_commonmark_html(buffer.baseAddress, buffer.count, &count)
        }
        defer { unsafe tidings_commonmark_free(html) }
        return unsafe Array(UnsafeRawBufferPointer(start: html, count: html == nil ? 0 : count))
    }

    /// Replaces the marked paragraphs by rows of tables. Each row is a table of its own, which reads the same.
    private static func withTables(_ html: [UInt8]) -> [UInt8] {
        var output: [UInt8] = []
        output.reserveCapacity(html.count)
        var index = 0
        while index < html.count {
            let mark = html[index] == UInt8(ascii: "<") ? marks.first { html.starts(with: $0.mark, at: index) } : nil
            guard let mark else {
                output.append(html[index])
                index += 1
                continue
            }
            index += mark.mark.utf8CodeUnitCount
            if mark.opens {
                if output.suffix(paragraph.count).elementsEqual(paragraph) { output.removeLast(paragraph.count) }
            } else if html.starts(with: "</p>", at: index) {
                index += 4
            }
            output += mark.html
        }
        return output
    }

    private static let paragraph = Array("<p>".utf8)
    private static let marks: [(mark: StaticString, opens: Bool, html: [UInt8])] = [
        (MarkdownTables.rowStart, true, Array("<table><tr><td>".utf8)),
        (MarkdownTables.cellStart, true, Array("<td>".utf8)),
        (MarkdownTables.cellEnd, false, Array("</td>".utf8)),
        (MarkdownTables.rowEnd, false, Array("</td></tr></table>".utf8)),
    ]

    // MARK: Struck text

    /// The HTML without the tildes around struck text. The text itself stays, as that of `<del>` does.
    private static func withoutStrikes(_ html: [UInt8]) -> [UInt8] {
        guard html.position(of: "~~", from: 0) != nil else { return html }
        var tildes: [Int] = []
        var opening: Int?
        var index = 0
        while index < html.count {
            switch html[index] {
            case UInt8(ascii: "<"):
                if html.starts(with: "<code", at: index) {
                    index = html.position(of: "</code>", from: index) ?? html.count
                } else if endsBlock(html, at: index) {
                    opening = nil
                }
                index = html.position(of: UInt8(ascii: ">"), from: index).map { $0 + 1 } ?? html.count
            case UInt8(ascii: "~"):
                let end = html[index...].firstIndex { $0 != UInt8(ascii: "~") } ?? html.count
                if end - index == 2 {
                    if let start = opening, html[index - 1] > 0x20 {
                        tildes += [start, index]
                        opening = nil
                    } else if end < html.count, html[end] > 0x20 {
                        opening = index
                    }
                }
                index = end
            default: index += 1
            }
        }
        var output: [UInt8] = []
        var copied = 0
        for position in tildes {
            output += html[copied..<position]
            copied = position + 2
        }
        return output + html[copied...]
    }

    private static func endsBlock(_ html: [UInt8], at tag: Int) -> Bool {
        let ends: [StaticString] = ["</p>", "</li>", "</td>", "</h", "<p>", "<li>", "<pre"]
        return ends.contains { html.starts(with: $0, at: tag) }
    }
}
