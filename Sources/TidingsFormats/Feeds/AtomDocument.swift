import FoundationEssentials
import TidingsCore

/// Atom 1.0 (RFC 4287) and 0.3, with tombstones (RFC 6721).
func readAtom(_ reader: inout XMLReader, charset: String) -> ParsedDocument {
    var document = ParsedDocument(format: .atom, shape: .window, charset: charset)
    let isOld = reader.attribute("version")?.hasPrefix("0.") ?? reader.namespaceURI.hasSuffix("/ns#")
    document.version = isOld ? "atom03" : "atom10"
    document.language = reader.language
    var authors: [Author] = []
    let depth = reader.depth
    while reader.nextChild(of: depth) {
        switch (reader.name.namespace, reader.name.local) {
        case (.tombstones, "deleted-entry"): document.addTombstone(reader)
        case (.atom, "entry"), (.rss, "entry"): readEntry(&reader, in: &document, authors: authors)
        case (.atom, "author"), (.rss, "author"):
            if let author = reader.readPerson() { authors.append(author) }
        case (.atom, let local), (.rss, let local): readFeedElement(local, &reader, in: &document)
        default: break
        }
    }
    reader.reportRepeatedIDs(in: document)
    return document
}

/// A document that is one entry (RFC 4287 §2).
func readAtomEntry(_ reader: inout XMLReader, charset: String) -> ParsedDocument {
    var document = ParsedDocument(format: .atom, shape: .single, charset: charset)
    document.version = "atom10"
    readEntry(&reader, in: &document, authors: [])
    return document
}

private func readFeedElement(_ local: String, _ reader: inout XMLReader, in document: inout ParsedDocument) {
    switch local {
    case "title":
        let title = readAtomText(&reader).singleLine
        document.title = document.title ?? title
    case "subtitle", "tagline": document.description = readAtomText(&reader).singleLine ?? document.description
    case "link":
        guard let href = reader.attribute("href")?.trimmedOrNil else { return }
        let address = URLReference.resolve(href, against: reader.base)
        switch reader.attribute("rel")?.lowercased() {
        case "self": document.feedURL = document.feedURL ?? address
        case nil, "", "alternate": document.homePageURL = document.homePageURL ?? address
        default: break
        }
    default: break
    }
}

private func readEntry(_ reader: inout XMLReader, in document: inout ParsedDocument, authors: [Author]) {
    var draft = FeedItemDraft()
    draft.base = reader.base ?? document.homePageURL
    draft.language = reader.language
    var sourceAuthors: [Author] = []
    let depth = reader.depth
    while reader.nextChild(of: depth) {
        draft.hasFields = true
        switch (reader.name.namespace, reader.name.local) {
        case (.atom, "entry"), (.rss, "entry"):
            // The end tag of the entry before this one is missing.
            reader.finish(draft, in: &document, authors: authors)
            readEntry(&reader, in: &document, authors: authors)
            return
        case (.atom, "source"): sourceAuthors = readSourceAuthors(&reader)
        case (.atom, let local), (.rss, let local): readEntryElement(local, &reader, into: &draft)
        case (.dublinCore, "creator"): draft.addCreator(FeedAuthor.parse(reader.readString()))
        case (.dublinCore, "subject"): draft.addTag(reader.readString())
        case (.dublinCore, "language"): draft.language = reader.readString() ?? draft.language
        case (.dublinCoreTerms, "created"): draft.published = .better(draft.published, reader.readText(), .creation)
        case (.dublinCore, "date"), (.dublinCoreTerms, "issued"):
            draft.published = .better(draft.published, reader.readText(), .module)
        case (.dublinCoreTerms, "modified"): draft.modified = .better(draft.modified, reader.readText(), .module)
        default: break
        }
    }
    reader.finish(draft, in: &document, authors: sourceAuthors.isEmpty ? authors : sourceAuthors)
}

private func readEntryElement(_ local: String, _ reader: inout XMLReader, into draft: inout FeedItemDraft) {
    switch local {
    case "id":
        let id = reader.readString()
        draft.id = draft.id ?? id
        // Entries without a link often have their address for an id.
        if let id, URLReference.isWebAddress(id) { draft.permalink = draft.permalink ?? id }
    case "title": draft.title = .first(draft.title, readAtomText(&reader))
    case "summary": draft.description = .first(draft.description, readAtomText(&reader))
    case "content":
        let language = reader.language
        let source = reader.attribute("src")
        draft.content = .first(draft.content, readAtomText(&reader))
        draft.language = draft.language ?? language
        draft.permalink = source ?? draft.permalink
    case "link": draft.readAtomLink(reader)
    case "author": draft.addAuthor(reader.readPerson())
    case "category":
        let name = reader.attribute("label")?.trimmedOrNil ?? reader.attribute("term")
        draft.addTag(name ?? reader.readString())
    case "published": draft.published = .better(draft.published, reader.readText(), .own)
    case "issued": draft.published = .better(draft.published, reader.readText(), .own)
    case "created": draft.published = .better(draft.published, reader.readText(), .borrowed)
    case "updated", "modified": draft.modified = .better(draft.modified, reader.readText(), .own)
    default: break
    }
}

private func readSourceAuthors(_ reader: inout XMLReader) -> [Author] {
    var authors: [Author] = []
    let depth = reader.depth
    while reader.nextChild(of: depth) {
        if reader.name.local == "author", let author = reader.readPerson() { authors.append(author) }
    }
    return authors
}

/// A text construct or a content element (RFC 4287 §3.1, §4.1.3), and Atom 0.3's with its modes.
func readAtomText(_ reader: inout XMLReader) -> FeedText {
    let type = reader.attribute("type")?.trimmedOrNil?.lowercased()
    let mode = reader.attribute("mode")?.trimmedOrNil?.lowercased()
    let (bytes, hasElements) = reader.readMarkup()
    if hasElements { return FeedText(bytes: bytes, kind: .html) }
    if mode == "base64" || isBinary(type) { return decoded(bytes, type: type) }
    switch type {
    case "html", "xhtml", "text/html", "application/xhtml+xml": return FeedText(bytes: bytes, kind: .html)
    case "text": return FeedText(bytes: bytes, kind: .plain)
    // text/plain is the default of 0.3, and what its writers left there whatever they wrote.
    default: return FeedText(bytes: bytes, kind: .undeclared)
    }
}

/// Whether `type` is a media type whose content must be in Base64 (RFC 4287 §4.1.3.3).
private func isBinary(_ type: String?) -> Bool {
    guard let type, type.utf8.contains(UInt8(ascii: "/")) else { return false }
    return !type.hasPrefix("text/") && !type.hasSuffix("+xml") && !type.hasSuffix("/xml")
}

/// What Base64 holds if that is text; nothing otherwise, for pictures are not part of what an article says.
private func decoded(_ base64: [UInt8], type: String?) -> FeedText {
    guard let data = Data(base64Encoded: Data(base64), options: .ignoreUnknownCharacters),
        let text = String(validating: data, as: UTF8.self)
    else { return FeedText(bytes: [], kind: .plain) }
    let isMarkup = type?.contains("html") ?? false
    return FeedText(bytes: Array(text.utf8), kind: isMarkup ? .html : .undeclared)
}

extension FeedItemDraft {
    /// Takes the link that has just started, if it leads to the article. A page in HTML is preferred to others.
    mutating func readAtomLink(_ reader: XMLReader) {
        guard let href = reader.attribute("href")?.trimmedOrNil else { return }
        let relation = reader.attribute("rel")?.trimmedOrNil?.lowercased()
        guard relation == nil || relation == "alternate" || relation == "http://www.iana.org/assignments/relation/alternate"
        else { return }
        let isPage = reader.attribute("type")?.lowercased().contains("html") ?? true
        guard alternateLink == nil || (isPage && !alternateIsPage) else { return }
        alternateLink = URLReference.resolve(href, against: reader.base)
        alternateIsPage = isPage
    }
}

extension ParsedDocument {
    /// Takes the `at:deleted-entry` that has just started (RFC 6721 §3).
    mutating func addTombstone(_ reader: XMLReader) {
        if let id = reader.attribute("ref")?.trimmedOrNil { tombstones.append(id) }
    }
}
