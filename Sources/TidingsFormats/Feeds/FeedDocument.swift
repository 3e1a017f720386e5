import TidingsCore

/// Reads a document in XML that lists items: RSS in all versions, and Atom.
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

    var document: ParsedDocument
    switch (reader.name.namespace, reader.name.local) {
    case (_, "rss"), (_, "channel"): document = readRSS(&reader, charset: text.charset)
    case (_, "rdf"): document = readRSS(&reader, charset: text.charset)
    case (_, "feed"): document = readAtom(&reader, charset: text.charset)
    case (.atom, "entry"): document = readAtomEntry(&reader, charset: text.charset)
    default:
        throw .unknownKind("XML document of <\(String(reader.name.local.unicodeScalars.prefix(40)))>")
    }
    // The reader stops at the end of the document's element. If elements inside it are still open there, their rest is
    // missing.
    drain(&reader)
    document.isPartial = document.isPartial || reader.isTruncated
    // A feed may declare an id deleted more than once.
    var declared: Set<String> = []
    document.tombstones.removeAll { !declared.insert($0).inserted }
    document.problems = text.problems + reader.problems.all
    document.isMalformed = document.isPartial || reader.isMalformed || !text.problems.isEmpty || text.isAssumed
    return document
}

enum FeedLimits {
    /// Far beyond any feed. `max_body` of the settings is reached first.
    static let documentBytes = 512 * 1024 * 1024
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
