import TidingsCore

/// The lines of a document without the boilerplate at its ends, in three parts: the lines before the first paragraph,
/// the paragraphs with everything between them, and the lines after the last paragraph.
struct ArticleLines {
    var head: [TextLine]
    var body: ArraySlice<TextLine>
    var tail: [TextLine]
    /// Whether a line says how many results a listing has.
    var hasResultCounter = false

    /// Nil if there is no paragraph: then nothing separates the document's content from what is around it.
    init?(_ bytes: [UInt8], _ lines: [TextLine]) {
        func isProse(_ line: TextLine) -> Bool {
            isParagraph(bytes, line.range) && !Boilerplate.isBoilerplate(bytes, line.range)
        }
        // A first line that ends in a question mark may still be a headline.
        func opensBody(_ line: TextLine) -> Bool {
            isProse(line)
                && (line.count > headlineLimitBytes || ![.mark, .abbreviation].contains(LineEnding(bytes, line.range)))
        }
        guard let last = lines.lastIndex(where: isProse) else { return nil }
        let first = lines.firstIndex(where: opensBody) ?? last
        body = lines[first...last]
        head = []
        tail = []
        for line in Self.keep(bytes, lines[..<first], strict: false) {
            if Boilerplate.isResultCounter(bytes, line.range) {
                hasResultCounter = true
            } else if !Self.isHeadBoilerplate(bytes, line.range, isFirst: head.isEmpty) {
                head.append(line)
            }
        }
        for line in Self.keep(bytes, lines[(last + 1)...], strict: true)
        where !Boilerplate.isBoilerplate(bytes, line.range) { tail.append(line) }
    }

    /// "Copyright reform" may head an article, but "Copyright harbournews" comes below a headline.
    private static func isHeadBoilerplate(_ bytes: [UInt8], _ line: Range<Int>, isFirst: Bool) -> Bool {
        if Boilerplate.isNavigation(bytes, line) { return true }
        return Boilerplate.isRights(bytes, line) && (!isFirst || bytes[line].contains(where: \.isASCIIDigit))
    }

    private static func keep(_ bytes: [UInt8], _ lines: ArraySlice<TextLine>, strict: Bool) -> [TextLine] {
        let tickers = Boilerplate.tickers(bytes, lines, strict: strict)
        return lines.indices.filter { !tickers.contains($0) }.map { lines[$0] }
    }
}
