import TidingsCore

/// What a page says of its article beside its text: in its head, in JSON-LD and microdata, and around its heading.
struct PageMetadata {
    let fields: PageFields
    var title: String?
    /// Where the page has the title.
    var headline: HeadlineKind?
    var url: String?
    var datePublished: ItemDate?
    var dateModified: ItemDate?
    var authors: [Author] = []
    var language: String?
    var tags: [String] = []
    var summary: String?
    /// The text of the article, as JSON-LD has it: text or HTML, and often only its beginning.
    var body: String?
    /// Where the page goes on, resolved against its address if that is known.
    var next: String?

    /// What the page says of how it may be read.
    var access: PageAccess

    /// - Parameter url: where the page was found, or nil.
    /// - Parameter headline: what is known of its headline.
    init(_ nodes: HTMLNodes, url found: String? = nil, headline known: KnownHeadline = KnownHeadline()) {
        var evidence = PageEvidence(nodes, url: found, headline: known)
        fields = evidence.fields
        title = evidence.title.text
        headline = evidence.title.kind
        access = evidence.linked.access
        // The address where it was found is known without the page.
        url = [fields.canonical, fields.first(["og:url"])].lazy.compactMap { $0 }.first(where: isAbsoluteURL)
        language = evidence.language
        let date = PageDate(&evidence)
        datePublished = date.published
        dateModified = date.modified
        authors = PageAuthors(&evidence).names.map { Author(name: $0) }
        tags = fields.all(["article:tag"])
        if tags.isEmpty { tags = Self.keywords(fields.first(["keywords", "news_keywords"])) }
        summary = fields.first(["og:description", "description"])
        body = evidence.linked.body
        next = fields.next.map { URI.resolve($0, against: found ?? url) }
    }

    /// More than a few keywords are there for search engines, not for readers.
    private static func keywords(_ line: String?) -> [String] {
        guard let line else { return [] }
        let words = line.split(separator: ",").map { foldedSpace(Array($0.utf8)[...]) }.filter { !$0.isEmpty }
        return words.count <= 10 ? words : []
    }
}
