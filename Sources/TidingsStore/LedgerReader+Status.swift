import TidingsCore

/// A source with what `status` counts of it.
package struct SourceStatus: Equatable, Sendable {
    package let source: SourceRow
    /// What is remembered of the feed; nil for a folder.
    package let poll: PollRow?
    /// The subscription at the feed's hub, if there is one.
    package let hub: HubSubscription?
    /// Nil for a source without pages.
    package let pages: PageCounts?
    package let captures: Int
    package let liveSightings: Int
    /// Captures of which nothing could be read, with the reasons of the first few.
    package let unreadable: Int
    package let withProblems: Int
    package let problems: [CaptureProblem]
    /// Changes that it has brought, by type; of articles and of its own state.
    package let changes: [ChangeType: Int]

    package init(
        source: SourceRow, poll: PollRow?, hub: HubSubscription?, pages: PageCounts?, captures: Int, liveSightings: Int, unreadable: Int,
        withProblems: Int, problems: [CaptureProblem], changes: [ChangeType: Int]
    ) {
        self.source = source
        self.poll = poll
        self.hub = hub
        self.pages = pages
        self.captures = captures
        self.liveSightings = liveSightings
        self.unreadable = unreadable
        self.withProblems = withProblems
        self.problems = problems
        self.changes = changes
    }
}

extension SourceStatus {
    /// A feed's poll state; nil before its first poll.
    package var pollState: PollState? { poll.flatMap { PollState(json: $0.state, nextPoll: $0.dueMilliseconds) } }

    /// Changes of articles; those of the source's own state are not counted.
    package var articleChanges: Int { changes.reduce(0) { $0 + ($1.key.rawValue.hasPrefix("article.") ? $1.value : 0) } }

    /// `ok`, `failing` or `gone`; `new` as long as nothing could be read and that proves nothing, `not_configured` when the settings no
    /// longer name it.
    package var stateName: String {
        guard source.isSubscribed else { return "not_configured" }
        // Earlier versions took a feed for well until it had failed three times.
        if source.state == .ok, source.lastSuccessMilliseconds == nil { return "new" }
        return source.state?.rawValue ?? "new"
    }
}

package struct CaptureProblem: Equatable, Sendable {
    package let locator: String
    package let message: String

    package init(locator: String, message: String) {
        self.locator = locator
        self.message = message
    }
}

/// Counts over the whole ledger.
package struct LedgerCounts: Equatable, Sendable {
    package let articles: Int
    package let removedArticles: Int
    package let versions: Int
    package let contents: Int
    package let changes: Int

    package init(articles: Int, removedArticles: Int, versions: Int, contents: Int, changes: Int) {
        self.articles = articles
        self.removedArticles = removedArticles
        self.versions = versions
        self.contents = contents
        self.changes = changes
    }
}

extension LedgerReader {
    package func counts() throws(StoreError) -> LedgerCounts {
        LedgerCounts(
            articles: Int(try connection.integer("SELECT count(*) FROM articles WHERE removed_ms IS NULL")),
            removedArticles: Int(try connection.integer("SELECT count(*) FROM articles WHERE removed_ms IS NOT NULL")),
            versions: Int(try connection.integer("SELECT count(*) FROM versions")),
            contents: Int(try connection.integer("SELECT count(*) FROM contents")),
            changes: Int(try connection.integer("SELECT count(*) FROM changes")))
    }

    /// So many bodies are measured: a sum over all of them would read half the database.
    private static let measuredBodies = 10_000

    /// What the stored bodies of pages take, in bytes; estimated from the first 10,000 where there are more. Nil if there are none.
    package func pageBodyEstimate() throws(StoreError) -> Int64? {
        guard try Schema.hasPages(connection) else { return nil }
        let count = try connection.integer("SELECT count(*) FROM page_bodies")
        let measured = try connection.integer(
            "SELECT sum(length(body)) FROM (SELECT body FROM page_bodies LIMIT \(Self.measuredBodies))")
        guard count > 0 else { return nil }
        let limit = Int64(Self.measuredBodies)
        return count <= limit ? measured : measured / limit * count
    }

    /// Every source that was ever configured.
    /// - Parameter name: only the one that is called so.
    package func sourceStatuses(named name: String? = nil) throws(StoreError) -> [SourceStatus] {
        let counts = try connection.prepare(
            """
            SELECT count(*), count(*) FILTER (WHERE format IS NULL), count(*) FILTER (WHERE problems > 0)
            FROM captures WHERE source = ?
            """)
        let sightings = try connection.prepare("SELECT count(*) FROM sightings WHERE source = ? AND gone_ms IS NULL")
        let problems = try connection.prepare(
            "SELECT locator, problem FROM captures WHERE source = ? AND problem IS NOT NULL ORDER BY format IS NOT NULL LIMIT 5")
        let changes = try changesBySource()
        let hubs = try hubSubscriptions()
        var list: [SourceStatus] = []
        for source in try SourceRow.all(connection) where name == nil || source.name == name {
            var samples: [CaptureProblem] = []
            try problems.each(.integer(source.id.row)) { row in
                samples.append(CaptureProblem(locator: row.text(0), message: row.text(1)))
                return true
            }
            let poll = try poll(of: source)
            let pages = try pageCounts(of: source.id)
            let live = try sightings.first(.integer(source.id.row)) { Int($0.integer(0)) } ?? 0
            let status = try counts.first(.integer(source.id.row)) { row in
                SourceStatus(
                    source: source, poll: poll, hub: hubs[source.id], pages: pages, captures: Int(row.integer(0)), liveSightings: live,
                    unreadable: Int(row.integer(1)), withProblems: Int(row.integer(2)), problems: samples, changes: changes[source.id] ?? [:])
            }
            if let status { list.append(status) }
        }
        return list
    }

    /// Of a feed, which has one. Before schema 5 it is in the row of the source.
    func poll(of source: SourceRow) throws(StoreError) -> PollRow? {
        if try Schema.hasPolls(connection) { return try polls(of: source.id).first }
        return try statement(
            "SELECT coalesce(json_extract(poll, '$.nextPoll'), 0), poll FROM sources WHERE source = ? AND json_valid(poll)"
        ).first(.integer(source.id.row)) { row in
            PollRow(locator: source.locator, host: "", dueMilliseconds: row.integer(0), state: row.text(1))
        }
    }

    func changesBySource() throws(StoreError) -> [SourceID: [ChangeType: Int]] {
        var counts: [SourceID: [ChangeType: Int]] = [:]
        try connection.prepare("SELECT source, type, count FROM source_changes").each { row in
            if let type = ChangeType(rawValue: row.text(1)) {
                counts[SourceID(row: row.integer(0)), default: [:]][type] = Int(row.integer(2))
            }
            return true
        }
        return counts
    }
}
