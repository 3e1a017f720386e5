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
        for command in [["run", "--once"], ["list"], ["verify", "--repair"], ["boilerplate", "harbour.example", "--forget"]] {
            let result = try await tidings.start(command).result()
            // There is nothing to forget.
            #expect(result.status == (command[0] == "boilerplate" ? EX_DATAERR : 0), "\(result.errors)")
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

        let weak = ["/usr/bin/setpriv", "--bounding-set", "-setuid,-setgid", "--inh-caps", "-setuid,-setgid"]
        let refused = try await tidings.start(["run", "--once"], under: weak).result()
        #expect(refused.status == EX_NOPERM)
        #expect(refused.errors.hasSuffix("Operation not permitted; run it as that user (sudo -u '#64990' tidings …)\n"), "\(refused.errors)")
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

    /// Nothing answers at first; then one feed does, so that there is a network.
    @Test func feedIsNoFailureBeforeThereIsANetwork() async throws {
        let server = try LoopbackServer { _ in smallFeed("wire", items: 1) }
        defer { server.stop() }
        // RFC 6761 §6.4: no resolver answers for .invalid.
        let nameless = Installation.feed("nameless", at: "http://feed.invalid/rss", "every: 15m")
        let tidings = try Installation(Installation.fetch() + Installation.feeds([nameless]))
        let daemon = try await tidings.daemon()
        try await tidings.wait("a poll") { try tidings.ledger().sourceStatuses().first?.pollState?.dueReason == .noNetwork }
        let waiting = try #require(try await tidings.feedStatuses().first)
        #expect(waiting.state == "new")
        #expect(waiting.failure == "dns")
        #expect(waiting.pause < 30, "seconds, and not the interval")
        #expect(try tidings.lines().message == ["source nameless added"])

        try tidings.write(
            settings: Installation.fetch() + Installation.feeds([nameless, Installation.feed("wire", at: server.url(for: "/rss"), "every: 15m, private_network: true")]))
        let reload = try await tidings.run("reload")
        #expect(reload.status == 0, "\(reload.errors)")
        try await tidings.wait("what waited is tried again, and fails by the usual rules") {
            let state = try tidings.ledger().sourceStatuses().first?.pollState
            return state?.dueReason == .backOff && state?.consecutiveFailures == 1
        }
        try await daemon.stop()
    }

    /// In a network namespace of its own, in which there is nothing.
    @Test func machineWithoutANetworkIsToldFromAHostThatRefuses() async throws {
        let space = ["/usr/bin/unshare", "-n"]
        guard try await RunningProgram(["-n", "true"], of: URL(fileURLWithPath: space[0])).result().status == 0 else { return }
        let tidings = try Installation(
            Installation.feeds([
                Installation.feed("four", at: "http://203.0.113.1/rss"), Installation.feed("six", at: "http://[2001:db8::1]/rss"),
            ]))
        let result = try await tidings.start(["run", "--once"], under: space).result()
        for name in ["four", "six"] {
            let line = result.errors.split(separator: "\n").first { $0.hasPrefix("tidings: \(name): failed: ") }
            #expect(line?.hasSuffix("there is no way to the host; check the network; it is tried again later") == true, "\(result.errors)")
        }
    }

    @Test func missingCredentialIsReadAgainAtAReloadAndSettingsThatWaitForAStartAreNamed() async throws {
        let server = try LoopbackServer { _ in smallFeed("wire", items: 1) }
        defer { server.stop() }
        let feeds = Installation.feeds([
            Installation.feed("wire", at: server.url(for: "/rss"), "every: 15m, private_network: true, headers_file: key")
        ])
        let tidings = try Installation(feeds)
        let daemon = try await tidings.daemon()
        try await tidings.waitForLines(2)
        #expect(try tidings.lines().message == ["source wire added", "source wire is failing"])
        try Data("X-Key: 4711\n".utf8).write(to: URL(fileURLWithPath: tidings.base + "/key"))
        try tidings.write(settings: "limits: { max_body: 1MiB }\nlog_level: debug\n" + feeds)
        let reload = try await tidings.run("reload")
        #expect(reload.status == 0)
        #expect(reload.errors.contains("the settings are in effect, but for what takes effect at the next start: limits, log_level"))
        try await tidings.waitForLines(4)
        try await daemon.stop()
    }

    @Test func singlePassReportsAFailureOnceAndCountsInWords() async throws {
        let hidden = "/home/nobody-\(UUID().uuidString)"
        let tidings = try Installation(
            Installation.oneFolder + "  - { name: hidden, path: \(hidden) }\n"
                + Installation.feeds([Installation.feed("nameless", at: "http://feed.invalid/rss")]))
        try tidings.write("Tide table\n\nThe tide comes at noon, says the harbor office.\n", to: "tides.txt")
        let result = try await tidings.start(["run", "--once"], environment: ["INVOCATION_ID": "4711"]).result()
        #expect(result.status == 1)
        for words in ["the host's name has no address", "write 'ProtectHome=read-only' in a drop-in", "news: 1 file, 1 read"] {
            #expect(result.errors.components(separatedBy: words).count == 2, "'\(words)' once in \(result.errors)")
        }
    }
}
