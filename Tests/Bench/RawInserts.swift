import CSQLite
import TidingsCore

// The only user of SQLite beside the store: the limit must not be measured through what it is to measure.

/// The limit of an ingest: SQLite through its C API, durable in the same way, with nothing but the texts to store.
@safe final class RawInserts {
    static let rowsPerTransaction = 256

    private let database: OpaquePointer
    private let insert: OpaquePointer

    init(path: String) throws {
        var opened: OpaquePointer?
        guard unsafe sqlite3_open(path, &opened) == SQLITE_OK, let database = unsafe opened else {
            throw BenchError("cannot open \(path)")
        }
        unsafe self.database = database
        for sql in [
            "PRAGMA journal_mode = WAL", "PRAGMA synchronous = FULL",
            "CREATE TABLE texts (id INTEGER PRIMARY KEY, hash BLOB NOT NULL UNIQUE, text BLOB NOT NULL)",
        ] { unsafe try RawInserts.run(sql, database) }
        var prepared: OpaquePointer?
        unsafe sqlite3_prepare_v2(database, "INSERT INTO texts (hash, text) VALUES (?, ?)", -1, &prepared, nil)
        guard let insert = unsafe prepared else { throw BenchError("cannot prepare an INSERT") }
        unsafe self.insert = insert
    }

    deinit {
        unsafe sqlite3_finalize(insert)
        unsafe sqlite3_close(database)
    }

    /// Inserts all of `texts`, `rowsPerTransaction` at a time.
    func insert(_ texts: ArraySlice<(hash: [UInt8], text: [UInt8])>) throws {
        var rest = texts
        while !rest.isEmpty {
            try run("BEGIN IMMEDIATE")
            for row in rest.prefix(Self.rowsPerTransaction) {
                let code = unsafe row.hash.withUnsafeBytes { hash in
                    unsafe row.text.withUnsafeBytes { text in
                        // Without a destructor nothing is copied: the bytes stay in their place until the statement is reset.
                        unsafe sqlite3_bind_blob(insert, 1, hash.baseAddress, Int32(hash.count), nil)
                        unsafe sqlite3_bind_blob(insert, 2, text.baseAddress, Int32(text.count), nil)
                        let code = unsafe sqlite3_step(insert)
                        unsafe sqlite3_reset(insert)
                        return code
                    }
                }
                guard code == SQLITE_DONE else { throw BenchError("cannot insert a row: \(code)") }
            }
            try run("COMMIT")
            rest = rest.dropFirst(Self.rowsPerTransaction)
        }
    }

    private func run(_ sql: String) throws { unsafe try Self.run(sql, database) }

    private static func run(_ sql: String, _ database: OpaquePointer) throws {
        let code = unsafe sqlite3_exec(database, sql, nil, nil, nil)
        guard code == SQLITE_OK else { throw BenchError("cannot run \(sql): \(code)") }
    }
}
