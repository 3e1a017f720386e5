import TidingsCore

// DESIGN 5, "Seen item with content hash H under key K", case by case.

extension Model {
    /// A document was read, whole or in part.
    mutating func see(_ finding: Finding) {
        let isFeed = sources[finding.source]?.kind == .feed
        var shown: [Place] = []
        for entry in finding.entries {
            let sighting = see(entry, in: finding)
            shown.append(Place(sighting: sighting, date: entry.item.date ?? 0))
        }
        let present = Set(finding.entries.map(\.key))
        if !isFeed, !finding.isPartial, !finding.entries.isEmpty {
            for sighting in liveSightings(at: finding.locator, of: finding.source)
            where !present.contains(sightings[sighting].key) {
                remove(sighting, .fileDeleted)
            }
        }
        for id in finding.tombstones where !present.contains(id) {
            if let sighting = sighting(id, of: finding.source), !sightings[sighting].isGone { remove(sighting, .declared) }
        }
        guard isFeed else { return }
        if !finding.isPartial {
            moveWindow(of: finding.source, to: shown)
            sources[finding.source]?.isImported = true
        }
        sources[finding.source]?.isWhole = !finding.isPartial
    }

    /// The bytes were what they had been, sent again: what they lack is missing once more.
    mutating func seeAgain(_ source: String) {
        guard sources[source]?.isWhole == true, let window = sources[source]?.window.filter({ !sightings[$0.sighting].isGone }),
            window.contains(where: { $0.absences != nil })
        else { return }
        moveWindow(of: source, to: window.filter { $0.absences == nil })
    }

    /// - Returns: the sighting that the item is.
    private mutating func see(_ entry: Finding.Entry, in finding: Finding) -> Int {
        let sight = Sight(
            source: finding.source, key: entry.key, locator: finding.locator, item: entry.item,
            isBackfill: sources[finding.source]?.isImported == false)
        if let known = sighting(entry.key, of: finding.source) { return see(sight, under: known) }
        if let old = movedFrom(sight, in: finding) {
            let article = sightings[old].article
            if articles[article].isRemoved { return restore(article, sight, as: old) }
            if articles[article].text == sight.item.text || leader(of: article) == old { return move(old, sight) }
        }
        return place(sight, as: nil)
    }

    /// One item, seen.
    private struct Sight {
        let source: String
        let key: String
        let locator: String
        let item: Written
        let isBackfill: Bool

        var version: Version { Version(text: item.text, author: item.author, url: item.url) }
        var alias: String? { item.id.flatMap(Self.alias) }

        /// Path and query of an id that is an address.
        private static func alias(of id: String) -> String? {
            let parts = id.split(separator: "/", maxSplits: 3, omittingEmptySubsequences: false)
            return parts.count == 4 && parts[0].hasPrefix("http") ? "/" + parts[3] : nil
        }

        func told(_ type: String, _ article: Article) -> ExpectedChange {
            ExpectedChange(
                type: "article." + type, article: article.id, version: article.versions.count, text: article.text,
                source: source, key: key, isBackfill: isBackfill)
        }
    }

    // MARK: K is known

    private mutating func see(_ sight: Sight, under known: Int) -> Int {
        let article = sightings[known].article
        let text = sight.item.text
        if articles[article].isRemoved { return restore(article, sight, as: known) }
        if sightings[known].isGone {
            // The article lives on elsewhere. Here it is back only if it says what the article says.
            if articles[article].text == text { return attach(sight, to: article, as: known) }
            return place(sight, as: known)
        }
        let before = sightings[known].shown
        let wasAtNewest = before.text == articles[article].text
        let leads = leader(of: article) == known
        let leaderURL = leader(of: article).flatMap { sightings[$0].shown.url }
        sightings[known].shown = sight.version
        sightings[known].locator = sight.locator
        if text == before.text {
            // Only what the leader says of authors and the like is the article's.
            if leads, wasAtNewest, before != sight.version { revise(article, sight) }
        } else if text == articles[article].text {
            // It has caught up.
        } else if articles[article].versions.contains(where: { $0.text == text }) {
            if wasAtNewest { revise(article, sight) }
        } else if leads || sight.item.url != nil && sight.item.url == leaderURL {
            revise(article, sight)
        } else {
            return create(sight, as: known, forkedFrom: "\(articles[article].id)@\(articles[article].versions.count)")
        }
        return known
    }

    // MARK: K is unknown, or free

    /// The sighting under whose key the item was until now.
    private func movedFrom(_ sight: Sight, in finding: Finding) -> Int? {
        let present = Set(finding.entries.map(\.key))
        let isFeed = sources[finding.source]?.kind == .feed
        func isAbsent(_ sighting: Int) -> Bool {
            if sightings[sighting].isGone { return true }
            if isFeed { return !finding.isPartial && !present.contains(sightings[sighting].key) }
            return finding.missing.contains(sightings[sighting].locator)
        }
        func hasJustGone(_ sighting: Int) -> Bool {
            guard !sightings[sighting].isGone, isAbsent(sighting) else { return false }
            guard isFeed, let source = sources[finding.source] else { return true }
            // Before there was a whole document, whatever it showed it has shown lately.
            return source.window.isEmpty || source.window.contains { $0.sighting == sighting && $0.absences == nil }
        }
        // An address that several items of the document have is none's own.
        let url = sight.item.url.flatMap { url in finding.entries.filter { $0.item.url == url }.count == 1 ? url : nil }
        let alike = sightings.indices.filter { other in
            sightings[other].source == sight.source && sightings[other].key != sight.key
                && (url != nil && sightings[other].shown.url == url || sight.alias != nil && sightings[other].alias == sight.alias)
        }
        if alike.count == 1, isAbsent(alike[0]), !sightings[alike[0]].isGone || articles[sightings[alike[0]].article].isRemoved {
            let old = sightings[alike[0]]
            let isOneAddress = sight.item.url != nil && sight.item.url == old.shown.url || isSameAddress(sight.key, old.key)
            if isOneAddress || hasJustGone(alike[0]) { return alike[0] }
        }
        guard !sight.item.text.isEmpty else { return nil }
        for article in articles.indices where !articles[article].isRemoved && articles[article].text == sight.item.text {
            let gone = liveSightings(of: article).filter { sightings[$0].source == sight.source && hasJustGone($0) }
            if let same = gone.first(where: { lastName(sightings[$0].key) == lastName(sight.key) }) ?? gone.first { return same }
        }
        return nil
    }

    private func isSameAddress(_ one: String, _ other: String) -> Bool {
        func address(_ key: String) -> String? {
            for scheme in ["https://", "http://"] where key.hasPrefix(scheme) { return String(key.dropFirst(scheme.count)) }
            return nil
        }
        return address(one) != nil && address(one) == address(other)
    }

    private func lastName(_ key: String) -> String { key.split(separator: "/").last.map(String.init) ?? key }

    /// The item by what it says alone: a copy of what lives, the return of what this source had, or something new.
    private mutating func place(_ sight: Sight, as known: Int?) -> Int {
        if !sight.item.text.isEmpty {
            let twins = articles.indices.filter { articles[$0].text == sight.item.text }
            if let live = twins.first(where: { !articles[$0].isRemoved }) { return attach(sight, to: live, as: known) }
            let removed = twins.first { twin in
                sightings.contains { $0.article == twin && $0.source == sight.source }
            }
            if let removed { return restore(removed, sight, as: known) }
        }
        return create(sight, as: known, forkedFrom: nil)
    }

    // MARK: outcomes

    private mutating func create(_ sight: Sight, as known: Int?, forkedFrom: String?) -> Int {
        let founded = articles.count { $0.source == sight.source && $0.key == sight.key }
        let id = ArticleID(source: sight.source, key: sight.key, ordinal: founded).description
        articles.append(Article(id: id, source: sight.source, key: sight.key, versions: [sight.version]))
        var change = sight.told("created", articles[articles.count - 1])
        change.forkedFrom = forkedFrom
        tell(change)
        return show(sight, of: articles.count - 1, as: known)
    }

    private mutating func attach(_ sight: Sight, to article: Int, as known: Int?) -> Int {
        tell(sight.told("duplicate", articles[article]))
        return show(sight, of: article, as: known)
    }

    private mutating func restore(_ article: Int, _ sight: Sight, as known: Int?) -> Int {
        articles[article].isRemoved = false
        tell(sight.told("restored", articles[article]))
        let sighting = show(sight, of: article, as: known)
        if articles[article].text != sight.item.text { revise(article, sight) }
        return sighting
    }

    private mutating func move(_ old: Int, _ sight: Sight) -> Int {
        let article = sightings[old].article
        var change = sight.told("moved", articles[article])
        change.movedFrom = sightings[old].key
        tell(change)
        _ = show(sight, of: article, as: old)
        if articles[article].text != sight.item.text { revise(article, sight) }
        return old
    }

    private mutating func revise(_ article: Int, _ sight: Sight) {
        let versions = articles[article].versions
        guard let newest = versions.last, newest != sight.version else { return }
        let count = versions.count
        let word: ChangeClass
        if newest.text == sight.item.text {
            word = .metadata
        } else if versions.contains(where: { $0.text == sight.item.text }) {
            let alternates = count >= 3 && versions[count - 2].text == sight.item.text && versions[count - 3].text == newest.text
            word = alternates ? .flap : .revert
        } else {
            word = newest.text.lowercased() == sight.item.text.lowercased() ? .cosmetic : .substantive
        }
        articles[article].versions.append(sight.version)
        var change = sight.told("updated", articles[article])
        change.word = word.rawValue
        tell(change)
    }

    /// - Returns: the sighting, which is new if `known` is nil.
    private mutating func show(_ sight: Sight, of article: Int, as known: Int?) -> Int {
        let sighting = Sighting(
            source: sight.source, key: sight.key, locator: sight.locator, article: article, shown: sight.version,
            alias: sight.alias)
        guard let known else {
            sightings.append(sighting)
            return sightings.count - 1
        }
        sightings[known] = sighting
        return known
    }
}
