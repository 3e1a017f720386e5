/// The vocabularies that feeds use. Several URIs stand for one vocabulary, because feeds have used drafts, typing
/// errors and successors of each.
enum XMLNamespace: Sendable {
    /// RSS in any version: no namespace, or one of RSS's own.
    case rss
    case rdf, atom, content, dublinCore, dublinCoreTerms, syndication, tombstones, xhtml, itunes, media, admin, xml
    case other

    init(uri: String) {
        self =
            switch uri.lowercased() {
            case "", "http://purl.org/rss/1.0/", "http://my.netscape.com/rdf/simple/0.9/",
                "http://channel.netscape.com/rdf/simple/0.9/", "http://purl.org/net/rss1.1#",
                "http://my.netscape.com/publish/formats/rss-0.91.dtd", "http://purl.org/rss/2.0/":
                .rss
            case "http://www.w3.org/1999/02/22-rdf-syntax-ns#": .rdf
            case "http://www.w3.org/2005/atom", "https://www.w3.org/2005/atom", "http://purl.org/atom/ns#",
                "http://example.com/newformat#", "http://example.com/necho", "http://purl.org/echo/",
                "uri/of/echo/namespace#", "http://purl.org/pie/", "http://purl.org/atom/app#", "http://www.w3.org/2007/app":
                .atom
            case "http://purl.org/rss/1.0/modules/content/": .content
            case "http://purl.org/dc/elements/1.1/", "http://purl.org/dc/elements/1.0/": .dublinCore
            case "http://purl.org/dc/terms/": .dublinCoreTerms
            case "http://purl.org/rss/1.0/modules/syndication/": .syndication
            case "http://purl.org/atompub/tombstones/1.0": .tombstones
            case "http://www.w3.org/1999/xhtml": .xhtml
            case "http://www.itunes.com/dtds/podcast-1.0.dtd": .itunes
            case "http://search.yahoo.com/mrss/", "http://search.yahoo.com/mrss", "http://api.search.yahoo.com/mrss/",
                "http://search.yahoo.com/rss", "http://tools.search.yahoo.com/mrss/", "http://video.search.yahoo.com/mrss",
                "http://video.search.yahoo.com/mrss/":
                .media
            case "http://webns.net/mvcb/": .admin
            case "http://www.w3.org/xml/1998/namespace": .xml
            default: uri.lowercased().contains("backend.userland.com") ? .rss : .other
            }
    }

    /// The usual meaning of `prefix`, for documents that use it without declaring it.
    init(undeclaredPrefix prefix: String) {
        self =
            switch prefix {
            case "rss": .rss
            case "rdf": .rdf
            case "atom", "a10": .atom
            case "content": .content
            case "dc": .dublinCore
            case "dcterms": .dublinCoreTerms
            case "sy": .syndication
            case "at": .tombstones
            case "xhtml", "xh", "html": .xhtml
            case "itunes": .itunes
            case "media": .media
            case "admin": .admin
            case "xml": .xml
            default: .other
            }
    }
}

/// The name of an element or attribute. Feeds write names in any case, and no vocabulary has two names that differ only
/// in case.
struct XMLName: Equatable, Sendable {
    var namespace: XMLNamespace
    /// In lowercase ASCII, without its prefix.
    var local: String
}

struct XMLAttribute: Equatable, Sendable {
    var name: XMLName
    var value: String
}
