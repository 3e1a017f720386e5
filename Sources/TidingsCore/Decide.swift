// Decides what to do with an item that a source has just shown: DESIGN's table of identity as a pure function of what
// the ledger knows. It runs inside the write transaction on rows read there, so nothing can change between the decision
// and the write.

/// What the ledger knows of a sighting.
package struct KnownSighting: Equatable, Sendable {
    package var key: String
    package var article: KnownArticle
    /// The content it showed when it was last seen.
    package var shownHash: ContentHash
    package var rawHash: ContentHash
    package var metadata: Int64
    /// Version of the text rules that derived `shownHash` from the raw bytes.
    package var rules: Int
    package var canonicalURL: String?
    package var isGone: Bool
    /// Whether it is its article's oldest sighting that is not gone.
    package var leads: Bool
    /// What the item's page showed; nil if its text has never come from a page.
    package var page: KnownPage?

    package init(
        key: String, article: KnownArticle, shownHash: ContentHash, rawHash: ContentHash, metadata: Int64 = 0,
        rules: Int = 1, canonicalURL: String? = nil, isGone: Bool = false, leads: Bool = true, page: KnownPage? = nil
    ) {
        self.key = key
        self.article = article
        self.shownHash = shownHash
        self.rawHash = rawHash
        self.metadata = metadata
        self.rules = rules
        self.canonicalURL = canonicalURL
        self.isGone = isGone
        self.leads = leads
        self.page = page
    }
}

/// What the ledger knows of an article.
package struct KnownArticle: Equatable, Sendable {
    package var id: ArticleID
    /// Number of the newest version.
    package var newest: Int
    package var newestHash: ContentHash
    package var isRemoved: Bool
    /// Canonical URL of the article's leading sighting.
    package var leaderURL: String?

    package init(
        id: ArticleID, newest: Int, newestHash: ContentHash, isRemoved: Bool = false, leaderURL: String? = nil
    ) {
        self.id = id
        self.newest = newest
        self.newestHash = newestHash
        self.isRemoved = isRemoved
        self.leaderURL = leaderURL
    }
}

/// The older versions of an article, as far as a decision needs them.
package struct KnownHistory: Equatable, Sendable {
    /// The newest version with the seen content, if there is one.
    package var versionWithContent: Int?
    /// Contents of the versions before the newest, newest first; two are enough to detect an alternating article.
    package var previousHashes: [ContentHash]

    package init(versionWithContent: Int? = nil, previousHashes: [ContentHash] = []) {
        self.versionWithContent = versionWithContent
        self.previousHashes = previousHashes
    }
}

/// Everything the ledger knows that matters for one seen item.
package struct LedgerFacts: Equatable, Sendable {
    /// The sighting under the seen key, whatever its state.
    package var underKey: KnownSighting?
    /// History of `underKey`'s article.
    package var history = KnownHistory()
    /// For an unknown key: a sighting of the same source that the item may have moved from. The sighting's own key is
    /// absent now, and its canonical URL, alias or content is the item's.
    package var movedFrom: KnownSighting?
    /// For a key that is unknown or gone: the oldest live article whose newest content is the seen one.
    package var liveTwin: KnownArticle?
    /// For a key that is unknown or gone: a removed article of the same source whose newest content is the seen one.
    package var removedTwin: KnownArticle?

    package init() {}
}

/// How a new version of an article relates to the earlier ones.
package enum Revision: Equatable, Sendable {
    /// New content. The texts show whether the edit is substantive or cosmetic.
    case edit
    /// The content of version `version` came back.
    case revert(version: Int)
    /// The content of version `version` came back to an article that has been alternating.
    case flap(version: Int)
    /// The same content with other authors, URL, tags or language.
    case metadata
    /// The first text from the item's page. The first whole text in the feed itself is an `edit` here, which is classed later
    /// (`isFirstFullText`).
    case fullText
}

package enum Decision: Equatable, Sendable {
    /// Nothing to announce. Only the fact that the item was seen is stored.
    case unchanged
    /// Nothing to announce. The ledger stores what the sighting shows now.
    case catchUp
    /// The same raw bytes under newer text rules: the new text replaces that of the newest version silently.
    case rederive
    /// The article's text is its page's, so the item's says nothing: the ledger stores what the sighting shows, and the page is looked
    /// at now.
    case deferToPage
    case revise(ArticleID, Revision)
    case fork(from: ArticleVersion)
    /// The sighting gets the new key, and the article a new version if the content differs.
    case move(from: String, ArticleID, Revision?)
    /// The item becomes one more sighting of an article with the same content.
    case attach(ArticleID)
    /// A removed article is back, with a new version if the content differs.
    case restore(ArticleID, Revision?)
    case create
}

/// Decides about one seen item. `rules` is the version of the text rules that made its canonical form.
package func decide(_ seen: SeenItem, knowing known: LedgerFacts, rules: Int) -> Decision {
    guard let sighting = known.underKey else { return decideUnknownKey(seen, knowing: known) }
    let article = sighting.article

    if sighting.page != nil { return decideItemWithPage(seen, sighting, rules: rules) }
    if article.isRemoved {
        return .restore(article.id, revision(of: article, to: seen, history: known.history))
    }
    if sighting.isGone {
        // The article lives on under other keys. An item that comes back under this one belongs to it only if it says
        // the same.
        if seen.form.hash == article.newestHash { return .attach(article.id) }
        return decideByContent(seen, knowing: known)
    }
    if seen.item.rawHash == sighting.rawHash {
        if sighting.rules != rules {
            // A changed rule never announces an update, whatever it derives from the same bytes.
            return sighting.leads && sighting.shownHash == article.newestHash ? .rederive : .catchUp
        }
        if seen.form.hash == sighting.shownHash, seen.metadata == sighting.metadata { return .unchanged }
    }
    if seen.form.hash == sighting.shownHash {
        return decideMetadata(seen, sighting)
    }
    if seen.form.hash == article.newestHash { return .catchUp }

    let wasAtNewest = sighting.shownHash == article.newestHash
    if let older = known.history.versionWithContent {
        // A sighting that lags behind changed from one old version to another. The article has not changed.
        guard wasAtNewest else { return .catchUp }
        return .revise(article.id, comingBack(to: older, article: article, seen: seen, history: known.history))
    }
    let sharesURL = seen.canonicalURL != nil && seen.canonicalURL == article.leaderURL
    if sighting.leads || sharesURL { return .revise(article.id, .edit) }
    return .fork(from: ArticleVersion(article: article.id, number: article.newest))
}

private func decideUnknownKey(_ seen: SeenItem, knowing known: LedgerFacts) -> Decision {
    if let old = known.movedFrom {
        // The text is the page's, whatever the item says.
        let revision = old.page == nil ? revision(of: old.article, to: seen, history: known.history) : nil
        if old.article.isRemoved { return .restore(old.article.id, revision) }
        // A sighting that does not lead moves with its article only if its content is the article's.
        if old.leads || revision == nil { return .move(from: old.key, old.article.id, revision) }
    }
    return decideByContent(seen, knowing: known)
}

/// An item that says the same as an article is one more sighting of it; any other item is a new article.
private func decideByContent(_ seen: SeenItem, knowing known: LedgerFacts) -> Decision {
    // Empty items are equal to each other, but that does not make them one article.
    if seen.form.isEmpty { return .create }
    if let twin = known.liveTwin { return .attach(twin.id) }
    if let twin = known.removedTwin { return .restore(twin.id, nil) }
    return .create
}

/// The same content under the same key: only the leading sighting's metadata are the article's.
private func decideMetadata(_ seen: SeenItem, _ sighting: KnownSighting) -> Decision {
    guard seen.metadata != sighting.metadata, sighting.leads, sighting.shownHash == sighting.article.newestHash
    else { return .catchUp }
    return .revise(sighting.article.id, .metadata)
}

/// The revision that brings `article` to the content of `seen`; nil if it has that content.
private func revision(of article: KnownArticle, to seen: SeenItem, history: KnownHistory) -> Revision? {
    if seen.form.hash == article.newestHash { return nil }
    guard let older = history.versionWithContent else { return .edit }
    return comingBack(to: older, article: article, seen: seen, history: history)
}

private func comingBack(
    to version: Int, article: KnownArticle, seen: SeenItem, history: KnownHistory
) -> Revision {
    // The last contents were B, A and B, and now A is back: the article alternates between the two.
    let alternates =
        history.previousHashes.count >= 2 && history.previousHashes[0] == seen.form.hash
        && history.previousHashes[1] == article.newestHash
    return alternates ? .flap(version: version) : .revert(version: version)
}

/// The change to announce when a sighting is gone. `hasOthers`: whether the article has other sightings that are not
/// gone.
package func decideGone(hasOthers: Bool) -> ChangeType { hasOthers ? .articleDuplicateRemoved : .articleRemoved }

/// The class of an edit: cosmetic if the two texts differ only in what a reader does not notice.
package func classify(old: CanonicalForm, new: CanonicalForm) -> ChangeClass {
    areCosmetic(old.title ?? "", new.title ?? "") && areCosmetic(old.text, new.text) ? .cosmetic : .substantive
}

/// Whether an item of a feed gives its whole text where it gave only what is its summary now: the feed was changed, not the article
/// (BEHAVIOURS 61).
package func isFirstFullText(_ item: Item, after old: CanonicalForm, of oldItem: Item) -> Bool {
    guard oldItem.summary == nil, let summary = item.summary else { return false }
    // A summary is one line, whatever paragraphs it had as a text.
    func asLine(_ form: CanonicalForm) -> some Sequence<UInt8> { form.bytes.lazy.map { $0 == 0x0A ? 0x20 : $0 } }
    return asLine(CanonicalForm(title: item.title, text: summary)).elementsEqual(asLine(old))
}

/// Whether so many removals at once are held until a person confirms them, or until they have persisted for a day: more
/// than 50 articles and more than a fifth of the source. A folder emptied by accident looks just like one emptied on
/// purpose.
package func holdsRemovals(removed: Int, live: Int) -> Bool { removed > 50 && removed * 5 > live }
