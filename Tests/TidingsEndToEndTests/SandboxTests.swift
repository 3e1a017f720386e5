import Foundation
import TestSupport
import Testing

/// The daemon under what `systemd/tidings.service` leaves to it: its list of system calls, no memory that is written and run, no
/// other users, nothing to write but the state. `Tests/Sandbox` does to it what systemd would.
@Suite(.timeLimit(.minutes(3)))
struct SandboxTests {
    private static let unit = URL(fileURLWithPath: #filePath + "/../../../systemd/tidings.service").standardizedFileURL.path
    private static let user = "65534"

    /// Not in memory: the sandbox has a /dev of its own.
    private func installation(_ settings: String = Installation.oneFolder) throws -> Installation {
        try Installation(settings, in: FileManager.default.temporaryDirectory.path)
    }

    @Test func doesAWholeJob() async throws {
        let authority = try TestAuthority()
        let feed = Feed(count: 3)
        let server = try LoopbackServer(security: .tls(authority.certificate())) { feed.answer($0) }
        defer { server.stop() }
        let tidings = try installation(
            Installation.fetch("ca_file: \(authority.file)") + Installation.oneFolder
                + Installation.feeds([Installation.feed("wire", at: server.url(for: "/feed"))]))
        try tidings.write("Tide table\n\nThe tide comes at noon, says the harbor office.\n", to: "tides.txt")
        let daemon = try await start(tidings, try UnitFilter(unit: Self.unit))
        // Two sources, one article, three items.
        try await tidings.waitForLines(6)

        try tidings.edit("tides.txt", "noon", "dusk")
        feed.change { $0[0].title = "Ship number 3 has left again" }
        let lines = try await tidings.waitForLines(8)
        #expect(lines.count { $0.type == "tidings.article.updated" } == 2)
        try tidings.write("Gulls\n\nThe gulls are back on the pier.\n", to: "gulls.txt")
        try await tidings.waitForLines(9)

        for command in ["reload", "rotate", "reingest", "verify", "status"] {
            let result = try await tidings.run(command)
            // The change file is younger than a minute.
            #expect(result.status == (command == "rotate" ? 75 : 0), "\(command): \(result.errors)")
        }
        daemon.send(SIGHUP)
        try await tidings.wait("another reload") { daemon.manager.assignments.count { $0 == "RELOADING=1" } == 2 }
        daemon.send(SIGUSR1)
        daemon.send(SIGUSR2)
        try await daemon.stop()
        // What the unit forbids and the daemon wants would be in its log.
        for message in ["not permitted", "Permission denied", "Read-only", "not watched", "error"] {
            #expect(!daemon.program.errors.contains(message), "\(daemon.program.errors)")
        }
        try await tidings.expectSound()
    }

    @Test("the filter bites: without a call that it needs the daemon does not come far", arguments: ["fdatasync", "pwrite64"])
    func needs(call: String) async throws {
        let tidings = try installation()
        try tidings.write("Tide table\n\nThe tide comes at noon, says the harbor office.\n", to: "tides.txt")
        var filter = try UnitFilter(unit: Self.unit)
        #expect(filter.calls.contains(call))
        #expect(try await run(tidings, filter, ["run", "--once"]).result().status == 0, "with it the daemon does its work")
        try tidings.edit("tides.txt", "noon", "dusk")
        filter.remove(call)
        let result = try await run(tidings, filter, ["run", "--once"]).result()
        #expect(result.status != 0, "\(result.errors)")
    }

    @Test func theSandboxHasNoHole() async throws {
        let tidings = try installation()
        let result = try await run(tidings, try UnitFilter(unit: Self.unit), program: "probe", []).result()
        #expect(result.output == "probed\n", "\(result.errors)")
    }

    private func start(_ tidings: Installation, _ filter: UnitFilter) async throws -> LiveDaemon {
        let manager = try NotifySocket()
        let program = try await run(
            tidings, filter, ["run"], environment: manager.environment.merging(["WATCHDOG_USEC": "20000000"]) { $1 })
        let daemon = LiveDaemon(program: program, manager: manager)
        try await tidings.wait("the daemon is ready") {
            if !program.isRunning { Issue.record("\(program.errors)") }
            return manager.assignments.contains("READY=1")
        }
        return daemon
    }

    private func run(
        _ tidings: Installation, _ filter: UnitFilter, program: String = BuiltBinary.tidings.path, _ arguments: [String],
        environment: [String: String] = [:]
    ) async throws -> RunningProgram {
        try FileManager.default.createDirectory(atPath: tidings.state, withIntermediateDirectories: true)
        if getuid() == 0 {
            let owner = try await RunningProgram(
                ["-R", "\(Self.user):\(Self.user)", tidings.base], of: URL(fileURLWithPath: "/usr/bin/chown")
            ).result()
            #expect(owner.status == 0, "\(owner.errors)")
        }
        let sandbox = BuiltBinary.tidings.deletingLastPathComponent().appendingPathComponent("tidings-sandbox")
        return try RunningProgram(
            [try filter.numbers(), tidings.state, Self.user, program] + arguments
                + (arguments.isEmpty ? [] : ["--config", tidings.base + "/tidings.yaml"]),
            of: sandbox, environment: environment.merging(["TZ": "UTC"]) { $1 })
    }
}
