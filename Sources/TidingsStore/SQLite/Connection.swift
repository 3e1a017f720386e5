import CSQLite
import Glibc
import TidingsCore
import TidingsSystem

/// One SQLite connection, used by one thread at a time. It closes when its last reference and its last statement are released.
@safe final class Connection {
    enum Access { case write, read }

    private let handle: OpaquePointer
    let path: String
    /// The files beside the database, as they were when `watchPlace` was called; nil before that and after they have moved.
    private var identity: DatabaseFileIdentity?
    /// Called with every fatal error (`StoreError.isFatal`), whoever catches that error.
    var onFatal: (@Sendable (StoreError) -> Void)?
    private var steps: Steps?
    /// They read compressed forms, and lines.
    private(set) lazy var forms = Decompressor()
    private(set) lazy var lines = Decompressor(limitBytes: ChangeLine.limitBytes, dictionaries: [LineDictionary.current, LineDictionary.first])
    /// The first error after which nothing more is written through this connection. After an input/output error the contents of the
    /// disk are unknown, and a second sync would report success; what is written to a moved file is not in the ledger.
    private var failure: StoreError?

    /// Opens the database at `path`. Write access creates a database that does not exist.
    /// - Throws: `cannotOpen`, `corrupt`.
    init(path: String, access: Access) throws(StoreError) {
        // "NOMUTEX: The new database connection will use the multi-thread threading mode", which is enough for a connection that
        // two threads never use at once (sqlite.org/c3ref/open.html).
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
        waitForLocks(milliseconds: Self.busyTimeoutMilliseconds)
        // "additional sanity checking on b-tree pages as they are initially read from disk" (sqlite.org/pragma.html).
        try execute("PRAGMA cell_size_check = ON")
    }

    /// How long a statement waits for another process's lock before it fails with `busy`.
    static let busyTimeoutMilliseconds: Int32 = 5_000

    func waitForLocks(milliseconds: Int32) { unsafe sqlite3_busy_timeout(handle, milliseconds) }

    // "If sqlite3_close_v2() is called with unfinalized prepared statements […] the database connection becomes an unusable
    // zombie which will automatically be deallocated when the last prepared statement is finalized" (sqlite.org/c3ref/close.html).
    deinit { unsafe sqlite3_close_v2(handle) }

    /// Calls `body` after every `instructionsPerStep` instructions of SQLite's virtual machine, so that a long statement shows
    /// progress. Nil removes the callback.
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

    /// These run for some milliseconds, on a slow disk for a second.
    private static let instructionsPerStep: Int32 = 100_000

    /// Wraps a closure, so that a pointer to it can be SQLite's untyped context argument.
    private final class Steps {
        let body: () -> Void
        init(_ body: @escaping () -> Void) { self.body = body }
    }

    /// Frees as much memory as it can (sqlite.org/pragma.html#pragma_shrink_memory), above all the cached pages of the database.
    func releaseMemory() throws(StoreError) { try execute("PRAGMA shrink_memory") }

    /// Runs SQL whose rows, if any, are not needed: schema, pragmas, transactions.
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
            // The SQL is constant and fits our schema. If SQLite refuses it, the schema in the file is damaged.
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
        // IMMEDIATE acquires the write lock at once. A transaction that reads first can find its snapshot outdated when it
        // writes, and then fails with SQLITE_BUSY_SNAPSHOT (sqlite.org/isolation.html).
        try checkPlace()
        try execute("BEGIN IMMEDIATE")
        do {
            let result = try body()
            try checkPlace()
            try execute("COMMIT")
            return result
        } catch {
            // Some errors roll the transaction back themselves. Autocommit mode is then on again.
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

    /// Returns `error`, after reporting it to `onFatal` if it is fatal.
    func told(_ error: StoreError) -> StoreError {
        if error.isFatal { onFatal?(error) }
        guard failure == nil, error.reason == .inputOutput || error.reason == .moved else { return error }
        failure = error
        // The last connection to close would copy the log into the database, sync both, and delete what has the log's name.
        unsafe tidings_keep_log(handle)
        return error
    }

    // MARK: moved files

    /// From now on `checkPlace` checks that the open files still have their names.
    func watchPlace() { identity = DatabaseFileIdentity(path: path) }

    /// - Throws: `moved`. Earlier commits are durable wherever the files are now. A moved database must not be written together
    ///   with a log under the old name ("If a database file is unlinked or renamed while in use, the results are undefined",
    ///   sqlite.org/howtocorrupt.html, 2.4).
    func checkPlace() throws(StoreError) {
        if let failure, failure.reason == .moved { throw failure }
        guard let identity else { return }
        var hasMoved: Int32 = 0
        // "The SQLITE_FCNTL_HAS_MOVED file control interprets its argument as a pointer to an integer and it writes a boolean into
        // that integer depending on whether or not the file has been renamed, moved, or deleted since it was first opened."
        unsafe sqlite3_file_control(handle, nil, SQLITE_FCNTL_HAS_MOVED, &hasMoved)
        if hasMoved != 0 {
            // A new database under the old name must not replay the log of this one.
            let kept = identity.setLogAside().map { "; its log is kept as \($0)" } ?? ""
            self.identity = nil
            throw told(StoreError(
                reason: .moved, attempt: "write the ledger", detail: "\(path) was moved, removed or replaced while it was open\(kept)"))
        }
        if let name = identity.firstMissing() {
            let log = restoreLog(identity)
            self.identity = nil
            throw told(StoreError(
                reason: .moved, attempt: "write the ledger", detail: "\(name) was moved, removed or replaced while it was open\(log)"))
        }
    }

    /// Writes the log anew where its name is gone or is another file's. It is still open, and has commits that the database lacks.
    ///
    /// A checkpoint instead would have to wait for every reader: until it is complete, the database is damaged without its log.
    /// Only the writer does it. A reader may have opened another database that somebody put in the old one's place, together with
    /// the old one's log.
    /// - Returns: what there is to say of it, after a semicolon; empty if nothing was done.
    private func restoreLog(_ identity: DatabaseFileIdentity) -> String {
        guard identity.lacksLog, unsafe sqlite3_db_readonly(handle, "main") == 0 else { return "" }
        let kept = identity.setOtherLogAside().map { ", and what had its name is kept as \($0)" } ?? ""
        do {
            try replaceFile(identity.logPath, with: try bytesOfLog(), isSoleWriter: true)
            return "; its contents are written there again\(kept)"
        } catch {
            return "; the last changes, which were only in it, are lost: \(error)\(kept)"
        }
    }

    private func bytesOfLog() throws(StoreError) -> [UInt8] {
        guard let log = unsafe tidings_log(handle), let methods = unsafe log.pointee.pMethods?.pointee,
            let sizeOf = unsafe methods.xFileSize, let read = unsafe methods.xRead
        else { throw error("find the open log", code: SQLITE_NOTFOUND) }
        var size: sqlite3_int64 = 0
        var code = unsafe sizeOf(log, &size)
        guard code == SQLITE_OK else { throw error("read the open log", code: code) }
        guard let count = Int32(exactly: size) else { throw error("read the open log", code: SQLITE_TOOBIG) }
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: Int(count)) { buffer, initialized in
            code = unsafe read(log, buffer.baseAddress, count, 0)
            initialized = code == SQLITE_OK ? Int(count) : 0
        }
        guard code == SQLITE_OK else { throw error("read the open log", code: code) }
        return bytes
    }

    /// SQLite reports every refused write as an I/O error, except on a full disk. But a file system that has become read-only and
    /// an exhausted quota are temporary conditions like a full disk. A failed sync is not.
    private func meaning(of code: Int32) -> Int32 {
        guard code == Self.writeFailed || code == Self.truncationFailed else { return code }
        return switch unsafe tidings_last_errno(handle) {
        case EROFS: SQLITE_READONLY
        case EDQUOT: SQLITE_FULL
        default: code
        }
    }
    // SQLITE_IOERR_WRITE and SQLITE_IOERR_TRUNCATE. Swift does not import macros that contain an operator.
    private static let writeFailed = SQLITE_IOERR | 3 << 8
    private static let truncationFailed = SQLITE_IOERR | 6 << 8
}
