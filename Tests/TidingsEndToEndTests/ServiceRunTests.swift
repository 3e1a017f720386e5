import Foundation
import TestSupport
import Testing
import TidingsStore

/// What the daemon does as a service of systemd, and what it leaves to its next start.
@Suite(.timeLimit(.minutes(2)))
struct ServiceRunTests {
    /// Its entries, and its last words, in a file that the environment calls the journal, and in one that it does not.
    @Test(arguments: [true, false])
    func journalGetsPrioritiesAndNoTime(isJournal: Bool) async throws {
        let tidings = try Installation("folders: [{ name: news, path: missing }]\n")
        let file = tidings.base + "/errors"
        try Data().write(to: URL(fileURLWithPath: file))
        let status = try FileManager.default.attributesOfItem(atPath: file)
        let device = try #require(status[.systemNumber] as? UInt64)
        let inode = try #require(status[.systemFileNumber] as? UInt64)
        let result = try await tidings.start(
            ["run", "--once"], environment: ["JOURNAL_STREAM": "\(device):\(isJournal ? inode : inode + 1)"],
            under: ["/bin/sh", "-c", "exec \"$@\" 2>'\(file)'", "sh"]
        ).result()
        #expect(result.status == 1)
        let lines = try String(contentsOfFile: file, encoding: .utf8).split(separator: "\n")
        let start = isJournal ? "<3>news: failed: the folder " : "tidings: news: failed: the folder "
        #expect(lines.contains { $0.hasPrefix(start) }, "\(lines)")
        #expect(lines.allSatisfy { $0.hasPrefix("<") } == isJournal, "\(lines)")
    }

    /// An upgrade by hand: the new daemon is started while the old one still runs.
    @Test func serviceWaitsForTheLockOfAnotherDaemonAndIsReadyWhenThatEnds() async throws {
        let tidings = try Installation()
        let first = try await tidings.daemon()
        let managers = try [NotifySocket(), NotifySocket()]
        let others = try managers.map { try tidings.start(["run"], environment: $0.environment) }
        for manager in managers {
            try await tidings.wait("it says what it waits for") {
                manager.assignments.contains("STATUS=waiting for the lock of \(tidings.state), held by pid \(first.pid)")
            }
            #expect(manager.assignments.contains("EXTEND_TIMEOUT_USEC=60000000"))
        }
        others[1].send(SIGTERM)
        let stopped = await others[1].result()
        #expect(stopped.status == 0, "\(stopped.errors)")
        #expect(stopped.errors.components(separatedBy: "warning: the start waits for a lock").count == 2, "\(stopped.errors)")
        #expect(managers[1].assignments.contains("STOPPING=1"))
        try await first.stop()
        try await tidings.wait("ready") { managers[0].assignments.contains("READY=1") }
        try await LiveDaemon(program: others[0], manager: managers[0]).stop()
        #expect(!(try tidings.rawLines()).isEmpty)
    }

    @Test func rootLeavesNoFileOfItsOwnInTheStateOfAnother() async throws {
        // Only root can become somebody else.
        guard getuid() == 0 else { return }
        let tidings = try Installation()
        try tidings.write("Tide table\n\nThe tide comes at noon, says the harbor office.\n", to: "tides.txt")
        try FileManager.default.createDirectory(atPath: tidings.state, withIntermediateDirectories: true)
        let owner: [FileAttributeKey: Any] = [.ownerAccountID: 64990, .groupOwnerAccountID: 64991]
        try FileManager.default.setAttributes(owner, ofItemAtPath: tidings.state)
        // Read before root is given up.
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: tidings.base + "/tidings.yaml")
        for command in [["run", "--once"], ["list"], ["verify", "--repair"]] {
            let result = try await tidings.start(command).result()
            #expect(result.status == 0, "\(result.errors)")
            let says = result.errors.contains("tidings: works as user 64990, the owner of \(tidings.state)\n")
            #expect(says == (command != ["list"]), "\(result.errors)")
            // What a reader may leave as well: without them, it makes them anew.
            for name in try FileManager.default.subpathsOfDirectory(atPath: tidings.state) {
                let attributes = try FileManager.default.attributesOfItem(atPath: tidings.state + "/" + name)
                #expect(attributes[.ownerAccountID] as? Int == 64990, "\(name) after \(command)")
                #expect(attributes[.groupOwnerAccountID] as? Int == 64991, "\(name) after \(command)")
            }
            for name in ["-wal", "-shm"] { try? FileManager.default.removeItem(atPath: tidings.state + "/db/tidings.db" + name) }
        }
        #expect(try tidings.lines().message.count == 2)
    }

    @Test func copyOfTheDatabaseFileAloneHasEverythingAfterACleanStop() async throws {
        let tidings = try Installation()
        try tidings.write("Tide table\n\nThe tide comes at noon, says the harbor office.\n", to: "tides.txt")
        for isDaemon in [true, false] {
            if isDaemon {
                let daemon = try await tidings.daemon()
                try await tidings.waitForLines(2)
                try await daemon.stop()
            } else {
                try tidings.write("Gulls\n\nThe gulls shout at noon, says the harbor office.\n", to: "gulls.txt")
                try await tidings.once()
            }
            let copy = tidings.base + "/copy-\(isDaemon).db"
            try FileManager.default.copyItem(atPath: tidings.state + "/db/tidings.db", toPath: copy)
            #expect(try LedgerReader(path: copy).lastSequence() == (isDaemon ? 2 : 3))
        }
    }

    @Test func statusNamesWhatFails() async throws {
        let tidings = try Installation(
            Installation.oneFolder + (1...3).map { "  - { name: gone-\($0), path: gone-\($0) }\n" }.joined())
        try await tidings.once(expecting: 1)
        let daemon = try await tidings.daemon()
        let told = daemon.manager.messages.first { $0.hasPrefix("READY=1") }
        #expect(told == "READY=1\nSTATUS=4 sources, 7 changes; failing: gone-1, gone-2, gone-3")
        try await daemon.stop()
        #expect(daemon.manager.assignments.last { $0.hasPrefix("STATUS=") } == "STATUS=stopping")
    }
}
