/// What an element of a feed may stand in, and what may stand in it. Only the XML reader's repairs need it.
enum FeedRole: UInt8 {
    /// Items stand in it: `rss`, `channel`, `items`, `rdf:RDF`, `feed`.
    case container
    /// `item` or `entry`.
    case item
    /// It stands in an item or at the head of a feed, and in few other elements: `title`, `link`, `guid` …
    case field
    case other
    /// It was examined, and its end tag is where it should be: what stands in it belongs to it.
    case closed

    /// - Parameter isPrefixed: whether the name has a prefix. Without one, the structure of a feed is recognised under any
    ///   default namespace.
    init(_ name: XMLName, isPrefixed: Bool) {
        let isOwn = name.namespace == .rss || name.namespace == .atom
        switch name.local {
        case "item", "entry": self = isOwn || !isPrefixed ? .item : .other
        case "rss", "channel", "items", "feed", "rdf":
            self = isOwn || !isPrefixed || name.namespace == .rdf ? .container : .other
        case "encoded": self = name.namespace == .content ? .field : .other
        case "creator", "date", "subject": self = name.namespace == .dublinCore ? .field : .other
        case "title", "link", "description", "guid", "pubdate", "author", "category", "comments", "enclosure", "id", "updated",
            "published", "summary", "content":
            self = isOwn ? .field : .other
        default: self = .other
        }
    }
}
