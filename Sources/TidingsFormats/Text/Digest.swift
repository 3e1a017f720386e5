import TidingsCore

/// The articles that one document lists: headline, teaser, headline, teaser … to its end.
///
/// An article with sub-headings and one paragraph below each looks the same. A listing differs in that it cuts its
/// teasers off, counts its results, or says "Read more" below each. The pattern must hold over the whole document; if a
/// rule is unsure, the document stays one article.
struct Digest {
    private(set) var items: [Item] = []

    /// Nil unless the document certainly is a digest.
    init?(_ utf8: [UInt8], _ lines: [TextLine]) {
        guard var entries = Self.teased(utf8, lines) ?? Self.linked(utf8, lines) else { return nil }
        let numbers = entries.map { DigestEntry.number(utf8, $0.headline) }
        if zip(numbers, 1...).allSatisfy({ $0?.value == $1 }) {
            // The place in the list is not the article's name.
            for (index, number) in numbers.enumerated() { entries[index].headline = number?.rest ?? entries[index].headline }
        }
        var seen: [String: Int] = [:]
        items = entries.map { $0.item(utf8, seen: &seen) }
    }

    private static let leastItems = 3

    // MARK: Teasers that are cut off

    private static func teased(_ utf8: [UInt8], _ lines: [TextLine]) -> [DigestEntry]? {
        guard mayBeTeased(utf8, lines), let parts = ArticleLines(utf8, lines) else { return nil }
        var entries: [DigestEntry] = []
        var headline: TextLine?
        var about: [TextLine] = []
        for line in parts.head + parts.body + parts.tail {
            if isLong(utf8, line.range) {
                guard let title = headline else { return nil }
                entries.append(DigestEntry(headline: title.range, about: about, teaser: [line]))
                headline = nil
                about = []
            } else if isAbout(utf8, line.range, belowHeadline: headline != nil) {
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
        guard headline == nil, entries.count >= leastItems else { return nil }
        let cutOff = entries.count { LineEnding(utf8, $0.teaser[0].range) == .ellipsis }
        guard parts.hasResultCounter || (cutOff >= leastItems && cutOff * 2 >= entries.count) else { return nil }
        return entries
    }

    /// Two long lines in a row are paragraphs of one article. This alone recognises most articles.
    private static func mayBeTeased(_ utf8: [UInt8], _ lines: [TextLine]) -> Bool {
        var teasers = 0
        var followsTeaser = false
        for line in lines {
            let isLong = isLong(utf8, line.range)
            if isLong && followsTeaser { return false }
            if isLong { teasers += 1 }
            followsTeaser = isLong
        }
        return teasers >= leastItems
    }

    // MARK: "Read more" below each teaser

    private static func linked(_ utf8: [UInt8], _ lines: [TextLine]) -> [DigestEntry]? {
        // This alone recognises most articles.
        guard lines.count(where: { DigestEntry.MoreLink.isPossible(utf8, $0.range) }) >= leastItems else { return nil }
        var entries: [DigestEntry] = []
        var entry: DigestEntry?
        for line in lines {
            if let more = DigestEntry.MoreLink(utf8, line.range) {
                guard var complete = entry, !complete.teaser.isEmpty else { return nil }
                complete.url = more.url
                entries.append(complete)
                entry = nil
            } else if var open = entry, !isName(utf8, open, line, entries) {
                if open.teaser.isEmpty, isAbout(utf8, line.range, belowHeadline: true) {
                    open.about.append(line)
                } else {
                    guard open.teaser.count < teaserLineLimit, isParagraph(utf8, line.range) else { return nil }
                    open.teaser.append(line)
                }
                entry = open
            } else if isHeadline(utf8, line.range), !Boilerplate.isBoilerplate(utf8, line.range) {
                entry = DigestEntry(headline: line.range)
            } else if !Boilerplate.isBoilerplate(utf8, line.range), Dateline(utf8, line.range) == nil {
                return nil
            }
        }
        return entry == nil && entries.count >= leastItems ? entries : nil
    }

    private static let teaserLineLimit = 3

    /// Whether what was taken for the first headline is the listing's own name: another headline follows it.
    private static func isName(_ utf8: [UInt8], _ open: DigestEntry, _ line: TextLine, _ entries: [DigestEntry]) -> Bool {
        entries.isEmpty && open.teaser.isEmpty && !isParagraph(utf8, line.range)
            && !isAbout(utf8, line.range, belowHeadline: true)
    }

    /// Whether a line gives a date or, below a headline, names the author.
    private static func isAbout(_ utf8: [UInt8], _ line: Range<Int>, belowHeadline: Bool) -> Bool {
        if Dateline(utf8, line) != nil { return true }
        return belowHeadline && Byline(utf8, line, allowsSingleNames: true) != nil
    }
}
