import TidingsCore

// What looks at pages bring: a verdict, a decision, and when the next look comes, all on the rows of this transaction.

extension LedgerTransaction {
    /// Writes what `look` has found, and when the page is looked at next.
    func apply(_ look: PageReport, to source: SourceRow) throws(StoreError) {
        // It is not watched any more.
        guard var page = try page(look.page), page.source == source.id else { return }
        // Its feed has taken the item back while the look was under way.
        if source.kind == .feed, let row = try sighting(of: page, source), row.known.isGone,
            page.state.absence?.isProof(now: now) != true
        {
            return
        }
        if let reread = look.reread {
            page = try rederive(page, from: reread, source)
            page.state.wasReread = true
        }
        let outcome = try outcome(of: look, page, source)
        var next = PagePlan.next(
            after: outcome, to: look.request, state: page.state, recheck: look.recheck, begun: look.begun, now: now, jitter: look.jitter)
        // It stays where it was first, even if one look does not show it there.
        if case .read = outcome, next.headline == nil { next.headline = look.headline }
        var first: SeenItem?
        if case .unsettled = outcome, case .article(let seen, _) = look.finding { first = seen }
        try put(next, of: page, first: first)
        if case .absent = outcome, next.absence?.isProof(now: now) == true { try removeArticle(of: page, source) }
        if source.kind == .page { try noteList(source, wasWell: page.state.problem == nil, isWell: next.problem == nil) }
    }

    /// Notes how a list of pages is doing: it fails while none of its pages can be read, and its first import is complete when each
    /// was looked at. A look that is as good as the one before says nothing new of a list that is well.
    private func noteList(_ source: SourceRow, wasWell: Bool, isWell: Bool) throws(StoreError) {
        let pages = statements.pages
        if source.importedMilliseconds == nil, try pages.unread.first(.integer(source.id.row), read: { _ in true }) == nil {
            try completeImport(of: source)
        }
        var look = SourceLook(state: .ok, detail: source.detail, succeeded: isWell)
        if source.state != .ok || !wasWell || !isWell {
            let trouble = try pages.trouble.first(.integer(source.id.row)) { ($0.integer(0), $0.optionalText(1)) } ?? (0, nil)
            let hasWell = try pages.well.first(.integer(source.id.row), read: { _ in true }) ?? false
            look.state = trouble.0 > 0 && !hasWell ? .failing : .ok
            look.detail = trouble.1.map { trouble.0 > 1 ? "\(trouble.0) pages cannot be read; the first: \($0)" : $0 }
        }
        try apply(look, to: try self.source(source.id))
    }

    /// What the look comes to; an article that is believed is written.
    private func outcome(
        of look: PageReport, _ page: StoredPage, _ source: SourceRow
    ) throws(StoreError) -> PageOutcome {
        let status = look.facts.status ?? 0
        // What is seen, what speaks against it, and a hash of it.
        let seen: (item: SeenItem?, doubt: PageDoubt?, hash: ContentHash)
        switch look.finding {
        case .ended(let outcome):
            if case .notModified = outcome { try touch(look.facts, of: source) }
            return outcome
        case .noArticle(let reason, let body): seen = (nil, reason, body)
        case .article(let item, let reason): seen = (item, reason, item.form.hash)
        }
        let doubt = seen.doubt
        let known = try shownItem(of: page, source)
        let learned = try learnedLines(of: page)
        // The same without the learned lines that the newest version was made without.
        let judged = seen.item.map { $0.with(learned.judged($0.item, against: known)) }
        let verdict = judgePage(
            doubt: doubt, content: judged?.form.hash ?? seen.hash, characters: judged?.form.characters ?? 0,
            known: try knownCharacters(of: page, source), standing: page.state.doubt, now: now)
        switch verdict {
        case .doubtful(let standing): return .doubtful(status: status, standing)
        case .absent(let standing): return .absent(status: status, standing)
        case .believed: break
        }
        guard var article = judged, var whole = seen.item else { throw damaged("a verdict") }
        // What stood for long is no accident.
        if doubt == nil, page.state.doubt == nil, !isAsBefore(article, known) {
            guard let first = page.first else {
                try remember(look.facts, of: source)
                return .unsettled(status: status)
            }
            article = article.with(article.item.settled(with: learned.judged(first, against: known), shown: known))
            whole = learned.isEmpty ? article : whole.with(whole.item.settled(with: first, shown: known))
            let verdict = judgePage(
                doubt: nil, content: article.form.hash, characters: article.form.characters, known: try knownCharacters(of: page, source),
                standing: nil, now: now)
            if case .doubtful(let standing) = verdict { return .doubtful(status: status, standing) }
        }
        let count = changes
        var isReread = try isReread(look.facts, source)
        var page = page
        // The stored bytes show what moved at that time, too. That it goes now is no edit.
        if page.state.wasReread, let known, article.form.onlyLacksLines(of: CanonicalForm(title: known.title, text: known.text)) {
            try outdate(page, source)
            page = try self.page(look.page) ?? page
            isReread = true
        }
        if try isNewText(article, known, of: page, source) {
            try write(whole.with(try todaysLines(of: page).removed(from: whole.item)), of: page, isReread: isReread, source)
            try noteSet(of: page)
        } else {
            try write(article, of: page, isReread: isReread, source)
        }
        if !page.hasText { try countLines(of: whole.item, on: page.host) }
        try putCapture(look.facts, isWhole: true, source)
        try put(look.body, of: page)
        return .read(
            status: status, validators: Validators(etag: look.facts.etag, lastModified: look.facts.lastModified),
            hints: look.hints, permanentTarget: look.permanentTarget, hasChanged: changes != count && page.hasText)
    }

    /// Keeps what was decided about the page's blocks for the second look, so that the two differ in what the page shows alone.
    private func remember(_ facts: CaptureFacts, of source: SourceRow) throws(StoreError) {
        guard let blocks = facts.blocks else { return }
        try statements.pages.remember.run(
            .integer(source.id.row), .text(facts.locator), .integer(now), .integer(Int64(textRulesVersion)), .optional(facts.format),
            .blob(blocks))
    }

    /// What the page showed when a look at it was last believed; nil before that.
    func shownItem(of page: StoredPage, _ source: SourceRow) throws(StoreError) -> Item? {
        guard let row = try sighting(of: page, source) else { return nil }
        if let known = page.known, let item = page.pageItem, let form = try form(known.shownHash) {
            return ItemRecord.decode(item, form: form, rawHash: known.rawHash)
        }
        guard source.kind == .page, row.known.shownHash == row.known.article.newestHash else { return nil }
        return try readVersion(article: row.article, number: row.known.article.newest).item
    }

    /// Has the text that the page shows count as that of older rules.
    private func outdate(_ page: StoredPage, _ source: SourceRow) throws(StoreError) {
        if source.kind == .page {
            guard let sighting = page.sighting else { return }
            try statements.pages.outdateSighting.run(.integer(sighting))
        } else {
            try statements.pages.outdate.run(.integer(page.row))
        }
    }

    private func isAsBefore(_ seen: SeenItem, _ shown: Item?) -> Bool {
        guard let shown else { return false }
        let before = SeenItem(key: seen.key, item: shown)
        return before.form.hash == seen.form.hash && before.metadata == seen.metadata
    }

    private func touch(_ facts: CaptureFacts, of source: SourceRow) throws(StoreError) {
        try statements.touchCapture.run(
            .integer(now), .null, .optional(facts.status.map(Int64.init)), .integer(source.id.row), .text(facts.locator))
    }

    /// Unicode scalars of the newest text of the page's article.
    private func knownCharacters(of page: StoredPage, _ source: SourceRow) throws(StoreError) -> Int {
        guard let row = try sighting(of: page, source) else { return 0 }
        return try form(row.known.article.newestHash)?.characters ?? 0
    }

    /// The sighting whose page it is; nil for a listed page that never had a text.
    func sighting(of page: StoredPage, _ source: SourceRow) throws(StoreError) -> SightingRow? {
        if let row = page.sighting {
            return try statements.sightingByRow.first(.integer(row), read: readSighting)
        }
        return try statements.sighting.first(.integer(source.id.row), .text(page.locator), read: readSighting)
    }

    // MARK: an article that is believed

    /// - Parameter isReread: whether the page was read before. Whatever is new then, only the rules are.
    func write(_ seen: SeenItem, of page: StoredPage, isReread: Bool, _ source: SourceRow) throws(StoreError) {
        if source.kind == .page {
            let context = ReportContext(
                source: source, document: SeenDocument([seen]), locator: page.locator, missing: [], renamedFrom: nil,
                isReread: isReread, shownBefore: nil)
            let sighting = try apply(seen, locator: page.locator, in: context)
            if page.sighting == nil { try statements.pages.bind.run(.integer(sighting), .integer(page.row)) }
        } else {
            try writePage(seen, of: page, isReread: isReread, source)
        }
    }

    /// Decides about the page of a feed's item, and writes that.
    private func writePage(
        _ given: SeenItem, of page: StoredPage, isReread: Bool, _ source: SourceRow
    ) throws(StoreError) {
        guard var row = try sighting(of: page, source) else { throw damaged("a page's item") }
        try complete(&row)
        let ownItem = given.item
        let feedItem = page.feedItem.map { ItemRecord.decode($0, rawHash: row.known.rawHash) }
        var seen = SeenItem(key: try key(of: row), item: feedItem.map(ownItem.completed(by:)) ?? ownItem)
        var found = ItemLookup()
        row.known.page = page.known
        if isReread, page.known?.rules != textRulesVersion { row.known.page?.rawHash = seen.item.rawHash }
        found.facts.history = try history(of: row, content: seen.form.hash)
        found.underKey = row
        if let known = row.known.page {
            found.underKey?.known.shownHash = known.shownHash
            found.underKey?.known.rawHash = known.rawHash
            found.underKey?.known.rules = known.rules
            seen = try withoutNews(of: seen, found)
        }
        let write = ItemWrite(
            seen: seen, source: source, locator: row.locator, page: (stored: page, ownItem: ownItem))
        let decision = decidePage(seen, of: row.known, history: found.facts.history, rules: textRulesVersion)
        _ = try carryOut(decision, write, found)
    }

    private func key(of row: SightingRow) throws(StoreError) -> SightingKey {
        guard let rule = try statements.pages.rule.first(.integer(row.row), read: { KeyRule(rawValue: $0.text(0)) }) ?? nil
        else { throw damaged("a sighting's key") }
        return SightingKey(row.known.key, rule)
    }

    /// Writes what the page shows now.
    func show(_ seen: SeenItem, on page: StoredPage, ownItem: Item, of sighting: Int64) throws(StoreError) {
        try statements.pages.show.run(
            .text(ItemRecord.encode(ownItem)), .blob(seen.form.hash.bytes), .blob(seen.item.rawHash.bytes),
            .integer(seen.metadata), .integer(Int64(textRulesVersion)), .integer(page.row))
        try statements.seeSighting.run(.integer(now), .integer(sighting))
    }

    // MARK: an item that defers to its page

    /// Stores what the feed's item shows, and has its page looked at. Authors, tags and language that the page lacks are the item's:
    /// a change of these is the article's.
    func deferToPage(_ write: ItemWrite, _ row: SightingRow) throws(StoreError) {
        try show(write, by: row.row)
        guard let page = try page(of: row.row) else { return }
        try statements.pages.feedItem.run(.text(ItemRecord.encode(write.seen.item)), .integer(page.row))
        try hurryPage(of: row.row)
        let article = row.known.article
        guard let known = page.known, let pageItem = page.pageItem, row.known.leads, known.shownHash == article.newestHash,
            let form = try form(known.shownHash)
        else { return }
        let own = ItemRecord.decode(pageItem, form: form, rawHash: known.rawHash)
        let seen = SeenItem(key: write.seen.key, item: own.completed(by: write.seen.item))
        guard seen.form.hash == known.shownHash, seen.metadata != known.metadata else { return }
        try statements.pages.metadata.run(.integer(seen.metadata), .integer(page.row))
        let merged = ItemWrite(seen: seen, source: write.source, locator: write.locator, page: (stored: page, ownItem: own))
        try revise(merged, article: row.article, article, .metadata)
    }

    // MARK: a page that is gone

    /// Removes what was seen at a page that is proved gone, unless the feed still shows the item.
    private func removeArticle(of page: StoredPage, _ source: SourceRow) throws(StoreError) {
        guard let row = try sighting(of: page, source), !row.known.isGone,
            try statements.pages.isShown.first(.integer(source.id.row), .integer(row.row), read: { _ in true }) == nil
        else { return }
        try remove(LiveSighting(row: row.row, key: row.known.key, article: row.article), of: source, reason: .pageGone)
    }
}
