import TidingsCore

/// A sighting with its row numbers. `known` is the part that `decide` gets.
struct SightingRow {
    let row: Int64
    let article: Int64
    let locator: String?
    var known: KnownSighting
}

/// What the ledger has of one seen item: the facts for `decide`, and their rows.
struct ItemLookup {
    var facts = LedgerFacts()
    var underKey: SightingRow?
    var movedFrom: SightingRow?
}

/// Facts about a whole capture that the identity of its items depends on.
struct ReportContext {
    let source: SourceRow
    let presentKeys: Set<String>
    /// Canonical URLs that several items of the capture have.
    private let sharedURLs: Set<String>
    private let leftOutKeys: Set<String>?
    let locator: String
    let missing: Set<String>
    /// The locator that the kernel says the file was renamed from, if nothing is there now.
    let renamedFrom: String?
    /// Whether the ledger has the very bytes of the capture, read to their end. Whatever is new then, only the rules are.
    let isReread: Bool
    /// The sightings that the feed's last whole document showed; nil if that is unknown, and for folders. Times cannot replace this
    /// set: after a clock was set back, items that are shown would look like items that left long ago.
    private let shownBefore: Set<Int64>?

    init(
        source: SourceRow, document: SeenDocument, locator: String, missing: Set<String>, renamedFrom: String?,
        isReread: Bool, shownBefore: Set<Int64>?
    ) {
        self.locator = locator
        self.renamedFrom = renamedFrom.flatMap { missing.contains($0) ? $0 : nil }
        self.source = source
        self.isReread = isReread
        presentKeys = Set(document.entries.map(\.key.value))
        var urls: Set<String> = []
        sharedURLs = Set(document.entries.compactMap(\.canonicalURL).filter { !urls.insert($0).inserted })
        leftOutKeys = document.leftOutKeys
        self.missing = missing
        self.shownBefore = shownBefore
    }

    /// The item's canonical URL; nil if several items of the capture share it.
    func ownURL(of item: SeenItem) -> String? {
        item.canonicalURL.flatMap { sharedURLs.contains($0) ? nil : $0 }
    }

    /// Whether the item under this sighting's key is proved absent, so that it may have moved to another key.
    func isAbsent(_ sighting: SightingRow) -> Bool {
        if sighting.known.isGone { return true }
        switch source.kind {
        case .folder: return missing.contains(sighting.locator ?? sighting.known.key)
        case .feed: return lacks(sighting.known.key)
        // An address that is not listed any more says nothing about its page.
        case .page: return false
        }
    }

    /// Whether the document is known not to show an item under `key`.
    func lacks(_ key: String) -> Bool {
        guard let leftOutKeys else { return false }
        return !presentKeys.contains(key) && !leftOutKeys.contains(key)
    }

    /// Whether the item was shown until just now. An old item that left a feed's window long ago has not "just gone".
    func hasJustGone(_ sighting: SightingRow) -> Bool {
        guard !sighting.known.isGone, isAbsent(sighting) else { return false }
        return shownBefore?.contains(sighting.row) ?? true
    }
}

extension LedgerTransaction {
    /// Reads everything that `decide` needs about `seen`. For an item with unchanged bytes that is one row.
    func lookUp(_ seen: SeenItem, in context: ReportContext) throws(StoreError) -> ItemLookup {
        var found = ItemLookup()
        if var row = try statements.sighting.first(
            .integer(context.source.id.row), .text(seen.key.value), read: readSighting)
        {
            // A rule of a charset, or of where an item begins, changes the raw hash of the same bytes too.
            if context.isReread, row.known.rules != textRulesVersion { row.known.rawHash = seen.item.rawHash }
            let isUntouched =
                row.known.rawHash == seen.item.rawHash && row.known.shownHash == seen.form.hash && !row.known.isGone
            if !isUntouched || row.known.metadata != seen.metadata {
                try complete(&row)
                if context.source.kind == .feed { row.known.page = try page(of: row.row)?.known }
                found.facts.history = try history(of: row, content: seen.form.hash)
            }
            found.underKey = row
            found.facts.underKey = row.known
            if row.known.isGone, !row.known.article.isRemoved, !seen.form.isEmpty {
                try choose(among: articles(withContent: seen.form.hash), in: context, for: &found)
            }
            return found
        }
        // All empty items have the same content, so an empty item has no twins.
        let twins = seen.form.isEmpty ? [] : try articles(withContent: seen.form.hash)
        if var moved = try findOldKey(of: seen, among: twins, in: context) {
            if context.source.kind == .feed { moved.known.page = try page(of: moved.row)?.known }
            found.movedFrom = moved
            found.facts.movedFrom = moved.known
            found.facts.history = try history(of: moved, content: seen.form.hash)
        }
        try choose(among: twins, in: context, for: &found)
        return found
    }

    private func choose(
        among twins: [(row: Int64, article: KnownArticle)], in context: ReportContext, for found: inout ItemLookup
    ) throws(StoreError) {
        for (row, article) in twins {
            if !article.isRemoved {
                if found.facts.liveTwin == nil { found.facts.liveTwin = article }
            } else if found.facts.removedTwin == nil, try isSeen(article: row, by: context.source.id) {
                found.facts.removedTwin = article
            }
        }
    }

    /// The sighting from which an item under a new key has moved, or nil. It is found by what the kernel says of the file, by
    /// canonical URL or alias if only one sighting has them, by content if the old key has just gone, or by nearly the same text
    /// where the old file has just gone.
    private func findOldKey(
        of seen: SeenItem, among twins: [(row: Int64, article: KnownArticle)], in context: ReportContext
    ) throws(StoreError) -> SightingRow? {
        if let renamed = try findRenamed(seen, in: context) { return renamed }
        let url = context.ownURL(of: seen)
        if url != nil || seen.alias != nil {
            var rows: [SightingRow] = []
            try statements.sightingsByIdentity.each(
                .integer(context.source.id.row), .optional(url), .optional(seen.alias), .text(seen.key.value)
            ) { row throws(StoreError) in
                rows.append(try readSighting(row))
                return true
            }
            // An address that several items share does not identify an item. An alias has no host: `?p=1` on two hosts is the same
            // item only if the feed has moved. In a feed that gathers several blogs it is two items.
            if rows.count == 1, context.isAbsent(rows[0]), !rows[0].known.isGone || rows[0].known.article.isRemoved,
                isSameAddress(rows[0].known, seen) || context.hasJustGone(rows[0])
            {
                try complete(&rows[0])
                return rows[0]
            }
        }
        if let old = try findItemWithPage(seen, in: context) { return old }
        for twin in twins where !twin.article.isRemoved {
            var candidates: [SightingRow] = []
            try statements.sightingsOfArticle.each(.integer(twin.row), .integer(context.source.id.row)) { row throws(StoreError) in
                let sighting = try readSighting(row)
                if context.hasJustGone(sighting) { candidates.append(sighting) }
                return true
            }
            // When a folder of duplicates is renamed, each file follows its own name.
            let name = lastComponent(seen.key.value)
            if var best = candidates.first(where: { lastComponent($0.known.key) == name }) ?? candidates.first {
                try complete(&best)
                return best
            }
        }
        return try findEdited(seen, in: context)
    }

    /// A sighting of the feed that has just gone and showed the same. Its article has the text of its page, so that the twins by
    /// content do not have it.
    private func findItemWithPage(_ seen: SeenItem, in context: ReportContext) throws(StoreError) -> SightingRow? {
        guard context.source.kind == .feed, !seen.form.isEmpty else { return nil }
        var gone: [SightingRow] = []
        try statements.pages.shownWith.each(
            .integer(context.source.id.row), .blob(seen.form.hash.bytes)
        ) { row throws(StoreError) in
            let sighting = try readSighting(row)
            if context.hasJustGone(sighting) { gone.append(sighting) }
            return true
        }
        guard var old = gone.first else { return nil }
        try complete(&old)
        return old
    }

    /// Adds the article's leader, which only a changed item needs.
    func complete(_ row: inout SightingRow) throws(StoreError) {
        let leader = try statements.leader.first(.integer(row.article)) { ($0.integer(0), $0.optionalText(1)) }
        row.known.leads = leader?.0 == row.row
        row.known.article.leaderURL = leader?.1
    }

    func history(of row: SightingRow, content: ContentHash) throws(StoreError) -> KnownHistory {
        var history = KnownHistory()
        history.versionWithContent = try statements.olderWithContent.first(
            .integer(row.article), .blob(content.bytes)
        ) { Int($0.integer(0)) }
        guard history.versionWithContent != nil else { return history }
        try statements.previousHashes.each(.integer(row.article), .integer(Int64(row.known.article.newest))) { version in
            if let hash = ContentHash(bytes: version.blob(0)) { history.previousHashes.append(hash) }
            return true
        }
        return history
    }

    private func articles(withContent hash: ContentHash) throws(StoreError) -> [(row: Int64, article: KnownArticle)] {
        var list: [(row: Int64, article: KnownArticle)] = []
        try statements.articlesByHash.each(.blob(hash.bytes)) { row throws(StoreError) in
            list.append((row.integer(0), try readArticle(row, firstColumn: 1)))
            return true
        }
        return list
    }

    private func isSeen(article: Int64, by source: SourceID) throws(StoreError) -> Bool {
        try statements.sightingsOfArticle.first(.integer(article), .integer(source.row)) { _ in true } ?? false
    }

    /// Reads a row of `Statements.sightingColumns`. `complete` adds whether it leads.
    func readSighting(_ row: borrowing Row) throws(StoreError) -> SightingRow {
        guard let shown = ContentHash(bytes: row.blob(3)), let raw = ContentHash(bytes: row.blob(4)) else {
            throw damaged("a sighting's hash")
        }
        return SightingRow(
            row: row.integer(0), article: row.integer(2), locator: row.optionalText(9),
            known: KnownSighting(
                key: row.text(1), article: try readArticle(row, firstColumn: 10), shownHash: shown, rawHash: raw,
                metadata: row.integer(5), rules: Int(row.integer(6)), canonicalURL: row.optionalText(7),
                isGone: row.optionalInteger(8) != nil, leads: false))
    }

    func readArticleRow(_ row: Int64) throws(StoreError) -> KnownArticle? {
        try statements.articleByRow.first(.integer(row)) { row throws(StoreError) in
            try readArticle(row, firstColumn: 0)
        }
    }

    private func readArticle(_ row: borrowing Row, firstColumn column: Int32) throws(StoreError) -> KnownArticle {
        guard let id = ArticleID(row.text(column)), let hash = ContentHash(bytes: row.blob(column + 2)) else {
            throw damaged("an article's id or hash")
        }
        return KnownArticle(
            id: id, newest: Int(row.integer(column + 1)), newestHash: hash,
            isRemoved: row.optionalInteger(column + 3) != nil)
    }
}

/// Whether the links or the ids are the same address, host included. An alias has only the path and the query of the id.
private func isSameAddress(_ sighting: KnownSighting, _ seen: SeenItem) -> Bool {
    if let url = seen.canonicalURL, url == sighting.canonicalURL { return true }
    let id = CanonicalURL.of(seen.key.value)
    return id != nil && id == CanonicalURL.of(sighting.key)
}

func lastComponent(_ key: String) -> Substring {
    key.utf8.lastIndex(of: UInt8(ascii: "/")).map { key[key.utf8.index(after: $0)...] } ?? key[...]
}
