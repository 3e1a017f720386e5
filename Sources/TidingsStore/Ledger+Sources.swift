import FoundationEssentials
import TidingsCore

/// A source as the settings name it.
package struct ConfiguredSource: Equatable, Sendable {
    package let name: String
    package let kind: SourceKind
    package let locator: String

    package init(name: String, kind: SourceKind, locator: String) {
        self.name = name
        self.kind = kind
        self.locator = locator
    }
}

/// How far a full pass is to be believed that found files gone.
package enum RemovalPass: Sendable {
    case usual
    /// The removals are held however few they are.
    case suspicious
    /// A person has said that they are meant.
    case confirmed
}

/// What became of removals that a completed scan proved.
package enum RemovalOutcome: Equatable, Sendable {
    case done(CommitSummary)
    /// So many at once are held until a person confirms, or the same has stood for a day.
    case held(count: Int, sinceMilliseconds: Int64)
}

extension Ledger {
    /// How long a mass removal is held before it is believed.
    static let holdMilliseconds: Int64 = 24 * 3600 * 1000

    /// Brings the table of sources in line with the settings, and announces what was added and what is not configured any more.
    /// - Returns: the configured sources' rows, in the order given.
    package func configure(
        _ configured: [ConfiguredSource], at now: Int64
    ) throws(StoreError) -> (rows: [SourceRow], summary: CommitSummary) {
        var summary = CommitSummary()
        let names = Set(configured.map(\.name))
        try write { () throws(StoreError) in
            let known = Dictionary(uniqueKeysWithValues: try allSources().map { ($0.name, $0) })
            for source in known.values.sorted(by: { $0.id.row < $1.id.row })
            where source.isSubscribed && !names.contains(source.name) {
                try run("UPDATE sources SET unsubscribed_ms = ? WHERE source = ?", .integer(now), .integer(source.id.row))
                try announceSource(.sourceRemoved, source, at: now, in: &summary)
            }
            for wanted in configured {
                if let source = known[wanted.name] {
                    try reconfigure(source, as: wanted, at: now, in: &summary)
                } else {
                    try add(wanted, at: now, in: &summary)
                }
            }
            sources = [:]
        }
        let rows = Dictionary(uniqueKeysWithValues: try allSources().map { ($0.name, $0) })
        return (configured.compactMap { rows[$0.name] }, summary)
    }

    private func reconfigure(
        _ source: SourceRow, as wanted: ConfiguredSource, at now: Int64, in summary: inout CommitSummary
    ) throws(StoreError) {
        if !source.isSubscribed { try announceSource(.sourceAdded, source, at: now, in: &summary) }
        // Most are what they were at the last start.
        if source.isSubscribed, source.kind == wanted.kind, source.locator == wanted.locator { return }
        try run(
            "UPDATE sources SET unsubscribed_ms = NULL, kind = ?, locator = ? WHERE source = ?",
            .text(wanted.kind.rawValue), .text(wanted.locator), .integer(source.id.row))
        // Another address is another document: what it lacks is not missing.
        if source.locator != wanted.locator { try statements.clearWindow.run(.integer(source.id.row)) }
    }

    private func add(
        _ wanted: ConfiguredSource, at now: Int64, in summary: inout CommitSummary
    ) throws(StoreError) {
        let values: [SQLValue] = [.text(wanted.name), .text(wanted.kind.rawValue), .text(wanted.locator)]
        let insert = try connection.prepare("INSERT INTO sources (name, kind, locator) VALUES (?, ?, ?) RETURNING source")
        guard let row = try insert.first(values, read: { $0.integer(0) }) else { throw damaged("a new source") }
        try announceSource(
            .sourceAdded, SourceID(row: row), Origin(of: wanted), at: now, in: &summary)
    }

    /// Records that `source` was looked at, and announces its state if it turned.
    package func record(_ look: SourceLook, of id: SourceID, at now: Int64) throws(StoreError) -> CommitSummary {
        try write { () throws(StoreError) in
            var summary = CommitSummary()
            try apply(look, to: try source(id), at: now, in: &summary)
            return summary
        }
    }

    func apply(
        _ look: SourceLook, to known: SourceRow, at now: Int64, in summary: inout CommitSummary
    ) throws(StoreError) {
        var source = known
        // The first success of a source is no turn: nobody took it for failing.
        let turned = (source.state ?? .ok) != look.state
        if turned || source.state == nil { source.stateSinceMilliseconds = now }
        source.state = look.state
        source.detail = look.detail
        source.lastAttemptMilliseconds = now
        if look.succeeded { source.lastSuccessMilliseconds = now }
        try statements.putLook.run(
            .text(look.state.rawValue), .optional(source.stateSinceMilliseconds), .optional(look.detail), .integer(now),
            .optional(source.lastSuccessMilliseconds), .optional(look.poll), .integer(source.id.row))
        sources[source.id] = source
        guard turned else { return }
        var change = Change(type: .sourceState, origin: Origin(source: source.name, kind: source.kind))
        change.state = look.state
        change.detail = look.detail
        try announce(change, source: source.id, at: now, in: &summary)
    }

    /// The first import of `source` is complete: what it shows from now on is no backfill.
    package func completeImport(of id: SourceID, at now: Int64) throws(StoreError) {
        let known = try source(id)
        if known.importedMilliseconds == nil {
            try write { () throws(StoreError) in try completeImport(of: known, at: now) }
        }
    }

    func completeImport(of source: SourceRow, at now: Int64) throws(StoreError) {
        guard source.importedMilliseconds == nil else { return }
        try run("UPDATE sources SET imported_ms = ? WHERE source = ?", .integer(now), .integer(source.id.row))
        sources[source.id]?.importedMilliseconds = now
    }

    /// Removes what was proved gone; holds it when it is suspiciously much.
    /// - Parameter pass: how far the full pass is to be believed that found all of it gone. Nil for absences that were seen one by
    ///   one, which say nothing of those that a pass has found.
    package func remove(
        _ locators: [String], of id: SourceID, pass: RemovalPass?, at now: Int64
    ) throws(StoreError) -> RemovalOutcome {
        try write { () throws(StoreError) in
            let source = try source(id)
            let count = try countLive(at: locators, source: source)
            let live = Int(try integer(
                "SELECT count(*) FROM sightings WHERE source = ? AND gone_ms IS NULL", .integer(id.row)))
            let isMuch = pass == .suspicious && count > 0 || holdsRemovals(removed: count, live: live)
            if pass != .confirmed, isMuch {
                let since = source.removalsHeldMilliseconds ?? now
                guard now - since >= Self.holdMilliseconds else {
                    try hold(source, since: since, count: count)
                    return .held(count: count, sinceMilliseconds: since)
                }
            }
            if pass != nil { try hold(source, since: nil, count: nil) }
            var summary = CommitSummary()
            for locator in locators {
                try removeAll(at: locator, source: source, reason: .fileDeleted, at: now, in: &summary)
            }
            return .done(summary)
        }
    }

    func hold(_ source: SourceRow, since: Int64?, count: Int?) throws(StoreError) {
        guard source.removalsHeldMilliseconds != since || source.removalsHeld != count else { return }
        try run(
            "UPDATE sources SET removals_held_ms = ?, removals_held = ? WHERE source = ?", .optional(since),
            .optional(count.map(Int64.init)), .integer(source.id.row))
        sources[source.id]?.removalsHeldMilliseconds = since
        sources[source.id]?.removalsHeld = count
    }

    // MARK: reading

    func source(_ id: SourceID) throws(StoreError) -> SourceRow {
        if let known = sources[id] { return known }
        for var row in try allSources() {
            row.poll = nil
            sources[row.id] = row
        }
        guard let found = sources[id] else { throw damaged("a source") }
        return found
    }

    package func allSources() throws(StoreError) -> [SourceRow] { try SourceRow.all(connection) }

    /// The locators of a source's captures with their stamps, one by one; those read by older text rules have no stamp, so that
    /// their files count as changed.
    package func eachCapture(
        of id: SourceID, _ body: (_ locator: String, _ stamp: UInt64?) -> Void
    ) throws(StoreError) {
        let statement = try connection.prepare("SELECT locator, stamp, rules FROM captures WHERE source = ?")
        try statement.each(.integer(id.row)) { row in
            let isCurrent = row.integer(2) == textRulesVersion
            body(row.text(0), isCurrent ? row.optionalInteger(1).map(UInt64.init(bitPattern:)) : nil)
            return true
        }
    }

    /// The raw hash of the newest capture at `locator`; nil where there is none, older text rules read it, or it was partial.
    package func rawHash(of id: SourceID, locator: String) throws(StoreError) -> ContentHash? {
        try statements.rawHash.first(
            .integer(id.row), .text(locator), .integer(Int64(textRulesVersion))
        ) { ContentHash(bytes: $0.blob(0)) } ?? nil
    }

    /// Keeps a feed's poll state where there was no poll: it was told to wait.
    package func keepPoll(_ state: String, of id: SourceID) throws(StoreError) {
        try write { () throws(StoreError) in
            try run("UPDATE sources SET poll = ? WHERE source = ?", .text(state), .integer(id.row))
        }
    }

    private func announceSource(
        _ type: ChangeType, _ source: SourceRow, at now: Int64, in summary: inout CommitSummary
    ) throws(StoreError) {
        let known = ConfiguredSource(name: source.name, kind: source.kind, locator: source.locator)
        try announceSource(type, source.id, Origin(of: known), at: now, in: &summary)
    }

    private func announceSource(
        _ type: ChangeType, _ id: SourceID, _ origin: Origin, at now: Int64, in summary: inout CommitSummary
    ) throws(StoreError) {
        try announce(Change(type: type, origin: origin), source: id, at: now, in: &summary)
    }

    private func run(_ sql: String, _ values: SQLValue...) throws(StoreError) {
        // Rare statements; the frequent ones are kept in `Statements`.
        try connection.prepare(sql).run(values)
    }

    private func integer(_ sql: String, _ values: SQLValue...) throws(StoreError) -> Int64 {
        try connection.prepare(sql).first(values) { $0.integer(0) } ?? 0
    }
}

extension Origin {
    /// A whole source; the address of a feed is public, a path is not.
    fileprivate init(of source: ConfiguredSource) {
        self.init(source: source.name, kind: source.kind, url: source.kind == .feed ? source.locator : nil)
    }
}

extension SourceRow {
    static func all(_ connection: Connection) throws(StoreError) -> [SourceRow] {
        var list: [SourceRow] = []
        let statement = try connection.prepare(
            """
            SELECT source, name, kind, locator, state, state_since_ms, detail, imported_ms, last_attempt_ms, last_success_ms,
                   removals_held_ms, removals_held, poll, unsubscribed_ms
            FROM sources ORDER BY source
            """)
        try statement.each { row in
            list.append(
                SourceRow(
                    id: SourceID(row: row.integer(0)), name: row.text(1),
                    kind: SourceKind(rawValue: row.text(2)) ?? .folder, locator: row.text(3),
                    state: row.optionalText(4).flatMap(SourceState.init(rawValue:)),
                    stateSinceMilliseconds: row.optionalInteger(5), detail: row.optionalText(6),
                    importedMilliseconds: row.optionalInteger(7), lastAttemptMilliseconds: row.optionalInteger(8),
                    lastSuccessMilliseconds: row.optionalInteger(9), removalsHeldMilliseconds: row.optionalInteger(10),
                    removalsHeld: row.optionalInteger(11).map(Int.init), poll: row.optionalText(12),
                    isSubscribed: row.optionalInteger(13) == nil))
            return true
        }
        return list
    }
}
