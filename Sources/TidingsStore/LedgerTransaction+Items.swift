import TidingsCore

// Carries out decisions on items. The functions write rows and announce changes; `decide` makes the decisions.

extension LedgerTransaction {
    /// Looks up what the ledger has of the item, decides, and writes the decision.
    /// - Returns: the row of the item's sighting.
    func apply(_ seen: SeenItem, locator: String, in context: ReportContext) throws(StoreError) -> Int64 {
        let found = try lookUp(seen, in: context)
        let seen = try withoutNews(of: seen, found)
        let write = ItemWrite(
            seen: seen, source: context.source, locator: locator == seen.key.value ? nil : locator)
        return try carryOut(decide(seen, knowing: found.facts, rules: textRulesVersion), write, found)
    }

    /// Writes a decision.
    /// - Returns: the row of the item's sighting.
    func carryOut(_ decision: Decision, _ write: ItemWrite, _ found: ItemLookup) throws(StoreError) -> Int64 {
        func underKey() throws(StoreError) -> SightingRow {
            guard let row = found.underKey else { throw damaged("a decision") }
            return row
        }
        switch decision {
        case .unchanged:
            try statements.touchSighting.run(.integer(now), .integer(try underKey().row))
        case .catchUp:
            try show(write, by: try underKey().row)
        case .deferToPage:
            try deferToPage(write, try underKey())
        case .rederive:
            try rederive(write, try underKey())
        case .revise(_, let revision):
            let row = try underKey()
            try show(write, by: row.row)
            try revise(write, article: row.article, row.known.article, revision)
        case .fork(let origin):
            return try create(write, sighting: found.underKey?.row, forkedFrom: origin)
        case .create:
            return try create(write, sighting: found.underKey?.row, forkedFrom: nil)
        case .move(let oldKey, _, let revision):
            guard let row = found.movedFrom else { throw damaged("a decision") }
            try move(write, row, from: oldKey, revision)
            return row.row
        case .attach(let id):
            return try attach(write, sighting: found.underKey?.row, to: id)
        case .restore(let id, let revision):
            return try restore(write, found, id, revision)
        }
        return try underKey().row
    }

    /// The item with its former text if only counters differ from it.
    func withoutNews(of seen: SeenItem, _ found: ItemLookup) throws(StoreError) -> SeenItem {
        guard let known = (found.underKey ?? found.movedFrom)?.known, known.shownHash != seen.form.hash,
            known.rules == textRulesVersion || known.rawHash != seen.item.rawHash, found.facts.history.versionWithContent == nil,
            let shown = try form(known.shownHash), differInCountersOnly(shown, seen.form)
        else { return seen }
        return seen.showing(shown)
    }

    /// The class of an edit of `article`, whose newest version has the item `oldItem` and the form `old`.
    private func classify(
        _ write: ItemWrite, after old: CanonicalForm, of oldItem: Item, article: Int64
    ) throws(StoreError) -> ChangeClass {
        let new = write.seen.form
        if write.source.kind == .feed {
            if write.page == nil, isFirstFullText(write.seen.item, after: old, of: oldItem) { return .fullText }
            if let masked = digitLines(old: old, new: new), try areCommon(masked, besides: article, in: write.source) { return .counters }
        }
        return TidingsCore.classify(old: old, new: new)
    }

    /// Notes that an item was seen unchanged, so that no text was derived from it.
    func touch(_ item: UnchangedItem, of source: SourceRow) throws(StoreError) -> Int64 {
        let row = try statements.sightingUnder.first(.integer(source.id.row), .text(item.key.value)) { row in
            row.optionalInteger(2) == nil ? row.integer(0) : nil
        }
        guard let row = row ?? nil else { throw damaged("a sighting that was said to be known") }
        try statements.touchSighting.run(.integer(now), .integer(row))
        return row
    }

    /// A seen item with what all writes of it need.
    struct ItemWrite {
        let seen: SeenItem
        let source: SourceRow
        /// The locator; nil if it equals the key.
        let locator: String?
        /// The item's page, if that is what was seen, and the fields that it has itself.
        var page: (stored: StoredPage, ownItem: Item)?

        func change(_ type: ChangeType, _ article: ArticleID, version: Int) -> Change {
            var change = Change(
                type: type, article: article,
                origin: Origin(
                    source: source.name, kind: source.kind, key: seen.key.value, url: seen.item.url,
                    page: page?.stored.locator))
            change.version = version
            change.contentHash = seen.form.hash
            change.isBackfill = page?.stored.isBackfill ?? (source.importedMilliseconds == nil)
            return change
        }
    }

    private func create(_ write: ItemWrite, sighting: Int64?, forkedFrom: ArticleVersion?) throws(StoreError) -> Int64 {
        let content = try putContent(write.seen.form)
        let (id, article) = try putArticle(write, content: content)
        var change = write.change(.articleCreated, id, version: 1)
        change.forkedFrom = forkedFrom
        change.item = write.seen.item
        change.characters = write.seen.form.characters
        let sequence = try announce(change, article: article, source: write.source.id)
        try statements.insertVersion.run(
            .integer(article), .integer(1), .integer(content), .integer(now), .integer(sequence), .null,
            .text(ItemRecord.encode(write.seen.item)))
        return try putSighting(write, sighting, of: article)
    }

    func revise(
        _ write: ItemWrite, article: Int64, _ known: KnownArticle, _ revision: Revision
    ) throws(StoreError) {
        let old = try readVersion(article: article, number: known.newest)
        let seen = write.seen
        var change = write.change(.articleUpdated, known.id, version: known.newest + 1)
        change.changed = changedFields(old: (old.content.form, old.item), new: (seen.form, seen.item))
        // Only the sighting's metadata differ. The article has not changed.
        guard !change.changed.isEmpty else { return }
        change.previousVersion = known.newest
        change.previousContentHash = known.newestHash
        change.changeClass =
            switch revision {
            case .edit: try classify(write, after: old.content.form, of: old.item, article: article)
            case .revert: .revert
            case .flap: .flap
            case .metadata: .metadata
            case .fullText: .fullText
            }
        let counts = charactersChanged(
            old: String(decoding: old.content.form.bytes, as: UTF8.self), new: String(decoding: seen.form.bytes, as: UTF8.self))
        change.charactersAdded = counts.added
        change.charactersRemoved = counts.removed
        change.item = seen.item
        change.characters = seen.form.characters

        let sequence = try announce(change, article: article, source: write.source.id)
        let content = try putContent(seen.form, besides: old.content.form.hash == known.newestHash ? old.content.base : nil)
        try statements.insertVersion.run(
            .integer(article), .integer(Int64(known.newest + 1)), .integer(content), .integer(now),
            .integer(sequence), .optional(change.changeClass?.rawValue), .text(ItemRecord.encode(seen.item)))
        try statements.reviseArticle.run(
            .integer(Int64(known.newest + 1)), .blob(seen.form.hash.bytes), .integer(content), .integer(article))
    }

    private func move(
        _ write: ItemWrite, _ row: SightingRow, from oldKey: String, _ revision: Revision?
    ) throws(StoreError) {
        try takeKey(write, row)
        var change = write.change(.articleMoved, row.known.article.id, version: row.known.article.newest)
        change.contentHash = row.known.article.newestHash
        change.movedFrom = oldKey
        try announce(change, article: row.article, source: write.source.id)
        if let revision { try revise(write, article: row.article, row.known.article, revision) }
        if row.known.page != nil { try hurryPage(of: row.row) }
    }

    private func attach(_ write: ItemWrite, sighting: Int64?, to id: ArticleID) throws(StoreError) -> Int64 {
        let article = try row(of: id)
        let known = try self.article(article)
        let row = try putSighting(write, sighting, of: article)
        var change = write.change(.articleDuplicate, id, version: known.newest)
        change.contentHash = known.newestHash
        try announce(change, article: article, source: write.source.id)
        if write.source.kind == .feed, sighting != nil, write.page == nil { try hurryPage(of: row) }
        return row
    }

    private func restore(
        _ write: ItemWrite, _ found: ItemLookup, _ id: ArticleID, _ revision: Revision?
    ) throws(StoreError) -> Int64 {
        let article = try row(of: id)
        let known = try self.article(article)
        let sighting: Int64
        if let moved = found.movedFrom, moved.article == article {
            try takeKey(write, moved)
            sighting = moved.row
        } else {
            sighting = try putSighting(write, found.underKey?.row, of: article)
        }
        try statements.reviveArticle.run(.integer(article))
        var change = write.change(.articleRestored, id, version: known.newest)
        change.contentHash = known.newestHash
        if revision == nil {
            // An item with a page shows less than its article.
            change.item =
                known.newestHash == write.seen.form.hash
                ? write.seen.item : try readVersion(article: article, number: known.newest).item
        }
        try announce(change, article: article, source: write.source.id)
        if let revision { try revise(write, article: article, known, revision) }
        if write.source.kind == .feed, write.page == nil { try hurryPage(of: sighting) }
        return sighting
    }

    /// Newer text rules read the same raw bytes: the newest version gets the new text, and nothing is announced.
    private func rederive(_ write: ItemWrite, _ row: SightingRow) throws(StoreError) {
        let content = try putContent(write.seen.form)
        let number = Int64(row.known.article.newest)
        try statements.rederiveVersion.run(
            .integer(content), .text(ItemRecord.encode(write.seen.item)), .integer(row.article), .integer(number))
        try statements.reviseArticle.run(
            .integer(number), .blob(write.seen.form.hash.bytes), .integer(content), .integer(row.article))
        try show(write, by: row.row)
    }

    // MARK: rows

    /// Writes what was seen now into the sighting.
    func show(_ write: ItemWrite, by sighting: Int64) throws(StoreError) {
        let seen = write.seen
        if let page = write.page { return try show(seen, on: page.stored, ownItem: page.ownItem, of: sighting) }
        try statements.updateSighting.run(
            .optional(write.locator), .blob(seen.form.hash.bytes), .blob(seen.item.rawHash.bytes),
            .integer(seen.metadata), .integer(Int64(textRulesVersion)), .optional(seen.canonicalURL),
            .optional(seen.alias), .integer(now), .integer(sighting))
    }

    /// Gives the sighting `row` the seen key. The capture of its old file is deleted.
    private func takeKey(_ write: ItemWrite, _ row: SightingRow) throws(StoreError) {
        try statements.moveSighting.run(.text(write.seen.key.value), .text(write.seen.key.rule.rawValue), .integer(row.row))
        try show(write, by: row.row)
        if write.source.kind == .folder {
            try statements.deleteCapture.run(.integer(write.source.id.row), .text(row.locator ?? row.known.key))
        }
    }

    /// Inserts a sighting of `article` under the seen key, or makes the sighting `existing` one of `article`.
    /// - Returns: the sighting's row.
    private func putSighting(_ write: ItemWrite, _ existing: Int64?, of article: Int64) throws(StoreError) -> Int64 {
        if let existing {
            try statements.reassignSighting.run(.integer(article), .integer(existing))
            try show(write, by: existing)
            return existing
        }
        let seen = write.seen
        try statements.insertSighting.run(
            .integer(write.source.id.row), .text(seen.key.value), .text(seen.key.rule.rawValue), .optional(write.locator),
            .integer(article), .blob(seen.form.hash.bytes), .blob(seen.item.rawHash.bytes), .integer(seen.metadata),
            .integer(Int64(textRulesVersion)), .optional(seen.canonicalURL), .optional(seen.alias),
            .integer(now), .integer(now))
        return connection.lastInsertedRow
    }

    func article(_ row: Int64) throws(StoreError) -> KnownArticle {
        guard let article = try readArticleRow(row) else { throw damaged("an article") }
        return article
    }

    private func row(of id: ArticleID) throws(StoreError) -> Int64 {
        guard let row = try statements.articleByID.first(.text(id.description), read: { $0.integer(0) }) else {
            throw damaged("article \(id)")
        }
        return row
    }

    /// Inserts an article. Its id is derived from the seen key, with the next free ordinal if earlier articles had the same key.
    private func putArticle(_ write: ItemWrite, content: Int64) throws(StoreError) -> (id: ArticleID, row: Int64) {
        let hash = SQLValue.blob(write.seen.form.hash.bytes)
        var ordinal = 0
        while true {
            let id = ArticleID(source: write.source.name, key: write.seen.key.value, ordinal: ordinal)
            let row = try statements.insertArticle.insert(
                .text(id.description), hash, .integer(content), .integer(now))
            if let row { return (id, row) }
            ordinal += 1
        }
    }
}
