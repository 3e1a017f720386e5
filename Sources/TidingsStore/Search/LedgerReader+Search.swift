import TidingsCore

/// A version of an article with what is looked for in it.
package struct IndexableVersion: Sendable {
    /// The row of the article.
    let article: Int64
    let number: Int
    let form: [UInt8]
    /// Names of authors, and tags, each with a line end.
    let people: [UInt8]

    var title: ArraySlice<UInt8> { form.prefix { $0 != 0x0A } }
    var text: ArraySlice<UInt8> { form.dropFirst(title.count) }
}

/// What an index lacks, up to a limit.
package struct IndexablePart: Sendable {
    package let versions: [IndexableVersion]
    /// How far the index is with them.
    package let state: SearchIndexState
    /// Whether there may be more.
    package let hasMore: Bool
}

extension LedgerReader {
    /// Versions of one part, so that what is asked of the index meanwhile need not wait.
    private static let partVersions = 64
    /// Bytes of their texts; one may be longer.
    private static let partBytes = 512 << 10

    /// The state of an index that is yet to be built, and will then have all that the ledger has now.
    package func emptyIndexState() throws(StoreError) -> SearchIndexState {
        let last = try lastSequence()
        return SearchIndexState(
            stream: try stream(), confirmed: last, checksum: try checksum(of: last),
            built: SearchBuild(article: .min, number: 0))
    }

    package func hasVersions() throws(StoreError) -> Bool { try connection.integer("SELECT EXISTS (SELECT 1 FROM versions)") == 1 }

    /// Whether an index that is as far as `state` can go on, because it was made from this ledger, and the changes after it are kept.
    package func canContinue(_ state: SearchIndexState) throws(StoreError) -> Bool {
        guard state.stream == (try stream()), state.confirmed <= (try lastSequence()) else { return false }
        // Without a row there is nothing to compare with.
        if let known = state.checksum, let found = try checksum(of: state.confirmed), known != found { return false }
        return try firstSequence() <= state.confirmed + 1
    }

    private func checksum(of sequence: Int64) throws(StoreError) -> Int64? {
        let column = try Schema.checksumColumn(of: connection)
        return try statement("SELECT \(column) FROM changes c WHERE seq = ?").first(.integer(sequence)) { $0.optionalInteger(0) } ?? nil
    }

    /// The next versions that an index as far as `state` lacks.
    package func indexablePart(after state: SearchIndexState) throws(StoreError) -> IndexablePart {
        let part = if let built = state.built { try versions(after: built, state) } else { try announcedVersions(after: state) }
        // Checked last, so that nothing of another ledger goes into the index.
        try connection.checkPlace()
        return part
    }

    /// By change: what each of the next changes announced.
    private func announcedVersions(after before: SearchIndexState) throws(StoreError) -> IndexablePart {
        var state = before
        var versions: [IndexableVersion] = []
        var bytes = 0
        var changes = 0
        var isFull = false
        try statement(
            """
            SELECT c.seq, \(try Schema.checksumColumn(of: connection)), c.article, v.number, \(Schema.itemColumn), \(try formColumns("t"))
            FROM changes c
            LEFT JOIN versions v ON v.article = c.article AND v.seq = c.seq LEFT JOIN contents t ON t.content = v.content
            WHERE c.seq > ? ORDER BY c.seq
            """
        ).each(.integer(before.confirmed)) { row in
            state.confirmed = row.integer(0)
            state.checksum = row.optionalInteger(1)
            if row.optionalInteger(3) != nil {
                let version = Self.version(row, from: 2)
                versions.append(version)
                bytes += version.form.count
            }
            changes += 1
            isFull = versions.count >= Self.partVersions || bytes >= Self.partBytes || changes >= Self.partVersions * 16
            return !isFull
        }
        return IndexablePart(versions: versions, state: state, hasMore: isFull)
    }

    /// By article: what the ledger keeps, whether or not its change is still there.
    private func versions(after built: SearchBuild, _ before: SearchIndexState) throws(StoreError) -> IndexablePart {
        var state = before
        var versions: [IndexableVersion] = []
        var bytes = 0
        var isFull = false
        try statement(
            """
            SELECT v.article, v.number, \(Schema.itemColumn), \(try formColumns("t"))
            FROM versions v JOIN contents t USING (content)
            WHERE (v.article, v.number) > (?, ?) ORDER BY v.article, v.number
            """
        ).each(.integer(built.article), .integer(Int64(built.number))) { row in
            let version = Self.version(row, from: 0)
            versions.append(version)
            bytes += version.form.count
            state.built = SearchBuild(article: version.article, number: version.number)
            isFull = versions.count >= Self.partVersions || bytes >= Self.partBytes
            return !isFull
        }
        if !isFull { state.built = nil }
        // The changes since then come next.
        return IndexablePart(versions: versions, state: state, hasMore: true)
    }

    private static func version(_ row: borrowing Row, from column: Int32) -> IndexableVersion {
        let fields = JSONTree(Array(row.text(column + 2).utf8)) ?? .null
        let names = (fields["authors"]?.elements ?? []).compactMap { $0["name"]?.string } + (fields["tags"]?.strings ?? [])
        return IndexableVersion(
            article: row.integer(column), number: Int(row.integer(column + 1)), form: row.formBytes(column + 3),
            people: Array(names.map { $0 + "\n" }.joined().utf8))
    }
}
