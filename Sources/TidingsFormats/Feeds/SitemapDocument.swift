import TidingsCore

// Sitemaps (sitemaps.org, protocol 0.9) list a site's pages. With Google's extension for news, which nearly all news sites write,
// such a list is a feed: the articles of the last two days, each with title, date and language. It has no texts.
//
// Whatever namespaces a sitemap declares, or does not, its elements are known by their names. Those of other extensions (pictures,
// videos, translations) stand in elements of their own and are not looked at.

/// A list of pages: `urlset`. An item has the address of its page, and no id.
func readSitemap(_ reader: inout XMLReader, charset: String) -> ParsedDocument {
    var document = ParsedDocument(format: .sitemap, shape: .window, charset: charset)
    var unknown = UnknownChildren(root: reader.name.local)
    reader.adoptPrefix(as: .rss)
    let depth = reader.depth
    while reader.nextChild(of: depth) {
        if reader.name.local == "url" { readPage(&reader, in: &document) } else { unknown.add(&reader) }
    }
    unknown.report(&reader, in: document)
    return document
}

private func readPage(_ reader: inout XMLReader, in document: inout ParsedDocument) {
    var page = FeedItemDraft()
    page.base = reader.base
    var isFinished = false
    let depth = reader.depth
    while reader.nextChild(of: depth) {
        switch reader.name.local {
        case "loc": page.link.offer(reader.readString(), .own)
        case "lastmod": page.modified.offer(reader.readString(), .own)
        case "news": readNews(&reader, of: &page, in: &document)
        case "url":
            // The page before this one was not closed.
            if !isFinished { reader.finish(page, in: &document) }
            isFinished = true
            readPage(&reader, in: &document)
        default: break
        }
    }
    if !isFinished { reader.finish(page, in: &document) }
}

/// Google's `news:news`.
private func readNews(_ reader: inout XMLReader, of page: inout FeedItemDraft, in document: inout ParsedDocument) {
    let depth = reader.depth
    while reader.nextChild(of: depth) {
        switch reader.name.local {
        case "title": page.title.offerText(reader.readUndeclared(), .own)
        case "publication_date": page.published.offer(reader.readString(), .own)
        case "keywords": for name in reader.readKeywords() { page.addTag(name) }
        case "publication": readPublication(&reader, of: &page, in: &document)
        default: break
        }
    }
}

private func readPublication(_ reader: inout XMLReader, of page: inout FeedItemDraft, in document: inout ParsedDocument) {
    let depth = reader.depth
    while reader.nextChild(of: depth) {
        switch reader.name.local {
        // Each page names its newspaper. It is the nearest to a title that a sitemap has.
        case "name": if document.title == nil { document.title = reader.readString() }
        case "language": page.language.offer(reader.readString(), .own)
        default: break
        }
    }
}

/// A list of sitemaps: `sitemapindex`. It has no items.
func readSitemapIndex(_ reader: inout XMLReader, charset: String) -> ParsedDocument {
    var document = ParsedDocument(format: .sitemapIndex, shape: .window, charset: charset)
    reader.adoptPrefix(as: .rss)
    let depth = reader.depth
    while reader.nextChild(of: depth) {
        guard reader.name.local == "sitemap" else { continue }
        guard document.sitemaps.count < FeedLimits.sitemaps else {
            reader.problems.add(Problem("more than \(FeedLimits.sitemaps) sitemaps, of which the first are read"))
            document.isPartial = true
            break
        }
        if let reference = readReference(&reader) { document.sitemaps.append(reference) }
    }
    return document
}

/// Nil without an address, and if the document ends in it: half an address is another one.
private func readReference(_ reader: inout XMLReader) -> SitemapReference? {
    let base = reader.base
    var url: String?
    var modified: String?
    let depth = reader.depth
    while reader.nextChild(of: depth) {
        switch reader.name.local {
        case "loc": url = url ?? reader.readString()
        case "lastmod": modified = modified ?? reader.readString()
        default: break
        }
    }
    guard !reader.isTruncated, let url else { return nil }
    return SitemapReference(url: URI.resolve(url, against: base), dateModified: modified.flatMap(FeedDate.parse))
}

extension XMLReader {
    /// Adds the item of `page`. Without an address it is no page.
    fileprivate mutating func finish(_ page: FeedItemDraft, in document: inout ParsedDocument) {
        guard !isTruncated else { return }
        guard page.link.value != nil else { return report("<url> without an address") }
        var page = page
        page.hasFields = true
        finish(page, in: &document, FeedHead(), authors: [])
    }
}
