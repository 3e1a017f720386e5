import Logging
import ServiceLifecycle
import TidingsCore
import TidingsServer
import TidingsStream
import TidingsSystem

@testable import TidingsDaemon

/// What stands in for a daemon behind its real control socket.
struct FakeControl: DaemonControl, DaemonFacts {
    typealias Handler = @Sendable (ControlRequest, _ progress: @escaping @Sendable (String) -> Void) async -> ControlReply

    private let handler: Handler

    init(_ handler: @escaping Handler) { self.handler = handler }

    func carryOut(_ request: ControlRequest, progress: @escaping @Sendable (String) -> Void) async -> ControlReply {
        await handler(request, progress)
    }

    var trouble: String? { nil }
    func figures() async -> DaemonFigures {
        DaemonFigures(version: "", sinks: [], commits: Histogram(), publishes: Histogram(), stuckParts: [], trouble: nil)
    }
    func status() throws -> StateStatus { throw NoLedgerError.missing(state: "none") }

    /// Runs `body` while the socket of `state` is served.
    func serving<Value: Sendable>(_ state: StateFolder, while body: () async throws -> Value) async throws -> Value {
        let listening = Alarm()
        let service = HTTPService(
            owner: ServerState(database: state.database, streamFolder: state.streamFolder, recent: RecentChanges(), daemon: self),
            control: self, at: .socket(folder: state.databaseFolder, name: StateFolder.controlSocket, mode: 0o600),
            logger: Logger(label: "test"), onListening: { _ in listening.ring() })
        let group = ServiceGroup(services: [service], logger: Logger(label: "test"))
        return try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            await listening.wait(until: .now + .seconds(10))
            let value: Value
            do {
                value = try await body()
            } catch {
                await group.triggerGracefulShutdown()
                throw error
            }
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
            return value
        }
    }
}
