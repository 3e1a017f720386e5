// Decides about an item whose article has its text from the item's page (DESIGN 3, "Pages"). The page has authority: from its first
// text on, title and text of the article are the page's, and what the feed's item shows only says "look at the page now".

/// What the last believed look at a page showed.
package struct KnownPage: Equatable, Sendable {
    package var shownHash: ContentHash
    package var rawHash: ContentHash
    /// Of the page's fields and the item's together (`Item.completed(by:)`).
    package var metadata: Int64
    /// Version of the text rules that derived `shownHash`.
    package var rules: Int

    package init(shownHash: ContentHash, rawHash: ContentHash, metadata: Int64, rules: Int) {
        self.shownHash = shownHash
        self.rawHash = rawHash
        self.metadata = metadata
        self.rules = rules
    }
}

/// Decides about what the page of the item under `item` shows. The caller has judged whether it is to be believed (`judgePage`).
package func decidePage(
    _ seen: SeenItem, of item: KnownSighting, history: KnownHistory, rules: Int
) -> Decision {
    if let page = item.page {
        var known = LedgerFacts()
        known.history = history
        known.underKey = item
        known.underKey?.page = nil
        known.underKey?.shownHash = page.shownHash
        known.underKey?.rawHash = page.rawHash
        known.underKey?.metadata = page.metadata
        known.underKey?.rules = page.rules
        return decide(seen, knowing: known, rules: rules)
    }
    let article = item.article
    if seen.form.hash == article.newestHash { return .catchUp }
    let sharesURL = seen.canonicalURL != nil && seen.canonicalURL == article.leaderURL
    if item.leads || sharesURL { return .revise(article.id, .fullText) }
    return .fork(from: ArticleVersion(article: article.id, number: article.newest))
}

/// Decides about a feed's item whose article has a page text.
func decideItemWithPage(_ seen: SeenItem, _ sighting: KnownSighting, rules: Int) -> Decision {
    // It comes back with the text that it had.
    if sighting.article.isRemoved { return .restore(sighting.article.id, nil) }
    if sighting.isGone { return .attach(sighting.article.id) }
    if seen.item.rawHash == sighting.rawHash, sighting.rules != rules { return .catchUp }
    if seen.form.hash != sighting.shownHash || seen.metadata != sighting.metadata { return .deferToPage }
    return seen.item.rawHash == sighting.rawHash ? .unchanged : .catchUp
}

extension Item {
    /// The page's item with what only the feed's item has. The address is the feed's: it is what the article is known by.
    package func completed(by feed: Item) -> Item {
        var item = self
        item.id = feed.id
        item.url = feed.url ?? url
        item.title = title ?? feed.title
        item.datePublished = datePublished ?? feed.datePublished
        item.dateModified = dateModified ?? feed.dateModified
        if authors.isEmpty { item.authors = feed.authors }
        if tags.isEmpty { item.tags = feed.tags }
        item.language = language ?? feed.language
        item.summary = feed.summary ?? summary
        item.attachments = feed.attachments
        item.rights = feed.rights ?? rights
        item.commentsURL = feed.commentsURL
        return item
    }
}
