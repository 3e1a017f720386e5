import TidingsCore

/// The lines of a document without the boilerplate at its ends, in three parts: the lines before the first paragraph,
/// the paragraphs with everything between them, and the lines after the last paragraph.
struct ArticleLines {
    var head: [TextLine]
    var body: [TextLine]
    var tail: [TextLine]
    /// Whether a line says how many results a listing has.
    var hasResultCounter = false

    /// Nil if there is no paragraph: then nothing separates the document's content from what is around it.
    init?(_ bytes: [UInt8], _ lines: [TextLine]) {
        func isProse(_ line: TextLine) -> Bool {
            isParagraph(bytes, line.range) && !Boilerplate.isBoilerplate(bytes, line.range)
        }
        // A question may still be a headline: the article's own above it, another one's below it.
        func isSureProse(_ line: TextLine) -> Bool {
            isProse(line)
                && (isLong(bytes, line.range) || ![.mark, .abbreviation].contains(LineEnding(bytes, line.range)))
        }
        guard let last = lines.lastIndex(where: isSureProse) ?? lines.lastIndex(where: isProse) else { return nil }
        let first = lines.firstIndex(where: isSureProse) ?? last
        body = Self.withoutInserts(bytes, lines[first...last])
        head = []
        tail = []
        for line in Self.keep(bytes, lines[..<first], strict: false) {
            if Boilerplate.isResultCounter(bytes, line.range) {
                hasResultCounter = true
            } else if !Self.isHeadBoilerplate(bytes, line.range, isFirst: head.isEmpty) {
                head.append(line)
            }
        }
        var isRelated = false
        for line in Self.keep(bytes, lines[(last + 1)...], strict: true) {
            if Boilerplate.isRelatedHeading(bytes, line.range) { isRelated = true }
            let isSurplus =
                isRelated && isHeadline(bytes, line.range) || Boilerplate.isBoilerplate(bytes, line.range)
                || Boilerplate.isEndMark(bytes, line.range) || Boilerplate.isRule(bytes, line.range)
            if !isSurplus { tail.append(line) }
        }
    }

    /// "Copyright reform" may head an article, but "Copyright harbournews" comes below a headline.
    private static func isHeadBoilerplate(_ bytes: [UInt8], _ line: Range<Int>, isFirst: Bool) -> Bool {
        if Boilerplate.isNavigation(bytes, line) || Boilerplate.isRule(bytes, line) || Boilerplate.isLinkLine(bytes, line)
            || Boilerplate.isConsent(bytes, line) || Boilerplate.isPhotoCredit(bytes, line) || Boilerplate.isEmbargo(bytes, line)
        {
            return true
        }
        return Boilerplate.isRights(bytes, line) && (!isFirst || bytes[line].contains(where: \.isASCIIDigit))
    }

    /// The lines between the first and the last paragraph, without what a page puts between its paragraphs.
    private static func withoutInserts(_ bytes: [UInt8], _ lines: ArraySlice<TextLine>) -> [TextLine] {
        var repeated: [String: Int] = [:]
        func phrase(_ line: TextLine) -> String? {
            guard line.count <= 30 else { return nil }
            let phrase = Boilerplate.phrase(bytes, line.range)
            return Boilerplate.repeatedInsertPhrases.contains(phrase) ? phrase : nil
        }
        for line in lines { if let phrase = phrase(line) { repeated[phrase, default: 0] += 1 } }
        return lines.filter { line in
            if let phrase = phrase(line), repeated[phrase, default: 0] > 1 { return false }
            return !Boilerplate.isBoilerplateAnywhere(bytes, line.range)
        }
    }

    private static func keep(_ bytes: [UInt8], _ lines: ArraySlice<TextLine>, strict: Bool) -> [TextLine] {
        let surplus = Boilerplate.tickers(bytes, lines, strict: strict).union(MenuLines.find(bytes, lines))
        return lines.indices.filter { !surplus.contains($0) }.map { lines[$0] }
    }
}
