import TidingsCore

// The table of pages: which pages are watched, and when each is due.

/// A row of `pages`.
struct StoredPage {
    let row: Int64
    let source: SourceID
    let locator: String
    let sighting: Int64?
    let host: String
    let due: Int64?
    var state: PageState
    let isBackfill: Bool
    /// `ItemRecord`s.
    let feedItem: String?
    let pageItem: String?
    /// What the last believed look showed.
    let known: KnownPage?

    /// What the first of two looks showed, if the second one is to come.
    let first: Item?
    /// The set of learned lines that the newest text was made without, and the host whose set it is.
    let learned: (set: Int64, host: String)
    /// Whether a text came from the page before.
    var hasText: Bool { known != nil || feedItem == nil && sighting != nil }

    /// Reads a row of `PageStatements.columns`.
    init(_ row: borrowing Row, now: Int64) {
        self.row = row.integer(0)
        source = SourceID(row: row.integer(1))
        locator = row.text(2)
        sighting = row.optionalInteger(3)
        host = row.text(4)
        due = row.optionalInteger(5)
        // A state that cannot be read is that of a new page.
        state = PageState(json: row.text(6), nextLook: due) ?? PageState(nextLook: due, lastChange: now)
        isBackfill = row.integer(7) != 0
        feedItem = row.optionalText(8)
        pageItem = row.optionalText(9)
        if let shown = ContentHash(bytes: row.blob(10)), let raw = ContentHash(bytes: row.blob(11)) {
            known = KnownPage(shownHash: shown, rawHash: raw, metadata: row.integer(12), rules: Int(row.integer(13)))
        } else {
            known = nil
        }
        let form = row.blob(15)
        first = row.optionalText(14).map {
            ItemRecord.decode($0, form: CanonicalForm(stored: form), rawHash: ContentHash.of(form))
        }
        learned = (row.integer(16), row.optionalText(17) ?? host)
    }
}

extension LedgerTransaction {
    func page(_ id: PageID) throws(StoreError) -> StoredPage? {
        try statements.pages.byRow.first(.integer(id.row)) { StoredPage($0, now: now) }
    }

    /// The page of an item; nil if it is not watched.
    func page(of sighting: Int64) throws(StoreError) -> StoredPage? {
        try statements.pages.bySighting.first(.integer(sighting)) { StoredPage($0, now: now) }
    }

    // MARK: which pages are watched

    /// Watches the pages of a feed's items, those of new items from now on.
    /// - Parameter items: what the document shows, with their sightings.
    func watchPages(
        of items: [(sighting: Int64, item: SeenItem)], _ watch: PageWatch, in context: ReportContext
    ) throws(StoreError) {
        let isImport = context.source.importedMilliseconds == nil
        var count = 0
        // The newest first: they are edited most, and somebody waits for them.
        let newest = items.enumerated().sorted { left, right in
            let (first, second) = (left.element.item.item.orderDate, right.element.item.item.orderDate)
            if let first, let second, first.milliseconds != second.milliseconds { return first.milliseconds > second.milliseconds }
            return left.offset < right.offset
        }.map(\.element)
        for (sighting, seen) in newest {
            guard let address = pageAddress(of: seen, in: context) else { continue }
            let feedItem = ItemRecord.encode(seen.item)
            if let known = try page(of: sighting) {
                if known.feedItem != feedItem { try statements.pages.feedItem.run(.text(feedItem), .integer(known.row)) }
                if known.locator != address { try move(known, to: address) }
                continue
            }
            if isImport, count >= watch.backfill { continue }
            if let other = try page(at: address, of: context.source.id) {
                // The same page under another item, which has gone, or which shows it still.
                guard let owner = other.sighting, try isGone(owner) else { continue }
                try statements.pages.forget.run(.integer(other.row))
            }
            let date = seen.item.dateModified ?? seen.item.datePublished
            var state = PageState(nextLook: now + Int64(count), lastChange: min(now, date?.milliseconds ?? now))
            state.dueReason = .first
            count += 1
            try insertPage(address, of: context.source.id, sighting: sighting, state, isBackfill: isImport, feedItem: feedItem)
        }
    }

    /// The address of the item's own page; nil if it has none.
    private func pageAddress(of seen: SeenItem, in context: ReportContext) -> String? {
        guard context.ownURL(of: seen) != nil, let url = seen.item.url, url != context.source.locator,
            URI(url).webScheme != nil, URI(url).host?.isEmpty == false
        else { return nil }
        return url
    }

    private func page(at locator: String, of source: SourceID) throws(StoreError) -> StoredPage? {
        try statements.pages.atLocator.first(.integer(source.row), .text(locator)) { StoredPage($0, now: now) }
    }

    private func isGone(_ sighting: Int64) throws(StoreError) -> Bool {
        try statements.sightingByRow.first(.integer(sighting), read: readSighting)?.known.isGone ?? true
    }

    private func insertPage(
        _ locator: String, of source: SourceID, sighting: Int64?, _ state: PageState, isBackfill: Bool, feedItem: String?
    ) throws(StoreError) {
        let host = URI(locator).host ?? locator
        try statements.pages.insert.run(
            .integer(source.row), .text(locator), .optional(sighting), .text(host), .optional(state.nextLook), .text(state.json),
            .integer(isBackfill ? 1 : 0), .optional(feedItem))
        note(
            PageDue(
                page: PageID(row: connection.lastInsertedRow), source: source, host: host, dueMilliseconds: state.nextLook))
    }

    /// The item has another address now.
    private func move(_ page: StoredPage, to address: String) throws(StoreError) {
        guard try self.page(at: address, of: page.source) == nil else { return }
        try statements.pages.address.run(.text(address), .text(URI(address).host ?? address), .integer(page.row))
        guard let moved = try self.page(PageID(row: page.row)) else { return }
        var state = moved.state
        // They belong to the old address.
        state.validators = Validators()
        state.redirects = RedirectMemory()
        try hurry(moved, state)
    }

    /// Brings the pages of a list in line with the settings.
    func listPages(_ addresses: [String], of source: SourceID) throws(StoreError) {
        var known: [String: StoredPage] = [:]
        try statements.pages.listed.each(.integer(source.row)) { row in
            let page = StoredPage(row, now: now)
            known[page.locator] = page
            return true
        }
        let wanted = Set(addresses)
        for page in known.values where !wanted.contains(page.locator) {
            try statements.pages.forget.run(.integer(page.row))
            note(PageDue(page: PageID(row: page.row), source: source, host: page.host, dueMilliseconds: nil))
        }
        for (position, address) in addresses.enumerated() where known[address] == nil {
            let state = PageState(nextLook: now + Int64(position), lastChange: now)
            try insertPage(address, of: source, sighting: nil, state, isBackfill: false, feedItem: nil)
        }
    }

    // MARK: when a page is due

    /// Has the page of an item looked at now.
    func hurryPage(of sighting: Int64) throws(StoreError) {
        if let page = try page(of: sighting) { try hurry(page, page.state) }
    }

    /// Has the pages looked at now whose items say that they were changed after the last look. An old date asks for nothing, and neither
    /// do the dates of a feed that says so of most of its items: some write the time of the request.
    func hurryPages(modified items: [(sighting: Int64, milliseconds: Int64)]) throws(StoreError) {
        let recent = items.filter { $0.milliseconds > now - dayMilliseconds && $0.milliseconds <= now }
        guard recent.count <= max(Self.modifiedLimit, items.count / 2) else { return }
        for item in recent {
            guard let page = try page(of: item.sighting), let last = page.state.lastAttempt, last < item.milliseconds,
                page.due.map({ $0 > now }) ?? true
            else { continue }
            try hurry(page, page.state)
        }
    }

    /// So many items of a feed may have been changed at once.
    private static let modifiedLimit = 10

    private func hurry(_ page: StoredPage, _ given: PageState) throws(StoreError) {
        var state = given
        // The second of two looks is under way, or will be: it asks without validators.
        if state.dueReason == .confirmation { state.askedAt = now } else { state.ask(now: now) }
        try statements.pages.due.run(.optional(state.nextLook), .text(state.json), .integer(page.row))
        note(page.due(state.nextLook))
    }

    /// The page of an item that its feed has taken back is not looked at.
    func restPage(of sighting: Int64) throws(StoreError) {
        guard let page = try page(of: sighting), page.due != nil else { return }
        var state = page.state
        state.nextLook = nil
        state.dueReason = .rests
        try statements.pages.due.run(.null, .text(state.json), .integer(page.row))
        note(page.due(nil))
    }

    /// Writes how a look ended.
    /// - Parameter first: what it showed, if another look is to settle it.
    func put(_ state: PageState, of page: StoredPage, first: SeenItem?) throws(StoreError) {
        try statements.pages.look.run(
            .optional(state.nextLook), .optional(state.problem), .text(state.json),
            .optional(first.map { ItemRecord.encode($0.item) }), first.map { .blob($0.form.bytes) } ?? .null, .integer(page.row))
        var due = page.due(state.nextLook)
        due.isConfirmation = state.dueReason == .confirmation
        note(due)
    }
}

extension StoredPage {
    fileprivate func due(_ milliseconds: Int64?) -> PageDue {
        PageDue(page: PageID(row: row), source: source, host: host, dueMilliseconds: milliseconds)
    }
}
