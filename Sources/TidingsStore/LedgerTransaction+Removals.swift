import TidingsCore

// Removals, by what proves them: a scan, a file that lists its items, or the feed itself.

extension LedgerTransaction {
    /// How long a mass removal is held before it is believed.
    static let holdMilliseconds: Int64 = 24 * 3600 * 1000

    /// Removes what a full scan, or a look at single files, proved gone. Holds a suspiciously large removal.
    func remove(
        _ locators: [String], of source: SourceRow, pass: RemovalPass?
    ) throws(StoreError) -> ReportOutcome {
        let count = try countLive(at: locators, source)
        let live = Int(try statements.countLive.first(.integer(source.id.row)) { $0.integer(0) } ?? 0)
        let isMuch = pass == .suspicious && count > 0 || holdsRemovals(removed: count, live: live)
        if pass != .confirmed, isMuch {
            let since = source.removalsHeldMilliseconds ?? now
            guard now - since >= Self.holdMilliseconds else {
                try hold(source, since: since, count: count)
                return .held(count: count, sinceMilliseconds: since)
            }
        }
        if pass != nil { try hold(source, since: nil, count: nil) }
        for locator in locators { try removeAll(at: locator, source) }
        return .done
    }

    /// Notes that a mass removal is held: since when, in milliseconds since 1970, and of how many sightings. Nil: none is held.
    func hold(_ source: SourceRow, since: Int64?, count: Int?) throws(StoreError) {
        guard source.removalsHeldMilliseconds != since || source.removalsHeld != count else { return }
        try statements.putHeldRemovals.run(.optional(since), .optional(count.map(Int64.init)), .integer(source.id.row))
        var row = try self.source(source.id)
        row.removalsHeldMilliseconds = since
        row.removalsHeld = count
        keep(row)
    }

    /// Removes the items that a file no longer lists. The file lists all its items and was read to its end.
    func removeAbsent(from locator: String, present: Set<String>, _ source: SourceRow) throws(StoreError) {
        // A file with one item has its path as the only key. Other keys below it remain from when it had several items.
        let isSingle = present.count == 1 && present.contains(locator)
        let known = try liveSightings(at: locator, by: isSingle ? statements.sightingsWithin : statements.sightingsAt, source)
        for sighting in known where !present.contains(sighting.key) {
            try remove(sighting, of: source, reason: .fileDeleted)
        }
    }

    /// Removes everything that was seen at `locator`, and its capture.
    private func removeAll(at locator: String, _ source: SourceRow) throws(StoreError) {
        for sighting in try liveSightings(at: locator, by: statements.sightingsAt, source) {
            try remove(sighting, of: source, reason: .fileDeleted)
        }
        try statements.deleteCapture.run(.integer(source.id.row), .text(locator))
    }

    /// Removes an item that the feed itself declares deleted (RFC 6721).
    func removeDeclared(_ id: String, _ source: SourceRow) throws(StoreError) {
        let found = try statements.sightingUnder.first(.integer(source.id.row), .text(id)) { row in
            row.optionalInteger(2) == nil ? LiveSighting(row: row.integer(0), key: id, article: row.integer(1)) : nil
        }
        if let sighting = found ?? nil {
            try remove(sighting, of: source, reason: .declared)
        }
    }

    struct LiveSighting {
        let row: Int64
        let key: String
        let article: Int64
    }

    private func liveSightings(
        at locator: String, by statement: Statement, _ source: SourceRow
    ) throws(StoreError) -> [LiveSighting] {
        var list: [LiveSighting] = []
        try statement.each(.integer(source.id.row), .text(locator)) { row in
            if row.optionalInteger(3) == nil {
                list.append(LiveSighting(row: row.integer(0), key: row.text(1), article: row.integer(2)))
            }
            return true
        }
        return list
    }

    /// How many live sightings these locators have.
    private func countLive(at locators: [String], _ source: SourceRow) throws(StoreError) -> Int {
        var count = 0
        for locator in locators { count += try liveSightings(at: locator, by: statements.sightingsAt, source).count }
        return count
    }

    /// Marks the sighting as gone, and its article as removed if no live sighting is left.
    func remove(_ sighting: LiveSighting, of source: SourceRow, reason: RemovalReason) throws(StoreError) {
        try statements.goneSighting.run(.integer(now), .integer(sighting.row))
        if source.kind == .feed, reason != .pageGone { try restPage(of: sighting.row) }
        let hasOthers =
            try statements.otherLive.first(.integer(sighting.article), .integer(sighting.row)) { _ in true } ?? false
        let article = try article(sighting.article)
        var change = Change(
            type: decideGone(hasOthers: hasOthers), article: article.id,
            origin: Origin(source: source.name, kind: source.kind, key: sighting.key))
        change.version = article.newest
        change.contentHash = article.newestHash
        change.reason = reason
        // A consumer that keeps no articles is told what is gone.
        if !hasOthers { change.item = try readVersion(article: sighting.article, number: article.newest).item }
        try announce(change, article: sighting.article, source: source.id)
        if !hasOthers { try statements.removeArticle.run(.integer(now), .integer(sighting.article)) }
    }
}
