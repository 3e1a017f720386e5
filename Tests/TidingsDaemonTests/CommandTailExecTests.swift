import Foundation
import TestSupport
import Testing

@Suite("tidings tail --exec")
struct CommandTailExecTests {
    private static let cursor = "consumer.cursor"

    /// Runs `tail` with a command that works in the folder of `state`.
    private func start(_ state: CommandState, _ command: String, _ arguments: String...) throws -> RunningProgram {
        let folder = folder(state)
        return try RunningProgram(
            ["tail", "--config", state.settings, "--cursor-file", "\(folder)/\(Self.cursor)", "--exec", "cd '\(folder)'; \(command)"]
                + arguments)
    }

    private func folder(_ state: CommandState) -> String { URL(fileURLWithPath: state.settings).deletingLastPathComponent().path }

    private func text(_ name: String, of state: CommandState) -> String {
        (try? String(contentsOfFile: "\(folder(state))/\(name)", encoding: .utf8)) ?? ""
    }

    private func noted(_ state: CommandState) -> String { String(text(Self.cursor, of: state).split(separator: " ").last ?? "") }

    @Test("gives the changes in batches, in order, and notes the end of each that the command has dealt with")
    func batches() async throws {
        let state = try await CommandState()
        let result = try await start(state, "echo batch >> got; cat >> got", "--batch", "4").result()
        #expect(result.status == 0, "\(result.errors)")
        let changes = try state.changes
        let lines: [String] = ["batch"] + changes.prefix(4) + ["batch"] + changes.dropFirst(4)
        #expect(text("got", of: state) == lines.map { $0 + "\n" }.joined())
        #expect(noted(state) == "6\n")
        // Nothing is left: the command is not run.
        #expect(try await start(state, "touch again").result().status == 0)
        #expect(!FileManager.default.fileExists(atPath: folder(state) + "/again"))
    }

    @Test("a command that fails, or dies before it has read all, leaves the cursor before its batch, and `tail` exits with 75", arguments: [
        ("cat > got; exit 3", "exited with 3"), ("head -n 1 > got; kill -9 $$", "was killed by signal 9"),
        ("exec ./no-such-program", "exited with 127"),
    ])
    func fails(command: String, end: String) async throws {
        let state = try await CommandState()
        let result = try await start(state, command, "--batch", "2").result()
        #expect(result.status == 75)
        #expect(result.errors.hasSuffix("the command \(end): 2 changes up to 2 not delivered; the next `tail` begins with them again\n"))
        #expect(noted(state) == "0\n")
    }

    @Test("with -f the same batch comes again until the command exits with 0, and then what follows")
    func comesAgain() async throws {
        let state = try await CommandState()
        let tail = try start(state, "cat > batch; if [ -e once ]; then cat batch >> got; else touch once; exit 1; fi", "-f")
        #expect(try await eventually { text("got", of: state) == (try state.changes).map { $0 + "\n" }.joined() })
        try await state.commitGull(1)
        try state.publish()
        #expect(try await eventually { text("got", of: state) == (try state.changes).map { $0 + "\n" }.joined() })
        #expect(try await eventually { noted(state) == "7\n" })
        tail.interrupt()
        let result = await tail.result()
        #expect(result.status == 0)
        #expect(result.errors == "tidings: the command exited with 1: 6 changes up to 6 go to it again in 1 s\n")
    }

    @Test("a signal waits for the command that runs, and notes what it has dealt with")
    func ends() async throws {
        let state = try await CommandState()
        let tail = try start(state, "cat > batch; touch runs; while [ ! -e go ]; do :; done", "-f")
        #expect(try await eventually { FileManager.default.fileExists(atPath: folder(state) + "/runs") })
        tail.send(SIGTERM)
        #expect(noted(state) == "0\n")
        #expect(FileManager.default.createFile(atPath: folder(state) + "/go", contents: nil))
        #expect(await tail.result().status == 0)
        #expect(noted(state) == "6\n")
    }
}
