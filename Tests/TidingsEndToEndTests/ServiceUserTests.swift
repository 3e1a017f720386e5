import Foundation
import TestSupport
import Testing

/// Users and groups, as the unit, sysusers and tmpfiles have them: the daemon's own user, one of its group, and everybody else.
@Suite(.timeLimit(.minutes(2)))
struct ServiceUserTests {
    private static let daemon = "64990"
    private static let monitor = "64991"

    @Test func groupReadsTheStreamAndNotTheDatabase() async throws {
        // Only root can become somebody else.
        guard getuid() == 0 else { return }
        let tidings = try Installation()
        try tidings.write("Tide table\n\nThe tide comes at noon, says the harbor office.\n", to: "tides.txt")
        // As StateDirectory= and StateDirectoryMode= make it.
        try FileManager.default.createDirectory(atPath: tidings.state, withIntermediateDirectories: true)
        try FileManager.default.setAttributes([.posixPermissions: 0o750], ofItemAtPath: tidings.state)
        #expect(try await run("/usr/bin/chown", "\(Self.daemon):\(Self.daemon)", tidings.state).status == 0)
        let once = try await run(
            "/bin/sh", "-c", "umask 0027; exec setpriv --reuid=\(Self.daemon) --regid=\(Self.daemon) --clear-groups"
                + " '\(BuiltBinary.tidings.path)' run --once --config '\(tidings.base)/tidings.yaml'")
        #expect(once.status == 0, "\(once.errors)")

        let lines = try await read(tidings.changeFile, group: Self.daemon)
        #expect(lines.status == 0, "\(lines.errors)")
        #expect(lines.lines.count == 3, "header, source, article")
        let tail = try await run(
            "/usr/bin/setpriv", "--reuid=\(Self.monitor)", "--regid=\(Self.daemon)", "--clear-groups",
            BuiltBinary.tidings.path, "tail", "--config", tidings.base + "/tidings.yaml", "--format", "ndjson", "-n", "9")
        #expect(tail.status == 0, "\(tail.errors)")
        #expect(tail.lines.count == 2)
        for path in [tidings.state + "/db/tidings.db", tidings.state + "/db/reading", tidings.state + "/db/tidings.pid"] {
            #expect(FileManager.default.fileExists(atPath: path))
            #expect(try await read(path, group: Self.daemon).errors.contains("Permission denied"))
        }
        #expect(try await run(
            "/usr/bin/setpriv", "--reuid=\(Self.monitor)", "--regid=\(Self.daemon)", "--clear-groups", "ls",
            tidings.state + "/db").status != 0)
        #expect(try await read(tidings.changeFile, group: Self.monitor).errors.contains("Permission denied"))
    }

    @Test("a member of the group reads articles through the daemon, and commands nothing")
    func groupReadsThroughTheDaemon() async throws {
        guard getuid() == 0 else { return }
        let tidings = try Installation()
        try tidings.write("Tide table\n\nThe tide comes at noon, says the harbor office.\n", to: "tides.txt")
        try FileManager.default.createDirectory(atPath: tidings.state, withIntermediateDirectories: true)
        try FileManager.default.setAttributes([.posixPermissions: 0o750], ofItemAtPath: tidings.state)
        #expect(try await run("/usr/bin/chown", "\(Self.daemon):\(Self.daemon)", tidings.state).status == 0)
        let daemon = try await tidings.daemon(
            under: ["/usr/bin/setpriv", "--reuid=\(Self.daemon)", "--regid=\(Self.daemon)", "--clear-groups"])
        try await tidings.waitForLines(2)
        try tidings.edit("tides.txt", "noon", "ten")
        let id = try #require(try await tidings.waitForLines(3).last?.subject)

        func member(_ arguments: String..., group: String = Self.daemon) async throws -> ProgramResult {
            try await RunningProgram(
                ["--reuid=\(Self.monitor)", "--regid=\(group)", "--clear-groups", BuiltBinary.tidings.path] + arguments
                    + ["--config", tidings.base + "/tidings.yaml"],
                of: URL(fileURLWithPath: "/usr/bin/setpriv"))
                .result()
        }
        let list = try await member("list")
        #expect(list.status == 0 && list.output.contains("Tide table") && list.output.contains(id.prefix(8)), "\(list)")
        #expect(try await member("list", "--json").output == (try await tidings.run("list", "--json").output))
        #expect(try await member("log", "Tide", "--json").output == (try await tidings.run("log", "Tide", "--json").output))
        #expect(try await member("show", String(id.prefix(6)) + "@1").output == (try await tidings.run("show", "\(id)@1").output))
        #expect(try await member("diff", id).output.contains("-The tide comes at noon, says the harbor office.\n+The tide comes at ten"))
        let snapshot = try await member("snapshot", "--with-text").lines
        let own = try await tidings.run("snapshot", "--with-text").lines
        #expect(snapshot.count == 3 && snapshot[1] == own[1])
        let status = try await member("status")
        #expect(status.status == 0 && status.output.contains("change 3, all published") && status.output.contains("news"), "\(status)")
        let told = try await member("status", "--json").output
        #expect(!told.contains(tidings.base), "no path is told")

        let unknown = try await member("log", "nothing-like-this")
        #expect(unknown.status == 65 && unknown.errors.contains("no article is found"), "\(unknown)")
        #expect(try await member("reload").status == 77)
        let outsider = try await member("list", group: Self.monitor)
        #expect(outsider.status == 77 && outsider.errors.contains("become the daemon's user"), "\(outsider)")
        try await daemon.stop()
        #expect(try await member("list").status == 77)
    }

    private func read(_ path: String, group: String) async throws -> ProgramResult {
        try await run("/usr/bin/setpriv", "--reuid=\(Self.monitor)", "--regid=\(group)", "--clear-groups", "cat", path)
    }

    private func run(_ program: String, _ arguments: String...) async throws -> ProgramResult {
        try await RunningProgram(arguments, of: URL(fileURLWithPath: program)).result()
    }
}
