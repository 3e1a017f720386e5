import Foundation
import Glibc
import TestSupport
import Testing
import TidingsStore

/// `tidings backup`: a copy of one moment, beside a daemon that writes, that is there whole or not at all.
@Suite(.timeLimit(.minutes(5)))
struct BackupTests {
    @Test func copiesBesideADaemonThatWritesAndHoldsNobodyUp() async throws {
        let tidings = try Installation()
        for number in 0..<200 { try tidings.write(Self.notice(number), to: "notice-\(number).txt") }
        let daemon = try await tidings.daemon()
        try await tidings.waitForLines(201)
        let writer = Task.detached { [news = tidings.news] in
            var number = 200
            while !Task.isCancelled {
                try Self.notice(number).write(toFile: news + "/notice-\(number).txt", atomically: true, encoding: .utf8)
                number += 1
                // Not a condition: what is wanted is a steady trickle.
                try? await Task.sleep(for: .milliseconds(5))
            }
            return number
        }
        defer { writer.cancel() }
        var copies: [String] = []
        for number in 1...4 {
            let before = try tidings.rawLines().count
            let file = tidings.base + "/copy-\(number).db"
            let result = try await tidings.run("backup", file)
            #expect(result.status == 0, "\(result.errors)")
            #expect(result.output.hasPrefix("\(file): "))
            copies.append(file)
            try await tidings.waitForLines(before + 1)
        }
        writer.cancel()
        let count = try await writer.value
        try await tidings.waitForLines(count + 1)
        try await daemon.stop()

        let all = try tidings.rawLines()
        var last = 0
        for file in copies {
            let lines = try LedgerReader(path: file).lines(after: 0, limitBytes: .max).map { String(decoding: $0.bytes.dropLast(), as: UTF8.self) }
            #expect(all.starts(with: lines), "a copy is of one moment")
            #expect(lines.count >= max(201, last))
            #expect(try LedgerReader(path: file).check() == [])
            var status = stat()
            #expect(unsafe stat(file, &status) == 0 && status.st_mode & 0o777 == 0o600)
            last = lines.count
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: tidings.base).filter { $0.hasSuffix(".part") } == [])
        try await tidings.expectPromises(after: "four backups")
    }

    @Test func refusesToOverwriteAndToWriteAmongTheDaemonsFiles() async throws {
        let tidings = try Installation()
        try await tidings.once()
        let file = tidings.base + "/copy.db"
        let made = try await tidings.run("backup", "--json", file)
        #expect(made.status == 0 && made.output.contains(#"/copy.db","size_bytes":"#) && made.output.contains(#","sequence":1,"stream":"#), "\(made)")
        let first = try Data(contentsOf: URL(fileURLWithPath: file))
        try tidings.write(Self.notice(1), to: "one.txt")
        try await tidings.once()
        let refused = try await tidings.run("backup", file)
        #expect(refused.status == 73 && refused.errors.contains("--replace"), "\(refused.errors)")
        #expect(try Data(contentsOf: URL(fileURLWithPath: file)) == first)
        let replaced = try await tidings.run("backup", "--replace", file)
        #expect(replaced.status == 0 && replaced.output.contains("up to change 2 of stream "), "\(replaced.errors)")
        #expect(try LedgerReader(path: file).check() == [])

        try FileManager.default.createSymbolicLink(atPath: tidings.base + "/way", withDestinationPath: tidings.state + "/db")
        for place in [tidings.state + "/db/copy.db", tidings.base + "/way/copy.db", tidings.state + "/stream/../db/tidings.db"] {
            let result = try await tidings.run("backup", "--replace", place)
            #expect(result.status == 73 && result.errors.contains("daemon's files"), "\(place): \(result.errors)")
        }
        #expect(try await tidings.run("backup", tidings.base + "/no/such/copy.db").status == 73)
        #expect(try await tidings.run("backup", "--replace", tidings.news).status == 73)
        try await tidings.expectPromises(after: "refused backups")
    }

    @Test func leavesNoHalfFileWhenKilledOrOutOfSpace() async throws {
        let tidings = try Installation()
        try tidings.write(Self.notice(1), to: "one.txt")
        try await tidings.once()
        let file = tidings.base + "/copy.db"
        #expect(try await tidings.run("backup", file).status == 0)
        let old = try Data(contentsOf: URL(fileURLWithPath: file))
        try tidings.write(Self.notice(2), to: "two.txt")
        try await tidings.once()
        for step in ["written", "synced"] {
            for (action, status) in [("kill", Int32(137)), ("ENOSPC", 75), ("EIO", 74)] {
                let result = try await tidings.start(
                    ["backup", "--replace", file], environment: ["TIDINGS_FAILPOINTS": "replacement.\(step)=\(action)"]
                ).result()
                #expect(result.status == status, "\(step) \(action): \(result.errors)")
                #expect(try Data(contentsOf: URL(fileURLWithPath: file)) == old, "\(step) \(action)")
                let isLeft = FileManager.default.fileExists(atPath: file + ".part")
                #expect(isLeft == (action == "kill"), "only a killed one leaves a file, which has another name")
            }
        }
        let killed = try await tidings.start(
            ["backup", "--replace", file], environment: ["TIDINGS_FAILPOINTS": "replacement.renamed=kill"]).result()
        #expect(killed.status == 137)
        #expect(try LedgerReader(path: file).check() == [], "once it has the name it is whole")
        #expect(try LedgerReader(path: file).lastSequence() == 3)
        // What a killed one left is taken over.
        #expect(try await tidings.run("backup", "--replace", file).status == 0)
        #expect(!FileManager.default.fileExists(atPath: file + ".part"))
    }

    /// A restore by the commands that README gives, onto a state whose daemon was killed and whose log is therefore still there.
    @Test func restoredByTheDocumentedCommandsConsumersHearOfTheReset() async throws {
        let tidings = try Installation()
        for number in 0..<10 { try tidings.write(Self.notice(number), to: "notice-\(number).txt") }
        try await tidings.once()
        let file = tidings.base + "/copy.db"
        #expect(try await tidings.run("backup", file).status == 0)
        let copied = try tidings.rawLines()

        let daemon = try await tidings.daemon()
        let follower = try Follower(tidings.changeFile)
        for number in 0..<10 { try tidings.edit("notice-\(number).txt", "what notice", "what the second notice") }
        try tidings.write(Self.notice(11), to: "late.txt")
        let before = try await tidings.waitForLines(22)
        try await follower.catchUp(with: tidings)
        daemon.send(SIGKILL)
        _ = await daemon.program.result()

        try await tidings.shell(Commands.moveAway)
        try await tidings.shell(Commands.restore, environment: ["BACKUP": file])
        try await tidings.once()
        let lines = try tidings.lines()
        let reset = try #require(lines.first { $0.source != before[0].source })
        #expect(reset.type == "tidings.stream.reset" && reset.id == "23")
        #expect(try tidings.record().first.map { try StreamLine($0).type } == "tidings.stream.reset", "consumers read it first")
        let again = lines.filter { $0.source == reset.source && $0.data.version == 2 }
        #expect(Set(again.compactMap(\.subject)) == Set(before.compactMap { $0.data.version == 2 ? $0.subject : nil }), "the same ids")
        let kept = try tidings.ledger().lines(after: 0, limitBytes: .max).map { String(decoding: $0.bytes.dropLast(), as: UTF8.self) }
        #expect(kept.starts(with: copied))
        try await follower.catchUp(with: tidings)
        try await tidings.expectPromises([follower.observation.firstSights], after: "a restored backup", folding: false)
    }

    static func notice(_ number: Int) -> String { "Notice \(number)\n\nThis is what notice number \(number) says to all.\n" }
}

/// The recovery that README prints, command by command, where a service has /var/lib/tidings. Tests run exactly these.
enum Commands {
    static let moveAway = """
        mkdir db.damaged
        mv db/tidings.db* db.damaged/
        """
    static let restore = #"install -m 600 "$BACKUP" db/tidings.db"#
    // Not `.recover`: sqlite3 of Debian 12 is built without what it needs (SQLITE_ENABLE_DBPAGE_VTAB).
    static let recover = #"""
        sqlite3 db.damaged/tidings.db .dump | sed 's/^ROLLBACK; -- due to errors$/COMMIT;/' | sqlite3 db/tidings.db
        sqlite3 db/tidings.db "PRAGMA user_version = $(sqlite3 db.damaged/tidings.db 'PRAGMA user_version')"
        chmod 600 db/tidings.db
        """#
}

extension Installation {
    /// Runs `commands` in the state folder.
    func shell(_ commands: String, environment: [String: String] = [:]) async throws {
        let known = ["PATH": "/usr/bin:/bin"].merging(environment) { _, given in given }
        let result = try await RunningProgram(
            ["-ec", "cd '\(state)'\n" + commands], of: URL(fileURLWithPath: "/bin/sh"), environment: known
        ).result()
        try #require(result.status == 0, "\(commands): \(result.errors)")
    }
}
