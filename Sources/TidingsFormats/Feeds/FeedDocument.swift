import TidingsCore

/// Reads a document in XML that lists items: RSS in all versions, Atom, and sitemaps.
/// - Parameter start: where the document begins in the text.
/// - Throws: if the document is no feed.
func readFeed(
    _ text: DecodedText, from start: Int = 0, hints: DocumentHints
) throws(UnreadableDocument) -> ParsedDocument {
    guard text.utf8.count <= FeedLimits.documentBytes else {
        throw .malformed("the document is larger than \(FeedLimits.documentBytes) bytes", line: nil)
    }
    var reader = XMLReader(text.utf8, from: start, hints: hints)
    guard case .start = firstElement(&reader) else { throw .malformed("there is no element in the document", line: nil) }

    guard var document = readRoot(&reader, charset: text.charset) else {
        throw .unknownKind("XML document of <\(String(reader.name.local.unicodeScalars.prefix(40)))>")
    }
    // The reader stops at the end of the document's element. If elements inside it are still open there, their rest is
    // missing.
    drain(&reader)
    readFollowing(&reader, into: &document)
    document.isPartial = document.isPartial || reader.isTruncated
    // A feed may declare an id deleted more than once.
    var declared: Set<String> = []
    document.tombstones.removeAll { !declared.insert($0).inserted }
    document.problems = text.problems + reader.problems.all
    document.isMalformed = document.isPartial || reader.isMalformed || !text.problems.isEmpty || text.isAssumed
    return document
}

/// Reads the element that has just started, with all that is in it; nil if it is not a feed's.
private func readRoot(_ reader: inout XMLReader, charset: String) -> ParsedDocument? {
    reader.isFeed = true
    switch (reader.name.namespace, reader.name.local) {
    case (_, "rss"), (_, "channel"), (_, "rdf"): return readRSS(&reader, charset: charset)
    case (_, "feed"): return readAtom(&reader, charset: charset)
    case (.atom, "entry"): return readAtomEntry(&reader, charset: charset)
    case (_, "urlset"): return readSitemap(&reader, charset: charset)
    case (_, "sitemapindex"): return readSitemapIndex(&reader, charset: charset)
    default: return nil
    }
}

/// Reads the feeds behind the end of the first: programs that are run twice, or append, write them. Their items are the
/// document's too, unless the first feed has them: then the first is right, because a file that was not cut before it was
/// written again has its old end there. What is no feed is a problem and nothing more.
private func readFollowing(_ reader: inout XMLReader, into document: inout ParsedDocument) {
    var count = 1
    while !reader.isTruncated, let junk = reader.positionOfTrailing() {
        guard count < FeedLimits.documents,
            let start = FeedStart.position(in: reader.bytes, from: junk, sign: .declarationOrTag)
        else { return reader.report("text behind the end of the document", at: junk) }
        reader.report("another document behind the end of the first", at: start)
        count += 1
        reader.restart(at: start)
        guard case .start = firstElement(&reader) else { return }
        // Positions in the later document mean nothing in the whole.
        let problems = reader.problems
        reader.problems = ProblemLog()
        let following = readRoot(&reader, charset: document.charset)
        drain(&reader)
        let later = reader.problems.all
        reader.problems = problems
        for problem in later { reader.problems.add(Problem(problem.message, line: problem.line)) }
        if let following { document.append(following) }
    }
}

extension ParsedDocument {
    /// Appends the items that are not among this document's.
    fileprivate mutating func append(_ later: ParsedDocument) {
        struct Identity: Hashable {
            var id: String?
            var url: String?
            var content: ContentHash?

            init(_ item: Item) {
                id = item.id
                url = item.url
                content = id == nil && url == nil ? item.rawHash : nil
            }
        }
        let known = Set(items.map(Identity.init))
        items += later.items.filter { !known.contains(Identity($0)) }
        tombstones += later.tombstones
        let knownSitemaps = Set(sitemaps.map(\.url))
        sitemaps += later.sitemaps.filter { !knownSitemaps.contains($0.url) }
    }
}

extension XMLReader {
    /// Where something stands behind the end of the document that may not stand there; nil if nothing does. Comments and
    /// instructions may (XML 1.0 §2.8), but not another declaration of XML.
    fileprivate func positionOfTrailing() -> Int? {
        var index = position
        while index < bytes.count {
            if bytes[index].isXMLSpace || bytes[index] == 0 {
                index += 1
            } else if bytes.starts(with: "<!--", at: index), let end = bytes.position(of: "-->", from: index + 4) {
                index = end + 3
            } else if bytes.starts(with: "<?", at: index), !bytes.startsIgnoringCase(with: "<?xml ", at: index),
                let end = bytes.position(of: UInt8(ascii: ">"), from: index)
            {
                index = end + 1
            } else {
                return index
            }
        }
        return nil
    }
}

enum FeedLimits {
    /// Far beyond any feed. `max_body` of the settings is reached first.
    static let documentBytes = 512 * 1024 * 1024
    /// Documents in one file, one behind the other.
    static let documents = 64
    /// Sitemaps in an index: "may not list more than 50,000" (sitemaps.org).
    static let sitemaps = 50_000
}

private func firstElement(_ reader: inout XMLReader) -> XMLReader.Event {
    while true {
        let event = reader.next()
        if event == .start || event == .finish { return event }
    }
}

private func drain(_ reader: inout XMLReader) {
    while reader.next() != .finish {}
}

extension XMLReader {
    /// Adds the item of `draft` to `document`, unless the document ended inside the item.
    mutating func finish(_ draft: FeedItemDraft, in document: inout ParsedDocument, _ head: FeedHead, authors: [Author]) {
        guard !isTruncated else { return }
        let index = document.items.count
        if let item = draft.item(
            index: index, language: head.language.value, authors: authors, hints: hints, problems: &problems)
        {
            document.items.append(item)
        }
    }

    /// Reports the items whose id an earlier item has.
    mutating func reportRepeatedIDs(in document: ParsedDocument) {
        var seen: Set<String> = []
        for (index, item) in document.items.enumerated() {
            guard let id = item.id else { continue }
            if !seen.insert(id).inserted { problems.add(Problem("the id is that of an earlier item", item: index)) }
        }
    }
}
