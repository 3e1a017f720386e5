/// Writes the search index. It has one writer, beside any number of readers; what is added is in the index together with how far
/// that goes, or not at all.
package final class SearchIndexWriter {
    /// Above this the index is not read through when it is opened: that may take longer than building it.
    private static let checkedBytes: Int64 = 512 << 20
    /// What FTS5 holds in memory before it writes a segment: fewer segments are fewer merges.
    private static let gatheredBytes = 4 << 20
    private static let cacheKibibytes = 4_096

    private let connection: Connection
    private let insertDocument, insertWords, putState: Statement
    private var tokenizer = SearchTokenizer()
    package private(set) var state: SearchIndexState

    /// Opens the index in the file `path`.
    /// - Returns: nil if there is none, or it is of another version, or damaged: `make` makes one then.
    /// - Throws: `busy`, `full`, `readOnly`, `cannotOpen`.
    package static func open(path: String) throws(StoreError) -> SearchIndexWriter? {
        do {
            let connection = try Connection(path: path, access: .write)
            guard try connection.integer("PRAGMA user_version") == SearchIndexFile.version,
                let state = try SearchIndexFile.state(connection), try isWhole(connection)
            else { return nil }
            return try SearchIndexWriter(connection, state)
        } catch where error.reason == .corrupt || error.reason == .inputOutput {
            return nil
        }
    }

    /// Makes an empty index, which is to be built, in place of what the file `path` has.
    /// - Parameter state: how far it will be when that is done.
    package static func make(path: String, _ state: SearchIndexState) throws(StoreError) -> SearchIndexWriter {
        try SearchIndexFile.remove(path)
        let connection = try Connection(path: path, access: .write)
        try connection.execute("PRAGMA journal_mode = WAL")
        try connection.transaction { () throws(StoreError) in
            try connection.execute(SearchIndexFile.schema)
            try connection.execute("INSERT INTO words (words, rank) VALUES ('hashsize', \(gatheredBytes))")
        }
        let writer = try SearchIndexWriter(connection, state)
        try writer.add([], state)
        return writer
    }

    private init(_ connection: Connection, _ state: SearchIndexState) throws(StoreError) {
        // In WAL mode "NORMAL" is always consistent, but the last commits may be lost with the power: they are made again.
        try connection.execute("PRAGMA journal_mode = WAL")
        try connection.execute("PRAGMA synchronous = NORMAL")
        try connection.execute("PRAGMA wal_autocheckpoint = 4096")
        try connection.execute("PRAGMA journal_size_limit = \(32 << 20)")
        try connection.execute("PRAGMA cache_size = -\(Self.cacheKibibytes)")
        self.connection = connection
        self.state = state
        insertDocument = try connection.prepare("INSERT INTO documents (article, number) VALUES (?, ?) ON CONFLICT DO NOTHING")
        insertWords = try connection.prepare("INSERT INTO words (rowid, title, text, people) VALUES (?, ?, ?, ?)")
        putState = try connection.prepare("INSERT OR REPLACE INTO state VALUES (1, ?, ?, ?, ?, ?)")
        connection.watchPlace()
    }

    private static func isWhole(_ connection: Connection) throws(StoreError) -> Bool {
        let size = try connection.integer("PRAGMA page_count") * connection.integer("PRAGMA page_size")
        guard size <= checkedBytes else { return true }
        return try connection.prepare("PRAGMA quick_check(1)").first { $0.text(0) } == "ok"
    }

    /// Gives the pages of the index back that are kept in memory.
    package func releaseMemory() throws(StoreError) { try connection.releaseMemory() }

    /// - Throws: `moved` if somebody has removed or replaced the file.
    package func checkPlace() throws(StoreError) { try connection.checkPlace() }

    /// Adds `versions`, without those that it has, and notes that it is as far as `state`.
    package func add(_ versions: [IndexableVersion], _ state: SearchIndexState) throws(StoreError) {
        try connection.transaction { () throws(StoreError) in
            for version in versions {
                let document = try insertDocument.insert(.integer(version.article), .integer(Int64(version.number)))
                guard let document else { continue }
                try insertWords.run(
                    .integer(document), .text(words(version.title)), .text(words(version.text)), .text(words(version.people)))
            }
            try putState.run(
                .text(state.stream), .integer(state.confirmed), .optional(state.checksum), .optional(state.built?.article),
                .optional(state.built.map { Int64($0.number) }))
        }
        self.state = state
    }

    private func words(_ text: some Collection<UInt8>) -> String {
        tokenizer.read(text)
        return String(decoding: tokenizer.bytes, as: UTF8.self)
    }
}
