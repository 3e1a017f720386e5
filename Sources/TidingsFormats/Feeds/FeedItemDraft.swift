import TidingsCore

/// An item of a feed, while it is read: its elements, before it is decided which of them count.
///
/// The elements that count, in this order, for all formats:
/// - body: `content:encoded` or `atom:content`, else `description` or `atom:summary`; if there are both, the second is
///   the summary;
/// - address: `link`, else `atom:link` with rel `alternate`, else `guid` or `atom:id` if it is an address, else `rdf:about`,
///   else that of the first file, enclosures before Media RSS;
/// - published: the format's own element, else Dublin Core's; modified likewise. `dc:date` does not say which of the
///   two it is, and serves for each that has nothing better.
struct FeedItemDraft {
    /// Further tags and attachments are dropped; real items have a few dozen at most.
    static let tagLimit = 256
    static let attachmentLimit = 256

    /// Whether the item has any content, even elements that are not read here.
    var hasFields = false
    var id = Best<String>()
    /// rdf:about, which identifies the items of RSS 1.0.
    var about: String?
    var title = Best<FeedText>()
    var content = Best<FeedText>()
    var description = Best<FeedText>()
    var link = Best<String>()
    /// An address that the item's id, or its content, gives.
    var permalink = Best<String>()
    var published = Best<String>()
    var modified = Best<String>()
    var authors = FeedAuthors()
    var tags: [String] = []
    private var attachments: [Attachment] = []
    /// Media RSS often lists an enclosure again.
    private var mediaAttachments: [Attachment] = []
    var rights = Best<FeedText>()
    var commentsURL: String?
    var language = Best<String>()
    /// The base of the item's relative references.
    var base: String?

    mutating func addTag(_ text: String?) {
        guard tags.count < Self.tagLimit, let tag = text?.trimmedOrNil, !tags.contains(tag) else { return }
        tags.append(tag)
    }

    mutating func addAttachment(_ file: Attachment?) {
        guard attachments.count < Self.attachmentLimit, let file else { return }
        attachments.append(file)
    }

    mutating func addMedia(_ file: Attachment?) {
        guard mediaAttachments.count < Self.attachmentLimit, let file else { return }
        mediaAttachments.append(file)
    }

    private var allAttachments: [Attachment] {
        guard !mediaAttachments.isEmpty else { return attachments }
        var urls = Set(attachments.map(\.url))
        return attachments + mediaAttachments.filter { urls.insert($0.url).inserted }
    }

    /// The item, and what is wrong with it; nil if there is nothing in it.
    /// - Parameter index: its position in the document, from 0.
    func item(
        index: Int, language feedLanguage: String?, authors feedAuthors: [Author], hints: DocumentHints,
        problems: inout ProblemLog
    ) -> Item? {
        let body = content.value ?? description.value
        guard hasFields || body != nil else {
            problems.add(Problem("there is nothing in the item", item: index))
            return nil
        }
        let rawTitle = title.value.map { String(repairing: $0.bytes) }
        var item = Item(
            id: id.value ?? about, title: title.value?.title, url: address,
            rawHash: Item.rawHash(title: rawTitle, body: body?.bytes ?? []))
        item.isTextDerived = body == nil || !hints.knownRawHashes.contains(item.rawHash)
        if let body, item.isTextDerived { put(body, into: &item, keepsHTML: hints.keepsHTML) }
        item.datePublished = date(published.value, index: index, problems: &problems)
        item.dateModified = date(modified.value, index: index, problems: &problems)
        let authors = authors.all
        item.authors = authors.isEmpty ? feedAuthors : authors
        item.language = languageTag(language.value ?? feedLanguage)
        item.tags = tags
        item.attachments = allAttachments
        item.rights = rights.value?.singleLine
        item.commentsURL = commentsURL
        return item
    }

    private var address: String? {
        if let address = (link.value ?? permalink.value)?.trimmedOrNil { return URI.resolve(address, against: base) }
        // An episode without a page is where its file is.
        return allAttachments.first?.url
    }

    /// The only code that derives the item's texts from its body.
    private func put(_ body: FeedText, into item: inout Item, keepsHTML: Bool) {
        item.text = body.paragraphs
        item.isCutOff = CutOffText.isCutOff(item, html: body.html, base: body.base ?? base)
        if keepsHTML { item.contentHTML = html(body) }
        if content.value != nil, let description = description.value, description.bytes != body.bytes {
            item.summary = description.singleLine
            if keepsHTML { item.summaryHTML = html(description) }
        }
    }

    /// `text` as HTML that is safe to show; nil if it is no HTML.
    private func html(_ text: FeedText) -> String? {
        text.html.map { SafeHTML.html(ofFragment: $0, base: text.base ?? base) }
    }

    private func date(_ text: String?, index: Int, problems: inout ProblemLog) -> ItemDate? {
        guard let text else { return nil }
        let date = FeedDate.parse(text)
        if date == nil { problems.add(Problem("a date cannot be read", item: index)) }
        return date
    }
}
