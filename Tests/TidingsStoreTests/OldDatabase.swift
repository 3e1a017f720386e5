import TidingsCore

@testable import TidingsStore

/// A database as a program of an earlier schema left it: a folder with two files, one of them edited.
enum OldDatabase {
    static let stream = "0198f2a4-5c1e-7d3a-9b60-2f8e4d7a1c35"
    private static let texts = ["One.", "Two.", "Two, edited."]

    /// The lines that it had published.
    static let lines = [
        line(1, "source.added", nil, #""origin":{"source":"docs","kind":"folder"}"#),
        line(2, "article.created", "a", #""version":1,"content_hash":"\#(form(0).hash)","origin":{"source":"docs","kind":"folder","key":"a"}"#),
        line(3, "article.created", "b", #""version":1,"content_hash":"\#(form(1).hash)","origin":{"source":"docs","kind":"folder","key":"b"}"#),
        line(
            4, "article.updated", "b",
            #""version":2,"previous_version":1,"content_hash":"\#(form(2).hash)","origin":{"source":"docs","kind":"folder","key":"b"}"#),
    ]

    /// - Parameter schema: how many steps of the schema that program knew.
    static func make(at path: String, schema: Int) throws {
        let database = try Connection(path: path, access: .write)
        try database.execute("PRAGMA journal_mode = WAL")
        for step in Schema.steps.prefix(schema) { try database.execute(step) }
        try database.execute("PRAGMA user_version = \(schema)")
        try database.execute(
            """
            INSERT INTO meta VALUES ('stream', '\(stream)');
            INSERT INTO sources (source, name, kind, locator, state, state_since_ms, imported_ms) VALUES (1, 'docs', 'folder', '/docs', 'ok', 1, 1);
            """)
        for number in texts.indices {
            try database.prepare("INSERT INTO contents (content, hash, encoding, form) VALUES (?, ?, 0, ?)")
                .run(.integer(Int64(number + 1)), .blob(form(number).hash.bytes), .blob(form(number).bytes))
        }
        // Row, key, newest version, its content.
        for (row, key, newest, content) in [(1, "a", 1, 1), (2, "b", 2, 3)] as [(Int64, String, Int64, Int64)] {
            let hash = form(Int(content - 1)).hash
            let raw = item(texts[Int(content - 1)]).rawHash
            try database.prepare("INSERT INTO articles VALUES (?, ?, ?, ?, ?, 2, NULL)")
                .run(.integer(row), .text(article(key)), .integer(newest), .blob(hash.bytes), .integer(content))
            try database.prepare(
                """
                INSERT INTO sightings (sighting, source, key, rule, article, shown_hash, raw_hash, metadata, rules, first_seen_ms, last_seen_ms)
                VALUES (?1, 1, ?2, 'path', ?1, ?3, ?4, 0, \(textRulesVersion), 2, 3)
                """
            ).run(.integer(row), .text(key), .blob(hash.bytes), .blob(raw.bytes))
            try database.prepare(
                """
                INSERT INTO captures (source, locator, captured_ms, seen_ms, raw_hash, bytes, stamp, rules, format, problems)
                VALUES (1, ?, 2, 3, ?, 4, 1, \(textRulesVersion), 'text', 0)
                """
            ).run(.text(key), .blob(raw.bytes))
        }
        // Article, number, content, change.
        for (row, number, content, change) in [(1, 1, 1, 2), (2, 1, 2, 3), (2, 2, 3, 4)] as [(Int64, Int64, Int64, Int64)] {
            try database.prepare("INSERT INTO versions VALUES (?, ?, ?, 2, ?, ?, '{}')")
                .run(.integer(row), .integer(number), .integer(content), .integer(change), number == 1 ? .null : .text("substantive"))
        }
        let changes: [(type: String, article: Int64?)] = [("source.added", nil), ("article.created", 1), ("article.created", 2), ("article.updated", 2)]
        for (number, change) in changes.enumerated() {
            try database.prepare("INSERT INTO changes (seq, committed_ms, type, article, source, line) VALUES (?, 2, ?, ?, 1, ?)")
                .run(.integer(Int64(number + 1)), .text(change.type), .optional(change.article), .blob(Array(lines[number].utf8)))
            if schema >= 3 {
                try database.prepare("INSERT INTO source_changes VALUES (1, ?, 1) ON CONFLICT DO UPDATE SET count = count + 1").run(.text(change.type))
            }
        }
    }

    private static func form(_ number: Int) -> CanonicalForm { CanonicalForm(title: nil, text: texts[number]) }

    static func article(_ key: String) -> String { ArticleID(source: "docs", key: key).description }

    private static func line(_ sequence: Int, _ type: String, _ key: String?, _ data: String) -> String {
        let subject = key.map { #""subject":"\#(article($0))","# } ?? ""
        return #"{"specversion":"1.0","id":"\#(sequence)","source":"urn:uuid:\#(stream)","type":"tidings.\#(type)","time":"2026-01-02T03:04:05.678Z","#
            + subject + #""sequence":"000000000000000000\#(sequence)","data":{\#(data)}}"# + "\n"
    }
}
