import TidingsCore

extension Ledger {
    /// Commits `reports` in one transaction: everything they bring, and the change rows that announce it.
    /// - Parameter milliseconds: the time of the commit, since 1970.
    /// - Throws: when nothing of them was committed. A transient error can be tried again with the same reports.
    package func commit(_ reports: [Report], at milliseconds: Int64) throws(StoreError) -> CommitSummary {
        try write { () throws(StoreError) in
            var summary = CommitSummary()
            for report in reports { try apply(report, at: milliseconds, in: &summary) }
            return summary
        }
    }

    /// Runs `body` in a write transaction. What memory holds beside the database is taken back when it fails.
    func write<Result>(_ body: () throws(StoreError) -> Result) throws(StoreError) -> Result {
        let sequenceBefore = lastSequence
        uncounted = [:]
        let result: Result
        do {
            result = try connection.transaction { () throws(StoreError) in
                try reach(.commitBegun)
                let result = try body()
                for (change, count) in uncounted {
                    try statements.countChanges.run(
                        .integer(change.source.row), .text(change.type.rawValue), .integer(Int64(count)))
                }
                try reach(.commitApplied)
                return result
            }
        } catch {
            lastSequence = sequenceBefore
            sources = [:]
            throw connection.told(error)
        }
        try reach(.commitCommitted)
        return result
    }

    private func apply(_ report: Report, at now: Int64, in summary: inout CommitSummary) throws(StoreError) {
        let source = try source(report.source)
        switch report.finding {
        case .document(let document):
            try apply(document, of: report, source: source, at: now, in: &summary)
        case .unchanged:
            try statements.touchCapture.run(
                .integer(now), .optional(report.facts.stamp.map(Int64.init(bitPattern:))),
                .optional(report.facts.status.map(Int64.init)), .integer(source.id.row), .text(report.facts.locator))
            if source.kind == .feed, report.facts.status == 200, try isCaptureWhole(of: report) == true {
                try moveWindow(of: source, to: nil, accepting: report.acceptsRemovals, at: now, in: &summary)
            }
        case .unreadable:
            try putCapture(report, isWhole: false, at: now)
        case .gone(let locators, let reason):
            for locator in locators {
                try removeAll(at: locator, source: source, reason: reason, at: now, in: &summary)
            }
        }
        if let look = report.look { try apply(look, to: try self.source(report.source), at: now, in: &summary) }
    }

    private func apply(
        _ given: SeenDocument, of report: Report, source: SourceRow, at now: Int64, in summary: inout CommitSummary
    ) throws(StoreError) {
        let isFeed = source.kind == .feed
        let document = isFeed ? try keepingKeys(given, of: source) : given
        let context = ReportContext(
            source: source, document: document, missing: report.missing,
            shownBefore: isFeed ? try shownBefore(report) : nil)
        var shown: [FeedWindow<Int64>.Entry] = []
        for entry in document.entries {
            let row =
                switch entry {
                case .seen(let item):
                    try applyItem(item, locator: report.facts.locator, in: context, at: now, summary: &summary)
                case .known(let item): try touch(item, of: source, at: now, in: &summary)
                }
            shown.append(FeedWindow.Entry(row, date: entry.date?.milliseconds))
        }
        // A list of nothing is more likely a failure than the end of all its items.
        if !document.isWindow, !document.isPartial, !document.entries.isEmpty {
            try removeAbsent(from: report, present: context.presentKeys, source: source, at: now, in: &summary)
        }
        // A document that both shows and deletes an item would bring it back and remove it at every look.
        for id in document.tombstones where !context.presentKeys.contains(id) {
            try removeDeclared(id, source: source, at: now, in: &summary)
        }
        if isFeed, !document.isPartial, !shown.isEmpty {
            try moveWindow(of: source, to: shown, accepting: report.acceptsRemovals, at: now, in: &summary)
        }
        try putCapture(report, isWhole: !document.isPartial, at: now)
        if isFeed, !document.isPartial { try completeImport(of: source, at: now) }
    }

    /// Whether the newest capture could be read to its end; nil if there is none.
    private func isCaptureWhole(of report: Report) throws(StoreError) -> Bool? {
        try statements.capture.first(.integer(report.source.row), .text(report.facts.locator)) { $0.integer(0) != 0 }
    }

    /// What the feed's last whole document showed, if there was one. At an address that was never read it showed nothing.
    private func shownBefore(_ report: Report) throws(StoreError) -> Set<Int64>? {
        guard try isCaptureWhole(of: report) != nil else { return [] }
        var rows: Set<Int64> = []
        try statements.shownPlaces.each(.integer(report.source.row)) { row in
            rows.insert(row.integer(0))
            return true
        }
        return rows.isEmpty ? nil : rows
    }

    /// - Parameter isWhole: whether the document could be read to its end. If not, the validators and the time of the last that
    ///   could stay: a server must not answer "not modified" to what was never taken in.
    private func putCapture(_ report: Report, isWhole: Bool, at now: Int64) throws(StoreError) {
        let facts = report.facts
        try (isWhole ? statements.putCapture : statements.putBrokenCapture).run(
            .integer(report.source.row), .text(facts.locator), .integer(now), .integer(now),
            facts.rawHash.map { .blob($0.bytes) } ?? .null, .integer(Int64(facts.bytes)),
            .optional(facts.stamp.map(Int64.init(bitPattern:))), .integer(Int64(textRulesVersion)),
            .optional(facts.format), .integer(Int64(facts.problems)), .optional(facts.problem),
            .optional(facts.status.map(Int64.init)), .optional(facts.finalURL),
            .optional(isWhole ? facts.etag : nil), .optional(isWhole ? facts.lastModified : nil),
            .integer(isWhole ? 1 : 0))
    }

    // MARK: what is gone

    /// A file that lists all its items was read whole and lists some no longer.
    private func removeAbsent(
        from report: Report, present: Set<String>, source: SourceRow, at now: Int64, in summary: inout CommitSummary
    ) throws(StoreError) {
        let locator = report.facts.locator
        // Where the file itself is the only key, the only others are of when it held several.
        let isSingle = present.count == 1 && present.contains(locator)
        let known = try liveSightings(at: locator, by: isSingle ? statements.sightingsWithin : statements.sightingsAt, source)
        for sighting in known where !present.contains(sighting.key) {
            try remove(sighting, source: source, reason: .fileDeleted, at: now, in: &summary)
        }
    }

    /// Everything that was seen at `locator` is gone with it.
    func removeAll(
        at locator: String, source: SourceRow, reason: RemovalReason, at now: Int64, in summary: inout CommitSummary
    ) throws(StoreError) {
        for sighting in try liveSightings(at: locator, by: statements.sightingsAt, source) {
            try remove(sighting, source: source, reason: reason, at: now, in: &summary)
        }
        try statements.deleteCapture.run(.integer(source.id.row), .text(locator))
    }

    /// The feed itself says that the item is deleted (RFC 6721).
    private func removeDeclared(
        _ id: String, source: SourceRow, at now: Int64, in summary: inout CommitSummary
    ) throws(StoreError) {
        let found = try statements.sightingUnder.first(.integer(source.id.row), .text(id)) { row in
            row.optionalInteger(2) == nil ? LiveSighting(row: row.integer(0), key: id, article: row.integer(1)) : nil
        }
        if let sighting = found ?? nil {
            try remove(sighting, source: source, reason: .declared, at: now, in: &summary)
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

    /// How many live sightings stand at these locators.
    func countLive(at locators: [String], source: SourceRow) throws(StoreError) -> Int {
        var count = 0
        for locator in locators { count += try liveSightings(at: locator, by: statements.sightingsAt, source).count }
        return count
    }

    func remove(
        _ sighting: LiveSighting, source: SourceRow, reason: RemovalReason, at now: Int64,
        in summary: inout CommitSummary
    ) throws(StoreError) {
        try statements.goneSighting.run(.integer(now), .integer(sighting.row))
        let hasOthers =
            try statements.otherLive.first(.integer(sighting.article), .integer(sighting.row)) { _ in true } ?? false
        let article = try article(sighting.article)
        var change = Change(
            type: decideGone(hasOthers: hasOthers), article: article.id,
            origin: Origin(source: source.name, kind: source.kind, key: sighting.key))
        change.version = article.newest
        change.contentHash = article.newestHash
        change.reason = reason
        try announce(change, article: sighting.article, source: source.id, at: now, in: &summary)
        if !hasOthers { try statements.removeArticle.run(.integer(now), .integer(sighting.article)) }
    }
}
