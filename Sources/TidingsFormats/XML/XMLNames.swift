/// The vocabularies that feeds use. Several URIs stand for one vocabulary, because feeds have used drafts, typing
/// errors and successors of each.
enum XMLNamespace: Sendable {
    /// RSS in any version: no namespace, or one of RSS's own.
    case rss
    case rdf, atom, content, dublinCore, dublinCoreTerms, syndication, tombstones, xhtml, itunes, media, admin, xml
    case other

    /// The scheme, `www.` and the mark at the end do not count: writers vary them.
    init(uri: String) {
        self =
            switch Self.comparable(uri) {
            case "", "purl.org/rss/1.0", "my.netscape.com/rdf/simple/0.9", "channel.netscape.com/rdf/simple/0.9",
                "purl.org/net/rss1.1", "my.netscape.com/publish/formats/rss-0.91.dtd", "purl.org/rss/2.0":
                .rss
            case "w3.org/1999/02/22-rdf-syntax-ns": .rdf
            case "w3.org/2005/atom", "purl.org/atom/ns", "example.com/newformat", "example.com/necho", "purl.org/echo",
                "uri/of/echo/namespace", "purl.org/pie", "purl.org/atom/app", "w3.org/2007/app":
                .atom
            case "purl.org/rss/1.0/modules/content": .content
            case "purl.org/dc/elements/1.1", "purl.org/dc/elements/1.0": .dublinCore
            case "purl.org/dc/terms": .dublinCoreTerms
            case "purl.org/rss/1.0/modules/syndication": .syndication
            case "purl.org/atompub/tombstones/1.0": .tombstones
            case "w3.org/1999/xhtml": .xhtml
            case "itunes.com/dtds/podcast-1.0.dtd": .itunes
            case "search.yahoo.com/mrss", "api.search.yahoo.com/mrss", "search.yahoo.com/rss",
                "tools.search.yahoo.com/mrss", "video.search.yahoo.com/mrss":
                .media
            case "webns.net/mvcb": .admin
            case "w3.org/xml/1998/namespace": .xml
            case let name: name.contains("backend.userland.com") ? .rss : .other
            }
    }

    private static func comparable(_ uri: String) -> String {
        var name = uri.lowercased()[...]
        for start in ["http://", "https://", "www."] where name.hasPrefix(start) { name = name.dropFirst(start.utf8.count) }
        while let last = name.utf8.last, last == UInt8(ascii: "/") || last == UInt8(ascii: "#") { name = name.dropLast() }
        return String(name)
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
