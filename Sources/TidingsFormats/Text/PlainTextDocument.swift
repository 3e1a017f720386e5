import TidingsCore

/// Reads plain text as one article, or a digest as several.
func readPlainText(_ utf8: [UInt8], charset: String, hints: DocumentHints) -> ParsedDocument {
    var document = ParsedDocument(format: .text, shape: .single, charset: charset)
    var text = utf8
    var lines = textLines(text)
    guard !lines.isEmpty else {
        document.problems.append(Problem("the text is empty"))
        return document
    }
    let header = MetadataHeader(text, lines)
    if let header { lines.removeFirst(header.count) }
    if let plain = withoutLinkNumbers(text, lines) {
        text = plain
        lines = textLines(text)
    }
    if header == nil, let digest = Digest(text, lines) {
        document.shape = .window
        document.items = digest.items
        return document
    }
    if let whole = unwrapped(text, lines) {
        text = whole
        lines = textLines(text)
    }
    lines = withoutUnderlines(text, lines)
    var item = Item(rawHash: Item.rawHash(title: nil, body: utf8))
    item.put(readArticle(text, lines, header: header))
    document.items = [item]
    return document
}

extension Item {
    /// Sets the fields that the item lacks to what was read from the lines of an article.
    mutating func put(_ article: ArticleText) {
        title = title ?? article.title
        datePublished = datePublished ?? article.datePublished
        dateModified = dateModified ?? article.dateModified
        if authors.isEmpty { authors = article.authors }
        if tags.isEmpty { tags = article.tags }
        url = url ?? article.url
        text = article.text
    }
}

/// The lines without those of `=` or `-` that underline a heading. A heading that is underlined is set off.
private func withoutUnderlines(_ utf8: [UInt8], _ lines: [TextLine]) -> [TextLine] {
    var kept: [TextLine] = []
    for (index, line) in lines.enumerated() {
        if let heading = kept.last, !heading.blankFollows, isUnderline(utf8, line.range), isHeadline(utf8, heading.range),
            kept.count < 2 || kept[kept.count - 2].blankFollows, lines[index - 1] == heading
        {
            kept[kept.count - 1].blankFollows = true
        } else {
            kept.append(line)
        }
    }
    return kept
}

private func isUnderline(_ utf8: [UInt8], _ line: Range<Int>) -> Bool {
    let sign = utf8[line.lowerBound]
    return line.count >= 3 && (sign == UInt8(ascii: "=") || sign == UInt8(ascii: "-")) && utf8[line].allSatisfy { $0 == sign }
}
