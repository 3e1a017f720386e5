import Foundation
import Glibc
import TestSupport
import Testing
import TidingsFailpoints

@testable import TidingsStore

/// A start of the program that takes many steps, each of which may be its last.
struct StepScenario: CustomTestStringConvertible, Sendable {
    let name: String
    /// The steps that some start of it takes: none may go away unseen.
    let steps: Set<Failpoint>
    /// Whether the change files are damaged when it begins, so that whoever reads them must expect lines that are none.
    var isDamaged = false
    /// Whether old changes are no longer kept, so that the ledger does not have the beginning of the stream.
    var isPruned = false
    /// What happened before; the program does not run any more.
    let prepare: @Sendable (Installation) async throws -> Void

    var testDescription: String { name }

    static let all = [arrivals, changes, migration, torn, rotation, damage, restoration, loss, retention]

    /// An installation whose folder is believed at once, and whose change files are begun anew after a minute.
    static func installation() throws -> Installation {
        try Installation(folder)
    }

    private static let folder = "folders:\n  - { name: news, path: news, settle: 0ms }\nstream: { rotate_age: 1m }\n"

    /// The same with the folder and the state of another.
    static func installation(like base: String) throws -> Installation {
        let copy = try installation()
        for part in ["news", "state", "tidings.yaml"] {
            try? FileManager.default.removeItem(atPath: "\(copy.base)/\(part)")
            try FileManager.default.copyItem(atPath: "\(base)/\(part)", toPath: "\(copy.base)/\(part)")
        }
        return copy
    }

    private static let commit: Set<Failpoint> = [.commitBegun, .commitApplied, .commitCommitted]
    private static let append: Set<Failpoint> = [.appendBegun, .appendWritten, .appendSynced]
    private static let migrate: Set<Failpoint> = [.migrationBegun, .migrationApplied, .migrationCommitted]
    private static let segment: Set<Failpoint> = [.segmentBegun, .segmentWritten, .segmentSynced, .segmentRenamed, .segmentNamed]

    static let arrivals = StepScenario(
        name: "the first start of all", steps: commit.union(append).union(migrate).union(segment).union([.recoveryExamined])
    ) { tidings in
        // So that `tail -F` has a folder to watch.
        try FileManager.default.createDirectory(atPath: tidings.state + "/stream", withIntermediateDirectories: true)
        for number in 1...3 { try tidings.write(notice(number), to: "\(number).txt") }
        try tidings.copy("3.txt", to: "copy-of-3.txt")
    }

    static let changes = StepScenario(
        name: "arrivals, edits, removals, moves, a duplicate", steps: commit.union(append).union([.recoveryExamined])
    ) { tidings in
        try await arrivals.prepare(tidings)
        for number in 4...6 { try tidings.write(notice(number), to: "\(number).txt") }
        try await tidings.once()
        try change(tidings)
    }

    static let migration = StepScenario(
        name: "a database of the first schema", steps: commit.union(append).union(migrate).union([.recoveryExamined])
    ) { tidings in
        try await changes.prepare(tidings)
        try OldLedger.make(of: tidings.state + "/db/tidings.db", schema: 1)
    }

    static let torn = StepScenario(
        name: "a line that was written by half", steps: commit.union(append).union([.recoveryExamined])
    ) { tidings in
        try await changes.prepare(tidings)
        let bytes = try #require(FileManager.default.contents(atPath: tidings.changeFile))
        #expect(unsafe truncate(tidings.changeFile, bytes.count - 50) == 0)
    }

    static let rotation = StepScenario(
        name: "a change file that is old enough",
        steps: commit.union(append).union(segment).union([.recoveryExamined, .rotationSynced, .rotationLinked])
    ) { tidings in
        try await changes.prepare(tidings)
        try tidings.ageChangeFile()
    }

    static let damage = StepScenario(
        name: "damaged change files, sealed and live", steps: commit.union(append).union(segment).union([.recoveryExamined, .recoveryCopyKept]),
        isDamaged: true
    ) { tidings in
        try await rotation.prepare(tidings)
        try await tidings.once()
        try tidings.write(notice(20), to: "20.txt")
        let sealed = try #require(try tidings.sealedFiles().first)
        let bytes = try #require(FileManager.default.contents(atPath: sealed))
        #expect(unsafe truncate(sealed, bytes.count - 30) == 0)
        let live = try #require(FileHandle(forWritingAtPath: tidings.changeFile))
        try live.seekToEnd()
        try live.write(contentsOf: Data("a line that somebody added by hand\n".utf8))
        try live.close()
    }

    static let restoration = StepScenario(
        name: "an older copy of the database",
        steps: commit.union(append).union(segment).union([.recoveryExamined, .recoverySetAside, .resetCommitted])
    ) { tidings in
        try await arrivals.prepare(tidings)
        try await tidings.once()
        let folder = tidings.state + "/db"
        let copy = tidings.base + "/copy"
        try FileManager.default.createDirectory(atPath: copy, withIntermediateDirectories: true)
        let files = ["tidings.db", "tidings.db-wal", "tidings.db-shm"]
        for file in files where FileManager.default.fileExists(atPath: "\(folder)/\(file)") {
            try FileManager.default.copyItem(atPath: "\(folder)/\(file)", toPath: "\(copy)/\(file)")
        }
        for number in 4...6 { try tidings.write(notice(number), to: "\(number).txt") }
        try await tidings.once()
        try tidings.ageChangeFile()
        try tidings.write(notice(7), to: "7.txt")
        try await tidings.once()
        for file in files {
            try? FileManager.default.removeItem(atPath: "\(folder)/\(file)")
            try? FileManager.default.moveItem(atPath: "\(copy)/\(file)", toPath: "\(folder)/\(file)")
        }
        try tidings.write(notice(8), to: "8.txt")
    }

    static let loss = StepScenario(
        name: "a lost database",
        steps: commit.union(append).union(migrate).union(segment).union([.recoveryExamined, .recoverySetAside, .resetCommitted])
    ) { tidings in
        try await rotation.prepare(tidings)
        try await tidings.once()
        for suffix in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: tidings.state + "/db/tidings.db" + suffix) }
        try tidings.write(notice(8), to: "8.txt")
    }

    /// Enough in three change files that some of the files, of the rows and of the versions are too much.
    static let retention = StepScenario(
        name: "more than is to be kept",
        steps: commit.union(append).union([.recoveryExamined, .pruneBegun, .pruneApplied, .pruneCommitted, .pruneFileRemoved]),
        isPruned: true
    ) { tidings in
        try await changes.prepare(tidings)
        for round in 1...3 {
            for number in 20...80 { try tidings.write(notice(number + 100 * round), to: "\(number).txt") }
            try tidings.ageChangeFile()
            try await tidings.once()
        }
        try tidings.write(notice(8), to: "8.txt")
        try tidings.write(
            settings: folder + "retention:\n  change_files: { size: 64KiB }\n  changes: { size: 64KiB }\n  versions: { count: 1 }\n")
    }

    /// One of each: an edit, a removal, a move, a copy, an arrival, an edit of what has a copy.
    private static func change(_ tidings: Installation) throws {
        try tidings.write(notice(11), to: "1.txt")
        try tidings.remove("2.txt")
        try tidings.rename("4.txt", to: "moved-4.txt")
        try tidings.copy("5.txt", to: "copy-of-5.txt")
        try tidings.write(notice(12), to: "12.txt")
        try tidings.write(notice(13), to: "3.txt")
    }

    private static func notice(_ number: Int) -> String {
        """
        Notice number \(number) of the harbor office

        Whoever reads notice \(number) knows what the harbor office wanted to say with it.

        """
    }
}

extension StepScenario {
    /// The steps of a start from what was prepared, in the order in which they are reached.
    func stepsReached(from prepared: String) async throws -> [Failpoint] {
        let tidings = try Self.installation(like: prepared)
        let result = try await tidings.start(["run", "--once"], environment: ["TIDINGS_FAILPOINTS": "*=tell@1-"]).result()
        #expect(result.status == 0, "\(result.errors)")
        return result.errors.matches(of: /failpoint ([a-z_.]+)/).compactMap { Failpoint(rawValue: String($0.1)) }
    }

    /// The six promises, and that who folds what was told knows the files.
    func expectPromises(
        of tidings: Installation, to follower: Observation, and reader: Observation, after note: String, resuming: Bool
    ) async throws {
        // `tail -F` beside damaged files sees the damage.
        try await tidings.expectPromises(
            isDamaged ? [reader] : [follower, reader], after: note, resuming: resuming, folding: !isPruned)
        let rows = try tidings.ledger().lines(after: 0, limitBytes: .max).map { String(decoding: $0.bytes, as: UTF8.self) }
        let fold = StreamFold(try (isPruned ? reader.lines.map(\.text) : rows).map(StreamLine.init))
        #expect(try fold.titleAtKey == tidings.headlines(), "\(note)")
    }
}

extension Installation {
    /// Has the change file say that it was begun long ago, so that the next start begins a new one.
    func ageChangeFile() throws {
        let text = try String(contentsOfFile: changeFile, encoding: .utf8)
        let end = try #require(text.firstIndex(of: "\n"))
        let header = text[..<end].replacing(/"time":"2[0-9]{3}/) { _ in "\"time\":\"2020" }
        #expect(header != text[..<end])
        try (header + text[end...]).write(toFile: changeFile, atomically: false, encoding: .utf8)
    }

    func sealedFiles() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: state + "/stream").filter { $0.hasPrefix("changes-") }
            .sorted().map { state + "/stream/" + $0 }
    }

    /// First line of each file of the folder.
    func headlines() throws -> [String: String] {
        var headlines: [String: String] = [:]
        for name in try FileManager.default.contentsOfDirectory(atPath: news) {
            headlines[name] = try read(name).split(separator: "\n").first.map(String.init)
        }
        return headlines
    }
}

/// A database as a program of an earlier schema would have left it.
enum OldLedger {
    /// Makes the database in `path` anew by the first so many steps of the schema, with the rows that it has, as far as there
    /// were tables and columns for them then.
    static func make(of path: String, schema: Int) throws {
        let old = path + ".old"
        do {
            let present = try Connection(path: path, access: .write)
            try present.execute("PRAGMA journal_mode = DELETE")
            let connection = try Connection(path: old, access: .write)
            for step in Schema.steps.prefix(schema) { try connection.execute(step) }
            try connection.execute("PRAGMA user_version = \(schema)")
            try connection.execute("PRAGMA journal_mode = WAL")
            try connection.execute("ATTACH '\(path)' AS present")
            for table in try names("SELECT name FROM main.sqlite_schema WHERE type = 'table' AND name <> 'sqlite_sequence'", connection) {
                let columns = try names(
                    """
                    SELECT name FROM pragma_table_info('\(table)', 'main')
                    WHERE name IN (SELECT name FROM pragma_table_info('\(table)', 'present'))
                    """, connection
                ).joined(separator: ", ")
                // The present schema may know no such table.
                if columns.isEmpty { continue }
                try connection.execute("INSERT INTO main.\(table) (\(columns)) SELECT \(columns) FROM present.\(table)")
            }
        }
        for suffix in ["-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path + suffix) }
        #expect(unsafe rename(old, path) == 0)
    }

    private static func names(_ sql: String, _ connection: Connection) throws -> [String] {
        var names: [String] = []
        try connection.prepare(sql).each { row in
            names.append(row.text(0))
            return true
        }
        return names
    }
}
