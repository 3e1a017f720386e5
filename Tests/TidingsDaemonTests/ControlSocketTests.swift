import Foundation
import Synchronization
import Testing
import TidingsFetch
import TidingsServer
import TidingsSystem

@testable import TidingsDaemon

@Suite("The control socket")
struct ControlSocketTests {
    /// A state folder below a fresh temporary one.
    private final class State: Sendable {
        let folder: StateFolder
        private let base: String

        init(deep: Bool = false) throws {
            base = FileManager.default.temporaryDirectory.path + "/tidings-control-\(UUID().uuidString)"
            let below = deep ? String(repeating: "/a-folder-with-a-long-name", count: 8) : ""
            folder = StateFolder(path: base + below)
            try folder.prepare()
        }

        deinit { try? FileManager.default.removeItem(atPath: base) }
    }

    /// Sends from a thread that may block.
    private func send(
        _ request: ControlRequest, to state: StateFolder, waits: Bool = true,
        progress: @escaping @Sendable (String) -> Void = { _ in }
    ) async throws -> ControlReply {
        try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread {
                continuation.resume(
                    with: Result { try ControlClient.send(request, to: state, waits: waits, progress: progress) })
            }
        }
    }

    private func serving<Value: Sendable>(
        _ state: StateFolder, _ handler: @escaping FakeControl.Handler, while body: () async throws -> Value
    ) async throws -> Value {
        try await FakeControl(handler).serving(state, while: body)
    }

    private static let done: FakeControl.Handler = { _, _ in ControlReply(.done, "done") }

    @Test("each request arrives as it was sent, and its reply comes back", arguments: [
        .reload, .rotate, .reingest(sources: [], acceptsRemovals: false),
        .reingest(sources: ["seeds", "a \"quoted\"\nname"], acceptsRemovals: true),
    ] as [ControlRequest])
    func requestAndReply(request: ControlRequest) async throws {
        let state = try State()
        let reply = try await serving(state.folder, { got, _ in ControlReply(.failed, "\(got)") }) {
            try await send(request, to: state.folder)
        }
        #expect(reply == ControlReply(.failed, "\(request)"))
    }

    @Test("progress comes before the reply, in order")
    func progress() async throws {
        let state = try State()
        let seen = Mutex<[String]>([])
        let reply = try await serving(state.folder) { _, progress in
            for step in 1...3 { progress("step \(step)") }
            return ControlReply(.done, "rotated")
        } while: {
            try await send(.rotate, to: state.folder) { message in seen.withLock { $0.append(message) } }
        }
        #expect(reply == ControlReply(.done, "rotated"))
        #expect(seen.withLock { $0 } == ["step 1", "step 2", "step 3"])
    }

    @Test("a client that does not wait has its reply while the work goes on")
    func withoutWaiting() async throws {
        let state = try State()
        let (gate, open) = AsyncStream.makeStream(of: Void.self)
        let (end, ended) = AsyncStream.makeStream(of: Void.self)
        let reply = try await serving(state.folder) { _, _ in
            for await _ in gate { break }
            ended.yield()
            return ControlReply(.done, "late")
        } while: {
            let reply = try await send(.reload, to: state.folder, waits: false)
            open.yield()
            for await _ in end { break }
            return reply
        }
        #expect(reply == ControlReply(.done, "the daemon has been told"))
    }

    @Test("a state folder deeper than a socket address is served all the same")
    func deepFolder() async throws {
        let state = try State(deep: true)
        #expect(state.folder.databaseFolder.utf8.count > 107)
        let reply = try await serving(state.folder, Self.done) { try await send(.reload, to: state.folder) }
        #expect(reply.outcome == .done)
    }

    @Test("without a daemon, the command is told so: no folder, no socket, a socket that a killed daemon left")
    func noDaemon() async throws {
        let missing = StateFolder(path: FileManager.default.temporaryDirectory.path + "/tidings-none-\(UUID().uuidString)")
        #expect(throws: ControlError.noDaemon(state: missing.path)) { try ControlClient.send(.reload, to: missing) }
        let state = try State()
        #expect(throws: ControlError.noDaemon(state: state.folder.path)) { try ControlClient.send(.reload, to: state.folder) }
        try Self.leaveSocket(state.folder)
        #expect(FileManager.default.fileExists(atPath: state.folder.databaseFolder + "/control"))
        #expect(throws: ControlError.noDaemon(state: state.folder.path)) { try ControlClient.send(.reload, to: state.folder) }
        // The next daemon takes its place.
        let reply = try await serving(state.folder, Self.done) { try await send(.reload, to: state.folder) }
        #expect(reply.outcome == .done)
    }

    /// As a killed daemon does.
    private static func leaveSocket(_ state: StateFolder) throws {
        let address = try #require(UnixSocketAddress(state.databaseFolder + "/control"))
        let number = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        let code = unsafe address.withAddress { unsafe bind(number, $0, $1) }
        #expect(code == 0)
        close(number)
    }

    @Test("a server that has ended leaves no socket behind")
    func end() async throws {
        let state = try State()
        _ = try await serving(state.folder, Self.done) { try await send(.reload, to: state.folder) }
        #expect(!FileManager.default.fileExists(atPath: state.folder.databaseFolder + "/control"))
    }

    @Test("only the owner can open the socket")
    func mode() async throws {
        let state = try State()
        let mode = try await serving(state.folder, Self.done) {
            try FileManager.default.attributesOfItem(atPath: state.folder.databaseFolder + "/control")[.posixPermissions] as? Int
        }
        #expect(mode == 0o600)
    }

    @Test("what the daemon does not know is refused with a message", arguments: [
        (method: "POST", target: "/v1/format", detail: "this path is only read"),
        (method: "POST", target: "/v1/reload?wiat=false", detail: "this path has no parameter 'wiat'; do you mean 'wait'?"),
        (method: "POST", target: "/v1/rotate?wait=perhaps", detail: "'wait' is true or false"),
    ])
    func noRequest(method: String, target: String, detail: String) async throws {
        let state = try State()
        let answer = try await serving(state.folder, Self.done) {
            try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<String, any Error>) in
                Thread.detachNewThread {
                    continuation.resume(with: Result {
                        let request = LocalRequest(
                            folder: state.folder.databaseFolder, socket: StateFolder.controlSocket, method: method, target: target)
                        return String(decoding: try request.lines { _ in true }.refusal, as: UTF8.self)
                    })
                }
            }
        }
        #expect(answer.contains("\"detail\":\"\(detail)\""))
    }
}
