// What to do with an item that a source has just shown: DESIGN's table of identity, as a pure function of what the ledger
// knows. It runs inside the write transaction on rows read there, so that nothing can change between decision and act.

/// What the ledger knows of a sighting.
package struct KnownSighting: Equatable, Sendable {
    package var key: String
    package var article: KnownArticle
    /// The content it showed when it was last seen.
    package var shownHash: ContentHash
    package var rawHash: ContentHash
    package var metadata: Int64
    /// Version of the rules that made `shownHash` out of the raw bytes.
    package var rules: Int
    package var canonicalURL: String?
    package var isGone: Bool
    /// Whether it is its article's oldest sighting that is not gone.
    package var leads: Bool

    package init(
        key: String, article: KnownArticle, shownHash: ContentHash, rawHash: ContentHash, metadata: Int64 = 0,
        rules: Int = 1, canonicalURL: String? = nil, isGone: Bool = false, leads: Bool = true
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
    }
}

/// What the ledger knows of an article.
package struct KnownArticle: Equatable, Sendable {
    package var id: ArticleID
    /// Number of the newest version.
    package var newest: Int
    package var newestHash: ContentHash
    package var isRemoved: Bool
    /// Canonical URL of the leader.
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
    /// The newest version that has the seen content, if any has.
    package var versionWithContent: Int?
    /// Contents of the versions before the newest, newest first; two are enough to see an article alternate.
    package var previousHashes: [ContentHash]

    package init(versionWithContent: Int? = nil, previousHashes: [ContentHash] = []) {
        self.versionWithContent = versionWithContent
        self.previousHashes = previousHashes
    }
}

/// Everything that the ledger knows and that bears on one seen item.
package struct LedgerFacts: Equatable, Sendable {
    /// The sighting under the seen key, whatever its state.
    package var underKey: KnownSighting?
    /// History of `underKey`'s article.
    package var history = KnownHistory()
    /// For an unknown key: a sighting of the same source that the item may have moved from, because its own key is absent now
    /// and its canonical URL, alias or content is the item's.
    package var movedFrom: KnownSighting?
    /// For a key that is unknown or gone: the oldest live article whose newest content is the seen one.
    package var liveTwin: KnownArticle?
    /// For such a key: a removed article of the same source whose newest content is the seen one.
    package var removedTwin: KnownArticle?

    package init() {}
}

/// How the newest version of an article is followed by another.
package enum Revision: Equatable, Sendable {
    /// New content; whether substantive or cosmetic the texts tell.
    case edit
    /// The content of version `version` came back.
    case revert(version: Int)
    /// The same, where the article has been alternating.
    case flap(version: Int)
    /// The same content with other authors, URL, tags or language.
    case metadata
}

package enum Decision: Equatable, Sendable {
    /// Nothing to announce and nothing to store but that it was seen.
    case unchanged
    /// Nothing to announce; the sighting shows another known content now.
    case catchUp
    /// The same raw bytes under newer text rules: the newest version gets its new text, silently.
    case rederive
    case revise(ArticleID, Revision)
    case fork(from: ArticleVersion)
    /// The sighting takes the new key, and the article a new version if the content differs.
    case move(from: String, ArticleID, Revision?)
    /// One more sighting of a known content.
    case attach(ArticleID)
    /// A removed article is back, and with a new version if the content differs.
    case restore(ArticleID, Revision?)
    case create
}

/// Decides on one seen item. `rules` is the version of the text rules that made its canonical form.
package func decide(_ seen: SeenItem, knowing known: LedgerFacts, rules: Int) -> Decision {
    guard let sighting = known.underKey else { return decideUnknownKey(seen, knowing: known) }
    let article = sighting.article

    if article.isRemoved {
        return .restore(article.id, revision(of: article, to: seen, history: known.history))
    }
    if sighting.isGone {
        // The article lives on under other keys. What came back under this one is the article only if it says the same.
        if seen.form.hash == article.newestHash { return .attach(article.id) }
        return decideByContent(seen, knowing: known)
    }
    if seen.item.rawHash == sighting.rawHash {
        if sighting.rules != rules {
            // Changing a rule never announces an update, whatever it makes of the same bytes.
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
        // A sighting that lags behind moved from one old version to another: that is no news of the article.
        guard wasAtNewest else { return .catchUp }
        return .revise(article.id, comingBack(to: older, article: article, seen: seen, history: known.history))
    }
    let sharesURL = seen.canonicalURL != nil && seen.canonicalURL == article.leaderURL
    if sighting.leads || sharesURL { return .revise(article.id, .edit) }
    return .fork(from: ArticleVersion(article: article.id, number: article.newest))
}

private func decideUnknownKey(_ seen: SeenItem, knowing known: LedgerFacts) -> Decision {
    if let old = known.movedFrom {
        let revision = revision(of: old.article, to: seen, history: known.history)
        if old.article.isRemoved { return .restore(old.article.id, revision) }
        // What another sighting's content takes from the article is not the article.
        if old.leads || revision == nil { return .move(from: old.key, old.article.id, revision) }
    }
    return decideByContent(seen, knowing: known)
}

/// What says the same as an article is one more sighting of it; what says anything else is a new one.
private func decideByContent(_ seen: SeenItem, knowing known: LedgerFacts) -> Decision {
    // An item that says nothing is nobody's twin.
    if seen.form.isEmpty { return .create }
    if let twin = known.liveTwin { return .attach(twin.id) }
    if let twin = known.removedTwin { return .restore(twin.id, nil) }
    return .create
}

/// The same content under the same key: only the metadata of the leader are the article's.
private func decideMetadata(_ seen: SeenItem, _ sighting: KnownSighting) -> Decision {
    guard seen.metadata != sighting.metadata, sighting.leads, sighting.shownHash == sighting.article.newestHash
    else { return .catchUp }
    return .revise(sighting.article.id, .metadata)
}

/// What version, if any, brings `article` to the content of `seen`.
private func revision(of article: KnownArticle, to seen: SeenItem, history: KnownHistory) -> Revision? {
    if seen.form.hash == article.newestHash { return nil }
    guard let older = history.versionWithContent else { return .edit }
    return comingBack(to: older, article: article, seen: seen, history: history)
}

private func comingBack(
    to version: Int, article: KnownArticle, seen: SeenItem, history: KnownHistory
) -> Revision {
    // Newest B, before it A, before that B, and now A again: the third turn of the same two.
    let alternates =
        history.previousHashes.count >= 2 && history.previousHashes[0] == seen.form.hash
        && history.previousHashes[1] == article.newestHash
    return alternates ? .flap(version: version) : .revert(version: version)
}

/// What is announced when a sighting is gone. `hasOthers`: whether the article has other sightings that are not.
package func decideGone(hasOthers: Bool) -> ChangeType { hasOthers ? .articleDuplicateRemoved : .articleRemoved }

/// The class of an edit: cosmetic if the two texts differ only in what a reader does not notice.
package func classify(old: CanonicalForm, new: CanonicalForm) -> ChangeClass {
    cosmeticFold(old.title ?? "") == cosmeticFold(new.title ?? "") && cosmeticFold(old.text) == cosmeticFold(new.text)
        ? .cosmetic : .substantive
}

/// Whether so many removals at once are held until a person confirms, or the same has stood for a day: more than 50 articles
/// and more than a fifth of the source. A folder that was emptied by accident looks just like one that was emptied.
package func holdsRemovals(removed: Int, live: Int) -> Bool { removed > 50 && removed * 5 > live }
