/// One article as one capture shows it. Field names and meanings are JSON Feed 1.1's (jsonfeed.org/version/1.1); absent
/// means unknown, never "empty".
package struct Item: Equatable, Sendable {
    /// The publisher's own id (`guid`, `atom:id`, `id`), trimmed, otherwise byte for byte. An item of a digest has an
    /// id made from its title.
    package var id: String?
    package var title: String?
    /// The address of the article, absolute, as the source wrote it.
    package var url: String?
    package var datePublished: ItemDate?
    package var dateModified: ItemDate?
    package var authors: [Author]
    /// BCP 47, as declared.
    package var language: String?
    package var tags: [String]
    package var summary: String?
    /// What the article says, without its title and without boilerplate: paragraphs, each one line, separated by `\n`.
    package var text: String
    /// False if the text, the summary and the HTML were left out, because the caller has them under the raw hash.
    package var isTextDerived = true
    /// Whether the text of a feed's item ends before the article does: with an ellipsis, or with words or a link that lead to the
    /// rest. They are part of the text all the same.
    package var isCutOff = false
    /// The body as HTML that is safe to show, if the source gave HTML and the caller asked for it; not part of the
    /// content hash.
    package var contentHTML: String?
    /// The summary as HTML, if the source gave HTML and the body is another text.
    package var summaryHTML: String?
    /// Files that belong to the item: episodes, pictures.
    package var attachments: [Attachment]
    /// The statement of rights, in the publisher's words.
    package var rights: String?
    /// The address of the page with the item's comments.
    package var commentsURL: String?
    /// Hash of the raw title and the raw body as the source wrote them. While it stays the same, nothing is derived
    /// again.
    package var rawHash: ContentHash

    package init(
        id: String? = nil, title: String? = nil, url: String? = nil, datePublished: ItemDate? = nil,
        dateModified: ItemDate? = nil, authors: [Author] = [], language: String? = nil, tags: [String] = [],
        summary: String? = nil, text: String = "", contentHTML: String? = nil, rawHash: ContentHash
    ) {
        self.id = id
        self.title = title
        self.url = url
        self.datePublished = datePublished
        self.dateModified = dateModified
        self.authors = authors
        self.language = language
        self.tags = tags
        self.summary = summary
        self.text = text
        self.contentHTML = contentHTML
        self.rawHash = rawHash
        attachments = []
    }

    package static func rawHash(title: String?, body: [UInt8]) -> ContentHash {
        ContentHash.of(Array((title ?? "").utf8), [0], body)
    }
}

/// A file that belongs to an item (JSON Feed 1.1, `attachments`).
package struct Attachment: Hashable, Sendable {
    package var url: String
    /// A media type, as declared.
    package var mimeType: String?
    package var sizeBytes: Int64?

    package init(url: String, mimeType: String? = nil, sizeBytes: Int64? = nil) {
        self.url = url
        self.mimeType = mimeType
        self.sizeBytes = sizeBytes
    }
}

/// Who wrote an item (JSON Feed 1.1, `authors`). At least one field is present.
package struct Author: Hashable, Sendable {
    package var name: String?
    package var url: String?
    package var email: String?

    package init(name: String? = nil, url: String? = nil, email: String? = nil) {
        self.name = name
        self.url = url
        self.email = email
    }
}
