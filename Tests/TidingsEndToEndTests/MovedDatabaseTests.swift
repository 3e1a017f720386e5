import Foundation
import Glibc
import TestSupport
import Testing
import TidingsStore

/// Somebody moves, removes or replaces the database's files while the daemon runs, or holds its lock.
@Suite(.timeLimit(.minutes(5)))
struct MovedDatabaseTests {
    enum Deed: String, CaseIterable {
        case removed, renamed, replaced, logRemoved, logRenamed
    }

    @Test
    func daemonStopsAndTheNextStartIsExact() async {
        await forEachRow(of: Deed.allCases) { (deed: Deed) in
            let tidings = try Installation()
            try tidings.write(BackupTests.notice(1), to: "one.txt")
            try await tidings.once()
            let copy = tidings.base + "/copy.db"
            #expect(try await tidings.run("backup", copy).status == 0)
            let daemon = try await tidings.daemon()
            let follower = try Follower(tidings.changeFile)
            try tidings.write(BackupTests.notice(2), to: "two.txt")
            try await tidings.waitForLines(3)
            let before = try tidings.rawLines()

            let database = tidings.state + "/db/tidings.db"
            let files = FileManager.default
            switch deed {
            case .removed: try files.removeItem(atPath: database)
            case .renamed: try files.moveItem(atPath: database, toPath: database + ".away")
            case .replaced:
                try files.copyItem(atPath: copy, toPath: database + ".in")
                #expect(unsafe rename(database + ".in", database) == 0)
            case .logRemoved: try files.removeItem(atPath: database + "-wal")
            case .logRenamed: try files.moveItem(atPath: database + "-wal", toPath: database + "-away")
            }
            try tidings.write(BackupTests.notice(3), to: "three.txt")
            let result = await daemon.program.result()
            #expect(result.status == 74, "\(deed): \(result.errors)")
            #expect(result.errors.contains("was moved, removed or replaced while it was open"), "\(result.errors)")
            #expect(try tidings.rawLines() == before, "nothing is announced that the named file does not hold")

            if deed == .renamed {
                // Put back, with its log, all is as it was.
                try files.moveItem(atPath: database + ".away", toPath: database)
                try files.moveItem(atPath: database + "-wal.kept", toPath: database + "-wal")
            }
            try await tidings.once()
            try await tidings.waitForLines(4)
            let lines = try tidings.lines()
            let isNewStream = Set(lines.map(\.source)).count > 1
            #expect(isNewStream == (deed == .removed || deed == .replaced), "\(deed): \(lines.map(\.text))")
            if isNewStream { #expect(try tidings.record().first?.contains("tidings.stream.reset") == true) }
            #expect(lines.contains { $0.type == "tidings.article.created" && $0.data.origin?.key == "three.txt" })
            try await follower.catchUp(with: tidings)
            try await tidings.expectPromises([follower.observation.firstSights], after: "the database was \(deed)", folding: !isNewStream)
        }
    }

    @Test func orphanedLogIsKeptAndNotReplayed() async throws {
        let tidings = try Installation()
        try tidings.write(BackupTests.notice(1), to: "one.txt")
        let daemon = try await tidings.daemon()
        try await tidings.waitForLines(2)
        daemon.send(SIGKILL)
        _ = await daemon.program.result()
        let log = tidings.state + "/db/tidings.db-wal"
        let bytes = try Data(contentsOf: URL(fileURLWithPath: log))
        try #require(!bytes.isEmpty)
        try FileManager.default.removeItem(atPath: tidings.state + "/db/tidings.db")
        try await tidings.once()
        #expect(try Data(contentsOf: URL(fileURLWithPath: log + ".kept")) == bytes)
        #expect(try tidings.record().first?.contains("tidings.stream.reset") == true)
        try await tidings.expectPromises(after: "the database without its log was removed", folding: false)
    }

    /// When another program takes the lock, which no transaction of it ends.
    enum Lock: CaseIterable { case underADaemon, duringAReload, atTheStart }

    // Side by side: each waits for SQLite's patience to end.
    @Test("a lock that somebody holds is waited for, and its holder named")
    func held() async {
        await forEachRow(of: Lock.allCases) { (lock: Lock) in
            switch lock {
            case .underADaemon: try await Self.heldUnderADaemon()
            case .duringAReload: try await Self.heldDuringAReload()
            case .atTheStart: try await Self.heldAtTheStart()
            }
        }
    }

    private static func heldUnderADaemon() async throws {
        let tidings = try Installation()
        try tidings.write(BackupTests.notice(1), to: "one.txt")
        // Half of it is more than SQLite's patience of five seconds, in which no progress is made.
        let daemon = try await tidings.daemon(environment: ["WATCHDOG_USEC": "14000000"])
        let follower = try Follower(tidings.changeFile)
        try await tidings.waitForLines(2)
        let holder = try Holder(of: tidings.state + "/db/tidings.db")
        try tidings.write(BackupTests.notice(2), to: "two.txt")
        try await tidings.wait("STATUS names who holds the lock") {
            daemon.manager.assignments.contains { $0.hasPrefix("STATUS=degraded: ledger: ") && $0.contains("sqlite3, pid \(holder.pid)") }
        }
        try tidings.remove("one.txt")
        let pings = daemon.manager.assignments.count { $0 == "WATCHDOG=1" }
        try await tidings.wait("the watchdog is fed") { daemon.manager.assignments.count { $0 == "WATCHDOG=1" } > pings }
        #expect(try tidings.rawLines().count == 2)
        #expect(!daemon.manager.assignments.contains { $0.contains("no progress") })
        holder.end()
        try await tidings.wait("it goes on alone") { try tidings.lines().contains { $0.type == "tidings.article.created" && $0.data.origin?.key == "two.txt" } }
        try await tidings.wait("it says so") { daemon.isWellAgain }
        let again = try await tidings.run("reingest")
        #expect(again.status == 0, "\(again.errors)")
        #expect(try tidings.lines().message.contains("removed one.txt: file_deleted"))
        try await daemon.stop()
        try await follower.catchUp(with: tidings)
        try await tidings.expectPromises([follower.observation.firstSights], after: "a lock that was held and released")
    }

    /// A stop is obeyed all the same.
    private static func heldDuringAReload() async throws {
        let tidings = try Installation()
        try tidings.write(BackupTests.notice(1), to: "one.txt")
        let daemon = try await tidings.daemon()
        try await tidings.waitForLines(2)
        let holder = try Holder(of: tidings.state + "/db/tidings.db")
        try tidings.write(BackupTests.notice(2), to: "two.txt")
        try await tidings.wait("the commit waits") { daemon.manager.assignments.contains { $0.hasPrefix("STATUS=degraded: ledger: ") } }
        // The folder of before must end first, and it has something to commit.
        try tidings.write(settings: "folders:\n  - { name: news, path: news, rescan: 20m }\n")
        daemon.send(SIGHUP)
        try await tidings.wait("a reload") { daemon.manager.assignments.contains("RELOADING=1") }
        try await daemon.stop()
        holder.end()
        try await tidings.once()
        // As part of the first import where that was not complete before the lock.
        #expect(try tidings.lines().contains { $0.type == "tidings.article.created" && $0.data.origin?.key == "two.txt" })
        try await tidings.expectPromises(after: "a stop during a reload during a lock")
    }

    /// A service waits; who starts the daemon by hand hears of it.
    private static func heldAtTheStart() async throws {
        async let byHand: Void = heldAtAStart(asService: false)
        try await heldAtAStart(asService: true)
        try await byHand
    }

    private static func heldAtAStart(asService isService: Bool) async throws {
        let tidings = try Installation()
        try await tidings.once()
        // Another folder, so that the start has something to write.
        try FileManager.default.createDirectory(atPath: tidings.base + "/more", withIntermediateDirectories: true)
        try tidings.write(settings: Installation.oneFolder + "  - { name: more, path: more }\n")
        let holder = try Holder(of: tidings.state + "/db/tidings.db")
        if isService {
            let manager = try NotifySocket()
            let program = try tidings.start(["run"], environment: manager.environment)
            try await tidings.wait("it says what it waits for") {
                let status = "STATUS=waiting for the lock of \(tidings.state)/db/tidings.db, held by sqlite3, pid \(holder.pid)"
                return manager.assignments.contains(status)
            }
            #expect(manager.assignments.contains("EXTEND_TIMEOUT_USEC=60000000"))
            holder.end()
            try await tidings.wait("ready") { manager.assignments.contains("READY=1") }
            try await LiveDaemon(program: program, manager: manager).stop()
        } else {
            let result = try await tidings.once(expecting: 75)
            #expect(result.errors.contains("sqlite3, pid \(holder.pid)"), "\(result.errors)")
            holder.end()
            try await tidings.once()
        }
        try await tidings.expectPromises(after: "a lock at the start")
    }
}

/// `sqlite3` with a transaction that nobody ends.
private final class Holder {
    private let process = Process()
    private let input = Pipe()
    var pid: Int32 { process.processIdentifier }

    init(of database: String) throws {
        process.executableURL = URL(fileURLWithPath: "/usr/bin/sqlite3")
        process.arguments = [database]
        process.standardInput = input
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        try input.fileHandleForWriting.write(contentsOf: Data("PRAGMA busy_timeout=10000;BEGIN EXCLUSIVE;\nSELECT 'held';\n".utf8))
        var said = ""
        while !said.contains("held") {
            let more = output.fileHandleForReading.availableData
            try #require(!more.isEmpty)
            said += String(decoding: more, as: UTF8.self)
        }
    }

    func end() {
        try? input.fileHandleForWriting.close()
        process.waitUntilExit()
    }

    deinit { if process.isRunning { kill(process.processIdentifier, SIGKILL) } }
}
