import Foundation
import TestSupport
import Testing

/// Documents that end the process that reads them, or hold it up for ever.
@Suite(.timeLimit(.minutes(3)))
struct PoisonTests {
    private static let poisonWords = "reading it ended the daemon 3 times"

    private func environment(_ faults: String) -> [String: String] { ["TIDINGS_DOCUMENT_FAULTS": faults] }

    /// Starts the daemon as a manager would after each death, until it lives.
    /// - Returns: the daemon that lived, and how many died before.
    private func survivor(
        _ tidings: Installation, _ environment: [String: String], lives: () throws -> Bool
    ) async throws -> (daemon: LiveDaemon, deaths: Int) {
        for deaths in 0...5 {
            let manager = try NotifySocket()
            let program = try tidings.start(["run"], environment: environment.merging(manager.environment) { $1 })
            try await tidings.wait("it dies or does its work") {
                // Before its first transaction there is nothing to ask.
                !program.isRunning || (try? lives()) == true
            }
            if program.isRunning { return (LiveDaemon(program: program, manager: manager), deaths) }
            let result = await program.result()
            #expect(result.status == 128 + SIGKILL, "\(result.errors)")
        }
        throw CocoaError(.featureUnsupported)
    }

    @Test func fileThatEndsTheDaemonIsLeftAloneAfterTheThirdTime() async throws {
        let tidings = try Installation()
        try tidings.write("Poison\n\nAn article that was harmless at first.\n", to: "poison.txt")
        for name in ["anchor", "quay"] {
            try tidings.write("The \(name)\n\nThis is all there is to say of the \(name).\n", to: "\(name).txt")
        }
        try await tidings.once()
        #expect(try tidings.rawLines().count == 4)

        try tidings.edit("poison.txt", "harmless at first", "deadly later")
        try tidings.edit("anchor.txt", "all", "more than all")
        try tidings.write("Rope\n\nA rope was found on the pier.\n", to: "rope.txt")
        let deadly = environment("poison.txt=kill")
        let (daemon, deaths) = try await survivor(tidings, deadly) { try tidings.rawLines().count >= 6 }
        #expect(deaths == 3)
        #expect(daemon.program.errors.contains("the daemon died while it read this"))
        let lines = try tidings.lines().message
        #expect(lines.contains { $0.hasPrefix("updated anchor.txt") } && lines.contains { $0.hasPrefix("created rope.txt") })
        #expect(!lines.contains { $0.hasPrefix("updated poison.txt") || $0.hasPrefix("removed") })
        // Said where a person looks; the source itself is well.
        try await tidings.wait("status tells") {
            try tidings.ledger().sourceStatuses().first?.problems.contains { $0.message.hasPrefix(Self.poisonWords) } == true
        }
        let status = try await tidings.feedStatuses()
        #expect(status.map(\.state) == ["ok"])
        // Everything is to be read again: this may end the daemon once more, and not three times.
        daemon.send(SIGUSR1)
        let fourth = await daemon.program.result()
        #expect(fourth.status == 128 + SIGKILL)
        let (again, more) = try await survivor(tidings, deadly) {
            try tidings.ledger().sourceStatuses().first?.source.state == .ok && tidings.isSettled()
        }
        #expect(more == 0)

        try tidings.write("Poison\n\nAn article whose author has corrected it.\n", to: "cure.tmp")
        again.send(SIGTERM)
        _ = await again.program.result()
        // Other bytes are another document: without the fault they are read.
        try tidings.rename("cure.tmp", over: "poison.txt")
        try await tidings.once()
        #expect(try tidings.lines().message.contains { $0.hasPrefix("updated poison.txt") })
        try await tidings.expectSound()
    }

    @Test func personMayAskForItAgain() async throws {
        let tidings = try Installation()
        try tidings.write("Poison\n\nAn article that ends its reader.\n", to: "poison.txt")
        let (daemon, _) = try await survivor(tidings, environment("poison.txt=kill")) {
            try tidings.ledger().sourceStatuses().first?.problems.isEmpty == false
        }
        try await daemon.stop()
        // The program was repaired meanwhile.
        let repaired = try await tidings.daemon()
        let result = try await tidings.run("reingest", "news")
        #expect(result.status == 0, "\(result.errors)")
        try await tidings.wait("the article") {
            try tidings.lines().message.contains { $0.hasPrefix("created poison.txt") }
        }
        #expect(try tidings.ledger().sourceStatuses().first?.problems == [])
        try await repaired.stop()
        try await tidings.expectSound()
    }

    @Test func feedThatEndsTheDaemonFailsAndTheOthersGoOn() async throws {
        let deadly = Feed(count: 3)
        let harmless = Feed(count: 4)
        // Of another port, or the articles of the one would be those of the other.
        deadly.change { items in
            for index in items.indices { items[index].text += " This was in the far port \(index)." }
        }
        let server = try LoopbackServer { ($0.path == "/deadly" ? deadly : harmless).answer($0) }
        defer { server.stop() }
        let tidings = try Installation(
            Installation.feeds([
                Installation.feed("deadly", at: server.url(for: "/deadly")),
                Installation.feed("harmless", at: server.url(for: "/harmless")),
            ]))
        let fault = environment("/deadly=kill")
        let (daemon, deaths) = try await survivor(tidings, fault) {
            try tidings.ledger().sourceStatuses().contains { $0.source.name == "deadly" && $0.source.state == .failing }
        }
        #expect(deaths == 3)
        let status = try await tidings.status(of: "deadly")
        #expect(status.failure == "quarantined")
        #expect(status.detail?.contains(Self.poisonWords) == true)
        try await tidings.wait("the other feed") { try tidings.lines().count { $0.type == "tidings.article.created" } == 4 }
        try await daemon.stop()
        // The next issue of the feed is another document.
        deadly.change { $0[0].text += " And left again." }
        let last = try await tidings.daemon()
        // Asked for, because a feed that failed is polled less often.
        last.send(SIGUSR1)
        try await tidings.wait("the feed is read") { try tidings.lines().count { $0.type == "tidings.article.created" } == 7 }
        try await last.stop()
        try await tidings.expectSound()
    }

    /// A reader that hangs: nothing feeds the watchdog, the manager ends the daemon, and the third time is the last.
    @Test func hangingReaderStarvesTheWatchdog() async throws {
        let tidings = try Installation()
        try tidings.write("Endless\n\nAn article that nobody ever finishes.\n", to: "endless.txt")
        var fault = environment("endless.txt=hang")
        fault["WATCHDOG_USEC"] = "200000"
        for _ in 1...3 {
            let daemon = try await tidings.daemon(environment: fault)
            func complaints() -> Int { daemon.program.errors.components(separatedBy: "no progress").count - 1 }
            func pings() -> Int { daemon.manager.assignments.count { $0 == "WATCHDOG=1" } }
            try await tidings.wait("it is noticed") { complaints() > 0 }
            let before = pings()
            try await tidings.wait("and noticed again") { complaints() > 3 }
            #expect(pings() == before, "a daemon that hangs must not look alive")
            #expect(daemon.program.errors.contains("reading"), "\(daemon.program.errors)")
            // The manager ends it (systemd.service(5), WatchdogSec=). Not by SIGABRT as there, which test programs may block.
            daemon.send(SIGKILL)
            #expect(await daemon.program.result().status == 128 + SIGKILL)
        }
        let daemon = try await tidings.daemon(environment: fault)
        try await tidings.wait("it is left alone") {
            try tidings.ledger().sourceStatuses().first?.problems.contains { $0.message.hasPrefix(Self.poisonWords) } == true
        }
        let before = daemon.manager.assignments.count { $0 == "WATCHDOG=1" }
        try await tidings.wait("pings go on") { daemon.manager.assignments.count { $0 == "WATCHDOG=1" } > before + 3 }
        try await daemon.stop()
    }
}

extension Installation {
    /// Whether all that is committed is published.
    func isSettled() throws -> Bool { try rawLines().count == Int(ledger().lastSequence()) }
}
