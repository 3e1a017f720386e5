import FoundationEssentials
import TidingsCore

/// Atom 1.0 (RFC 4287) and 0.3, with tombstones (RFC 6721).
func readAtom(_ reader: inout XMLReader, charset: String) -> ParsedDocument {
    var document = ParsedDocument(format: .atom, shape: .window, charset: charset)
    let isOld = reader.attribute("version")?.hasPrefix("0.") ?? reader.namespaceURI.hasSuffix("/ns#")
    document.version = isOld ? "atom03" : "atom10"
    reader.untypedText = isOld ? .undeclared : .plain
    // The root says what the document is, whatever namespace its name is in.
    reader.adoptPrefix(as: .atom)
    var head = FeedHead()
    var unknown = UnknownChildren(root: "feed")
    head.language.offer(reader.language?.trimmedOrNil, .own)
    let depth = reader.depth
    while reader.nextChild(of: depth) {
        switch (reader.name.namespace, reader.name.local) {
        case _ where reader.isItem: readEntry(&reader, head, in: &document)
        case (.atom, let local), (.rss, let local):
            if FeedHead.atomNames.contains(local) { head.readAtom(local, &reader, .own) } else { unknown.add(&reader) }
        case (.other, _): unknown.add(&reader)
        default: head.readModule(&reader)
        }
    }
    head.describe(&document, problems: &reader.problems)
    unknown.report(&reader, in: document)
    reader.reportRepeatedIDs(in: document)
    return document
}

/// A document that is one entry (RFC 4287 §2).
func readAtomEntry(_ reader: inout XMLReader, charset: String) -> ParsedDocument {
    var document = ParsedDocument(format: .atom, shape: .single, charset: charset)
    document.version = "atom10"
    reader.untypedText = .plain
    readEntry(&reader, FeedHead(), in: &document)
    return document
}

private func readEntry(_ reader: inout XMLReader, _ head: FeedHead, in document: inout ParsedDocument) {
    // A feed of Atom with the items of RSS.
    let isRSS = reader.name.local == "item"
    if reader.name.namespace != .atom, reader.name.namespace != .rss { reader.adoptPrefix(as: .atom) }
    var draft = FeedItemDraft()
    draft.base = reader.base ?? head.link.value
    draft.language.offer(reader.language, .last)
    var sourceAuthors: [Author] = []
    let depth = reader.depth
    while reader.nextChild(of: depth) {
        draft.hasFields = true
        switch (reader.name.namespace, reader.name.local) {
        case (.atom, let local) where isRSS, (.rss, let local) where isRSS: draft.readRSS(local, &reader)
        case (.atom, "source"): sourceAuthors = readSourceAuthors(&reader)
        case (.atom, let local), (.rss, let local): draft.readAtom(local, &reader, .own)
        default: draft.readModule(&reader)
        }
    }
    reader.finish(draft, in: &document, head, authors: sourceAuthors.isEmpty ? head.authors.all : sourceAuthors)
}

private func readSourceAuthors(_ reader: inout XMLReader) -> [Author] {
    var authors: [Author] = []
    let depth = reader.depth
    while reader.nextChild(of: depth) {
        if reader.name.local == "author", let author = reader.readPerson() { authors.append(author) }
    }
    return authors
}

/// A text construct or a content element (RFC 4287 §3.1, §4.1.3), also of Atom 0.3 with its modes.
func readAtomText(_ reader: inout XMLReader) -> FeedText {
    // A media type can have parameters.
    let type = reader.attribute("type")?.split(separator: ";").first.map(String.init)?.trimmedOrNil?.lowercased()
    let untyped = reader.untypedAtomText
    let mode = reader.attribute("mode")?.trimmedOrNil?.lowercased()
    let base = reader.base
    let (bytes, hasElements) = reader.readMarkup()
    if hasElements { return FeedText(bytes: bytes, kind: .html, base: base) }
    if mode == "base64" || isBinary(type), let (bytes, kind) = decoded(bytes, type: type) {
        return FeedText(bytes: bytes, kind: kind, base: base)
    }
    switch type {
    case "html", "xhtml", "text/html", "application/xhtml+xml": return FeedText(bytes: bytes, kind: .html, base: base)
    case "text": return FeedText(bytes: bytes, kind: .plain)
    // Text, of whatever type. text/plain is the default of Atom 0.3, and its writers left it there whatever they wrote.
    default: return FeedText(bytes: bytes, kind: untyped, base: base)
    }
}

/// Whether `type` is a media type whose content must be in Base64 (RFC 4287 §4.1.3.3).
private func isBinary(_ type: String?) -> Bool {
    guard let type, type.utf8.contains(UInt8(ascii: "/")) else { return false }
    return !type.hasPrefix("text/") && !type.hasSuffix("+xml") && !type.hasSuffix("/xml")
}

/// The decoded Base64 if that is text, else blank text, because pictures are not part of what an article says; nil if
/// `bytes` are not Base64.
private func decoded(_ bytes: [UInt8], type: String?) -> (bytes: [UInt8], kind: FeedText.Kind)? {
    guard let data = Data(base64Encoded: Data(bytes), options: .ignoreUnknownCharacters) else { return nil }
    guard let text = String(validating: data, as: UTF8.self) else { return ([], .plain) }
    return (Array(text.utf8), type?.contains("html") == true ? .html : .undeclared)
}
