import CSQLite
import Foundation

/// A ledger with very many versions, written by SQL: to ingest as many would take the time of the whole benchmark.
///
/// Each article was seen in a feed that is not due for a year, under each of its versions once; each version has its own content,
/// its change row and its line.
@safe struct StoredVersions {
    let settings: Settings
    private static let versionsPerArticle = 4

    /// Makes the state anew, with `count` versions.
    init(_ bench: Workbench, count: Int) throws {
        settings = Settings(name: "versions", folder: "\(bench.path)/versions", in: bench.path)
        settings.removeState()
        try settings.write()
        // One pass makes the schema, the stream id and the folder's row.
        _ = try bench.tidings.runOnce(settings)
        var opened: OpaquePointer?
        guard unsafe sqlite3_open("\(settings.state)/db/tidings.db", &opened) == SQLITE_OK, let database = unsafe opened else {
            throw BenchError("cannot open the ledger of \(settings.state)")
        }
        defer { unsafe sqlite3_close(database) }
        for sql in Self.statements(count) {
            var message: UnsafeMutablePointer<CChar>?
            guard unsafe sqlite3_exec(database, sql, nil, nil, &message) == SQLITE_OK else {
                let reason = unsafe message.map { unsafe String(cString: $0) } ?? "?"
                throw BenchError("cannot fill the ledger: \(reason)")
            }
        }
    }

    private static func statements(_ count: Int) -> [String] {
        let articles = max(1, count / versionsPerArticle)
        // Hashes only have to differ, and to lie anywhere in their index.
        let hash = "CAST(printf('%08x%024d', (n.i * 2654435761) & 4294967295, n.i) AS BLOB)"
        return [
            "PRAGMA synchronous = OFF", "BEGIN",
            "CREATE TEMP TABLE n (i INTEGER PRIMARY KEY)",
            "WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c WHERE i < \(count)) INSERT INTO n SELECT i FROM c",
            "INSERT INTO sources (source, name, kind, locator, state) VALUES (1000, 'archive', 'feed', 'https://archive.example/', 'ok')",
            """
            INSERT INTO contents SELECT n.i, \(hash), 0,
                CAST(printf('Article %d, of which the harbor master has written text %d. ', n.i, n.i) || hex(zeroblob(100)) AS BLOB), NULL
            FROM n
            """,
            """
            INSERT INTO articles SELECT n.i, printf('a%025d', n.i), \(versionsPerArticle), \(hash), n.i * \(versionsPerArticle), 1, NULL
            FROM n WHERE n.i <= \(articles)
            """,
            """
            INSERT INTO versions SELECT (n.i - 1) / \(versionsPerArticle) + 1, (n.i - 1) % \(versionsPerArticle) + 1, n.i, n.i,
                n.i + 1, NULL, json_object('title', printf('Article %d', n.i), 'url', printf('https://archive.example/%d', n.i))
            FROM n WHERE n.i <= \(articles * versionsPerArticle)
            """,
            """
            INSERT INTO sightings (source, key, rule, locator, article, shown_hash, raw_hash, metadata, rules, url, first_seen_ms,
                last_seen_ms)
            SELECT 1000, printf('id-%d', n.i), 'guid', 'https://archive.example/', n.i, \(hash), \(hash), n.i, 1,
                printf('https://archive.example/%d', n.i), 1, 1
            FROM n WHERE n.i <= \(articles)
            """,
            """
            INSERT INTO changes (seq, committed_ms, type, article, source, line) SELECT s.first + n.i, 1, 'article.updated', (n.i - 1) / \(versionsPerArticle) + 1, 1000,
                CAST(printf('{"specversion":"1.0","id":"%d","source":"urn:uuid:%s","type":"tidings.article.updated","time":\
            "2026-02-20T10:00:00.123Z","sequence":"%019d","data":{"version":2,"item":{"title":"Article %d","url":\
            "https://archive.example/%d"},"characters":300}}', s.first + n.i, s.stream, s.first + n.i, n.i, n.i) || char(10) AS BLOB)
            FROM n, (SELECT (SELECT max(seq) FROM changes) AS first, (SELECT value FROM meta WHERE key = 'stream') AS stream) AS s
            """,
            "INSERT INTO source_changes VALUES (1000, 'article.updated', \(count))",
            "COMMIT", "PRAGMA wal_checkpoint(TRUNCATE)",
        ]
    }
}

/// How long the daemon needs to be ready over very many stored versions, and to be gone again.
func measureVersions(_ bench: Workbench, count: Int) throws -> [Figure] {
    let stored = try StoredVersions(bench, count: count)
    // Its rows are not in the change file yet: the first start ends with publishing them all.
    let first = try RunningDaemon(bench.tidings, stored.settings)
    let publishing = try seconds { while try stored.settings.publishedLines() < count { usleep(100_000) } }
    try first.process.stop()
    var ready: [Double] = []
    var stop: [Double] = []
    for _ in 0..<max(3, bench.rounds) {
        let daemon = try RunningDaemon(bench.tidings, stored.settings)
        ready.append(daemon.secondsToReady)
        stop.append(try seconds { try daemon.process.stop() })
    }
    try FileManager.default.removeItem(atPath: stored.settings.changes)
    let anew = try RunningDaemon(bench.tidings, stored.settings)
    try anew.process.stop()
    return [
        Figure(
            name: "start to ready, \(count) versions", value: median(ready) * 1e3, unit: "ms", target: .atMost(200),
            note: "empty folder; \(decimal(first.secondsToReady * 1e3)) ms with nothing published, \(decimal(publishing)) s until all is"),
        Figure(name: "TERM to exit, idle", value: median(stop) * 1e3, unit: "ms"),
        Figure(name: "start to ready, change file made anew", value: anew.secondsToReady * 1e3, unit: "ms"),
    ]
}

/// How long a daemon in the middle of its first ingest needs to be gone.
func measureStop(_ bench: Workbench) throws -> [Figure] {
    try bench.makeTree()
    let settings = Settings(name: "stopping", folder: bench.tree, in: bench.path)
    try settings.write()
    var times: [Double] = []
    for _ in 0..<max(3, bench.rounds) {
        settings.removeState()
        let daemon = try RunningDaemon(bench.tidings, settings)
        // Until it works at full speed.
        while try settings.publishedLines() < bench.files / 20 { usleep(1_000) }
        times.append(try seconds { try daemon.process.stop() })
    }
    settings.removeState()
    return [Figure(name: "TERM to exit, while it ingests", value: median(times) * 1e3, unit: "ms", target: .atMost(10_000))]
}
