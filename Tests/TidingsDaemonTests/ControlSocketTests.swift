import Foundation
import Synchronization
import Testing
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

    /// What a client of another make gets for `bytes`: all until the end.
    private func received(for bytes: [UInt8], at state: StateFolder) async throws -> String {
        let number = try Self.connection(to: state)
        return await withCheckedContinuation { continuation in
            Thread.detachNewThread {
                defer { close(number) }
                _ = unsafe bytes.withUnsafeBytes { unsafe Glibc.send(number, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
                var answer: [UInt8] = []
                var page = [UInt8](repeating: 0, count: 4096)
                while true {
                    let count = unsafe page.withUnsafeMutableBytes { unsafe recv(number, $0.baseAddress, $0.count, 0) }
                    guard count > 0 else { break }
                    answer += page[..<count]
                }
                continuation.resume(returning: String(decoding: answer, as: UTF8.self))
            }
        }
    }

    private static func connection(to state: StateFolder) throws -> Int32 {
        let address = try ControlAddress(state)
        let number = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        let code = unsafe address.withAddress { unsafe connect(number, $0, $1) }
        guard number >= 0, code == 0 else { throw ControlError.failed(state: state.path, message: errorMessage("connect")) }
        return number
    }

    private func serving<Value: Sendable>(
        _ state: StateFolder, limits: ControlServer.Limits = .init(), _ handler: @escaping ControlServer.Handler,
        while body: () async throws -> Value
    ) async throws -> Value {
        let server = try ControlServer(state, limits: limits)
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await server.run(handler) }
            defer { group.cancelAll() }
            return try await body()
        }
    }

    private static let done: ControlServer.Handler = { _, _ in ControlReply(.done, "done") }

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
        do { _ = try ControlServer(state.folder) }
        #expect(FileManager.default.fileExists(atPath: state.folder.databaseFolder + "/control"))
        #expect(throws: ControlError.noDaemon(state: state.folder.path)) { try ControlClient.send(.reload, to: state.folder) }
        // The next daemon takes its place.
        let reply = try await serving(state.folder, Self.done) { try await send(.reload, to: state.folder) }
        #expect(reply.outcome == .done)
    }

    @Test("a server that was cancelled leaves no socket behind")
    func cancellation() async throws {
        let state = try State()
        _ = try await serving(state.folder, Self.done) { try await send(.reload, to: state.folder) }
        #expect(!FileManager.default.fileExists(atPath: state.folder.databaseFolder + "/control"))
    }

    @Test("what is no request is refused with message", arguments: [
        "hello\n", "{}\n", #"{"request":"format_disk"}"# + "\n", #"{"request":1}"# + "\n",
    ])
    func noRequest(line: String) async throws {
        let state = try State()
        let answer = try await serving(state.folder, Self.done) { try await received(for: Array(line.utf8), at: state.folder) }
        #expect(answer.hasPrefix(#"{"ok":false,"outcome":"bad_request","message":"this is no request"#))
    }

    @Test("a request without end is refused at its limit")
    func endless() async throws {
        let state = try State()
        let answer = try await serving(state.folder, Self.done) {
            try await received(for: [UInt8](repeating: 0x20, count: ControlCall.limitBytes + 1), at: state.folder)
        }
        #expect(answer.contains("longer than"))
    }

    @Test("a silent client is sent away, and holds up nobody meanwhile")
    func silentClient() async throws {
        let state = try State()
        var limits = ControlServer.Limits()
        limits.requestMilliseconds = 200
        let answers = try await serving(state.folder, limits: limits, Self.done) {
            async let silent = received(for: [], at: state.folder)
            async let lively = send(.reload, to: state.folder)
            return try await (silent, lively)
        }
        #expect(answers.0.contains("no request within 200 ms"))
        #expect(answers.1.outcome == .done)
    }

    @Test("one client too many is asked to come later")
    func tooMany() async throws {
        let state = try State()
        var limits = ControlServer.Limits()
        limits.clients = 1
        let (gate, open) = AsyncStream.makeStream(of: Void.self)
        let (start, started) = AsyncStream.makeStream(of: Void.self)
        let replies = try await serving(state.folder, limits: limits) { _, _ in
            started.yield()
            for await _ in gate { break }
            return ControlReply(.done, "done")
        } while: {
            async let first = send(.reload, to: state.folder)
            for await _ in start { break }
            let second = try await send(.reload, to: state.folder)
            open.yield()
            return try await [first, second]
        }
        #expect(replies.map(\.outcome) == [.done, .notNow])
    }

    @Test("a client that reads nothing misses progress and still finds its reply")
    func unreadProgress() async throws {
        let state = try State()
        let (start, started) = AsyncStream.makeStream(of: Void.self)
        let answer = try await serving(state.folder) { _, progress in
            for step in 1...20_000 { progress("step \(step)") }
            started.yield()
            return ControlReply(.done, "all done")
        } while: {
            let number = try Self.connection(to: state.folder)
            defer { close(number) }
            let line = ControlCall(.rotate, waits: true).line
            _ = unsafe line.withUnsafeBytes { unsafe Glibc.send(number, $0.baseAddress, $0.count, 0) }
            for await _ in start { break }
            var bytes: [UInt8] = []
            var page = [UInt8](repeating: 0, count: 4096)
            while true {
                let count = unsafe page.withUnsafeMutableBytes { unsafe recv(number, $0.baseAddress, $0.count, 0) }
                guard count > 0 else { break }
                bytes += page[..<count]
            }
            return String(decoding: bytes, as: UTF8.self)
        }
        let lines = answer.split(separator: "\n")
        #expect(lines.first == #"{"progress":"step 1"}"#)
        #expect(lines.last == #"{"ok":true,"outcome":"done","message":"all done"}"#)
        #expect(lines.count < 20_000)
    }
}
