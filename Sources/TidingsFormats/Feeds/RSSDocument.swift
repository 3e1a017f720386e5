import TidingsCore

/// Reads RSS 0.90 to 2.0, RSS 1.0 and 1.1, and CDF, with the elements of Atom and of the modules that feeds mix in.
///
/// The versions differ in their wrapping only, and feeds do not keep to the version that they state. So an item is
/// accepted inside the channel (0.91 to 2.0, CDF), inside its `items` (1.1) and beside the channel (0.90, 1.0). The
/// names without a prefix are RSS's, whatever namespace the root declares for them.
func readRSS(_ reader: inout XMLReader, charset: String) -> ParsedDocument {
    let isRDF = reader.name.local == "rdf"
    var document = ParsedDocument(format: isRDF ? .rdf : .rss, shape: .window, charset: charset)
    document.version = isRDF ? rdfVersion(reader.defaultNamespace) : rssVersion(reader)
    var reading = RSSReading(document: document, root: reader.name.local)
    reading.head.language.offer(reader.language?.trimmedOrNil, .fallback)
    if isRDF {
        reader.adopt(prefix: "", as: .rss)
        reading.readRoot(&reader)
    } else if reader.name.local == "channel" {
        reading.readChannel(&reader)
    } else {
        reader.adoptPrefix(as: .rss)
        reading.readRoot(&reader)
    }
    reading.head.describe(&reading.document, problems: &reader.problems)
    reading.unknown.report(&reader, in: reading.document)
    reader.reportRepeatedIDs(in: reading.document)
    return reading.document
}

private func rssVersion(_ reader: XMLReader) -> String {
    switch reader.name.local {
    case "channel": reader.namespaceURI.contains("rss1.1") ? "rss11" : "cdf"
    default:
        switch reader.attribute("version")?.trimmedOrNil {
        case "0.90", "0.9": "rss090"
        case "0.91": "rss091"
        case "0.92": "rss092"
        case "0.93": "rss093"
        case "0.94": "rss094"
        case let version? where version.hasPrefix("2"): "rss20"
        default: "rss"
        }
    }
}

private func rdfVersion(_ uri: String) -> String {
    if uri.contains("netscape.com") { return "rss090" }
    return uri.contains("rss1.1") ? "rss11" : "rss10"
}

private struct RSSReading {
    var document: ParsedDocument
    var head = FeedHead()
    var unknown: UnknownChildren
    private var hasChannel = false

    init(document: ParsedDocument, root: String) {
        self.document = document
        unknown = UnknownChildren(root: root)
    }

    /// Reads what stands in `rss` or `rdf:RDF`.
    mutating func readRoot(_ reader: inout XMLReader) {
        let depth = reader.depth
        while reader.nextChild(of: depth) {
            switch reader.name.local {
            case "channel":
                if document.format == .rdf { document.version = rdfVersion(reader.namespaceURI) }
                readChannel(&reader)
            case "item", "entry": readItem(&reader)
            case "items": readItems(&reader)
            // RSS 0.90 and 1.0 have the picture beside the channel.
            case "image": readImage(&reader)
            case "textinput": break
            case let local where !hasChannel && reader.name.namespace == .rss: readChannelElement(local, &reader)
            default: unknown.add(&reader)
            }
        }
    }

    // MARK: Channel

    mutating func readChannel(_ reader: inout XMLReader) {
        if reader.name.namespace != .rss { reader.adoptPrefix(as: .rss) }
        hasChannel = true
        head.language.offer(reader.language?.trimmedOrNil, .fallback)
        head.id.offer(reader.attribute("about", in: .rdf)?.trimmedOrNil, .fallback)
        // CDF gives as attributes what RSS gives as elements.
        head.link.offer(reader.attribute("href").map { URI.resolve($0, against: reader.base) }, .own)
        head.updated.offer(reader.attribute("lastmod")?.trimmedOrNil, .own)
        let depth = reader.depth
        while reader.nextChild(of: depth) {
            switch (reader.name.namespace, reader.name.local) {
            case _ where reader.isItem: readItem(&reader)
            case (.rss, "items"): readItems(&reader)
            case (.rss, "channel"): readChannel(&reader)
            case (.rss, "image"): readImage(&reader)
            // Another document begins in this one, which has no end.
            case (.rss, "rss"), (.rdf, "rdf"): readRoot(&reader)
            case (.rss, let local): readChannelElement(local, &reader)
            case (.atom, let local): head.readAtom(local, &reader, .borrowed)
            case (.other, _): unknown.add(&reader)
            default: head.readModule(&reader)
            }
        }
    }

    private mutating func readItems(_ reader: inout XMLReader) {
        let depth = reader.depth
        while reader.nextChild(of: depth) {
            if reader.isItem { readItem(&reader) }
        }
    }

    private mutating func readChannelElement(_ local: String, _ reader: inout XMLReader) {
        let base = reader.base
        switch local {
        case "title": head.title.offerText(reader.readUndeclared(), .own)
        case "description": head.subtitle.offerText(reader.readUndeclared(), .own)
        case "abstract", "tagline": head.subtitle.offerText(reader.readUndeclared(), .borrowed)
        case "link", "a":
            // Some feeds write Atom's empty element with an `href` here.
            if reader.attribute("href") != nil { return head.readAtom("link", &reader, .own) }
            head.link.offer(reader.readString().map { URI.resolve($0, against: base) }, .own)
        case "language": head.language.offer(reader.readString(), .own)
        case "copyright": head.rights.offerText(reader.readUndeclared(), .own)
        case "managingeditor": head.authors.offer(reader.readPerson(), .own)
        case "author": head.authors.offer(reader.readPerson(), .borrowed)
        case "webmaster": head.authors.offer(reader.readPerson(), .last)
        case "pubdate": head.published.offer(reader.readString(), .own)
        case "lastbuilddate": head.updated.offer(reader.readString(), .own)
        case "category": head.addCategory(reader.readCategory())
        case "generator": head.generator.offer(reader.readUndeclared().singleLine, .own)
        case "logo": head.image.offer(reader.attribute("href").map { URI.resolve($0, against: base) }, .own)
        case "ttl", "skiphours", "skipdays": readPollHint(local, &reader)
        case "textinput", "cloud", "docs", "rating", "site": break
        // Atom's elements without its namespace.
        case _ where FeedHead.atomNames.contains(local): head.readAtom(local, &reader, .borrowed)
        default: unknown.add(&reader)
        }
    }

    mutating func readImage(_ reader: inout XMLReader) {
        let resource = reader.attribute("resource", in: .rdf)?.trimmedOrNil
        head.image.offer(resource.map { URI.resolve($0, against: reader.base) }, .fallback)
        let depth = reader.depth
        while reader.nextChild(of: depth) {
            let base = reader.base
            if reader.name.namespace == .rss, reader.name.local == "url" {
                head.image.offer(reader.readString().map { URI.resolve($0, against: base) }, .own)
            }
        }
    }

    private mutating func readPollHint(_ local: String, _ reader: inout XMLReader) {
        switch local {
        case "ttl":
            let minutesLimit = 525_600  // A year; a longer time is no hint.
            if let minutes = reader.readString().flatMap(Int.init), (1...minutesLimit).contains(minutes) {
                head.timeToLiveSeconds = minutes * 60
            }
        case "skiphours":
            // Some feeds count the hours 1…24; 24 is the first hour of the day.
            for hour in reader.readChildTexts().compactMap(Int.init) where (0...24).contains(hour) {
                head.skipHours.insert(hour % 24)
            }
        case "skipdays":
            for day in reader.readChildTexts() {
                // `weekdays` ends with Sunday, which is 0 here.
                if let index = CalendarNames.weekdays.firstIndex(of: day.lowercased()) { head.skipDays.insert((index + 1) % 7) }
            }
        default: break
        }
    }

    // MARK: Items

    mutating func readItem(_ reader: inout XMLReader) {
        if reader.name.local == "item", reader.name.namespace != .rss { reader.adoptPrefix(as: .rss) }
        var draft = FeedItemDraft()
        // Sites that write relative links mean them relative to the site.
        draft.base = reader.base ?? head.link.value
        draft.language.offer(reader.language, .last)
        draft.about = reader.attribute("about", in: .rdf)?.trimmedOrNil
        draft.permalink.offer(draft.about, .last)
        draft.link.offer(reader.attribute("href")?.trimmedOrNil, .own)
        draft.modified.offer(reader.attribute("lastmod")?.trimmedOrNil, .own)
        draft.hasFields = draft.about != nil || draft.link.value != nil || draft.modified.value != nil
        let depth = reader.depth
        while reader.nextChild(of: depth) {
            draft.hasFields = true
            switch (reader.name.namespace, reader.name.local) {
            case (.rss, let local): draft.readRSS(local, &reader)
            case (.atom, let local): draft.readAtom(local, &reader, .borrowed)
            default: draft.readModule(&reader)
            }
        }
        reader.finish(draft, in: &document, head, authors: [])
    }
}

extension FeedItemDraft {
    /// Reads an element of `item` in RSS or CDF.
    mutating func readRSS(_ local: String, _ reader: inout XMLReader) {
        let base = reader.base
        switch local {
        case "title": title.offerText(reader.readUndeclared(), .own)
        case "description": description.offerText(reader.readUndeclared(), .own)
        case "abstract": description.offerText(reader.readUndeclared(), .borrowed)
        case "fullitem", "body", "encoded": content.offerText(reader.readUndeclared(), .own)
        case "link", "a":
            if reader.attribute("href") != nil { return readAtom("link", &reader, .own) }
            // An empty `link` does not count; of several, the first counts.
            link.offer(reader.readString().map { base == nil ? $0 : URI.resolve($0, against: base) }, .own)
        case "guid": readGUID(&reader)
        case "category": addTag(reader.readCategory())
        case "author": authors.offer(reader.readPerson(), .own)
        case "language": language.offer(reader.readString(), .own)
        case "pubdate": published.offer(reader.readString(), .own)
        case "date": published.offer(reader.readString(), .module)
        case "comments": commentsURL = reader.readString().map { URI.resolve($0, against: base) } ?? commentsURL
        // Media RSS's element under a default namespace.
        case "content" where reader.attribute("url") != nil: readMedia(local, &reader)
        case "enclosure":
            addAttachment(reader.file(at: reader.attribute("url"), sizeName: "length"))
        // Atom's elements without its namespace.
        default: readAtom(local, &reader, .borrowed)
        }
    }

    private mutating func readGUID(_ reader: inout XMLReader) {
        let isPermalink = reader.attribute("ispermalink")?.lowercased() != "false"
        guard let text = reader.readString() else { return }
        id.offer(text, .own)
        if isPermalink, URI(text).webScheme != nil { permalink.offer(text, .own) }
    }
}

extension XMLReader {
    /// The texts of the element's children.
    fileprivate mutating func readChildTexts() -> [String] {
        var texts: [String] = []
        let depth = depth
        while nextChild(of: depth) {
            if let text = readString() { texts.append(text) }
        }
        return texts
    }
}
