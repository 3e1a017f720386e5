import TidingsCore

// Removals and gaps that a feed's window proves.

extension LedgerTransaction {
    /// Compares the newest whole document of a feed with the window, and announces the items that this proves removed, or a gap in
    /// which items were missed.
    /// - Parameters:
    ///   - shown: the sightings that the document shows; nil if it shows the same ones as before.
    ///   - accepting: whether a person has confirmed the removals that are held.
    func moveWindow(
        of source: SourceRow, to shown: [FeedWindow<Int64>.Entry]?, accepting: Bool
    ) throws(StoreError) {
        let before = try window(of: source)
        if shown == nil, !before.window.hasSuspects { return }
        let document = shown ?? before.window.present
        var step = before.window.step(to: document, believesMany: accepting)
        let since = step.held > 0 ? source.removalsHeldMilliseconds ?? now : nil
        if let since, now - since >= Self.holdMilliseconds {
            step = before.window.step(to: document, believesMany: true)
        }
        try hold(source, since: step.held > 0 ? since : nil, count: step.held > 0 ? step.held : nil)
        if step.isGap {
            let change = Change(type: .sourceGap, origin: Origin(source: source.name, kind: source.kind))
            try announce(change, source: source.id)
        }
        for row in step.gone {
            guard let sighting = before.sightings[row] else { continue }
            try remove(sighting, of: source, reason: .inferred)
        }
        // A sighting that was removed meanwhile must leave the window, because it may come back.
        if before.hasGone || step.window != before.window { try putWindow(step.window, of: source) }
    }

    private func window(
        of source: SourceRow
    ) throws(StoreError) -> (window: FeedWindow<Int64>, sightings: [Int64: LiveSighting], hasGone: Bool) {
        var window = FeedWindow<Int64>()
        var hasGone = false
        var sightings: [Int64: LiveSighting] = [:]
        try statements.window.each(.integer(source.id.row)) { row in
            guard row.optionalInteger(5) == nil else {
                hasGone = true
                return true
            }
            let entry = FeedWindow.Entry(
                row.integer(0), date: row.optionalInteger(1), absences: row.optionalInteger(2).map(Int.init))
            window.entries.append(entry)
            sightings[entry.id] = LiveSighting(row: entry.id, key: row.text(3), article: row.integer(4))
            return true
        }
        return (window, sightings, hasGone)
    }

    private func putWindow(_ window: FeedWindow<Int64>, of source: SourceRow) throws(StoreError) {
        try statements.clearWindow.run(.integer(source.id.row))
        for (position, entry) in window.entries.enumerated() {
            try statements.insertPlace.run(
                .integer(source.id.row), .integer(Int64(position + 1)), .integer(entry.id), .optional(entry.date),
                .optional(entry.absences.map(Int64.init)))
        }
    }
}
