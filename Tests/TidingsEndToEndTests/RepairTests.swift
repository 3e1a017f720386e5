import Foundation
import TestSupport
import Testing
import TidingsStore

/// What `verify` finds, and what `verify --repair` puts right.
@Suite(.timeLimit(.minutes(5)))
struct RepairTests {
    struct Damage: CustomTestStringConvertible, Sendable {
        let sql: String
        let message: String
        var isRepairable = false
        var testDescription: String { message }
    }

    private static let findsAndRepairsRows: [Damage] = [
        Damage(sql: "UPDATE contents SET form = CAST(replace(CAST(form AS TEXT), 'notice', 'motice') AS BLOB) WHERE content = 2",
               message: "content 2: the text is not that of its hash"),
        Damage(sql: "UPDATE changes SET line = (SELECT line FROM changes WHERE seq = 4) WHERE seq = 3",
               message: "change 3: the line is not the one that was committed"),
        Damage(sql: "UPDATE changes SET (line, checksum) = (SELECT line, NULL FROM changes WHERE seq = 4) WHERE seq = 3",
               message: "change 3: the line has another number"),
        Damage(sql: "UPDATE changes SET type = 'article.moved' WHERE seq = 3", message: "change 3: the line is of another type"),
        Damage(sql: "UPDATE changes SET article = 1 WHERE seq = 3", message: "change 3: the line is about another article"),
        Damage(sql: "UPDATE changes SET committed_ms = 7 WHERE seq = 3", message: "change 3: the line has another time"),
        Damage(sql: "DELETE FROM changes WHERE seq = 3", message: "changes 3 … 3 are lost"),
        Damage(sql: "DELETE FROM changes WHERE seq = 5", message: "changes 5 … 5 are lost"),
        Damage(sql: "UPDATE articles SET removed_ms = 9 WHERE article = 2", message: "it is removed, and the changes say that it is not"),
        Damage(sql: "UPDATE articles SET newest = 2 WHERE article = 2", message: "its versions should be 1 … 2, there are 1 … 1"),
        Damage(sql: "UPDATE articles SET newest_content = 1 WHERE article = 2", message: "its newest content is not that of version 1"),
        Damage(sql: "DELETE FROM versions WHERE article = 2", message: "its versions should be 1 … 1, there are none"),
        Damage(sql: "UPDATE versions SET seq = 2 WHERE article = 2", message: "version 1 was announced by change 2, which is about something else"),
        Damage(sql: "PRAGMA foreign_keys = OFF; DELETE FROM contents WHERE content = 2", message: "a row of articles refers to a missing row of contents"),
        Damage(sql: "UPDATE source_changes SET count = count + 5", message: "were counted, there are", isRepairable: true),
        Damage(sql: "DELETE FROM source_changes", message: "0 changes of type article.created were counted, there are 4", isRepairable: true),
    ]

    @Test("verify finds it, names the next step, and repairs what follows from something else")
    func findsAndRepairs() async {
        await forEachRow(of: Self.findsAndRepairsRows) { (damage: Damage) in
            let tidings = try await Self.sound()
            try await tidings.sql(damage.sql)
            let found = try await tidings.run("verify")
            #expect(found.status == 65, "\(found.output)")
            let line = try #require(found.lines.first { $0.contains(damage.message) }, "\(found.output)")
            #expect(line.contains(damage.isRepairable ? "run `tidings verify --repair`" : "restore a backup"))
            let json = try await tidings.run("verify", "--json")
            #expect(json.status == 65 && json.output.contains(#""sound":false"#) && json.lines.count == 1, "\(json.output)")

            let repair = try await tidings.run("verify", "--repair")
            #expect(repair.status == (damage.isRepairable ? 0 : 65), "\(repair.output)\(repair.errors)")
            #expect(repair.output.contains("repaired: the counters") == damage.isRepairable)
            #expect(try await tidings.run("verify").status == (damage.isRepairable ? 0 : 65))
            if damage.isRepairable { try await tidings.expectPromises(after: damage.message) }
        }
    }

    @Test func rebuildsAnIndexThatLacksARow() async throws {
        let tidings = try await Self.sound()
        // An index that SQLite does not know of for a while misses what is written meanwhile.
        try await tidings.sql(
            """
            CREATE TABLE kept AS SELECT * FROM sqlite_schema WHERE name = 'sightings_by_url';
            PRAGMA writable_schema = ON; DELETE FROM sqlite_schema WHERE name = 'sightings_by_url';
            """)
        try await tidings.sql("UPDATE sightings SET url = 'https://delta.example/' || key")
        try await tidings.sql(
            "PRAGMA writable_schema = ON; INSERT INTO sqlite_schema SELECT * FROM kept; DROP TABLE kept; PRAGMA writable_schema = RESET;")
        let found = try await tidings.run("verify")
        #expect(found.status == 65 && found.output.contains("missing from index sightings_by_url; stop the daemon and run"), "\(found.output)")
        let repair = try await tidings.run("verify", "--repair")
        #expect(repair.status == 0 && repair.output.contains("repaired: the indexes"), "\(repair.output)")
        #expect(try await tidings.run("verify").status == 0)
        try await tidings.expectPromises(after: "an index that lacked rows")
    }

    @Test func makesFilesAnewAndRemovesLeftovers() async throws {
        let tidings = try await Self.sound()
        let follower = try Follower(tidings.changeFile)
        try await follower.catchUp(with: tidings)
        let lines = try tidings.rawLines()
        let text = try String(contentsOfFile: tidings.changeFile, encoding: .utf8)
        // As an editor saves: a new file under the name.
        try text.replacingOccurrences(of: "Notice 1", with: "Motice 1").write(toFile: tidings.changeFile, atomically: true, encoding: .utf8)
        try "half".write(toFile: tidings.changeFile + ".new", atomically: false, encoding: .utf8)
        let found = try await tidings.run("verify")
        #expect(found.status == 65)
        #expect(found.output.contains("changes.ndjson:4: change 3: differs from the ledger; stop the daemon and run `tidings verify --repair`"), "\(found.output)")
        #expect(found.output.contains("changes.ndjson.new: left by a process that was killed"))

        let repair = try await tidings.run("verify", "--repair")
        #expect(repair.status == 0, "\(repair.output)\(repair.errors)")
        #expect(repair.output.contains("repaired: changes.ndjson was made anew from the database"))
        #expect(repair.output.contains("repaired: 1 leftover"))
        #expect(repair.output.contains("note: changes.ndjson.damaged: "))
        #expect(try tidings.rawLines() == lines)
        let copy = try String(contentsOfFile: tidings.changeFile + ".damaged", encoding: .utf8)
        #expect(copy.contains("Motice 1"), "what it was is kept")
        #expect(!FileManager.default.fileExists(atPath: tidings.changeFile + ".new"))
        let again = try await tidings.run("verify", "--repair")
        #expect(again.status == 0 && !again.output.contains("repaired:"), "\(again.output)")
        try await tidings.expectPromises(after: "an edited file")
    }

    @Test func nothingIsRepairedUnderADaemon() async throws {
        let tidings = try Installation()
        let daemon = try await tidings.daemon()
        let result = try await tidings.run("verify", "--repair")
        #expect(result.status == 75 && result.errors.contains("\(daemon.pid)") && result.output.isEmpty, "\(result.errors)")
        #expect(try await tidings.run("verify", "--salvage").status == 64)
        try await daemon.stop()
    }

    /// Five changes: the source, and four articles.
    private static func sound() async throws -> Installation {
        let tidings = try Installation()
        for number in 0..<4 { try tidings.write(BackupTests.notice(number), to: "notice-\(number).txt") }
        try await tidings.once()
        try await tidings.expectSound()
        return tidings
    }
}

extension Installation {
    /// Changes the database behind everybody's back.
    func sql(_ statements: String) async throws {
        let result = try await RunningProgram([state + "/db/tidings.db", statements], of: URL(fileURLWithPath: "/usr/bin/sqlite3")).result()
        try #require(result.status == 0, "\(statements): \(result.errors)")
    }
}
