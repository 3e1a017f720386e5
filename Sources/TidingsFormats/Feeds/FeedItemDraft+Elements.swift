import TidingsCore

extension FeedItemDraft {
    /// Reads an element of Atom's `entry` (RFC 4287 §4.1.2) or of Atom 0.3's, which may also occur in an RSS item.
    mutating func readAtom(_ local: String, _ reader: inout XMLReader, _ rank: FeedRank) {
        switch local {
        case "id": readAtomID(&reader, rank)
        case "title":
            language.offer(reader.attribute("lang", in: .xml), .fallback)
            title.offerText(readAtomText(&reader), rank)
        case "summary":
            language.offer(reader.attribute("lang", in: .xml), .module)
            description.offerText(readAtomText(&reader), rank)
        case "content": readAtomContent(&reader, rank)
        case "link": readAtomLink(reader, rank)
        case "author": authors.offer(reader.readPerson(), rank)
        case "category": addTag(reader.readCategory())
        case "published": published.offer(reader.readString(), rank)
        case "issued": published.offer(reader.readString(), min(rank, .borrowed))
        case "created": published.offer(reader.readString(), .fallback)
        case "updated", "modified": modified.offer(reader.readString(), rank)
        case "rights", "copyright": rights.offerText(readAtomText(&reader), rank)
        default: break
        }
    }

    private mutating func readAtomID(_ reader: inout XMLReader, _ rank: FeedRank) {
        guard let text = reader.readString() else { return }
        id.offer(text, rank)
        // The id of an entry without a link is often its address.
        if URI(text).webScheme != nil { permalink.offer(text, .own) }
    }

    private mutating func readAtomContent(_ reader: inout XMLReader, _ rank: FeedRank) {
        language.offer(reader.attribute("lang", in: .xml), .own)
        let source = reader.attribute("src").map { URI.resolve($0, against: reader.base) }
        content.offerText(readAtomText(&reader), rank)
        permalink.offer(source, .own)
    }

    private mutating func readAtomLink(_ reader: XMLReader, _ rank: FeedRank) {
        guard let href = reader.attribute("href")?.trimmedOrNil else { return }
        switch AtomRelation(reader.attribute("rel")) {
        case .alternate:
            // A page in HTML is preferred to the article in other formats.
            let isPage = reader.attribute("type")?.lowercased().contains("html") ?? true
            link.offer(URI.resolve(href, against: reader.base), isPage ? rank : min(rank, .module))
        case .enclosure:
            addAttachment(reader.file(at: href, sizeName: "length"))
        case .itself, .hub, .other: break
        }
    }

    /// Reads an element of the modules that items of all formats use.
    mutating func readModule(_ reader: inout XMLReader) {
        switch (reader.name.namespace, reader.name.local) {
        case (.dublinCore, let local), (.dublinCoreTerms, let local): readDublinCore(local, &reader)
        case (.content, "encoded"), (.xhtml, "body"), (.xhtml, "div"):
            language.offer(reader.attribute("lang", in: .xml), .own)
            content.offerText(reader.readUndeclared(), .own)
        case (.itunes, let local): readITunes(local, &reader)
        case (.media, let local): readMedia(local, &reader)
        default: break
        }
    }

    private mutating func readDublinCore(_ local: String, _ reader: inout XMLReader) {
        switch local {
        case "title": title.offerText(reader.readUndeclared(), .module)
        case "description", "abstract": description.offerText(reader.readUndeclared(), .module)
        case "creator", "author": authors.offer(FeedAuthor.parse(reader.readString()), .module)
        case "subject": addTag(reader.readString())
        case "language": language.offer(reader.readString(), .borrowed)
        case "rights": rights.offerText(reader.readUndeclared(), .module)
        case "date":
            let text = reader.readString()
            published.offer(text, .module)
            modified.offer(text, .fallback)
        case "issued": published.offer(reader.readString(), .module)
        case "created": published.offer(reader.readString(), .fallback)
        case "modified": modified.offer(reader.readString(), .module)
        default: break
        }
    }

    private mutating func readITunes(_ local: String, _ reader: inout XMLReader) {
        switch local {
        case "author": authors.offer(FeedAuthor.parse(reader.readString()), .fallback)
        case "title": title.offerText(reader.readUndeclared(), .fallback)
        case "summary": description.offerText(reader.readUndeclared(), .fallback)
        case "subtitle": description.offerText(reader.readUndeclared(), .last)
        case "category": for name in reader.readITunesCategories() { addTag(name) }
        case "keywords": for name in reader.readKeywords() { addTag(name) }
        default: break
        }
    }

    /// Reads Media RSS: `content` beside the item's own elements or in a `group`.
    mutating func readMedia(_ local: String, _ reader: inout XMLReader) {
        switch local {
        case "group", "content":
            if local == "content" { addMedia(reader.file(at: reader.attribute("url"), sizeName: "filesize")) }
            let depth = reader.depth
            while reader.nextChild(of: depth) {
                if reader.name.namespace == .media { readMedia(reader.name.local, &reader) }
            }
        case "title": title.offerText(reader.readUndeclared(), .last)
        case "description": description.offerText(reader.readUndeclared(), .last)
        case "category": addTag(reader.readCategory())
        case "keywords": for name in reader.readKeywords() { addTag(name) }
        default: break
        }
    }
}
