import Foundation
import TestSupport
import Testing

/// The interfaces as programs of others use them, unchanged: Tests/Interfaces says which.
struct InterfaceTests {
    private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("Interfaces")
    /// With the programs that `.ci/setup tests` brings.
    private static let python = folder.deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent(".build/interfaces/bin/python")

    private func run(_ script: String, _ arguments: String...) async throws {
        try #require(FileManager.default.isExecutableFile(atPath: Self.python.path), "run `.ci/setup tests` first")
        let result = try await RunningProgram(
            [Self.folder.appendingPathComponent(script).path] + arguments + (isLongRun ? ["--long"] : []), of: Self.python,
            environment: ["TZ": "UTC", "PATH": "/usr/bin:/bin", "TIDINGS": BuiltBinary.tidings.path]
        ).result()
        print(result.output)
        #expect(result.status == 0, "\(result.output)\(result.errors)")
    }

    @Test("clients that others have written read everything, and find nothing wrong with it", .timeLimit(.minutes(10)))
    func clients() async throws { try await run("run") }

    @Test("crowds, stalled readers, and clients that break off or send nonsense: all is bounded, and the others notice nothing", .enabled(if: isLongRun), .timeLimit(.minutes(10)))
    func abuse() async throws { try await run("load") }
}
