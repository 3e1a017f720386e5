import TidingsCore

/// An item of a feed while it is being read: the elements as they stand, before it is decided which of them count.
///
/// What counts, in this order, the same for all formats:
/// - body: `content:encoded` or `atom:content`, else `description` or `atom:summary`; where there are both, the second is
///   the summary;
/// - address: `link`, else `atom:link` with rel `alternate`, else `guid` or `atom:id` if it is an address, else `rdf:about`;
/// - published: the format's own element, else Dublin Core's; modified likewise.
struct FeedItemDraft {
    /// Tags and authors beyond these are dropped; real items have a few dozen at most.
    static let tagLimit = 256
    static let authorLimit = 256

    /// Whether the item holds anything; also what is not read here, such as an enclosure, makes it one.
    var hasFields = false
    var id: String?
    /// rdf:about, by which RSS 1.0 tells its items apart.
    var about: String?
    var title: FeedText?
    var content: FeedText?
    var description: FeedText?
    var link: String?
    var alternateLink: String?
    var alternateIsPage = false
    var permalink: String?
    var published: FeedDateField?
    var modified: FeedDateField?
    var authors: [Author] = []
    /// Names from modules, for items whose format's own element for authors is absent.
    var otherAuthors: [Author] = []
    var tags: [String] = []
    var language: String?
    /// What relative references of the item are resolved against.
    var base: String?

    mutating func addTag(_ text: String?) {
        guard tags.count < Self.tagLimit, let tag = text?.trimmedOrNil, !tags.contains(tag) else { return }
        tags.append(tag)
    }

    mutating func addAuthor(_ author: Author?) {
        guard authors.count < Self.authorLimit, let author, !authors.contains(author) else { return }
        authors.append(author)
    }

    /// The item, and what was wrong with it; no item if there is nothing in it.
    /// - Parameter index: its position in the document, from 0.
    func item(
        index: Int, language feedLanguage: String?, authors feedAuthors: [Author], hints: DocumentHints,
        problems: inout ProblemLog
    ) -> Item? {
        let id = id ?? about
        let rawTitle = title.map { String(decoding: $0.bytes, as: UTF8.self) }
        let url = (link ?? alternateLink ?? permalink)?.trimmedOrNil.map { URLReference.resolve($0, against: base) }
        let content = content.flatMap { $0.isBlank ? nil : $0 }
        let description = description.flatMap { $0.isBlank ? nil : $0 }
        guard let body = content ?? description else {
            guard hasFields else {
                problems.add(Problem("there is nothing in the item", item: index))
                return nil
            }
            return finish(
                Item(id: id, title: title?.singleLine, url: url, rawHash: Item.rawHash(title: rawTitle, body: [])),
                index: index, language: feedLanguage, authors: feedAuthors, problems: &problems)
        }
        var item = Item(
            id: id, title: title?.singleLine, url: url, rawHash: Item.rawHash(title: rawTitle, body: body.bytes))
        item.isTextDerived = !hints.knownRawHashes.contains(item.rawHash)
        if item.isTextDerived {
            item.text = body.paragraphs
            if content != nil, let description, description.bytes != body.bytes { item.summary = description.singleLine }
            if hints.keepsHTML, body.isHTML { item.contentHTML = SafeHTML.html(ofFragment: body.bytes, base: base) }
        }
        return finish(item, index: index, language: feedLanguage, authors: feedAuthors, problems: &problems)
    }

    private func finish(
        _ item: Item, index: Int, language feedLanguage: String?, authors feedAuthors: [Author], problems: inout ProblemLog
    ) -> Item {
        var item = item
        item.datePublished = date(published, index: index, problems: &problems)
        item.dateModified = date(modified, index: index, problems: &problems)
        item.authors = !authors.isEmpty ? authors : !otherAuthors.isEmpty ? otherAuthors : feedAuthors
        item.language = (language ?? feedLanguage)?.trimmedOrNil
        item.tags = tags
        return item
    }

    private func date(_ field: FeedDateField?, index: Int, problems: inout ProblemLog) -> ItemDate? {
        guard let field else { return nil }
        let date = FeedDate.parse(field.text)
        if date == nil { problems.add(Problem("a date cannot be read", item: index)) }
        return date
    }
}

/// A date's text and how much its element is worth; a worthier one replaces it, wherever it stands.
struct FeedDateField {
    enum Rank: Int { case creation, module, borrowed, own }

    var text: String
    var rank: Rank

    /// What of `old` and a new field counts; blank ones never do.
    static func better(_ old: FeedDateField?, _ text: [UInt8], _ rank: Rank) -> FeedDateField? {
        guard let text = String(trimming: text) else { return old }
        if let old, old.rank.rawValue >= rank.rawValue { return old }
        return FeedDateField(text: text, rank: rank)
    }
}
