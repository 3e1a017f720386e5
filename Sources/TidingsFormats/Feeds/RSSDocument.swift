import TidingsCore

/// RSS 0.90 to 2.0 and RSS 1.0, with the elements of Atom, Dublin Core, Content and Syndication that feeds mix in.
///
/// The versions differ in their wrapping only, and feeds do not keep to the version that they state: an item is an
/// item inside the channel (0.91 to 2.0) as beside it (0.90, 1.0).
func readRSS(_ reader: inout XMLReader, charset: String) -> ParsedDocument {
    let isRDF = reader.name.local == "rdf"
    var document = ParsedDocument(format: isRDF ? .rdf : .rss, shape: .window, charset: charset)
    if reader.name.local == "rss" { document.version = version(reader.attribute("version")) }
    document.language = reader.language
    var reading = RSSReading(document: document)
    if reader.name.local == "channel" {
        reading.readChannel(&reader)
    } else {
        let depth = reader.depth
        while reader.nextChild(of: depth) {
            if reader.name.local == "channel" {
                if isRDF { reading.document.version = rdfVersion(reader.namespaceURI) }
                reading.readChannel(&reader)
            } else if reader.name.local == "item" {
                reading.readItem(&reader)
            }
        }
    }
    reader.reportRepeatedIDs(in: reading.document)
    return reading.document
}

private func version(_ text: String?) -> String {
    switch text?.trimmedOrNil {
    case nil: "rss"
    case "0.90", "0.9": "rss090"
    case "0.91": "rss091"
    case "0.92": "rss092"
    case "0.93": "rss093"
    case "0.94": "rss094"
    case let version? where version.hasPrefix("2"): "rss20"
    default: "rss"
    }
}

private func rdfVersion(_ uri: String) -> String {
    if uri.contains("netscape.com") { return "rss090" }
    return uri.contains("rss1.1") ? "rss11" : "rss10"
}

private struct RSSReading {
    var document: ParsedDocument
    private var updatePeriodSeconds: Int?
    private var updateFrequency = 1

    init(document: ParsedDocument) { self.document = document }

    mutating func readChannel(_ reader: inout XMLReader) {
        let depth = reader.depth
        document.language = reader.language ?? document.language
        while reader.nextChild(of: depth) { readChannelElement(&reader) }
        if document.timeToLiveSeconds == nil, let updatePeriodSeconds {
            document.timeToLiveSeconds = updatePeriodSeconds / max(updateFrequency, 1)
        }
    }

    private mutating func readChannelElement(_ reader: inout XMLReader) {
        switch (reader.name.namespace, reader.name.local) {
        case (.rss, "item"): readItem(&reader)
        case (.rss, "title"):
            let title = readUndeclared(&reader).singleLine
            document.title = document.title ?? title
        case (.rss, "description"), (.rss, "tagline"):
            document.description = readUndeclared(&reader).singleLine ?? document.description
        case (.rss, "link"):
            let base = reader.base
            if let link = reader.readString() { document.homePageURL = URLReference.resolve(link, against: base) }
        case (.rss, "language"): document.language = reader.readString() ?? document.language
        case (.dublinCore, "language"):
            let language = reader.readString()
            document.language = document.language ?? language
        case (.rss, "ttl"):
            let minutesLimit = 525_600  // A year; beyond that it is no hint.
            if let minutes = reader.readString().flatMap(Int.init), (1...minutesLimit).contains(minutes) {
                document.timeToLiveSeconds = minutes * 60
            }
        case (.syndication, "updateperiod"): updatePeriodSeconds = Self.seconds(ofPeriod: reader.readString())
        case (.syndication, "updatefrequency"): updateFrequency = reader.readString().flatMap(Int.init) ?? 1
        case (.atom, "link"): readChannelLink(&reader)
        case (.tombstones, "deleted-entry"): document.addTombstone(reader)
        default: break
        }
    }

    private mutating func readChannelLink(_ reader: inout XMLReader) {
        guard let href = reader.attribute("href")?.trimmedOrNil else { return }
        let address = URLReference.resolve(href, against: reader.base)
        switch reader.attribute("rel")?.lowercased() {
        case "self": document.feedURL = document.feedURL ?? address
        case nil, "alternate": document.homePageURL = document.homePageURL ?? address
        default: break
        }
    }

    private static func seconds(ofPeriod period: String?) -> Int? {
        switch period?.lowercased() {
        case "hourly": 3600
        case "daily": 86_400
        case "weekly": 7 * 86_400
        case "monthly": 30 * 86_400
        case "yearly": 365 * 86_400
        default: nil
        }
    }

    // MARK: Items

    mutating func readItem(_ reader: inout XMLReader) {
        var draft = FeedItemDraft()
        // Sites that write relative links mean them relative to the site.
        draft.base = reader.base ?? document.homePageURL
        draft.language = reader.language
        draft.about = reader.attribute("about", in: .rdf)?.trimmedOrNil
        draft.permalink = draft.about
        draft.hasFields = draft.about != nil
        let depth = reader.depth
        while reader.nextChild(of: depth) {
            if reader.name.namespace == .rss, reader.name.local == "item" {
                // The end tag of the item before this one is missing.
                reader.finish(draft, in: &document, authors: [])
                readItem(&reader)
                return
            }
            draft.hasFields = true
            readItemElement(&reader, into: &draft)
        }
        reader.finish(draft, in: &document, authors: [])
    }

    private func readItemElement(_ reader: inout XMLReader, into draft: inout FeedItemDraft) {
        switch (reader.name.namespace, reader.name.local) {
        case (.rss, "title"): draft.title = .first(draft.title, readUndeclared(&reader))
        case (.dublinCore, "title"), (.atom, "title"):
            draft.title = .first(draft.title, readUndeclared(&reader))
        case (.content, "encoded"), (.xhtml, "body"), (.xhtml, "div"), (.rss, "fullitem"):
            let (bytes, hasElements) = reader.readMarkup()
            draft.content = .first(draft.content, FeedText(bytes: bytes, kind: hasElements ? .html : .undeclared))
        case (.rss, "description"): draft.description = .first(draft.description, readUndeclared(&reader))
        case (.atom, "content"): draft.content = .first(draft.content, readAtomText(&reader))
        case (.atom, "summary"), (.dublinCore, "description"):
            draft.description = .first(draft.description, readUndeclared(&reader))
        case (.rss, "link"): readLink(&reader, into: &draft)
        case (.atom, "link"): draft.readAtomLink(reader)
        case (.rss, "guid"), (.atom, "id"): readID(&reader, into: &draft)
        case (.rss, "category"), (.dublinCore, "subject"), (.atom, "category"):
            let term = reader.attribute("label") ?? reader.attribute("term")
            draft.addTag(reader.readString() ?? term)
        case (.rss, "author"), (.atom, "author"): draft.addAuthor(reader.readPerson())
        case (.dublinCore, "creator"), (.dublinCore, "author"), (.dublinCoreTerms, "creator"):
            draft.addCreator(FeedAuthor.parse(reader.readString()))
        case (.itunes, "author"):
            if let author = FeedAuthor.parse(reader.readString()), draft.otherAuthors.isEmpty { draft.otherAuthors = [author] }
        case (.dublinCore, "language"), (.rss, "language"): draft.language = reader.readString() ?? draft.language
        default: readItemDate(&reader, into: &draft)
        }
    }

    private func readItemDate(_ reader: inout XMLReader, into draft: inout FeedItemDraft) {
        switch (reader.name.namespace, reader.name.local) {
        case (.rss, "pubdate"): draft.published = .better(draft.published, reader.readText(), .own)
        case (.atom, "published"), (.atom, "issued"), (.rss, "published"):
            draft.published = .better(draft.published, reader.readText(), .borrowed)
        case (.dublinCore, "date"), (.dublinCoreTerms, "issued"), (.dublinCoreTerms, "date"), (.rss, "date"):
            draft.published = .better(draft.published, reader.readText(), .module)
        case (.dublinCoreTerms, "created"): draft.published = .better(draft.published, reader.readText(), .creation)
        case (.atom, "updated"), (.atom, "modified"), (.rss, "updated"):
            draft.modified = .better(draft.modified, reader.readText(), .borrowed)
        case (.dublinCoreTerms, "modified"): draft.modified = .better(draft.modified, reader.readText(), .module)
        default: break
        }
    }

    private func readLink(_ reader: inout XMLReader, into draft: inout FeedItemDraft) {
        let href = reader.attribute("href")
        let base = reader.base
        // An empty `link` says nothing, and of several the first counts.
        guard let link = reader.readString() ?? href?.trimmedOrNil, draft.link == nil else { return }
        draft.link = base == nil ? link : URLReference.resolve(link, against: base)
    }

    private func readID(_ reader: inout XMLReader, into draft: inout FeedItemDraft) {
        let isPermalink = reader.attribute("ispermalink")?.lowercased() != "false"
        guard let id = reader.readString() else { return }
        draft.id = draft.id ?? id
        if isPermalink, URLReference.isWebAddress(id) { draft.permalink = id }
    }

    private func readUndeclared(_ reader: inout XMLReader) -> FeedText {
        let (bytes, hasElements) = reader.readMarkup()
        return FeedText(bytes: bytes, kind: hasElements ? .html : .undeclared)
    }
}
