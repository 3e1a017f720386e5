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
    if let digest = Digest(text, lines) {
        document.shape = .window
        document.items = digest.items
        return document
    }
    if let whole = unwrapped(text, lines) {
        text = whole
        lines = textLines(text)
    }
    var item = Item(rawHash: Item.rawHash(title: nil, body: utf8))
    item.put(readArticle(text, lines))
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
        if tags.isEmpty, let section = article.section { tags = [section] }
        text = article.text
    }
}
