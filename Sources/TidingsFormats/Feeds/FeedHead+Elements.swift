import TidingsCore

extension FeedHead {
    /// The elements that `readAtom` knows, and those of a feed's head that say nothing for us.
    static let atomNames: Set<String> = [
        "id", "title", "subtitle", "tagline", "info", "link", "updated", "modified", "published", "issued", "author", "category",
        "rights", "copyright", "generator", "logo", "icon", "contributor",
    ]

    /// Reads an element of Atom's `feed` (RFC 4287 §4.1.1) or of Atom 0.3's, which may also occur in an RSS channel.
    mutating func readAtom(_ local: String, _ reader: inout XMLReader, _ rank: FeedRank) {
        let base = reader.base
        switch local {
        case "id": id.offer(reader.readString(), rank)
        case "title": title.offerText(readAtomText(&reader), rank)
        case "subtitle", "tagline": subtitle.offerText(readAtomText(&reader), rank)
        case "info": subtitle.offerText(readAtomText(&reader), .fallback)
        case "link": readAtomLink(reader, rank)
        case "updated", "modified": updated.offer(reader.readString(), rank)
        case "published", "issued": published.offer(reader.readString(), rank)
        case "author": authors.offer(reader.readPerson(), rank)
        case "category": addCategory(reader.readCategory())
        case "rights", "copyright": rights.offerText(readAtomText(&reader), rank)
        case "generator":
            let address = reader.attribute("uri") ?? reader.attribute("url")
            generator.offer(reader.readString() ?? address?.trimmedOrNil, rank)
        case "logo": image.offer(reader.readString().map { URI.resolve($0, against: base) }, rank)
        case "icon": image.offer(reader.readString().map { URI.resolve($0, against: base) }, .fallback)
        default: break
        }
    }

    private mutating func readAtomLink(_ reader: XMLReader, _ rank: FeedRank) {
        guard let href = reader.attribute("href")?.trimmedOrNil else { return }
        let address = URI.resolve(href, against: reader.base)
        switch AtomRelation(reader.attribute("rel")) {
        case .alternate: link.offer(address, rank)
        case .itself: feedURL = feedURL ?? address
        case .hub: if hubs.count < Self.hubLimit { hubs.append(address) }
        case .enclosure, .other: break
        }
    }

    /// Reads an element of the modules that feeds of all formats use; ignores any other.
    mutating func readModule(_ reader: inout XMLReader) {
        switch (reader.name.namespace, reader.name.local) {
        case (.dublinCore, let local), (.dublinCoreTerms, let local): readDublinCore(local, &reader)
        case (.itunes, let local): readITunes(local, &reader)
        case (.media, let local): readMedia(local, &reader)
        case (.syndication, "updateperiod"): updatePeriodSeconds = Self.seconds(ofPeriod: reader.readString())
        case (.syndication, "updatefrequency"): updateFrequency = reader.readString().flatMap(Int.init) ?? 1
        case (.admin, "generatoragent"):
            let resource = reader.attribute("resource", in: .rdf)?.trimmedOrNil
            generator.offer(reader.readString() ?? resource, .module)
        case (.tombstones, "deleted-entry"):
            if let id = reader.attribute("ref")?.trimmedOrNil { tombstones.append(id) }
        default: break
        }
    }

    private mutating func readDublinCore(_ local: String, _ reader: inout XMLReader) {
        switch local {
        case "title": title.offerText(reader.readUndeclared(), .module)
        case "description": subtitle.offerText(reader.readUndeclared(), .module)
        case "creator", "author": authors.offer(FeedAuthor.parse(reader.readString()), .module)
        case "publisher": authors.offer(FeedAuthor.parse(reader.readString()), .fallback)
        case "subject": addCategory(reader.readString())
        case "language": language.offer(reader.readString(), .module)
        case "rights": rights.offerText(reader.readUndeclared(), .module)
        case "identifier": id.offer(reader.readString(), .fallback)
        // For a feed, the date is that of its last change.
        case "date", "modified": updated.offer(reader.readString(), .module)
        case "issued": published.offer(reader.readString(), .module)
        case "created": published.offer(reader.readString(), .fallback)
        default: break
        }
    }

    private mutating func readITunes(_ local: String, _ reader: inout XMLReader) {
        let base = reader.base
        switch local {
        case "author": authors.offer(FeedAuthor.parse(reader.readString()), .module)
        case "owner": authors.offer(reader.readPerson(), .fallback)
        case "subtitle": subtitle.offerText(reader.readUndeclared(), .module)
        case "summary": subtitle.offerText(reader.readUndeclared(), .fallback)
        case "image", "link": image.offer(reader.readImageReference().map { URI.resolve($0, against: base) }, .module)
        case "category": for name in reader.readITunesCategories() { addCategory(name) }
        case "keywords": for name in reader.readKeywords() { addCategory(name) }
        default: break
        }
    }

    private mutating func readMedia(_ local: String, _ reader: inout XMLReader) {
        switch local {
        case "title": title.offerText(reader.readUndeclared(), .fallback)
        case "description": subtitle.offerText(reader.readUndeclared(), .fallback)
        case "thumbnail": image.offer(reader.attribute("url")?.trimmedOrNil, .fallback)
        case "content":
            let isImage = reader.attribute("medium") == "image" || reader.attribute("type")?.hasPrefix("image/") == true
            if isImage { image.offer(reader.attribute("url")?.trimmedOrNil, .fallback) }
        case "category": addCategory(reader.readCategory())
        case "keywords": for name in reader.readKeywords() { addCategory(name) }
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
}

/// The relation of an Atom link (RFC 4287 §4.2.7.2). A registered name may also be written as its whole address.
enum AtomRelation {
    case alternate, itself, enclosure, other
    /// Who tells of the feed's news (W3C WebSub §4).
    case hub

    init(_ text: String?) {
        var name = text?.trimmedOrNil?.lowercased() ?? "alternate"
        for registry in ["http://www.iana.org/assignments/relation/", "http://www.iana.org/assignments/link-relations/"]
        where name.hasPrefix(registry) {
            name = String(name.dropFirst(registry.utf8.count))
        }
        self =
            switch name {
            case "alternate": .alternate
            case "self": .itself
            case "enclosure": .enclosure
            case "hub": .hub
            default: .other
            }
    }
}
