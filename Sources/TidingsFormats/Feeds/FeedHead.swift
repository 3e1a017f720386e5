import TidingsCore

/// What a feed says of itself, while it is read: its elements, before it is decided which of them count.
struct FeedHead {
    var id = Best<String>()
    var title = Best<FeedText>()
    var subtitle = Best<FeedText>()
    var link = Best<String>()
    var feedURL: String?
    var hubs: [String] = []
    static let hubLimit = 16
    var language = Best<String>()
    var updated = Best<String>()
    var published = Best<String>()
    var authors = FeedAuthors()
    var categories: [String] = []
    var image = Best<String>()
    var rights = Best<FeedText>()
    var generator = Best<String>()
    var timeToLiveSeconds: Int?
    var updatePeriodSeconds: Int?
    var updateFrequency = 1
    var skipHours: Set<Int> = []
    var skipDays: Set<Int> = []
    var tombstones: [String] = []

    mutating func addCategory(_ text: String?) {
        guard categories.count < FeedItemDraft.tagLimit, let text = text?.trimmedOrNil, !categories.contains(text) else { return }
        categories.append(text)
    }

    /// Writes the values that count into the document.
    func describe(_ document: inout ParsedDocument, problems: inout ProblemLog) {
        document.id = id.value
        document.title = title.value?.title
        document.description = subtitle.value?.singleLine
        document.homePageURL = link.value
        document.feedURL = feedURL
        document.hubs = hubs
        document.language = languageTag(language.value)
        document.updated = date(updated.value, problems: &problems)
        document.published = date(published.value, problems: &problems)
        document.authors = authors.all
        document.categories = categories
        document.image = image.value
        document.rights = rights.value?.singleLine
        document.generator = generator.value
        // A feed that gives both wants neither interval to be undercut.
        let updateSeconds = updatePeriodSeconds.map { $0 / max(updateFrequency, 1) }
        document.timeToLiveSeconds = [timeToLiveSeconds, updateSeconds].compactMap(\.self).max()
        document.skipHours = skipHours
        document.skipDays = skipDays
        document.tombstones = tombstones
    }

    private func date(_ text: String?, problems: inout ProblemLog) -> ItemDate? {
        guard let text else { return nil }
        let date = FeedDate.parse(text)
        if date == nil { problems.add(Problem("a date of the feed cannot be read")) }
        return date
    }
}
