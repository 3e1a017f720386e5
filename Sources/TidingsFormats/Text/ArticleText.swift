import TidingsCore

/// What one article says, and what its first lines say about it.
struct ArticleText {
    var title: String?
    var authors: [Author] = []
    var datePublished: ItemDate?
    var dateModified: ItemDate?
    /// The section label above the headline, or the tags that the text gives.
    var tags: [String] = []
    var url: String?
    var text = ""
}

/// Reads `lines` as one article.
///
/// - Parameters:
///   - knownTitle: the title, if the page names it elsewhere. The lines that repeat it are then left out of the text,
///     and the lines above them belong to the page.
///   - heading: another wording of the title that the page shows above the text.
///   - header: what the lines above `lines` said.
func readArticle(
    _ utf8: [UInt8], _ lines: [TextLine], knownTitle: String? = nil, heading: String? = nil, header: MetadataHeader? = nil
) -> ArticleText {
    var lines = lines
    var article = ArticleText()
    if let header { article.put(header) }
    let knownTitle = knownTitle ?? header?.title
    if let first = lines.first, let prefix = datePrefix(utf8, first.range) {
        article.datePublished = prefix.date
        lines[0].range = prefix.rest..<first.range.upperBound
    }
    guard var parts = ArticleLines(utf8, lines) else {
        article.title = knownTitle
        article.text = joined(utf8, lines)
        return article
    }
    var kept: [TextLine]
    article.readIntroduction(utf8, &parts)
    let body = parts.body
    if let knownTitle {
        article.title = knownTitle
        let titles = Set([knownTitle, heading].compactMap { $0?.lowercased() })
        kept = article.readLines(utf8, belowTitle(titles, utf8, parts.head), afterTitle: true)
        kept += body.filter { !isTitle(utf8, $0, titles) }
    } else {
        kept = article.readHead(utf8, parts.head, body: body)
    }
    kept += article.readTail(utf8, parts.tail)
    if article.datePublished == nil, let first = body.first {
        article.datePublished = placeAndDate(utf8, first.range)
    }
    article.text = joined(utf8, kept)
    return article
}

extension ArticleText {
    /// Reads section label, headline, byline and dates from the lines before the first paragraph. Returns the lines
    /// that are left, followed by `body` without repeats of the headline near its start.
    fileprivate mutating func readHead(_ utf8: [UInt8], _ head: [TextLine], body: [TextLine]) -> [TextLine] {
        var rest = head[...]
        var above: [TextLine] = []
        while let line = rest.first, Dateline(utf8, line.range) != nil { above.append(rest.removeFirst()) }
        if let label = rest.first, let headline = rest.dropFirst().first,
            isSectionLabel(utf8, label, above: headline, rest.dropFirst(2) + body.prefix(1))
        {
            tags = [foldedSpace(utf8[label.range])]
            rest.removeFirst()
        }
        var kept = readLines(utf8, above, afterTitle: false)
        guard let line = rest.first, isArticleTitle(utf8, line, next: rest.dropFirst().first) else {
            kept += readLines(utf8, Array(rest), afterTitle: false)
            return kept + body
        }
        title = foldedSpace(utf8[line.range])
        kept += readLines(utf8, rest.dropFirst().filter { !isSame(utf8, $0.range, line.range) }, afterTitle: true)
        let repeats = body.prefix(Self.repeatWindow).filter { !isSame(utf8, $0.range, line.range) }
        return kept + repeats + body.dropFirst(Self.repeatWindow)
    }

    /// A headline is only repeated within this many lines.
    private static let repeatWindow = 12

    /// Reads bylines and dates from `lines`; returns the other lines.
    fileprivate mutating func readLines(_ utf8: [UInt8], _ lines: [TextLine], afterTitle: Bool) -> [TextLine] {
        lines.indices.filter { index in
            let line = lines[index]
            if let dateline = Dateline(utf8, line.range) {
                if isOneOfFields(utf8, lines, index) { return true }
                put(dateline)
                return false
            }
            if authors.isEmpty, let byline = Byline(utf8, line.range, allowsSingleNames: afterTitle) {
                authors = byline.authors
                datePublished = datePublished ?? byline.date
                return false
            }
            return true
        }.map { lines[$0] }
    }

    /// Below an introduction of one paragraph, a byline that gives first and last name, and a date next to it.
    fileprivate mutating func readIntroduction(_ utf8: [UInt8], _ parts: inout ArticleLines) {
        guard authors.isEmpty, parts.body.count > 2,
            !parts.head.contains(where: { Byline(utf8, $0.range, allowsSingleNames: true) != nil })
        else { return }
        let dates = parts.body[1...].prefix(2).prefix { Dateline(utf8, $0.range) != nil }
        let place = 1 + dates.count
        guard place < parts.body.count - 1,
            let byline = Byline(utf8, parts.body[place].range, allowsSingleNames: false)
        else { return }
        authors = byline.authors
        datePublished = datePublished ?? byline.date
        var end = place + 1
        for line in dates { Dateline(utf8, line.range).map { put($0) } }
        while end < parts.body.count - 1, let dateline = Dateline(utf8, parts.body[end].range) {
            put(dateline)
            end += 1
        }
        parts.body.removeSubrange(1..<end)
    }

    /// Below the last paragraph, a byline must give first and last name and be the first line: the last lines of an
    /// article name other people too.
    fileprivate mutating func readTail(_ utf8: [UInt8], _ tail: [TextLine]) -> [TextLine] {
        var tail = tail
        if authors.isEmpty, let first = tail.first, let byline = Byline(utf8, first.range, allowsSingleNames: false) {
            authors = byline.authors
            datePublished = datePublished ?? byline.date
            tail.removeFirst()
        }
        tail.removeAll { line in
            guard let tags = tagList(utf8, line.range) else { return false }
            if self.tags.isEmpty { self.tags = tags }
            return true
        }
        return tail
    }

    private mutating func put(_ dateline: Dateline) {
        dateModified = dateModified ?? dateline.modified
        datePublished = datePublished ?? dateline.published
    }

    fileprivate mutating func put(_ header: MetadataHeader) {
        authors = header.authors
        datePublished = header.datePublished
        dateModified = header.dateModified
        tags = header.tags
        url = header.url
    }
}

/// Whether a first line is the article's title: short, not a sentence, and set off by a blank line or by a line that
/// only follows a title.
private func isArticleTitle(_ utf8: [UInt8], _ line: TextLine, next: TextLine?) -> Bool {
    guard !isLong(utf8, line.range) else { return false }
    switch LineEnding(utf8, line.range) {
    case .stop, .ellipsis: return false
    case .mark where hasInnerStop(utf8, line.range): return false
    case .mark, .abbreviation, .open: break
    }
    if line.blankFollows { return true }
    guard let next else { return false }
    return Dateline(utf8, next.range) != nil || Byline(utf8, next.range, allowsSingleNames: false) != nil
}

/// "Education" above a headline is a label if the headline proves to be one (a byline, a date or the headline itself
/// follows it), or if the label is a common one.
private func isSectionLabel(
    _ utf8: [UInt8], _ label: TextLine, above headline: TextLine, _ following: ArraySlice<TextLine>
) -> Bool {
    guard label.count <= 40, label.blankFollows, LineEnding(utf8, label.range) == .open,
        !hasWords(4, utf8, label.range), !utf8[label.range].contains(where: \.isASCIIDigit),
        hasWords(4, utf8, headline.range), isArticleTitle(utf8, headline, next: following.first)
    else { return false }
    if following.contains(where: { isSame(utf8, $0.range, headline.range) }) { return true }
    if let next = following.first,
        Dateline(utf8, next.range) != nil || Byline(utf8, next.range, allowsSingleNames: true) != nil
    {
        return true
    }
    return sectionNames.contains(String(decoding: utf8[label.range], as: UTF8.self).lowercased())
}

/// Whether a date is one of several things that lines name: in an invitation, "Date: 5 May" stands above "Place: …".
private func isOneOfFields(_ utf8: [UInt8], _ lines: [TextLine], _ index: Int) -> Bool {
    guard !lines[index].blankFollows, index + 1 < lines.count, isField(utf8, lines[index].range) else { return false }
    let next = lines[index + 1].range
    return isField(utf8, next) && Dateline(utf8, next) == nil
}

private func isField(_ utf8: [UInt8], _ line: Range<Int>) -> Bool {
    let limit = min(line.upperBound - 1, line.lowerBound + 30)
    guard let colon = (line.lowerBound..<limit).first(where: { utf8[$0] == UInt8(ascii: ":") }) else { return false }
    return utf8[colon + 1] == 0x20 && !utf8[line.lowerBound..<colon].contains(where: \.isASCIIDigit)
        && BylineLabel(utf8, line) == nil
}

/// The tags in "Tags: bees, roofs".
private func tagList(_ utf8: [UInt8], _ line: Range<Int>) -> [String]? {
    var cursor = ByteCursor(utf8, line)
    guard cursor.skip("tags:") || cursor.skip("tagged:") || cursor.skip("filed under:") || cursor.skip("schlagwörter:")
        || cursor.skip("Теги:") || cursor.skip("Метки:") || cursor.skip("Тэги:") || cursor.skip("etiquetas:")
        || cursor.skip("étiquettes :") || cursor.skip("标签：") || cursor.skip("タグ：")
    else { return nil }
    let tags = utf8[cursor.position..<line.upperBound].split { $0 == UInt8(ascii: ",") || $0 == UInt8(ascii: ";") }
        .map(foldedSpace).filter { !$0.isEmpty }
    return tags.isEmpty ? nil : tags
}

private let sectionNames: Set<String> = [
    "news", "world", "politics", "business", "economy", "economics", "finance", "education", "culture", "sport",
    "sports", "opinion", "editorial", "analysis", "interview", "technology", "science", "health", "international",
    "domestic", "nation", "society", "lifestyle", "travel", "environment", "energy", "media", "people", "local",
    "regions", "security", "tourism", "arts",
]

/// The lines below the last one that repeats the title; all lines if none does.
private func belowTitle(_ titles: Set<String>, _ utf8: [UInt8], _ head: [TextLine]) -> [TextLine] {
    guard let last = head.lastIndex(where: { isTitle(utf8, $0, titles) }) else { return head }
    return Array(head[(last + 1)...])
}

private func isTitle(_ utf8: [UInt8], _ line: TextLine, _ titles: Set<String>) -> Bool {
    line.count <= headlineLimitBytes * 2 && titles.contains(foldedSpace(utf8[line.range]).lowercased())
}

/// Whether one sentence ends and another begins within the line.
private func hasInnerStop(_ utf8: [UInt8], _ line: Range<Int>) -> Bool {
    line.dropLast(2).contains { position in
        switch utf8[position] {
        case UInt8(ascii: "."), UInt8(ascii: "?"), UInt8(ascii: "!"):
            utf8[position + 1] == 0x20 && position > line.lowerBound && !utf8[position - 1].isASCIIUppercase
        default: false
        }
    }
}

private func joined(_ utf8: [UInt8], _ lines: [TextLine]) -> String {
    var text: [UInt8] = []
    text.reserveCapacity(lines.reduce(0) { $0 + $1.count + 1 })
    for line in lines {
        if !text.isEmpty { text.append(0x0A) }
        text += utf8[line.range]
    }
    return String(decoding: text, as: UTF8.self)
}
