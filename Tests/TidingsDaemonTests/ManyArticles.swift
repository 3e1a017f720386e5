@testable import TidingsStore

/// Fills a ledger in a second with more articles than a daemon would commit in a minute. Each is one version, seen once, with a text
/// of a given length; hashes are made up, and there are no change rows.
enum ManyArticles {
    static func insert(_ count: Int, textBytes: Int = 500, into path: String) throws {
        let connection = try Connection(path: path, access: .write)
        let first = try connection.integer("SELECT coalesce(max(article), 0) + 1 FROM articles")
        let content = try connection.integer("SELECT coalesce(max(content), 0) + 1 FROM contents")
        try connection.execute(
            """
            BEGIN;
            CREATE TEMP TABLE numbers AS
                WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < \(count)) SELECT i FROM n;
            INSERT INTO contents SELECT \(content) + i, randomblob(32), 0,
                CAST('Article ' || i || char(10, 10) || substr(hex(zeroblob(\(textBytes))), 1, \(textBytes)) AS BLOB), NULL FROM numbers;
            -- 26 digits of base32 that end with the number, its decimal digits being letters.
            INSERT INTO articles SELECT \(first) + i,
                translated, 1, randomblob(32), \(content) + i, 1770000000000 + i, NULL
                FROM (SELECT i, replace(replace(replace(replace(printf('%026d', i), '0', 'a'), '1', 'b'), '8', 'y'), '9', 'z')
                      AS translated FROM numbers);
            INSERT INTO versions SELECT \(first) + i, 1, \(content) + i, 1770000000000 + i, 1, NULL,
                '{"id":"' || i || '","title":"Article ' || i || '","language":"en","tags":["a","b"],"summary":"short"}' FROM numbers;
            INSERT INTO sightings (source, key, rule, article, shown_hash, raw_hash, metadata, rules, first_seen_ms, last_seen_ms)
                SELECT 1, 'many/' || i || '.txt', 'path', \(first) + i, x'', x'', 0, 1, 1770000000000 + i, 1770000000000 + i
                FROM numbers;
            DROP TABLE numbers;
            COMMIT;
            """)
    }
}
