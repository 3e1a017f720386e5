import TidingsCore

extension SourceRow {
    /// Every source that was ever configured, oldest first.
    /// - Throws: `corrupt` if a source has a kind unknown to this program: the rules of another kind would be wrong for its items.
    static func all(_ connection: Connection) throws(StoreError) -> [SourceRow] {
        var list: [SourceRow] = []
        let statement = try connection.prepare(
            """
            SELECT source, name, kind, locator, state, state_since_ms, detail, imported_ms, last_attempt_ms, last_success_ms,
                   removals_held_ms, removals_held, unsubscribed_ms
            FROM sources ORDER BY source
            """)
        try statement.each { row throws(StoreError) in
            guard let kind = SourceKind(rawValue: row.text(2)) else {
                throw connection.told(
                    StoreError(
                        reason: .corrupt, attempt: "read the source '\(row.text(1))'",
                        detail: "it is of the kind '\(row.text(2))', which this program does not know (\(connection.path))"))
            }
            list.append(
                SourceRow(
                    id: SourceID(row: row.integer(0)), name: row.text(1), kind: kind, locator: row.text(3),
                    state: row.optionalText(4).flatMap(SourceState.init(rawValue:)),
                    stateSinceMilliseconds: row.optionalInteger(5), detail: row.optionalText(6),
                    importedMilliseconds: row.optionalInteger(7), lastAttemptMilliseconds: row.optionalInteger(8),
                    lastSuccessMilliseconds: row.optionalInteger(9), removalsHeldMilliseconds: row.optionalInteger(10),
                    removalsHeld: row.optionalInteger(11).map(Int.init), isSubscribed: row.optionalInteger(12) == nil))
            return true
        }
        return list
    }
}
