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

    private func read(_ path: String, group: String) async throws -> ProgramResult {
        try await run("/usr/bin/setpriv", "--reuid=\(Self.monitor)", "--regid=\(group)", "--clear-groups", "cat", path)
    }

    private func run(_ program: String, _ arguments: String...) async throws -> ProgramResult {
        try await RunningProgram(arguments, of: URL(fileURLWithPath: program)).result()
    }
}
