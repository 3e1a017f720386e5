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
