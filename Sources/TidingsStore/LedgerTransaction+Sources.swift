import TidingsCore

// Writes the table of sources and the table of polls.

extension LedgerTransaction {
    /// Makes the table of sources match the settings, and announces sources that were added or are no longer configured.
    func configure(_ configured: [ConfiguredSource]) throws(StoreError) {
        let names = Set(configured.map(\.name))
        let all = try SourceRow.all(connection)
        let known = Dictionary(uniqueKeysWithValues: all.map { ($0.name, $0) })
        for source in all where source.isSubscribed && !names.contains(source.name) {
            try run("UPDATE sources SET unsubscribed_ms = ? WHERE source = ?", .integer(now), .integer(source.id.row))
            try announce(.sourceRemoved, source.id, Origin(of: source))
        }
        for wanted in configured {
            let source: SourceID
            if let row = known[wanted.name] {
                try reconfigure(row, as: wanted)
                source = row.id
            } else {
                source = try add(wanted)
            }
            if let host = wanted.host { try addPoll(of: source, locator: wanted.locator, host: host) }
            if wanted.kind == .page { try listPages(wanted.pages, of: source) }
        }
        forgetSources()
    }

    private func reconfigure(_ source: SourceRow, as wanted: ConfiguredSource) throws(StoreError) {
        if !source.isSubscribed { try announce(.sourceAdded, source.id, Origin(of: source)) }
        // Most sources have not changed since the last start.
        if source.isSubscribed, source.kind == wanted.kind, source.locator == wanted.locator { return }
        try run(
            "UPDATE sources SET unsubscribed_ms = NULL, kind = ?, locator = ? WHERE source = ?",
            .text(wanted.kind.rawValue), .text(wanted.locator), .integer(source.id.row))
        if source.locator != wanted.locator {
            // Another address is another document. An item that it lacks is not absent, and the old validators do not apply to it.
            try statements.clearWindow.run(.integer(source.id.row))
            try run("DELETE FROM polls WHERE source = ?", .integer(source.id.row))
        }
    }

    private func add(_ wanted: ConfiguredSource) throws(StoreError) -> SourceID {
        try run(
            "INSERT INTO sources (name, kind, locator) VALUES (?, ?, ?)", .text(wanted.name), .text(wanted.kind.rawValue),
            .text(wanted.locator))
        let id = SourceID(row: connection.lastInsertedRow)
        try announce(
            .sourceAdded, id,
            Origin(source: wanted.name, kind: wanted.kind, url: wanted.kind == .feed ? wanted.locator : nil))
        return id
    }

    private func announce(_ type: ChangeType, _ id: SourceID, _ origin: Origin) throws(StoreError) {
        try announce(Change(type: type, origin: origin), source: id)
    }

    /// Notes how a look at `known` went, and announces its state if that changed.
    func apply(_ look: SourceLook, to known: SourceRow) throws(StoreError) {
        var source = known
        let state = look.state ?? source.state
        // A new source counts as `ok`, so that its first success announces nothing.
        let hasChanged = (source.state ?? .ok) != (state ?? .ok)
        if state != source.state { source.stateSinceMilliseconds = now }
        source.state = state
        source.detail = look.detail
        source.lastAttemptMilliseconds = now
        if look.succeeded { source.lastSuccessMilliseconds = now }
        try statements.putLook.run(
            .optional(state?.rawValue), .optional(source.stateSinceMilliseconds), .optional(look.detail), .integer(now),
            .optional(source.lastSuccessMilliseconds), .integer(source.id.row))
        keep(source)
        guard hasChanged else { return }
        var change = Change(type: .sourceState, origin: Origin(source: source.name, kind: source.kind))
        change.state = state
        change.detail = look.detail
        try announce(change, source: source.id)
    }

    /// Notes that the first import of `source` is complete, so that later changes are not marked as backfill.
    func completeImport(of source: SourceRow) throws(StoreError) {
        guard source.importedMilliseconds == nil else { return }
        try run("UPDATE sources SET imported_ms = ? WHERE source = ?", .integer(now), .integer(source.id.row))
        var row = try self.source(source.id)
        row.importedMilliseconds = now
        keep(row)
    }

    // MARK: polls

    /// Inserts a poll that is due at once. An existing row only gets the new host.
    private func addPoll(of id: SourceID, locator: String, host: String) throws(StoreError) {
        try statements.addPoll.run(.integer(id.row), .text(locator), .text(host), .integer(now))
    }

    func put(_ poll: PollRow, of source: SourceRow) throws(StoreError) {
        try statements.putPoll.run(
            .integer(source.id.row), .text(poll.locator), .text(poll.host), .integer(poll.dueMilliseconds), .text(poll.state))
    }

    private func run(_ sql: String, _ values: SQLValue...) throws(StoreError) {
        // For rare statements. `Statements` has the frequent ones.
        try connection.prepare(sql).run(values)
    }
}

extension Origin {
    /// The origin of a whole source. It has the public URL of a feed, but not the path of a folder.
    fileprivate init(of source: SourceRow) {
        self.init(source: source.name, kind: source.kind, url: source.kind == .feed ? source.locator : nil)
    }
}
