import Foundation
import Glibc
import TestSupport
import Testing
import TidingsStore

/// A database that a disk or a person has damaged, and a disk that fails.
@Suite(.timeLimit(.minutes(20)))
struct CorruptDatabaseTests {
    private static let rounds = isLongRun ? 300 : 10

    enum Damage: CaseIterable, Sendable {
        case bits, zeros, garbage, truncation

        func done(to bytes: Data, with dice: inout Seeded) -> Data {
            var bytes = bytes
            let page = 4096 * Int.random(in: 0..<bytes.count / 4096, using: &dice)
            switch self {
            case .bits:
                for _ in 0..<3 { bytes[Int.random(in: 0..<bytes.count, using: &dice)] ^= 1 << UInt8.random(in: 0..<8, using: &dice) }
            case .zeros: bytes.replaceSubrange(page..<page + 4096, with: Data(count: 4096))
            case .garbage: for place in page..<page + 4096 { bytes[place] = .random(in: 0...255, using: &dice) }
            case .truncation: bytes = bytes.prefix(Int.random(in: 0..<bytes.count, using: &dice))
            }
            return bytes
        }
    }

    @Test
    func runsExactlyOrRefusesAndChangesNoLine() async {
        await forEachRow(of: Damage.allCases) { (damage: Damage) in
            let given = ProcessInfo.processInfo.environment["TIDINGS_TEST_SEED"].flatMap { UInt64($0) }
            var dice = Seeded(seed: given ?? .random(in: 0 ... .max))
            print("damaging with TIDINGS_TEST_SEED=\(dice.seed)")
            let tidings = try await Self.sound()
            let files = FileManager.default
            let saved = tidings.base + "/saved"
            // All of it in the one file, and in no log that would make the damage good.
            try await tidings.sql("PRAGMA wal_checkpoint(TRUNCATE)")
            try files.copyItem(atPath: tidings.state, toPath: saved)
            let before = try tidings.rawLines()
            try tidings.edit("notice-7.txt", "says to all", "says to everybody")
            try tidings.write(BackupTests.notice(99), to: "new.txt")
            try await tidings.once()
            let exact = Set(try tidings.lines().dropFirst(before.count).map { Announced($0) })
            #expect(exact.count == 2)

            let database = tidings.state + "/db/tidings.db"
            let sound = try Data(contentsOf: URL(fileURLWithPath: saved + "/db/tidings.db"))
            var refused = 0
            for round in 1...Self.rounds {
                let note: Comment = "\(damage), round \(round), seed \(dice.seed)"
                try files.removeItem(atPath: tidings.state)
                try files.copyItem(atPath: saved, toPath: tidings.state)
                let bytes = damage.done(to: sound, with: &dice)
                try bytes.write(to: URL(fileURLWithPath: database))
                let result = try await tidings.run("run", "--once")
                let lines = try tidings.rawLines()
                if result.status == 0 || result.status == 1 {
                    // Nobody can tell a bit of a key from another; of whole pages it is seen.
                    if damage != .bits, Set(try tidings.lines().map(\.source)).count == 1 {
                        #expect(Set(try tidings.lines().dropFirst(before.count).map { Announced($0) }) == exact, note)
                    }
                } else {
                    refused += 1
                    #expect(result.status == 65 || damage == .bits && [70, 78].contains(result.status), "\(note): \(result.errors)")
                    #expect(result.errors.contains("`tidings verify`") || result.status != 65, "\(note): \(result.errors)")
                    #expect(files.fileExists(atPath: database), note)
                }
                #expect(lines.starts(with: before) || bytes.isEmpty, "\(note): what was announced is what it was")
            }
            print("\(damage): refused \(refused) of \(Self.rounds)")
            #expect(refused > 0 || damage == .bits)
        }
    }

    /// What a line says, but for its time and number.
    private struct Announced: Hashable {
        let message: String
        let hash: String?

        init(_ line: StreamLine) { (message, hash) = ("\(line.subject ?? "") \(line.message)", line.data.contentHash) }
    }

    @Test("a disk that fails ends the daemon, and the next start checks the database first", arguments: [
        (call: "pwrite64", file: "tidings.db-wal", when: 5), (call: "pwrite64", file: "tidings.db-wal", when: 12),
        (call: "fdatasync", file: "tidings.db-wal", when: 1),
    ])
    func failingDisk(call: String, file: String, when: Int) async throws {
        let tidings = try await Self.sound()
        let follower = try Follower(tidings.changeFile)
        let before = try tidings.rawLines()
        try tidings.write(BackupTests.notice(50), to: "new.txt")
        try tidings.edit("notice-3.txt", "says to all", "says to everybody")
        let result = try await RunningProgram(
            [
                "-f", "-qq", "-o", "/dev/null", "-P", tidings.state + "/db/" + file, "-e", "trace=\(call)", "-e",
                "inject=\(call):error=EIO:when=\(when)+", BuiltBinary.tidings.path, "run", "--config", tidings.base + "/tidings.yaml",
            ], of: URL(fileURLWithPath: "/usr/bin/strace")
        ).result()
        #expect(result.status == 74, "\(result.errors)")
        #expect(result.errors.contains("disk I/O error"), "\(result.errors)")
        #expect(FileManager.default.fileExists(atPath: tidings.state + "/db/tidings.doubt"))
        #expect(try tidings.rawLines().starts(with: before))

        let next = try await tidings.once()
        #expect(next.errors.contains("checking the database"), "\(next.errors)")
        #expect(!FileManager.default.fileExists(atPath: tidings.state + "/db/tidings.doubt"))
        #expect(try tidings.lines().suffix(2).map { $0.data.origin?.key }.sorted { $0 ?? "" < $1 ?? "" } == ["new.txt", "notice-3.txt"])
        #expect(try await !tidings.once().errors.contains("checking the database"))
        try await follower.catchUp(with: tidings)
        try await tidings.expectPromises([follower.observation.firstSights], after: "\(call) fails")
    }

    @Test func refusesAtTheNextStartWhatTheCheckFindsDamaged() async throws {
        let tidings = try await Self.sound()
        try "the last daemon was told of an error\n".write(toFile: tidings.state + "/db/tidings.doubt", atomically: false, encoding: .utf8)
        let page = try await tidings.place(of: "windows")
        try tidings.damage(at: page)
        let result = try await tidings.once(expecting: 65)
        #expect(result.errors.contains("`tidings verify`"), "\(result.errors)")
        #expect(FileManager.default.fileExists(atPath: tidings.state + "/db/tidings.doubt"), "and so at each start")
        #expect(try await tidings.run("verify").status == 65)
    }

    /// Without a backup: what can still be read, and giving up what is damaged, by the commands that README gives.
    @Test
    func recoveredByTheDocumentedCommands() async {
        await forEachRow(of: ["changes", "sightings", "contents", "articles"]) { (table: String) in
            let tidings = try await Self.sound(count: 60)
            let ids = try tidings.ids()
            let published = try tidings.lines()
            let follower = try Follower(tidings.changeFile)
            try tidings.damage(at: try await tidings.place(of: table))
            #expect(try await tidings.run("verify").status == 65)

            try await tidings.shell(Commands.moveAway + "\n" + Commands.recover)
            let repair = try await tidings.run("verify", "--repair", "--salvage")
            #expect(repair.status == 0, "\(repair.output)\(repair.errors)")
            try await tidings.once()
            let lines = try tidings.record().map(StreamLine.init)
            #expect(lines.first?.type == "tidings.stream.reset", "consumers hear of it first")
            #expect(try #require(lines.first.flatMap { Int($0.id) }) == published.count + 1)
            #expect(try tidings.ids() == ids, "articles keep their ids")
            let again = try await tidings.once()
            #expect(again.errors.contains("0 changes"), "\(again.errors)")
            try await follower.catchUp(with: tidings)
            try await tidings.expectPromises([follower.observation.firstSights], after: "a recovered database", folding: false)
        }
    }

    private static func sound(count: Int = 20) async throws -> Installation {
        let tidings = try Installation()
        for number in 0..<count { try tidings.write(BackupTests.notice(number), to: "notice-\(number).txt") }
        try await tidings.once()
        return tidings
    }
}

extension Installation {
    /// The ids of the articles that live, by where they are seen.
    fileprivate func ids() throws -> [String: String] {
        var ids: [String: String] = [:]
        try ledger().eachArticle(ArticleFilter()) { article in
            for sighting in article.sightings { ids[sighting.key ?? ""] = article.id.description }
        }
        return ids
    }

    /// Where a page with rows of `table` begins: a leaf where it has several.
    fileprivate func place(of table: String) async throws -> Int {
        let result = try await RunningProgram(
            [state + "/db/tidings.db", "SELECT max(pgoffset) FROM dbstat WHERE name = '\(table)' AND pagetype = 'leaf'"],
            of: URL(fileURLWithPath: "/usr/bin/sqlite3")
        ).result()
        return try #require(Int(result.output.prefix { $0 != "\n" }), "\(result.errors)")
    }

    fileprivate func damage(at place: Int) throws {
        let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: state + "/db/tidings.db"))
        try handle.seek(toOffset: UInt64(place))
        try handle.write(contentsOf: Data(count: 4096))
        try handle.close()
    }
}
