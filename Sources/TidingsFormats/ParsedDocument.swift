import TidingsCore

/// What the caller can tell about some bytes before they are read.
package struct DocumentHints: Equatable, Sendable {
    /// The file's name, of which only the extension counts; nil for a document that came over HTTP.
    package var fileName: String?
    /// The Content-Type field as the server sent it (RFC 9110 §8.3).
    package var contentType: String?
    /// What relative references are resolved against: the final URL of the fetch, or nil.
    package var baseURL: String?
    /// Whether the source is a feed, where HTML is a failure (a challenge, a login page) and not an article.
    package var expectsFeed: Bool
    /// Whether items also get their body as HTML (`Item.contentHTML`).
    package var keepsHTML: Bool
    /// Raw hashes of items whose text the ledger has: in a feed, their text is not derived again
    /// (`Item.isTextDerived`).
    package var knownRawHashes: Set<ContentHash>
    /// What was decided about the blocks of the page when it was last read; nil if it is read for the first time.
    package var blockMemory: BlockMemory?
    /// The title of the page's item in its feed: it picks which of the page's titles is the headline.
    package var feedTitle: String?
    /// Where the page's headline was when the page was last read (`ParsedDocument.headline`): there it stays.
    package var headline: HeadlineKind?

    package init(
        fileName: String? = nil, contentType: String? = nil, baseURL: String? = nil, expectsFeed: Bool = false,
        keepsHTML: Bool = false, knownRawHashes: Set<ContentHash> = [], blockMemory: BlockMemory? = nil,
        feedTitle: String? = nil, headline: HeadlineKind? = nil
    ) {
        self.fileName = fileName
        self.contentType = contentType
        self.baseURL = baseURL
        self.expectsFeed = expectsFeed
        self.keepsHTML = keepsHTML
        self.knownRawHashes = knownRawHashes
        self.blockMemory = blockMemory
        self.feedTitle = feedTitle
        self.headline = headline
    }
}

/// The kind of document that was recognised.
package enum DocumentFormat: String, Sendable {
    case text, markdown, html, rss, rdf, atom, sitemap, jsonFeed = "json_feed", json, jsonLines = "json_lines"
    /// A list of sitemaps, which has no items.
    case sitemapIndex = "sitemap_index"
}

/// How the items of a document relate to the articles of its locator.
package enum DocumentShape: Sendable {
    /// The document is one article.
    case single
    /// A feed or a digest: the newest of many. An item that leaves a window is not removed.
    case window
    /// A whole list: an item that a complete document no longer lists is gone.
    case list
}

/// A defect in spite of which the document was read. `line` and `item` say where, if that was found.
package struct Problem: Equatable, Sendable {
    /// A message for people, without the document's text: "entity 'nbsp' is not defined".
    package var message: String
    /// 1, 2, 3 …
    package var line: Int?
    /// Position of the item in the document, from 0.
    package var item: Int?

    package init(_ message: String, line: Int? = nil, item: Int? = nil) {
        self.message = message
        self.line = line
        self.item = item
    }
}

/// One of the sitemaps that a sitemap index lists.
package struct SitemapReference: Hashable, Sendable {
    /// Absolute, if the document's address is known.
    package var url: String
    /// When the sitemap was last changed, as the index says.
    package var dateModified: ItemDate?

    package init(url: String, dateModified: ItemDate? = nil) {
        self.url = url
        self.dateModified = dateModified
    }
}

/// What a document says: its items in document order, and what was wrong with it.
package struct ParsedDocument: Equatable, Sendable {
    package var format: DocumentFormat
    package var shape: DocumentShape
    /// The charset that the text was decoded from, by its lowercase WHATWG or IANA name.
    package var charset: String
    /// `rss20`, `atom10`, `rss10` … where the format has versions.
    package var version: String?
    /// What a feed says of itself.
    package var title: String?
    package var homePageURL: String?
    package var feedURL: String?
    /// Addresses of who tells of the feed's news, in its order (W3C WebSub).
    package var hubs: [String] = []
    package var description: String?
    package var language: String?
    /// `atom:id`, or another value that identifies the feed permanently.
    package var id: String?
    package var updated: ItemDate?
    package var published: ItemDate?
    package var authors: [Author]
    package var categories: [String]
    /// The address of the feed's picture.
    package var image: String?
    package var rights: String?
    package var generator: String?
    /// How long the feed asks its pollers to wait, in seconds.
    package var timeToLiveSeconds: Int?
    /// Hours of the day, 0…23 in GMT, in which nothing new comes (RSS 2.0, `skipHours`).
    package var skipHours: Set<Int>
    /// Days of the week, 0 = Sunday … 6, on which nothing new comes (RSS 2.0, `skipDays`).
    package var skipDays: Set<Int>
    package var items: [Item]
    /// Ids that the document declares deleted (RFC 6721).
    package var tombstones: [String]
    /// Of a sitemap index: the sitemaps that have the items.
    package var sitemaps: [SitemapReference] = []
    package var problems: [Problem]
    /// The document broke the rules of XML, of JSON or of its charset. If it is false, the problems are about the
    /// content.
    package var isMalformed: Bool
    /// The document is cut off, or could not be read to its end: nothing may be inferred from the items that it lacks.
    package var isPartial: Bool
    /// Of an HTML page: where its article goes on (`rel=next`).
    package var nextPage: String?
    /// Of an HTML page: what it is, and what was decided about its blocks.
    package var contentKind: PageContentGuess?
    package var blockMemory: BlockMemory?
    /// Of an HTML page: where it has the title of its item. Nil if it is none of its headings and named titles.
    package var headline: HeadlineKind?
    /// Of an HTML page: what is there in place of the article, or of the rest of it.
    package var obstacle: PageObstacle?
    /// Of an HTML page: the text is probably not the article's, or not the whole of it, although nothing is known to stand in
    /// its way: there is next to none, the page is a listing, or only its scripts would show it.
    package var isUnsure: Bool

    package init(
        format: DocumentFormat, shape: DocumentShape, charset: String, items: [Item] = [], problems: [Problem] = [],
        isPartial: Bool = false
    ) {
        self.format = format
        self.shape = shape
        self.charset = charset
        self.items = items
        self.problems = problems
        self.isPartial = isPartial
        isMalformed = false
        isUnsure = false
        tombstones = []
        authors = []
        categories = []
        skipHours = []
        skipDays = []
    }
}

/// Why nothing of a document could be read.
package enum UnreadableDocument: Error, Equatable, Sendable {
    /// Not text, and none of the formats: counted in `status`, never fatal.
    case binary
    /// Text that is in none of the candidate charsets.
    case undecodable(charset: String)
    case empty
    /// HTML where a feed was expected.
    case notAFeed(PageKind)
    /// Recognised by name or start, but broken from its first byte on. `line` says where, if that was found.
    case malformed(String, line: Int?)
    case unknownKind(String)
}
