import TidingsCore

// Writes reports: what a source has seen becomes rows and change rows.

extension LedgerTransaction {
    /// Writes everything that `report` brings, and announces it.
    func apply(_ report: Report) throws(StoreError) -> ReportOutcome {
        let source = try source(report.source)
        frames = report.frames
        var outcome = ReportOutcome.done
        switch report.finding {
        case .capture(let facts, .document(let document)): try apply(document, facts, of: report, source)
        case .capture(let facts, .unchanged): try touchCapture(facts, of: report, source)
        case .capture(let facts, .unreadable): try putCapture(facts, isWhole: false, source)
        case .page(let look): try apply(look, to: source)
        case .gone(let locators, let pass): outcome = try remove(locators, of: source, pass: pass)
        case .nothing: break
        }
        if report.completesImport { try completeImport(of: source) }
        if let look = report.look { try apply(look, to: try self.source(report.source)) }
        if let poll = report.poll { try put(poll, of: source) }
        return outcome
    }

    private func apply(
        _ given: SeenDocument, _ facts: CaptureFacts, of report: Report, _ source: SourceRow
    ) throws(StoreError) {
        let isFeed = source.kind == .feed
        let document = try keepingKeys(given, at: facts.locator, of: source)
        let context = ReportContext(
            source: source, document: document, locator: facts.locator, missing: report.missing,
            renamedFrom: report.renamedFrom, isReread: try isReread(facts, source),
            shownBefore: isFeed ? try shownBefore(facts, source) : nil)
        var shown: [FeedWindow<Int64>.Entry] = []
        var seen: [(sighting: Int64, item: SeenItem)] = []
        var modifications: [(sighting: Int64, milliseconds: Int64)] = []
        for entry in document.entries {
            let row: Int64
            switch entry {
            case .seen(let item):
                row = try apply(item, locator: facts.locator, in: context)
                seen.append((row, item))
            case .known(let item): row = try touch(item, of: source)
            }
            if report.pages != nil, let modified = entry.dateModified { modifications.append((row, modified.milliseconds)) }
            shown.append(FeedWindow.Entry(row, date: entry.date?.milliseconds))
        }
        if let watch = report.pages {
            try watchPages(of: seen, watch, in: context)
            try hurryPages(modified: modifications)
        }
        // An empty list is more likely a failure than the removal of all items.
        if !document.isWindow, !document.isPartial, !document.entries.isEmpty {
            try removeAbsent(from: facts.locator, present: context.presentKeys, source)
        }
        // A document that both shows and deletes an item would restore and remove it at every look.
        for id in document.tombstones where context.lacks(id) { try removeDeclared(id, source) }
        if isFeed, !document.isPartial, !shown.isEmpty {
            try moveWindow(of: source, to: shown, accepting: report.acceptsRemovals)
        }
        try putCapture(facts, isWhole: !document.isPartial, source)
        if isFeed, !document.isPartial { try completeImport(of: source) }
    }

    // MARK: captures

    /// Notes that the bytes at the locator are unchanged. If a feed sent them again (200), each missing item is absent once more.
    func touchCapture(_ facts: CaptureFacts, of report: Report, _ source: SourceRow) throws(StoreError) {
        try statements.touchCapture.run(
            .integer(now), .optional(facts.stamp.map(Int64.init(bitPattern:))),
            .optional(facts.status.map(Int64.init)), .integer(source.id.row), .text(facts.locator))
        if source.kind == .feed, facts.status == 200, try isCaptureWhole(facts, source) == true {
            try moveWindow(of: source, to: nil, accepting: report.acceptsRemovals)
        }
    }

    /// Whether the newest capture could be read to its end; nil if there is none.
    private func isCaptureWhole(_ facts: CaptureFacts, _ source: SourceRow) throws(StoreError) -> Bool? {
        try statements.capture.first(.integer(source.id.row), .text(facts.locator)) { $0.integer(0) != 0 }
    }

    func isReread(_ facts: CaptureFacts, _ source: SourceRow) throws(StoreError) -> Bool {
        guard let rawHash = facts.rawHash else { return false }
        return try statements.capture.first(.integer(source.id.row), .text(facts.locator)) { row in
            row.integer(0) != 0 && ContentHash(bytes: row.blob(1)) == rawHash
        } ?? false
    }

    /// The sightings that the feed's last whole document showed; nil if the window is empty although the address was read before.
    /// Empty for an address that was never read.
    private func shownBefore(_ facts: CaptureFacts, _ source: SourceRow) throws(StoreError) -> Set<Int64>? {
        guard try isCaptureWhole(facts, source) != nil else { return [] }
        var rows: Set<Int64> = []
        try statements.shownPlaces.each(.integer(source.id.row)) { row in
            rows.insert(row.integer(0))
            return true
        }
        return rows.isEmpty ? nil : rows
    }

    /// - Parameter isWhole: whether the document could be read to its end. If not, validators and time of the last whole document
    ///   stay, so that the server never answers "not modified" for a document that was not committed.
    func putCapture(_ facts: CaptureFacts, isWhole: Bool, _ source: SourceRow) throws(StoreError) {
        try (isWhole ? statements.putCapture : statements.putBrokenCapture).run(
            .integer(source.id.row), .text(facts.locator), .integer(now), .integer(now),
            facts.rawHash.map { .blob($0.bytes) } ?? .null, .integer(Int64(facts.bytes)),
            .optional(facts.stamp.map(Int64.init(bitPattern:))), .integer(Int64(textRulesVersion)),
            .optional(facts.format), .integer(Int64(facts.problems)), .optional(facts.problem),
            .optional(facts.status.map(Int64.init)), .optional(facts.finalURL),
            .optional(isWhole ? facts.etag : nil), .optional(isWhole ? facts.lastModified : nil),
            .integer(isWhole ? 1 : 0), facts.blocks.map { .blob($0) } ?? .null)
    }
}
