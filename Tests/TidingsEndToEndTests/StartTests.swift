import Foundation
import TestSupport
import Testing

/// What the service manager hears of a start that takes its time, and of what goes wrong later.
@Suite(.timeLimit(.minutes(3)))
struct StartTests {
    @Test func readyMeansThatEveryFolderIsWatched() async throws {
        let folders = 500
        let tidings = try Installation()
        for number in 0..<folders {
            try FileManager.default.createDirectory(
                atPath: tidings.path("\(number / 100)/\(number)"), withIntermediateDirectories: true)
        }
        let manager = try NotifySocket()
        let program = try tidings.start(["run"], environment: manager.environment)
        // Stopped as soon as it has said so, it cannot make up for what it had not done.
        try await tidings.wait("ready") { manager.assignments.contains("READY=1") }
        program.send(SIGSTOP)
        let watches = try watchCount(of: program.pid)
        program.send(SIGCONT)
        #expect(watches >= folders + folders / 100, "of \(folders + folders / 100 + 1) folders \(watches) are watched")
        try await LiveDaemon(program: program, manager: manager).stop()
    }

    /// Entries of all inotify descriptors (proc(5), /proc/pid/fdinfo).
    private func watchCount(of pid: Int32) throws -> Int {
        try FileManager.default.contentsOfDirectory(atPath: "/proc/\(pid)/fdinfo").reduce(0) { sum, name in
            let text = (try? String(contentsOfFile: "/proc/\(pid)/fdinfo/\(name)", encoding: .utf8)) ?? ""
            return sum + text.split(separator: "\n").count { $0.hasPrefix("inotify ") }
        }
    }

    @Test func readyComesAfterTheMigration() async throws {
        let tidings = try Installation()
        let start = try await tidings.stopped(at: "migration.applied")
        #expect(!start.manager.assignments.contains("READY=1"))
        try await tidings.wait("the status says what lasts") {
            start.manager.assignments.contains("STATUS=starting: opening the ledger")
        }
        start.send(SIGCONT)
        try await tidings.wait("ready") { start.manager.assignments.contains("READY=1") }
        try await start.stop()
    }

    /// A change file that has to be made anew from many rows.
    @Test func longStartAsksForMoreTimeAsItGetsOn() async throws {
        let tidings = try Installation()
        try await tidings.fill(articles: 300)
        let before = try tidings.rawLines()
        try FileManager.default.removeItem(atPath: tidings.changeFile)

        let start = try await tidings.stopped(at: "segment.begun")
        func extensions() -> Int { start.manager.assignments.count { $0.hasPrefix("EXTEND_TIMEOUT_USEC=") } }
        let early = extensions()
        #expect(!start.manager.assignments.contains("READY=1"))
        // The next message comes with a step that is made later than a second after the last.
        let later = ContinuousClock.now + .milliseconds(1_100)
        try await tidings.wait("a second has passed") { ContinuousClock.now > later }
        #expect(extensions() == early, "who makes no steps asks for nothing")
        start.send(SIGCONT)
        try await tidings.wait("ready") { start.manager.assignments.contains("READY=1") }
        #expect(extensions() > early)
        let told = start.manager.assignments
        let ready = try #require(told.firstIndex(of: "READY=1"))
        #expect(!told[ready...].contains { $0.hasPrefix("EXTEND_TIMEOUT_USEC=") }, "nobody waits for a daemon that runs")
        #expect(try tidings.rawLines() == before)
        try await start.stop()
    }

    /// The migration's own steps, when there is much to migrate.
    @Test func longMigrationAsksForMoreTime() async throws {
        let tidings = try Installation()
        try await tidings.once()
        // As an older program left it, with many changes to count.
        try await tidings.sqlite(
            """
            DROP TABLE source_changes; PRAGMA user_version = 2;
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 60000)
            INSERT INTO changes (committed_ms, type, source, line) SELECT 0, 'article.created', 1, x'0A' FROM n;
            """)
        let start = try await tidings.stopped(at: "migration.applied")
        let told = start.manager.assignments
        #expect(told.contains { $0.hasPrefix("EXTEND_TIMEOUT_USEC=") }, "\(told)")
        start.send(SIGKILL)
        _ = await start.program.result()
    }

    @Test func stopAsksForMoreTimeAsItGetsOn() async throws {
        let tidings = try Installation()
        let daemon = try await tidings.daemon()
        try await tidings.waitForLines(1)
        try await daemon.stop()
        let told = daemon.manager.assignments
        let stopping = try #require(told.firstIndex(of: "STOPPING=1"))
        #expect(told[stopping...].contains("EXTEND_TIMEOUT_USEC=60000000"), "the last look at the ledger is a step")
    }

    @Test("signals that come before the daemon is up wait for it")
    func signalsBeforeInit() async {
        await forEachRow(of: [SIGUSR1, SIGHUP, SIGUSR2, SIGTERM]) { (signal: Int32) in
            let tidings = try Installation()
            try tidings.write("Tide table\n\nThe tide comes at noon, says the harbor office.\n", to: "tides.txt")
            // To watch them takes a while, in which a signal may come.
            for number in 0..<500 {
                try FileManager.default.createDirectory(atPath: tidings.path("\(number)"), withIntermediateDirectories: true)
            }
            let start = try await tidings.stopped(at: "migration.begun")
            start.send(signal)
            start.send(SIGCONT)
            if signal == SIGTERM {
                let result = await start.program.result()
                #expect(result.status == 0, "\(result.errors)")
                #expect(start.manager.assignments.contains("STOPPING=1"))
                #expect(!start.manager.assignments.drop { $0 != "STOPPING=1" }.contains("READY=1"))
                return
            }
            try await tidings.waitForLines(2)
            if signal == SIGHUP { try await tidings.wait("reloaded") { start.program.errors.contains("settings reloaded") } }
            try await tidings.wait("ready") { start.manager.assignments.contains("READY=1") }
            #expect(!start.manager.assignments.prefix { $0 != "READY=1" }.contains("RELOADING=1"), "a reload is a part of the start")
            try await start.stop()
            try await tidings.expectSound()
        }
    }

    // MARK: what is wrong

    @Test("a full disk at the start is worth another try")
    func fullDiskAtTheStart() async {
        await forEachRow(of: ["migration.begun", "segment.begun"]) { (step: String) in
            let tidings = try Installation()
            let result = try await tidings.start(["run"], environment: ["TIDINGS_FAILPOINTS": "\(step)=ENOSPC"]).result()
            #expect(result.status == 75, "\(result.errors)")
            try await tidings.once()
            try await tidings.expectSound()
        }
    }

    @Test("a full disk is told, and that it is over")
    func tellsFullDisk() async {
        // The second pause of the change file is long.
        await forEachRow(of: ["commit.begun=ENOSPC@4-5", "append.begun=ENOSPC@4"]) { (faults: String) in
            let tidings = try Installation()
            let daemon = try await tidings.daemon(environment: ["TIDINGS_FAILPOINTS": faults])
            for number in 1...8 {
                try tidings.write("Notice \(number)\n\nThis is what notice number \(number) says.\n", to: "notice-\(number).txt")
                try await tidings.wait("notice \(number)") {
                    try tidings.rawLines().contains { $0.contains("notice-\(number).txt") }
                }
            }
            let part = faults.hasPrefix("commit") ? "ledger" : "stream"
            try await tidings.wait("both are told") { daemon.isWellAgain }
            let told = daemon.manager.assignments
            #expect(told.contains { $0.hasPrefix("STATUS=degraded: \(part): ") }, "\(told)")
            try await daemon.stop()
            try await tidings.expectSound()
        }
    }

    @Test func tellsSettingsThatAreWrong() async throws {
        let tidings = try Installation()
        let daemon = try await tidings.daemon()
        try tidings.write(settings: "folders: 3\n")
        daemon.send(SIGHUP)
        try await tidings.wait("it is told") {
            daemon.manager.assignments.contains { $0.hasPrefix("STATUS=degraded: settings: the old settings stay in effect") }
        }
        try await tidings.wait("the reload is over") { daemon.manager.assignments.count { $0 == "READY=1" } == 2 }
        let told = daemon.manager.assignments.last { $0.hasPrefix("STATUS=") }
        #expect(told?.hasPrefix("STATUS=degraded: settings: ") == true, "\(told ?? "nothing") hides what is wrong")
        try tidings.write(settings: Installation.oneFolder)
        daemon.send(SIGHUP)
        try await tidings.wait("and that it is over") { daemon.isWellAgain }
        try await daemon.stop()
    }
}

extension Installation {
    /// Starts a daemon that stops (SIGSTOP) when it comes to `step` for the `time`-th time, and waits until it has.
    func stopped(at step: String, time: Int = 1, environment: [String: String] = [:]) async throws -> LiveDaemon {
        let manager = try NotifySocket()
        var environment = environment.merging(manager.environment) { given, _ in given }
        environment["TIDINGS_FAILPOINTS"] = "\(step)=stop@\(time)"
        let program = try start(["run"], environment: environment)
        try await wait("it stops at \(step)") {
            // The field behind the name in brackets is the state (proc(5)).
            let stat = try String(contentsOfFile: "/proc/\(program.pid)/stat", encoding: .utf8)
            return stat.split(separator: ")").last?.split(separator: " ").first == "T"
        }
        return LiveDaemon(program: program, manager: manager)
    }

    func sqlite(_ sql: String) async throws {
        let result = try await RunningProgram(
            [state + "/db/tidings.db", sql], of: URL(fileURLWithPath: "/usr/bin/sqlite3")
        ).result()
        #expect(result.status == 0, "\(result.errors)")
    }

    /// Ingests so many articles.
    func fill(articles count: Int) async throws {
        for number in 0..<count {
            try write("Notice \(number)\n\nThis is what notice number \(number) says to all.\n", to: "notice-\(number).txt")
        }
        try await once()
    }
}
