import TidingsCore

/// What of a document's text may not be what its author wrote: the charset was a guess, characters were lost before it
/// came here, or it was decoded wrongly before. The text stays; the document is marked.
enum TextDamage {
    static func problems(_ text: DecodedText, in document: ParsedDocument) -> [Problem] {
        var problems: [Problem] = []
        if let guess = text.guess { problems.append(Problem(guess)) }
        let lost = text.problems.isEmpty ? count(document, text, replacements) : 0
        if lost > 0 {
            problems.append(Problem("\(lost) characters were lost before the document came here (U+FFFD)"))
        }
        let wrong = text.guess == nil ? count(document, text, Mojibake.count) : 0
        if wrong > 0 {
            problems.append(Problem("\(wrong) characters look like UTF-8 that was read as windows-1252 (“Ã©” for “é”)"))
        }
        return problems
    }

    /// A page's scripts may hold anything, so that only the articles are examined. In a feed the document is, because
    /// articles that are known are not read again.
    private static func count(_ document: ParsedDocument, _ text: DecodedText, _ count: ([UInt8]) -> Int) -> Int {
        switch document.format {
        case .html, .markdown, .text:
            document.items.reduce(0) { $0 + count(Array(($1.title ?? "").utf8)) + count(Array($1.text.utf8)) }
        case .rss, .rdf, .atom, .sitemap, .sitemapIndex, .jsonFeed, .json, .jsonLines: count(text.utf8)
        }
    }

    private static func replacements(_ utf8: [UInt8]) -> Int {
        var found = 0
        var index = 0
        while let start = utf8.position(of: 0xEF, from: index) {
            if utf8.starts(with: [0xBF, 0xBD], at: start + 1) { found += 1 }
            index = start + 3
        }
        return found
    }
}
