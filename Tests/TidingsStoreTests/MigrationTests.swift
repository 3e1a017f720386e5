import Foundation
import TestSupport
import Testing
import TidingsFailpoints

@testable import TidingsStore

/// A database of an earlier program gets the present schema and keeps what it has; one of a later program keeps all it is.
@Suite("Migration") struct MigrationTests {
    private static let schemas = Array(1..<Schema.steps.count)

    @Test("a database of each earlier schema goes on as it was", arguments: schemas)
    func upgrade(from schema: Int) async throws {
        let fixture = try LedgerFixture()
        try OldDatabase.make(at: fixture.path, schema: schema)
        try await expectGoesOn(fixture)
    }

    @Test("what was remembered of a feed is remembered, and a state that nobody can read is none", arguments: 1...4)
    func polls(from schema: Int) async throws {
        let fixture = try LedgerFixture()
        try OldDatabase.make(at: fixture.path, schema: schema)
        do {
            let connection = try Connection(path: fixture.path, access: .write)
            let state = #"'{"nextPoll":77,"dueReason":"max_age","validators":{"etag":"\"v1\""}}'"#
            for (name, poll) in [("news", state), ("old", "'{'"), ("new", "NULL")] {
                try connection.execute(
                    "INSERT INTO sources (name, kind, locator, poll) VALUES ('\(name)', 'feed', 'https://\(name).test/feed', \(poll))")
            }
        }
        let (_, sources) = try await fixture.open(feeds: ["news", "old", "new"])
        let polls = try sources.map { try fixture.reader().polls(of: $0.id) }
        #expect(
            polls == [
                [
                    PollRow(
                        locator: "https://news.test/feed", host: "news.test", dueMilliseconds: 77,
                        state: #"{"dueReason":"max_age","validators":{"etag":"\"v1\""}}"#)
                ],
                [PollRow(locator: "https://old.test/feed", host: "old.test", dueMilliseconds: 1, state: "")],
                [PollRow(locator: "https://new.test/feed", host: "new.test", dueMilliseconds: 1, state: "")],
            ])
    }

    @Test("before a daemon has migrated it, a database is read as it is", arguments: 3...4)
    func readBeforeMigration(from schema: Int) throws {
        let fixture = try LedgerFixture()
        try OldDatabase.make(at: fixture.path, schema: schema)
        try Connection(path: fixture.path, access: .write).execute(
            """
            INSERT INTO sources (name, kind, locator, poll)
            VALUES ('news', 'feed', 'https://news.test/feed', '{"nextPoll":77,"dueReason":"max_age"}')
            """)
        let statuses = try fixture.reader().sourceStatuses()
        #expect(statuses.map(\.source.name) == ["docs", "news"])
        #expect(statuses.map(\.pollState?.nextPoll) == [nil, 77])
        #expect(statuses[1].pollState?.dueReason == .maxAge)
        #expect(statuses[0].articleChanges == 3)
        let article = try #require(ArticleReference(OldDatabase.article("b")))
        #expect(try fixture.reader().provenance(article).sightings.map(\.capture?.capturedMilliseconds) == [2])
    }

    @Test("a migration that dies at any step, and again, leaves the old schema or the new, never something between", arguments: schemas)
    func death(from schema: Int) async throws {
        // Each step of the schema has three failpoints.
        let steps = 3 * (Schema.steps.count - schema)
        // The short form dies at all of them from the oldest schema; from the others, at those of their own step.
        for first in isLongRun || schema == 1 ? Array(1...steps + 1) : [1, 2, 3, steps + 1] {
            for second in isLongRun ? 1...100 : first...first {
                let fixture = try LedgerFixture()
                try OldDatabase.make(at: fixture.path, schema: schema)
                let deaths = try [first, second].map { try migrate(fixture, failing: "*=die@\($0)-") }
                try await expectGoesOn(fixture)
                #expect(deaths[0] == (first <= steps))
                guard deaths[1] else { break }
            }
        }
    }

    @Test("a migration that fails is taken back, and succeeds when there is no fault any more", arguments: ["ENOSPC", "EROFS", "EIO"])
    func failure(_ failure: String) async throws {
        for number in 1...3 {
            let fixture = try LedgerFixture()
            try OldDatabase.make(at: fixture.path, schema: 1)
            #expect(try migrate(fixture, failing: "*=\(failure)@\(number)"))
            try await expectGoesOn(fixture)
        }
    }

    @Test("a database of a later program is refused, and not one byte of it is touched", arguments: ["WAL", "DELETE"])
    func newerSchema(_ journal: String) async throws {
        let fixture = try LedgerFixture()
        do {
            let (ledger, rows) = try await fixture.open(folders: ["docs"])
            _ = try await ledger.commit([rows[0].file("a", "One.")], at: 2)
        }
        do {
            let later = try Connection(path: fixture.path, access: .write)
            try later.execute("PRAGMA user_version = \(Schema.steps.count + 1)")
            try later.execute("PRAGMA journal_mode = \(journal)")
        }
        let before = try Self.files(of: fixture)
        let writing = #expect(throws: StoreError.self) { try Ledger(path: fixture.path) }
        let reading = #expect(throws: StoreError.self) { try LedgerReader(path: fixture.path) }
        for error in [writing, reading] {
            #expect(error?.reason == .newerSchema(found: Schema.steps.count + 1, known: Schema.steps.count))
        }
        // Who reads a database in WAL mode has to make an empty log beside it.
        var after = try Self.files(of: fixture)
        after["tidings.db-shm"] = nil
        if after["tidings.db-wal"]?.isEmpty == true { after["tidings.db-wal"] = nil }
        #expect(after == before)
    }

    /// - Returns: whether it failed; then the database is one that some program could have left.
    private func migrate(_ fixture: LedgerFixture, failing message: String) throws -> Bool {
        let plan = try #require(FailurePlan(message))
        var hasFailed = false
        do {
            _ = try FailurePlan.$current.withValue(plan) { try Ledger(path: fixture.path) }
        } catch is StoreError {
            hasFailed = true
        }
        let connection = try Connection(path: fixture.path, access: .read)
        let version = Int(try connection.integer("PRAGMA user_version"))
        #expect(try Self.schema(of: connection) == Self.freshSchema(version), "\(message): schema \(version)")
        #expect(try Self.lines(of: connection) == OldDatabase.lines, "\(message)")
        return hasFailed
    }

    /// With the present schema the old lines are what they were, what was known is known, and what is new follows.
    private func expectGoesOn(_ fixture: LedgerFixture) async throws {
        let (ledger, rows) = try await fixture.open(folders: ["docs"])
        let reader = try LedgerReader(path: fixture.path)
        #expect(try Self.lines(of: reader.connection) == OldDatabase.lines)
        #expect(try Self.schema(of: reader.connection) == Self.freshSchema(Schema.steps.count))
        #expect(await ledger.stream == OldDatabase.stream)
        #expect(try Self.texts("PRAGMA integrity_check", reader.connection) == ["ok"])
        #expect(try reader.connection.integer("SELECT count FROM source_changes WHERE type = 'article.created'") == 2)
        _ = try await ledger.commit([rows[0].file("a", "One."), rows[0].file("b", "Two, edited.")], at: 9)
        #expect(try fixture.lines(after: 4) == [])
        _ = try await ledger.commit([rows[0].file("b", "Something else entirely."), rows[0].file("c", "Three.")], at: 9)
        #expect(try fixture.lines(after: 4) == ["updated b@3 substantive", "created c@1"])
    }

    // MARK: what there is

    private static func lines(of connection: Connection) throws -> [String] {
        try texts("SELECT CAST(line AS TEXT) FROM changes ORDER BY seq", connection)
    }

    /// Every table and index, as SQLite was told to make it.
    private static func schema(of connection: Connection) throws -> [String] {
        try texts("SELECT type || ' ' || name || ' ' || coalesce(sql, '') FROM sqlite_schema ORDER BY type, name", connection)
    }

    private static func freshSchema(_ version: Int) throws -> [String] {
        let fresh = try Connection(path: ":memory:", access: .write)
        for step in Schema.steps.prefix(version) { try fresh.execute(step) }
        return try schema(of: fresh)
    }

    private static func texts(_ sql: String, _ connection: Connection) throws -> [String] {
        var texts: [String] = []
        try connection.prepare(sql).each { row in
            texts.append(row.text(0))
            return true
        }
        return texts
    }

    private static func files(of fixture: LedgerFixture) throws -> [String: Data] {
        var files: [String: Data] = [:]
        for name in try FileManager.default.contentsOfDirectory(atPath: fixture.folder.path) {
            files[name] = try Data(contentsOf: fixture.folder.appending(path: name))
        }
        return files
    }
}
