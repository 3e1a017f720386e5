import TidingsCore

/// The articles that one document lists: headline, teaser, headline, teaser … to its end.
///
/// An article with sub-headings and one paragraph below each looks the same. A listing differs in that it cuts its
/// teasers off, or counts its results. The pattern must hold over the whole document; if a rule is unsure, the document
/// stays one article.
struct Digest {
    private(set) var items: [Item] = []

    /// Nil unless the document certainly is a digest.
    init?(_ utf8: [UInt8], _ lines: [TextLine]) {
        guard Self.mayBeDigest(lines), let parts = ArticleLines(utf8, lines) else { return nil }
        var entries: [Entry] = []
        var headline: TextLine?
        var about: [TextLine] = []
        for line in parts.head + parts.body + parts.tail {
            if line.count > headlineLimitBytes {
                guard let title = headline else { return nil }
                entries.append(Entry(headline: title, about: about, teaser: line))
                headline = nil
                about = []
            } else if Self.isAbout(utf8, line.range, belowHeadline: headline != nil) {
                about.append(line)
            } else if !Boilerplate.isBoilerplate(utf8, line.range) {
                // The listing's own name comes before the first headline; elsewhere a second headline in a row breaks
                // the pattern.
                guard line.blankFollows, isHeadline(utf8, line.range), headline == nil || entries.isEmpty else {
                    return nil
                }
                headline = line
                about = []
            }
        }
        guard headline == nil, entries.count >= Self.leastItems else { return nil }
        let cutOff = entries.count { LineEnding(utf8, $0.teaser.range) == .ellipsis }
        guard parts.hasResultCounter || (cutOff >= Self.leastItems && cutOff * 2 >= entries.count) else { return nil }

        var seen: [String: Int] = [:]
        items = entries.map { $0.item(utf8, seen: &seen) }
    }

    private static let leastItems = 3

    /// Two long lines in a row are paragraphs of one article. This alone recognises most articles.
    private static func mayBeDigest(_ lines: [TextLine]) -> Bool {
        var teasers = 0
        var followsTeaser = false
        for line in lines {
            let isLong = line.count > headlineLimitBytes
            if isLong && followsTeaser { return false }
            if isLong { teasers += 1 }
            followsTeaser = isLong
        }
        return teasers >= leastItems
    }

    /// Whether a line gives a date or, below a headline, names the author.
    private static func isAbout(_ utf8: [UInt8], _ line: Range<Int>, belowHeadline: Bool) -> Bool {
        if Dateline(utf8, line) != nil { return true }
        return belowHeadline && Byline(utf8, line, allowsSingleNames: true) != nil
    }

    private struct Entry {
        var headline: TextLine
        /// Dates and bylines between headline and teaser.
        var about: [TextLine]
        var teaser: TextLine

        /// - Parameter seen: how often each title has occurred in the document so far.
        func item(_ utf8: [UInt8], seen: inout [String: Int]) -> Item {
            let title = foldedSpace(utf8[headline.range])
            let teaser = Array(utf8[self.teaser.range])
            let raw = String(decoding: utf8[headline.range], as: UTF8.self)
            var item = Item(rawHash: Item.rawHash(title: raw, body: teaser))
            item.title = title
            item.text = String(decoding: teaser, as: UTF8.self)
            for line in about {
                if let date = Dateline(utf8, line.range)?.date { item.datePublished = item.datePublished ?? date }
                if let byline = Byline(utf8, line.range, allowsSingleNames: true) { item.authors = byline.authors }
            }
            // The title, not the position, makes the id: an article that comes in at the top renumbers nothing.
            let count = (seen[title] ?? 0) + 1
            seen[title] = count
            let id = hex(Array(ContentHash.of(Array(title.utf8)).bytes.prefix(8)))
            item.id = count == 1 ? id : "\(id)-\(count)"
            return item
        }
    }
}
