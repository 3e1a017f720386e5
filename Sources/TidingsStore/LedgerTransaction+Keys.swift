import TidingsCore

extension LedgerTransaction {
    /// The document with each item under the key that it has in the ledger.
    func keepingKeys(_ document: SeenDocument, of source: SourceRow) throws(StoreError) -> SeenDocument {
        // Before its first import a source has no keys.
        guard try statements.anySighting.first(.integer(source.id.row), read: { _ in true }) != nil else { return document }
        var claims: [KeyClaim] = []
        var used: [SightingKey] = []
        for entry in document.entries {
            switch entry {
            case .seen(let item):
                claims.append(try KeyClaim(item) { key throws(StoreError) in try holder(of: key, source) })
            case .known(let item): used.append(item.key)
            }
        }
        var keys = keptKeys(claims, beside: used)[...]
        var kept = document
        kept.entries = document.entries.map { entry in
            guard case .seen(let item) = entry, let key = keys.popFirst() else { return entry }
            return .seen(item.key == key ? item : item.under(key))
        }
        return kept
    }

    private func holder(of key: SightingKey, _ source: SourceRow) throws(StoreError) -> KeyHolder? {
        try statements.keyHolder.first(
            .integer(source.id.row), .text(key.value), .text(key.rule.rawValue)
        ) { row throws(StoreError) in
            guard let rawHash = ContentHash(bytes: row.blob(1)) else { throw damaged("a sighting's hash") }
            return KeyHolder(key: key, canonicalURL: row.optionalText(0), rawHash: rawHash)
        }
    }
}
