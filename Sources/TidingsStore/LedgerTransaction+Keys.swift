import TidingsCore

extension LedgerTransaction {
    /// The document with each item under the key that it has in the ledger.
    /// - Parameter locator: where the document was read.
    func keepingKeys(_ document: SeenDocument, at locator: String, of source: SourceRow) throws(StoreError) -> SeenDocument {
        switch source.kind {
        case .feed: try keepingFeedKeys(document, of: source)
        case .folder: try keepingFileKeys(document, at: locator, of: source)
        case .page: document
        }
    }

    private func keepingFeedKeys(_ document: SeenDocument, of source: SourceRow) throws(StoreError) -> SeenDocument {
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
        return document.under(keptKeys(claims, beside: used))
    }

    /// Items of a file that have no ids are found again by what they say.
    private func keepingFileKeys(
        _ document: SeenDocument, at locator: String, of source: SourceRow
    ) throws(StoreError) -> SeenDocument {
        let items = document.entries.compactMap { entry -> SeenItem? in
            if case .seen(let item) = entry { item } else { nil }
        }
        guard items.contains(where: { $0.key.rule == .content }) else { return document }
        var holders: [FileItemHolder] = []
        try statements.fileItems.each(.integer(source.id.row), .text(locator)) { row throws(StoreError) in
            guard let rule = KeyRule(rawValue: row.text(1)), let raw = ContentHash(bytes: row.blob(2)),
                let shown = ContentHash(bytes: row.blob(3))
            else { throw damaged("a sighting's key or hash") }
            holders.append(
                FileItemHolder(
                    key: SightingKey(row.text(0), rule), rawHash: raw, shownHash: shown, canonicalURL: row.optionalText(4)))
            return true
        }
        let keys = try keptFileKeys(items, holders: holders) { holder throws(StoreError) in try form(holder.shownHash) }
        return document.under(keys)
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

extension SeenDocument {
    /// The document with these keys for its `seen` items, in their order.
    fileprivate func under(_ keys: [SightingKey]) -> SeenDocument {
        var keys = keys[...]
        var kept = self
        kept.entries = entries.map { entry in
            guard case .seen(let item) = entry, let key = keys.popFirst() else { return entry }
            return .seen(item.key == key ? item : item.under(key))
        }
        return kept
    }
}
