/// The type of a change. The `type` of its line is `tidings.` followed by this value. The values are a contract: none
/// is renamed.
package enum ChangeType: String, CaseIterable, Sendable {
    case articleCreated = "article.created"
    case articleUpdated = "article.updated"
    case articleRemoved = "article.removed"
    case articleRestored = "article.restored"
    case articleMoved = "article.moved"
    case articleDuplicate = "article.duplicate"
    case articleDuplicateRemoved = "article.duplicate_removed"
    case sourceState = "source.state"
    case sourceGap = "source.gap"
    case sourceAdded = "source.added"
    case sourceRemoved = "source.removed"
    case streamReset = "stream.reset"
    case streamHeader = "stream.header"

    package var name: String { "tidings." + rawValue }
}

/// How an update differs from the version before it.
package enum ChangeClass: String, CaseIterable, Sendable {
    /// Letters, digits or punctuation of title or text differ.
    case substantive
    /// Only case, quotes, dashes or the space around punctuation differ.
    case cosmetic
    /// Only digits differ, in short lines that other articles of the source have with other digits: counts of a kind that is not
    /// known by its words.
    case counters
    /// Title and text are the same; authors, URL, tags or language differ.
    case metadata
    /// The content of an older version came back.
    case revert
    /// The article keeps alternating between the same two contents.
    case flap
    /// The whole text is there for the first time, from the article's page or from the feed; before, it was what the feed's item said.
    case fullText = "full_text"
}

/// A field of an article whose change makes a version.
package enum ChangedField: String, CaseIterable, Sendable { case title, text, authors, url, tags, language }

/// Why an article counts as removed.
package enum RemovalReason: String, CaseIterable, Sendable {
    case fileDeleted = "file_deleted"
    case declared
    case inferred
    case pageGone = "page_gone"
    case unsubscribed
}

/// Whether a source can be read.
package enum SourceState: String, Codable, CaseIterable, Sendable { case ok, failing, gone }

package enum SourceKind: String, CaseIterable, Sendable {
    case folder, feed
    /// A list of pages.
    case page
}

/// Where a change was seen.
package struct Origin: Equatable, Sendable {
    package var source: String
    package var kind: SourceKind
    package var key: String?
    package var url: String?
    /// The address of the page that brought the change, if its item's source is a feed.
    package var page: String?

    package init(source: String, kind: SourceKind, key: String? = nil, url: String? = nil, page: String? = nil) {
        self.source = source
        self.kind = kind
        self.key = key
        self.url = url
        self.page = page
    }
}

/// One event of the stream before it gets its sequence number. A field that the type does not use is absent.
package struct Change: Equatable, Sendable {
    package var type: ChangeType
    package var article: ArticleID?
    package var origin: Origin?
    package var version: Int?
    package var previousVersion: Int?
    package var contentHash: ContentHash?
    package var previousContentHash: ContentHash?
    /// The fields that differ from the version before.
    package var changed: [ChangedField] = []
    package var changeClass: ChangeClass?
    /// How many Unicode scalars an update adds to title and text, and removes from them.
    package var charactersAdded: Int?
    package var charactersRemoved: Int?
    package var reason: RemovalReason?
    package var forkedFrom: ArticleVersion?
    /// The key under which the article was seen before it moved.
    package var movedFrom: String?
    package var isBackfill = false
    /// The item of this version, without its text.
    package var item: Item?
    /// Unicode scalars of the text.
    package var characters: Int?
    /// The new state of a source, and a message for people.
    package var state: SourceState?
    package var detail: String?

    package init(type: ChangeType, article: ArticleID? = nil, origin: Origin? = nil) {
        self.type = type
        self.article = article
        self.origin = origin
    }
}

/// One version of one article: `7q2k…@3`.
package struct ArticleVersion: Hashable, Sendable {
    package let article: ArticleID
    /// 1, 2, 3 … per article.
    package let number: Int

    package init(article: ArticleID, number: Int) {
        self.article = article
        self.number = number
    }
}
