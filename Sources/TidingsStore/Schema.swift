/// The ledger's schema as numbered steps. A released step is never edited: a change is a new step. One transaction runs the step
/// and sets its number (`PRAGMA user_version`), so that a crash leaves the old schema or the new one.
enum Schema {
    static let steps: [String] = [first, windows, sourceChanges, checksums, polls, blocks, pages, sinks, hubs, bases, compressedLines, secondDictionary, sharedItems]
    /// The first schema in which `changes` has checksums.
    private static let firstWithChecksums = 4
    /// The first schema with the table `polls`.
    private static let firstWithPolls = 5
    /// The first schema with the table `pages`.
    private static let firstWithPages = 7
    /// The first schema with the table `sinks`.
    private static let firstWithSinks = 8
    /// The first schema with the table `hub_subscriptions`.
    private static let firstWithHubs = 9
    /// The first schema in which `contents` has bases.
    private static let firstWithBases = 10

    /// Whether contents can have a base. They cannot in a database that no writer has migrated yet.
    static func hasBases(_ connection: Connection) throws(StoreError) -> Bool {
        try connection.integer("PRAGMA user_version") >= firstWithBases
    }

    /// The SQL for the three columns of the contents `table` that `Row.form` reads.
    static func formColumns(of table: String, hasBases: Bool = true) -> String {
        let base = hasBases ? "(SELECT b.form FROM contents b WHERE b.content = \(table).base)" : "NULL"
        return "\(table).encoding, \(table).form, \(base)"
    }

    /// The SQL expression for the item of a version `v`. Empty stands for that of version 1, which retention never removes.
    static let itemColumn = """
        iif(v.item = '', (SELECT first.item FROM versions first WHERE first.article = v.article AND first.number = 1), v.item)
        """

    /// The SQL expression for the value of `versions.item`: empty where the item is that of version 1, see `itemColumn`. The arguments are
    /// SQL parameters, as `?1`.
    static func storedItem(_ item: String, ofVersion number: String, of article: String) -> String {
        let first = "SELECT first.item FROM versions first WHERE first.article = \(article) AND first.number = 1 AND \(number) > 1"
        return "iif(\(item) = (\(first)), '', \(item))"
    }

    /// The SQL expression for the checksum of a change `c`: `NULL` for a database that no writer has migrated yet.
    static func checksumColumn(of connection: Connection) throws(StoreError) -> String {
        try connection.integer("PRAGMA user_version") >= firstWithChecksums ? "c.checksum" : "NULL"
    }

    /// Whether the table `pages` exists. It is missing in a database that no writer has migrated yet.
    static func hasPages(_ connection: Connection) throws(StoreError) -> Bool {
        try connection.integer("PRAGMA user_version") >= firstWithPages
    }

    /// Whether the table `sinks` exists. It is missing in a database that no writer has migrated yet.
    static func hasSinks(_ connection: Connection) throws(StoreError) -> Bool {
        try connection.integer("PRAGMA user_version") >= firstWithSinks
    }

    /// Whether the table `hub_subscriptions` exists. It is missing in a database that no writer has migrated yet.
    static func hasHubs(_ connection: Connection) throws(StoreError) -> Bool {
        try connection.integer("PRAGMA user_version") >= firstWithHubs
    }

    /// Whether the table `polls` exists. It is missing in a database that no writer has migrated yet.
    static func hasPolls(_ connection: Connection) throws(StoreError) -> Bool {
        try connection.integer("PRAGMA user_version") >= firstWithPolls
    }

    /// How many steps the database has had. Call this before the first write.
    /// - Throws: `newerSchema` if a later program has migrated it.
    @discardableResult
    static func version(of connection: Connection, for attempt: String) throws(StoreError) -> Int {
        let found = Int(try connection.integer("PRAGMA user_version"))
        guard found <= steps.count else {
            throw StoreError(
                reason: .newerSchema(found: found, known: steps.count), attempt: attempt,
                detail: "its schema is \(found), this program knows \(steps.count)")
        }
        return found
    }

    /// Applies the steps that are missing.
    /// - Throws: `newerSchema`.
    static func migrate(_ connection: Connection) throws(StoreError) {
        for number in try version(of: connection, for: "open the ledger")..<steps.count {
            try connection.transaction { () throws(StoreError) in
                try reach(.migrationBegun)
                try connection.execute(steps[number])
                try connection.execute("PRAGMA user_version = \(number + 1)")
                try reach(.migrationApplied)
            }
            try reach(.migrationCommitted)
        }
    }

    private static let first = """
        -- Facts about the whole: the stream id, rule versions.
        CREATE TABLE meta (
            key   TEXT PRIMARY KEY,
            value TEXT NOT NULL
        ) STRICT, WITHOUT ROWID;

        -- One row per source that was ever configured. Names are unique and stable; a row outlives its settings.
        CREATE TABLE sources (
            source            INTEGER PRIMARY KEY,
            name              TEXT NOT NULL UNIQUE,
            kind              TEXT NOT NULL,            -- folder, feed, page
            locator           TEXT NOT NULL,            -- path or URL, as configured last
            state             TEXT,                     -- ok, failing, gone; NULL before the first look
            state_since_ms    INTEGER,
            detail            TEXT,                     -- why it fails, in words
            imported_ms       INTEGER,                  -- when the first import was complete: what comes later is no backfill
            last_attempt_ms   INTEGER,
            last_success_ms   INTEGER,
            removals_held_ms  INTEGER,                  -- since when a mass removal is held
            removals_held     INTEGER,                  -- of how many sightings
            poll              TEXT,                     -- a feed's poll state, JSON
            unsubscribed_ms   INTEGER                   -- since when it is not configured any more
        ) STRICT;

        -- The newest capture of each locator: a file below a folder's root, or a feed's document.
        CREATE TABLE captures (
            source        INTEGER NOT NULL REFERENCES sources,
            locator       TEXT NOT NULL,                -- key of the path, or URL as configured
            captured_ms   INTEGER NOT NULL,             -- when these bytes were read first
            seen_ms       INTEGER NOT NULL,             -- when they were confirmed last (304, equal bytes)
            raw_hash      BLOB,                         -- SHA-256 of the bytes; NULL when they could not be read
            bytes         INTEGER NOT NULL,
            stamp         INTEGER,                      -- fingerprint of size, mtime, ctime, inode; files only
            rules         INTEGER NOT NULL,             -- version of the text rules they were read with
            format        TEXT,
            problems      INTEGER NOT NULL,
            problem       TEXT,                         -- the first of them, or why nothing could be read
            status        INTEGER,                      -- of HTTP
            final_url     TEXT,
            etag          TEXT,                         -- validators, verbatim and always from one response
            last_modified TEXT,
            PRIMARY KEY (source, locator)
        ) STRICT, WITHOUT ROWID;

        -- Canonical forms, each stored once.
        CREATE TABLE contents (
            content  INTEGER PRIMARY KEY,
            hash     BLOB NOT NULL UNIQUE,              -- 32 bytes
            encoding INTEGER NOT NULL,                  -- 0: the canonical form as it is
            form     BLOB NOT NULL
        ) STRICT;

        CREATE TABLE articles (
            article        INTEGER PRIMARY KEY,
            id             TEXT NOT NULL UNIQUE,
            newest         INTEGER NOT NULL,            -- number of the newest version
            newest_hash    BLOB NOT NULL,
            newest_content INTEGER NOT NULL REFERENCES contents,
            first_seen_ms  INTEGER NOT NULL,
            removed_ms     INTEGER                      -- NULL while it lives
        ) STRICT;
        -- By row and not by hash: new contents are the last ones here, and an index over hashes is written all over.
        CREATE INDEX articles_by_content ON articles (newest_content);

        CREATE TABLE versions (
            article      INTEGER NOT NULL REFERENCES articles,
            number       INTEGER NOT NULL,              -- 1, 2, 3 … per article
            content      INTEGER NOT NULL REFERENCES contents,
            committed_ms INTEGER NOT NULL,
            seq          INTEGER NOT NULL,              -- the change that announced it
            class        TEXT,                          -- NULL for the first
            item         TEXT NOT NULL,                 -- the item's fields but its text, JSON
            PRIMARY KEY (article, number)
        ) STRICT, WITHOUT ROWID;

        -- "Source S shows an item under key K": where an article is seen.
        CREATE TABLE sightings (
            sighting      INTEGER PRIMARY KEY,          -- their order is their age: the oldest that is not gone leads
            source        INTEGER NOT NULL REFERENCES sources,
            key           TEXT NOT NULL,
            rule          TEXT NOT NULL,                -- how the key was found
            locator       TEXT,                         -- of the capture, where it is not the key
            article       INTEGER NOT NULL REFERENCES articles,
            shown_hash    BLOB NOT NULL,
            raw_hash      BLOB NOT NULL,
            metadata      INTEGER NOT NULL,
            rules         INTEGER NOT NULL,
            url           TEXT,                         -- canonical
            alias         TEXT,                         -- of an id that is a URL: without scheme, host, tracking
            first_seen_ms INTEGER NOT NULL,
            last_seen_ms  INTEGER NOT NULL,
            gone_ms       INTEGER,
            UNIQUE (source, key)
        ) STRICT;
        CREATE INDEX sightings_by_article ON sightings (article);
        CREATE INDEX sightings_by_url     ON sightings (source, url)     WHERE url IS NOT NULL;
        CREATE INDEX sightings_by_alias   ON sightings (source, alias)   WHERE alias IS NOT NULL;
        CREATE INDEX sightings_by_locator ON sightings (source, locator) WHERE locator IS NOT NULL;

        -- The change stream. AUTOINCREMENT: a number is never used twice, even when its row was pruned.
        CREATE TABLE changes (
            seq          INTEGER PRIMARY KEY AUTOINCREMENT,
            committed_ms INTEGER NOT NULL,
            type         TEXT NOT NULL,
            article      INTEGER,
            source       INTEGER,
            line         BLOB NOT NULL                  -- the published bytes, with their newline
        ) STRICT;
        """

    private static let windows = """
        -- The window of each feed: what its newest whole document listed, in its order, and among that what is missing and may
        -- have been removed. A table of its own, because a source has thousands of sightings that left its window. The items
        -- that the newest document shows were seen last when its capture was (captures.seen_ms): a 304 writes no sighting.
        CREATE TABLE windows (
            source   INTEGER NOT NULL REFERENCES sources,
            place    INTEGER NOT NULL,                  -- 1, 2, 3 …
            sighting INTEGER NOT NULL REFERENCES sightings,
            date_ms  INTEGER,                           -- when the item says it was published
            absences INTEGER,                           -- of what is missing; NULL for what the document shows
            PRIMARY KEY (source, place)
        ) STRICT, WITHOUT ROWID;

        -- Whether the newest capture could be read to its end. The same bytes again prove no more than they did.
        ALTER TABLE captures ADD COLUMN is_whole INTEGER NOT NULL DEFAULT 1;
        """

    private static let sourceChanges = """
        -- How many changes of each type a source has brought, for `status`: counting the changes themselves would read them all.
        CREATE TABLE source_changes (
            source INTEGER NOT NULL REFERENCES sources,
            type   TEXT NOT NULL,
            count  INTEGER NOT NULL,
            PRIMARY KEY (source, type)
        ) STRICT, WITHOUT ROWID;
        INSERT INTO source_changes
            SELECT source, type, count(*) FROM changes WHERE source IS NOT NULL GROUP BY source, type;
        """

    private static let checksums = """
        -- Of the line: its first 64 bits of SHA-256. A page can lose a bit so that it still is a page, and then what was announced once
        -- would be announced otherwise. NULL for the lines of before.
        ALTER TABLE changes ADD COLUMN checksum INTEGER;
        """

    private static let polls = """
        -- One row for each thing that is fetched again and again: a feed's document. What is due next is read from here at the start.
        CREATE TABLE polls (
            source  INTEGER NOT NULL REFERENCES sources,
            locator TEXT NOT NULL,                      -- URL as configured
            host    TEXT NOT NULL,                      -- whose turn it is
            due_ms  INTEGER NOT NULL,
            state   TEXT NOT NULL,                      -- what is remembered from poll to poll, JSON; empty before the first
            PRIMARY KEY (source, locator)
        ) STRICT, WITHOUT ROWID;
        -- The host follows when the settings are read.
        INSERT INTO polls
            SELECT source, locator, '', coalesce(json_extract(poll, '$.nextPoll'), 0), json_remove(poll, '$.nextPoll')
            FROM sources WHERE json_valid(poll);
        ALTER TABLE sources DROP COLUMN poll;
        """

    /// What was decided about the blocks of a page stands with its capture.
    private static let blocks = """
        -- Of an HTML page: four bytes a block, see BlockMemory. Only good under the text rules of `rules`.
        ALTER TABLE captures ADD COLUMN blocks BLOB;
        """

    private static let pages = """
        -- One row for each page that is watched: of an item of a feed, or of a list.
        CREATE TABLE pages (
            page        INTEGER PRIMARY KEY,
            source      INTEGER NOT NULL REFERENCES sources,
            locator     TEXT NOT NULL,                  -- the address that is asked, and the locator of its capture
            sighting    INTEGER UNIQUE REFERENCES sightings, -- whose page it is; NULL for a listed page before its first text
            host        TEXT NOT NULL,                  -- whose turn it is
            due_ms      INTEGER,                        -- NULL: it rests
            problem     TEXT,                           -- why the last look brought no text, by name
            state       TEXT NOT NULL,                  -- what is remembered from look to look, JSON
            is_backfill INTEGER NOT NULL,               -- whether its first text belongs to the first import
            feed_item   TEXT,                           -- the fields of the feed's item, JSON
            -- What the last believed look showed; NULL before the first text, and for listed pages, where the sighting has it.
            page_item   TEXT,                           -- its fields, JSON
            shown_hash  BLOB,
            raw_hash    BLOB,
            metadata    INTEGER,                        -- of the page's fields and the item's together
            rules       INTEGER,
            -- What the first of two looks showed, until the second one settles it.
            first_item  TEXT,
            first_form  BLOB,
            -- The set of learned lines that the newest text was made without, and whose: an item's page can move to another host.
            learned      INTEGER NOT NULL DEFAULT 0,    -- 0: none
            learned_host TEXT,
            UNIQUE (source, locator)
        ) STRICT;
        CREATE INDEX pages_unread     ON pages (source) WHERE sighting IS NULL AND problem IS NULL;
        CREATE INDEX pages_in_trouble ON pages (source) WHERE problem IS NOT NULL;

        -- The body of the newest believed look at a page: newer text rules read it again. A table of its own, because a page's row is
        -- rewritten at every look.
        CREATE TABLE page_bodies (
            page         INTEGER PRIMARY KEY REFERENCES pages ON DELETE CASCADE,
            captured_ms  INTEGER NOT NULL,              -- when these bytes were read first
            raw_hash     BLOB NOT NULL,                 -- SHA-256 of the bytes
            bytes        INTEGER NOT NULL,              -- how many they are
            -- What they were read with.
            content_type TEXT,
            base_url     TEXT,
            feed_title   TEXT,                          -- of the feed's item
            headline     TEXT,                          -- where the headline was found, by name
            body         BLOB NOT NULL                  -- one zstd frame
        ) STRICT;
        CREATE INDEX page_bodies_by_time ON page_bodies (captured_ms);

        -- The lines of the pages' texts, by host, to learn which ones surround the articles. A line is in a set from `since` on, up to the
        -- set before `until`.
        CREATE TABLE learned_lines (
            row   INTEGER PRIMARY KEY,                  -- their order is their age
            host  TEXT NOT NULL,
            line  INTEGER NOT NULL,                     -- its first 64 bits of SHA-256, its digits masked
            text  TEXT NOT NULL,                        -- as it was seen last
            pages INTEGER NOT NULL,                     -- the articles that had it; before it is learned, with the same digits
            since INTEGER,                              -- NULL until it is learned
            until INTEGER,                              -- NULL until a person forgets it; it is not learned again
            UNIQUE (host, line)
        ) STRICT;
        CREATE INDEX learned_lines_by_set ON learned_lines (host) WHERE since IS NOT NULL;

        CREATE TABLE learned_sets (
            host   TEXT PRIMARY KEY,
            pages  INTEGER NOT NULL,                    -- the articles whose lines were counted
            newest INTEGER NOT NULL                     -- the number of today's set: 0, 1, 2 …
        ) STRICT, WITHOUT ROWID;

        -- What the robots.txt of each host says, for a day.
        CREATE TABLE robots (
            address TEXT NOT NULL,
            token   TEXT NOT NULL,                      -- the product token that it was read for
            state   TEXT NOT NULL,                      -- JSON
            PRIMARY KEY (address, token)
        ) STRICT, WITHOUT ROWID;
        """

    private static let sinks = """
        -- One row for each webhook and command: how far it has the changes. A row outlives its settings for a month.
        CREATE TABLE sinks (
            name       TEXT PRIMARY KEY,
            kind       TEXT NOT NULL,                   -- webhook, command
            stream     TEXT NOT NULL,                   -- the stream that the numbers are of
            began      INTEGER NOT NULL,                -- the change after which it began
            confirmed  INTEGER NOT NULL,                -- the newest change that it has
            state      TEXT NOT NULL,                   -- how it is doing, JSON
            removed_ms INTEGER                          -- since when the settings do not name it any more
        ) STRICT, WITHOUT ROWID;
        """

    private static let hubs = """
        -- One row for each feed whose hub is asked to tell of its news (W3C WebSub).
        CREATE TABLE hub_subscriptions (
            source INTEGER PRIMARY KEY REFERENCES sources,
            state  TEXT NOT NULL                        -- JSON
        ) STRICT;
        """

    private static let bases = """
        -- The content that a difference (encoding 2) is to. Retention makes an index over it where it is first needed.
        ALTER TABLE contents ADD COLUMN base INTEGER;
        """

    private static let compressedLines = """
        -- The tables stay as they are. From now on changes.line can be a zstd frame, which an older program would publish as it is.
        """

    private static let secondDictionary = """
        -- The tables stay as they are. From now on the frames in changes.line are made with a dictionary that an older program has not.
        """

    private static let sharedItems = """
        -- From now on versions.item is empty where it is that of version 1. An older program would find no date, author or address there.
        -- Each version with its item, for the queries of people.
        CREATE VIEW items AS
            SELECT v.article, v.number,
                   iif(v.item = '', (SELECT w.item FROM versions w WHERE w.article = v.article AND w.number = 1), v.item) AS item
            FROM versions v;
        """
}
