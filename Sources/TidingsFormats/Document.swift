import TidingsCore

/// Reads `bytes` of any kind: finds the charset and the format, and extracts the items.
///
/// The content decides before the file name, and the name before the Content-Type: feeds are served as `text/html` and
/// stored as `.txt`. Only prose has no sure sign: it needs a name that means prose, or no name.
///
/// - Throws: why nothing of it could be read. A document that can be read in part is returned with `isPartial` and
///   problems.
package func readDocument(_ bytes: [UInt8], hints: DocumentHints) throws(UnreadableDocument) -> ParsedDocument {
    guard !bytes.isEmpty else { throw .empty }
    if isKnownBinary(bytes) { throw .binary }
    let text = Charset.decode(bytes, contentType: hints.contentType)
    var document = try readText(text, hints: hints)
    document.problems += TextDamage.problems(text, in: document)
    return document
}

private func readText(_ text: DecodedText, hints: DocumentHints) throws(UnreadableDocument) -> ParsedDocument {
    let start = DocumentStart(text.utf8)
    guard start.position < text.utf8.count else { throw .empty }
    let name = ExpectedKind(hints)
    let mayBeFeed = hints.expectsFeed || name == .xml
    if start.kind == .prose || name == .text || name == .markdown, looksBinary(text.utf8) { throw .binary }

    if let feed = positionBehindJunk(text.utf8, start, mayBeFeed: mayBeFeed, isUnnamed: name == .none) {
        return try readFeed(text, from: feed, hints: hints)
    }
    switch start.kind {
    case .feed: return try readFeed(text, hints: hints)
    case .html:
        if hints.expectsFeed { throw .notAFeed(PageKind(ofPage: text.utf8)) }
        // Markdown may begin with an HTML tag.
        if name == .markdown || name.isOther, !start.isWholePage { break }
        return withProblems(of: text, readHTML(text.utf8, charset: text.charset, hints: hints))
    case .xml:
        if name == .text || name == .markdown { break }
        return try readFeed(text, hints: hints)
    case .json:
        if name == .jsonLines { return readJSONLines(text, hints: hints) }
        if name == .text || name == .markdown || name == .html { break }
        // Settings, notebooks and source maps are JSON too.
        if name.isOther, !hints.expectsFeed, !mentionsJSONFeed(text.utf8) { break }
        let document = try readUnnamedJSON(text, name: name, hints: hints)
        // Some servers say in JSON that they have no feed.
        if hints.expectsFeed, document.shape == .single, document.items.isEmpty { throw .unknownKind("JSON without items") }
        return document
    case .prose: break
    }
    return try readByName(text, name: name, hints: hints)
}

/// Whether bytes may be an HTML page: a quick look, before they are read.
package func mayBePage(_ bytes: [UInt8]) -> Bool {
    let start = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    // UTF-16 begins with its byte order mark, or has a NUL in the first two bytes.
    guard let first = bytes[start...].first(where: { $0 > 0x20 }) else { return false }
    return first == UInt8(ascii: "<") || first >= 0xFE
}

/// Where a feed begins that has junk before it: a server's warning, a stray line; nil if the document begins as what it
/// is. The same for polled feeds and for files whose names mean XML. Without a name, only what can hardly be a text
/// about feeds is one.
private func positionBehindJunk(_ utf8: [UInt8], _ start: DocumentStart, mayBeFeed: Bool, isUnnamed: Bool) -> Int? {
    guard mayBeFeed || isUnnamed, start.kind != .feed else { return nil }
    let head = Array(utf8.prefix(sniffedBytes))
    if start.kind == .json, isJSON(head, from: start.position) { return nil }
    guard mayBeFeed else { return start.isWholePage ? nil : FeedStart.positionInUnnamedText(utf8) }
    // A page, or JSON, may quote the first tag of a feed. A line of a log begins as JSON does.
    let sign = start.isWholePage || start.kind == .json || start.kind == .xml ? FeedStart.Sign.declaration : .declarationOrTag
    return FeedStart.position(in: head, from: start.position, sign: sign)
}

/// Whether what begins with a bracket goes on as JSON does.
private func isJSON(_ head: [UInt8], from start: Int) -> Bool {
    let next = head[(start + 1)...].first { !$0.isXMLSpace }
    switch next {
    case UInt8(ascii: "\""), UInt8(ascii: "{"), UInt8(ascii: "["), UInt8(ascii: "}"), UInt8(ascii: "]"): return true
    default: return false
    }
}

/// Reads a document whose kind only its name tells.
private func readByName(
    _ text: DecodedText, name: ExpectedKind, hints: DocumentHints
) throws(UnreadableDocument) -> ParsedDocument {
    if hints.expectsFeed || name == .xml, let start = text.utf8.position(of: "<?xml", from: 0) {
        // It is no feed; this says what it is.
        return try readFeed(text, from: start, hints: hints)
    }
    if hints.expectsFeed { throw .unknownKind("neither XML nor JSON") }
    switch name {
    case .markdown: return withProblems(of: text, readMarkdown(text.utf8, charset: text.charset, hints: hints))
    case .text, .none: return withProblems(of: text, readPlainText(text.utf8, charset: text.charset, hints: hints))
    case .html: return withProblems(of: text, readHTML(text.utf8, charset: text.charset, hints: hints))
    case .jsonLines: return readJSONLines(text, hints: hints)
    case .json: return try readJSON(text, hints: hints)
    case .other(let name): throw .unknownKind(name)
    case .xml: throw .malformed("no element is found", line: 1)
    }
}

/// Reads JSON whose name says that it is, or that has no name. Without a name, text that turns out not to be JSON is
/// prose in brackets, or one object per line.
private func readUnnamedJSON(
    _ text: DecodedText, name: ExpectedKind, hints: DocumentHints
) throws(UnreadableDocument) -> ParsedDocument {
    let failure: UnreadableDocument
    do throws(UnreadableDocument) {
        return try readJSON(text, hints: hints)
    } catch {
        failure = error
    }
    let lines = readJSONLines(text, hints: hints)
    if lines.items.count > 1 { return lines }
    guard name == .none, !hints.expectsFeed else { throw failure }
    return withProblems(of: text, readPlainText(text.utf8, charset: text.charset, hints: hints))
}

private func withProblems(of text: DecodedText, _ document: ParsedDocument) -> ParsedDocument {
    var document = document
    document.problems = text.problems + document.problems
    return document
}
