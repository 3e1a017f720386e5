import CSQLite
import Glibc

/// One SQLite connection. It has one owner and is closed when that owner lets go of it; it is used by one thread at a time.
@safe final class Connection {
    enum Access { case write, read }

    private let handle: OpaquePointer
    let path: String
    /// Where the files stand that this connection works with; nil while that is not watched.
    private var place: DatabaseFileIdentity?
    /// Told of every error with which nobody can go on but a person or a new start, wherever it is caught.
    var onFatal: (@Sendable (StoreError) -> Void)?
    private var steps: Steps?
    /// The disk failed a read, a write or a sync: what it has is unknown, and another sync would say that all is well. So nothing is
    /// written through this connection any more.
    private var failure: StoreError?

    /// Opens the database at `path`, for writing creating it if there is none.
    /// - Throws: `cannotOpen`, `corrupt`.
    init(path: String, access: Access) throws(StoreError) {
        // "NOMUTEX: The new database connection will use the multi-thread threading mode", which suits a connection that never
        // is used by two threads at once (sqlite.org/c3ref/open.html).
        let flags =
            access == .write
            ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX
            : SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX
        var opened: OpaquePointer?
        let code = unsafe sqlite3_open_v2(path, &opened, flags, nil)
        guard code == SQLITE_OK, let handle = unsafe opened else {
            let detail = unsafe String(cString: sqlite3_errstr(code))
            // "Whether or not an error occurs when it is opened, resources associated with the database connection handle should
            // be released by passing it to sqlite3_close() when it is no longer required" (sqlite.org/c3ref/open.html).
            unsafe sqlite3_close(opened)
            throw StoreError(attempt: "open \(path)", code: code, detail: detail)
        }
        unsafe self.handle = handle
        self.path = path
        unsafe sqlite3_extended_result_codes(handle, 1)
        unsafe sqlite3_busy_timeout(handle, Self.busyTimeoutMilliseconds)
        // "additional sanity checking on b-tree pages as they are initially read from disk" (sqlite.org/pragma.html).
        try execute("PRAGMA cell_size_check = ON")
    }

    /// How long a statement waits for another process's lock before it fails with `busy`.
    static let busyTimeoutMilliseconds: Int32 = 5_000

    // "If sqlite3_close_v2() is called with unfinalized prepared statements […] the database connection becomes an unusable
    // zombie which will automatically be deallocated when the last prepared statement is finalized" (sqlite.org/c3ref/close.html).
    deinit { unsafe sqlite3_close_v2(handle) }

    /// Has `body` called after each so many instructions of SQLite's machine: a long statement is seen to get on. Nil ends that.
    func onSteps(_ body: (() -> Void)?) {
        guard let body else {
            unsafe sqlite3_progress_handler(handle, 0, nil, nil)
            steps = nil
            return
        }
        let steps = Steps(body)
        self.steps = steps
        // "If the progress callback returns non-zero, the operation is interrupted" (sqlite.org/c3ref/progress_handler.html).
        unsafe sqlite3_progress_handler(
            handle, Self.instructionsPerStep,
            { context in
                if let context = unsafe context { unsafe Unmanaged<Steps>.fromOpaque(context).takeUnretainedValue().body() }
                return 0
            }, Unmanaged.passUnretained(steps).toOpaque())
    }

    /// Takes some milliseconds, on a slow disk a second.
    private static let instructionsPerStep: Int32 = 100_000

    /// A closure on its way through SQLite's untyped argument.
    private final class Steps {
        let body: () -> Void
        init(_ body: @escaping () -> Void) { self.body = body }
    }

    /// Runs SQL that gives no rows: schema, pragmas, transactions.
    func execute(_ sql: String) throws(StoreError) {
        if let failure { throw failure }
        let code = unsafe sqlite3_exec(handle, sql, nil, nil, nil)
        guard code == SQLITE_OK else { throw error("run \(sql.prefix(60))", code: code) }
    }

    func prepare(_ sql: String) throws(StoreError) -> Statement {
        var prepared: OpaquePointer?
        // "The SQLITE_PREPARE_PERSISTENT flag is a hint to the query planner that the prepared statement will be retained for
        // a long time and probably reused many times" (sqlite.org/c3ref/c_prepare_dont_log.html).
        let code = unsafe sqlite3_prepare_v3(handle, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &prepared, nil)
        guard code == SQLITE_OK, let statement = unsafe prepared else {
            // The SQL is ours and fits our schema: if it is refused, the schema in the file is not what was written there.
            throw error("prepare \(sql)", code: code == SQLITE_ERROR ? SQLITE_CORRUPT : code)
        }
        return unsafe Statement(statement, of: self)
    }

    /// The first column of the first row of `sql` as an integer.
    func integer(_ sql: String) throws(StoreError) -> Int64 {
        let statement = try prepare(sql)
        return try statement.first { $0.integer(0) } ?? 0
    }

    /// Runs `body` in one write transaction, which is rolled back if it throws.
    func transaction<Result>(_ body: () throws(StoreError) -> Result) throws(StoreError) -> Result {
        // IMMEDIATE takes the write lock at once: a transaction that read first could find its rows outdated when it wants to
        // write, and fail with SQLITE_BUSY_SNAPSHOT (sqlite.org/isolation.html).
        try checkPlace()
        try execute("BEGIN IMMEDIATE")
        do {
            let result = try body()
            try checkPlace()
            try execute("COMMIT")
            return result
        } catch {
            // Some errors have rolled the transaction back already; then this does nothing but fail.
            if unsafe sqlite3_get_autocommit(handle) == 0 { unsafe sqlite3_exec(handle, "ROLLBACK", nil, nil, nil) }
            throw error
        }
    }

    /// The number of the row that was inserted last.
    var lastInsertedRow: Int64 { unsafe sqlite3_last_insert_rowid(handle) }

    /// Rows that the last statement changed.
    var changedRows: Int { unsafe Int(sqlite3_changes(handle)) }

    func error(_ attempt: String, code: Int32) -> StoreError {
        var message = unsafe String(cString: sqlite3_errmsg(handle))
        if code & 0xFF == SQLITE_BUSY, let holder = LockHolder.ofWriteLock(database: path) { message += ", held by \(holder)" }
        return told(StoreError(attempt: attempt, code: meaning(of: code), detail: "\(message) (\(path))"))
    }

    /// Hands `error` on, after `onFatal` has heard of it if it is fatal.
    func told(_ error: StoreError) -> StoreError {
        if error.isFatal { onFatal?(error) }
        if error.reason == .inputOutput, failure == nil {
            failure = error
            // The last connection that is closed copies the log into the database, and syncs both.
            unsafe tidings_keep_log(handle)
        }
        return error
    }

    // MARK: the place of the files

    /// From now on `checkPlace` tells whether the files that are open are those that stand under their names.
    func watchPlace() { place = DatabaseFileIdentity(path: path) }

    /// - Throws: `moved`. What was committed before is durable where the files are now; a moved database must not be written
    ///   under its old log's name ("If a database file is unlinked or renamed while in use, the results are undefined",
    ///   sqlite.org/howtocorrupt.html, 2.4).
    func checkPlace() throws(StoreError) {
        guard let place else { return }
        var hasMoved: Int32 = 0
        // "The SQLITE_FCNTL_HAS_MOVED file control interprets its argument as a pointer to an integer and it writes a boolean into
        // that integer depending on whether or not the file has been renamed, moved, or deleted since it was first opened."
        unsafe sqlite3_file_control(handle, nil, SQLITE_FCNTL_HAS_MOVED, &hasMoved)
        if hasMoved != 0 {
            // A new database under the old name must not be given the log of this one.
            let kept = place.setLogAside().map { "; its log is kept as \($0)" } ?? ""
            self.place = nil
            throw told(StoreError(
                reason: .moved, attempt: "write the ledger", detail: "\(path) was moved, removed or replaced while it was open\(kept)"))
        }
        if let name = place.firstMissing() {
            // The log is still open. What it holds is copied into the database, which is the right one.
            unsafe sqlite3_wal_checkpoint_v2(handle, nil, SQLITE_CHECKPOINT_PASSIVE, nil, nil)
            self.place = nil
            throw told(StoreError(
                reason: .moved, attempt: "write the ledger", detail: "\(name) was moved, removed or replaced while it was open"))
        }
    }

    /// SQLite calls any refused write an I/O error but that on a full disk. A file system that has become read-only, and a quota
    /// that is used up, pass as a full disk does. What a failed sync leaves does not.
    private func meaning(of code: Int32) -> Int32 {
        guard code == Self.writeFailed || code == Self.truncationFailed else { return code }
        return switch unsafe tidings_last_errno(handle) {
        case EROFS: SQLITE_READONLY
        case EDQUOT: SQLITE_FULL
        default: code
        }
    }
    // SQLITE_IOERR_WRITE and SQLITE_IOERR_TRUNCATE, which are macros with an operator in them.
    private static let writeFailed = SQLITE_IOERR | 3 << 8
    private static let truncationFailed = SQLITE_IOERR | 6 << 8
}
