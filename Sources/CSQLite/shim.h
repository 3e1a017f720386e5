// What Swift cannot see of SQLite: macros with casts, and variadic functions.
#pragma once
#include <sqlite3.h>

// "If the fifth argument has the special value SQLITE_TRANSIENT, then SQLite makes its own private copy of the data
// immediately, before the sqlite3_bind_*() routine returns" (sqlite.org/c3ref/bind_blob.html).
static inline int tidings_bind_text_copy(sqlite3_stmt *statement, int index, const char *text, int bytes) {
    return sqlite3_bind_text(statement, index, text, bytes, SQLITE_TRANSIENT);
}

static inline int tidings_bind_blob_copy(sqlite3_stmt *statement, int index, const void *blob, int bytes) {
    return sqlite3_bind_blob(statement, index, blob, bytes, SQLITE_TRANSIENT);
}

// The open log or journal; NULL if there is none.
static inline sqlite3_file *tidings_log(sqlite3 *database) {
    sqlite3_file *log = 0;
    // "obtain a pointer to the sqlite3_file object associated with the journal file (either the rollback journal or the write-ahead
    // log) for a particular database connection" (sqlite.org/c3ref/c_fcntl_begin_atomic_write.html).
    int code = sqlite3_file_control(database, "main", SQLITE_FCNTL_JOURNAL_POINTER, &log);
    return code == SQLITE_OK && log && log->pMethods ? log : 0;
}

// The error number of the call to the system that failed last in the log or the journal, else in the database; 0 if none did. What
// sqlite3_system_errno() tells is not it after a COMMIT that failed.
static inline int tidings_last_errno(sqlite3 *database) {
    int code = 0;
    sqlite3_file *log = tidings_log(database);
    if (log)
        log->pMethods->xFileControl(log, SQLITE_FCNTL_LAST_ERRNO, &code);
    if (!code) sqlite3_file_control(database, "main", SQLITE_FCNTL_LAST_ERRNO, &code);
    return code;
}

// sqlite3_db_config() takes a variable number of arguments, which Swift does not call. From now on closing the connection leaves
// the log as it is.
static inline int tidings_keep_log(sqlite3 *database) {
    return sqlite3_db_config(database, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, (int *)0);
}
