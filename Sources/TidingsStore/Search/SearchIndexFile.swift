import FoundationEssentials
import Glibc

/// How far a search index is.
package struct SearchIndexState: Equatable, Sendable {
    /// The stream whose changes it has.
    package var stream: String
    /// The newest change that it has; while it is built, the newest that it will have when that is done.
    package var confirmed: Int64
    /// The checksum of that change's line; nil if the row was gone. Another line under the same number is of another ledger.
    var checksum: Int64?
    /// How far it is built from the versions of the ledger; nil when that is done.
    package var built: SearchBuild?
}

/// The last version that was read while an index is built. They are read in the order of articles, and of numbers within one.
package struct SearchBuild: Equatable, Sendable {
    package var article: Int64
    package var number: Int
}

/// The file of the search index: tables, and who may make and remove them.
///
/// It has no texts, only the words of them: hits are shown from the ledger, which also says which versions are the newest, which
/// articles live, and where they are seen. So a removal, a move or a duplicate changes nothing in the index and shows at once, and
/// a version that is in the index stays in it until retention has removed it from the ledger and the index is built anew.
enum SearchIndexFile {
    /// Of tables and tokenizer. An index of another version is built anew.
    static let version = 1

    /// `ascii` splits at the spaces that `SearchTokenizer` writes, and leaves everything else as it is (sqlite.org/fts5.html, 4.3.2).
    /// Without contents the index has about half the size (4.4.1).
    static let schema = """
        CREATE TABLE state (
            one        INTEGER PRIMARY KEY CHECK (one = 1),
            stream     TEXT NOT NULL,
            confirmed  INTEGER NOT NULL,                -- the newest change that is in here
            checksum   INTEGER,                         -- of its line
            article    INTEGER,                         -- while the index is built: the last version that is in here
            number     INTEGER
        ) STRICT;

        -- One version of an article; `document` is its row in `words`.
        CREATE TABLE documents (
            document INTEGER PRIMARY KEY,
            article  INTEGER NOT NULL,                  -- rows and numbers of the ledger
            number   INTEGER NOT NULL,
            UNIQUE (article, number)
        ) STRICT;

        CREATE VIRTUAL TABLE words USING fts5(title, text, people, content = '', tokenize = 'ascii');
        PRAGMA user_version = \(version);
        """

    /// - Returns: nil for a file without a state, whose making was interrupted.
    static func state(_ connection: Connection) throws(StoreError) -> SearchIndexState? {
        try connection.prepare("SELECT stream, confirmed, checksum, article, number FROM state").first { row in
            SearchIndexState(
                stream: row.text(0), confirmed: row.integer(1), checksum: row.optionalInteger(2),
                built: row.optionalInteger(3).map { SearchBuild(article: $0, number: Int(row.integer(4))) })
        }
    }

    /// Removes the index of the file `path` with its log.
    static func remove(_ path: String) throws(StoreError) {
        for suffix in ["-wal", "-shm", "-journal", ""] where unsafe unlink(path + suffix) != 0 && errno != ENOENT {
            let detail = unsafe String(cString: strerror(errno))
            throw StoreError(
                reason: errno == EROFS ? .readOnly : .cannotOpen, attempt: "remove the old search index", detail: "\(path): \(detail)")
        }
    }
}
