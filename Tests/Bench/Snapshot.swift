import CSQLite
import Foundation

/// How long a snapshot of a large ledger takes, and in how much memory.
func measureSnapshot(_ bench: Workbench, articles: Int) throws -> [Figure] {
    let settings = Settings(name: "snapshot", folder: "\(bench.path)/snapshot-tree", in: bench.path)
    try settings.write()
    _ = try bench.tidings.runOnce(settings)
    try insertArticles(articles, into: "\(settings.state)/db/tidings.db")
    var figures: [Figure] = []
    for withText in [false, true] {
        let run = try bench.tidings.snapshot(settings, withText: withText)
        let name = "\(articles) articles" + (withText ? ", with text" : "")
        let note = "\(decimal(Double(articles) / run.seconds)) a second"
        figures.append(Figure(name: name, value: run.seconds, unit: "s", note: note))
        figures.append(Figure(name: "\(name): peak memory", value: Double(run.peakMemoryBytes) / 1e6, unit: "MB"))
    }
    return figures
}

/// Rows as a daemon would have written them, but for their hashes and change rows: committing a million articles takes it minutes.
private func insertArticles(_ count: Int, into path: String) throws {
    var opened: OpaquePointer?
    guard unsafe sqlite3_open(path, &opened) == SQLITE_OK, let database = unsafe opened else {
        throw BenchError("cannot open \(path)")
    }
    defer { unsafe sqlite3_close(database) }
    let sql = """
        BEGIN;
        CREATE TEMP TABLE numbers AS
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < \(count)) SELECT i FROM n;
        INSERT INTO contents SELECT i, randomblob(32), 0,
            CAST('Article ' || i || char(10, 10) || hex(zeroblob(500)) AS BLOB), NULL FROM numbers;
        -- 26 digits of base32 that end with the number, its decimal digits being letters.
        INSERT INTO articles SELECT i,
            replace(replace(replace(replace(printf('%026d', i), '0', 'a'), '1', 'b'), '8', 'y'), '9', 'z'),
            1, randomblob(32), i, 1770000000000 + i, NULL FROM numbers;
        INSERT INTO versions SELECT i, 1, i, 1770000000000 + i, i, NULL,
            '{"id":"' || i || '","title":"Article ' || i || '","url":"https://bench.example/' || i
            || '","date_published":"2026-02-20","authors":[{"name":"Ada Pier"}],"language":"en","tags":["a","b"]}' FROM numbers;
        INSERT INTO sightings (source, key, rule, article, shown_hash, raw_hash, metadata, rules, first_seen_ms, last_seen_ms)
            SELECT 1, 'many/' || i || '.txt', 'path', i, x'', x'', 0, 1, 1770000000000 + i, 1770000000000 + i FROM numbers;
        COMMIT;
        """
    guard unsafe sqlite3_exec(database, sql, nil, nil, nil) == SQLITE_OK else {
        throw BenchError("cannot make articles: \(unsafe String(cString: sqlite3_errmsg(database)))")
    }
}
