import TidingsCore

// The stored bodies of pages. When the text rules have changed since a page was read, the next look first reads the stored body under
// today's rules, and the article gets that text silently. What then differs in the new bytes is an edit, and no rule's doing.

extension LedgerTransaction {
    /// Stores the body of the look that was just believed; nil drops the one before, which is not that of the newest text any more.
    func put(_ body: PageBody?, of page: StoredPage) throws(StoreError) {
        guard let body else { return try statements.pages.dropBody.run(.integer(page.row)) }
        try statements.pages.putBody.run(
            .integer(page.row), .integer(now), .blob(body.rawHash.bytes), .integer(Int64(body.count)), .optional(body.contentType),
            .optional(body.baseURL), .optional(body.feedTitle), .optional(body.headline), .blob(body.frame))
    }

    /// Gives the article the text that today's rules make of the page's stored body. Nothing is announced.
    /// - Returns: the page as it is then.
    func rederive(_ page: StoredPage, from reread: PageReread, _ source: SourceRow) throws(StoreError) -> StoredPage {
        // What is gone would be restored.
        guard let row = try sighting(of: page, source), !row.known.isGone, !row.known.article.isRemoved else { return page }
        let rules = source.kind == .page ? row.known.rules : page.known?.rules
        let stored = try statements.pages.bodyHash.first(.integer(page.row)) { ContentHash(bytes: $0.blob(0)) } ?? nil
        // Another look may have come between.
        guard let rules, rules != textRulesVersion, stored == reread.rawHash else { return page }
        let seen = reread.seen.with(try learnedLines(of: page).judged(reread.seen.item, against: try shownItem(of: page, source)))
        try write(seen, of: page, isReread: true, source)
        try statements.pages.rereadCapture.run(
            .integer(Int64(textRulesVersion)), reread.blocks.map { .blob($0) } ?? .null, .integer(source.id.row),
            .text(page.locator), .blob(reread.rawHash.bytes))
        return try self.page(PageID(row: page.row)) ?? page
    }
}

extension LedgerReader {
    /// The stored body of a page whose text older rules have made; nil if today's have, or if there is no body.
    package func outdatedBody(of page: PageID) throws(StoreError) -> PageBody? {
        try statement(
            PageBody.columns + """
                JOIN pages p USING (page) LEFT JOIN sightings s USING (sighting)
                WHERE b.page = ? AND coalesce(p.rules, s.rules) <> ?
                """
        ).first(.integer(page.row), .integer(Int64(textRulesVersion))) { PageBody($0) }
    }

    /// The size of all bodies as they are stored.
    package func pageBodyBytes() throws(StoreError) -> Int64 {
        guard try Schema.hasPages(connection) else { return 0 }
        return try connection.integer("SELECT sum(length(body)) FROM page_bodies")
    }
}

extension Ledger {
    /// Bodies that one transaction removes at most: each has several pages of the database.
    private static let bodyPruneLimit = 100

    /// Removes the bodies that were captured first, as far as `limit` does not keep them.
    /// - Parameter total: the size of all bodies.
    package func prunePageBodies(keeping limit: RetentionLimit, total: Int64, at now: Int64) throws -> PrunedRows {
        try prune { () throws(StoreError) in
            var pages: [Int64] = []
            var oldest: [RetentionLimit.Thing] = []
            let read = try connection.prepare(
                "SELECT page, captured_ms, length(body) FROM page_bodies ORDER BY captured_ms, page LIMIT \(Self.bodyPruneLimit)")
            try read.each { row in
                pages.append(row.integer(0))
                oldest.append(RetentionLimit.Thing(milliseconds: row.integer(1), bytes: row.integer(2)))
                return true
            }
            let count = limit.countToRemove(of: oldest, total: total, now: now)
            let remove = try connection.prepare("DELETE FROM page_bodies WHERE page = ?")
            for page in pages.prefix(count) { try remove.run(.integer(page)) }
            return PrunedRows(
                rows: count, bytes: oldest.prefix(count).reduce(0) { $0 + $1.bytes }, hasMore: count == Self.bodyPruneLimit)
        }
    }
}

extension LedgerRepair {
    /// Drops the bodies that are damaged. Until the next change of such a page, newer text rules have nothing to read again.
    /// - Returns: how many.
    package func dropDamagedBodies() throws(StoreError) -> Int {
        var damaged: [Int64] = []
        try PageBody.eachDamaged(connection) { damaged.append($0) }
        let remove = try connection.prepare("DELETE FROM page_bodies WHERE page = ?")
        try connection.transaction { () throws(StoreError) in
            for page in damaged { try remove.run(.integer(page)) }
        }
        return damaged.count
    }
}

extension PageBody {
    fileprivate static let columns = """
        SELECT b.raw_hash, b.bytes, b.content_type, b.base_url, b.feed_title, b.headline, b.body, b.page
        FROM page_bodies b

        """

    /// Reads a row of `columns`. A hash that is none belongs to no body.
    fileprivate init(_ row: borrowing Row) {
        self.init(
            frame: row.blob(6), count: Int(row.integer(1)), rawHash: ContentHash(bytes: row.blob(0)) ?? ContentHash.of([]),
            contentType: row.optionalText(2), baseURL: row.optionalText(3), feedTitle: row.optionalText(4),
            headline: row.optionalText(5))
    }

    /// Unpacks every body, and calls `found` with each page whose body is damaged.
    /// - Parameter onProgress: called with the fraction that is done.
    static func eachDamaged(
        _ connection: Connection, onProgress: (Double) -> Void = { _ in }, _ found: (_ page: Int64) -> Void
    ) throws(StoreError) {
        let last = try connection.integer("SELECT max(page) FROM page_bodies")
        try connection.prepare(columns + "ORDER BY b.page").each { row in
            let page = row.integer(7)
            if last > 0 { onProgress(Double(page) / Double(last)) }
            if (try? PageBody(row).bytes(limitBytes: limitBytes)) == nil { found(page) }
            return true
        }
    }
}
