import Glibc
import Logging
import ServiceLifecycle
import TidingsCore
import TidingsServer
import TidingsSystem

/// The HTTP servers of the daemon: one on a socket that only its owner can open, which commands use; one on a socket for the group,
/// which only reads; and one on an address, if the settings have one. They are apart from the rest: one that cannot listen is
/// told of, and tried again.
struct Interfaces: Sendable {
    let services: [InterfaceService]

    init(_ daemon: Daemon, settings: HTTPSettings) {
        let state = ServerState(
            database: daemon.state.database, streamFolder: daemon.state.streamFolder, recent: daemon.recent, daemon: daemon)
        let logger = daemon.logger
        var ownerLimits = HTTPService.Limits()
        // A command sends its request at once. Silent clients are sent away before they could keep others out.
        ownerLimits.connections = 256
        ownerLimits.idleSeconds = 5
        var services = [
            InterfaceService(name: "control socket", daemon: daemon) { [ownerLimits] onListening in
                HTTPService(
                    owner: state, control: daemon,
                    at: .socket(folder: daemon.state.databaseFolder, name: StateFolder.controlSocket, mode: 0o600),
                    limits: ownerLimits, logger: logger, onListening: onListening)
            }
        ]
        var limits = HTTPService.Limits()
        limits.connections = settings.connections
        if settings.hasSocket {
            let folder = daemon.environment["RUNTIME_DIRECTORY"]?.split(separator: ":").first.map(String.init) ?? daemon.state.path
            services.append(
                InterfaceService(name: "reading socket", daemon: daemon) { [limits] onListening in
                    HTTPService(
                        reading: state, at: .socket(folder: folder, name: StateFolder.readingSocket, mode: 0o660), limits: limits,
                        logger: logger, onListening: onListening)
                })
        }
        if let listen = settings.listen {
            services.append(
                InterfaceService(name: "http", daemon: daemon) { [limits] onListening in
                    HTTPService(
                        reading: state, at: .port(host: listen.host, port: listen.port), access: try settings.accessRules(environment: daemon.environment),
                        hubs: daemon.sources.hubs, limits: limits, logger: logger,
                        onListening: { port in
                            logger.notice("listening", metadata: [LogKey.address: "http://\(listen.hostInURL):\(port ?? listen.port)/"])
                            onListening(port)
                        })
                })
        }
        self.services = services
    }

    /// Returns when each of them listens, or has failed to.
    func wait(limit: Duration) async {
        let deadline = ContinuousClock.now + limit
        for service in services { await service.settled.wait(until: deadline) }
    }
}

/// One of the servers, tried again for as long as it cannot listen.
struct InterfaceService: Service {
    private static let pause = Duration.seconds(30)

    private let part: Health.Part
    private let name: String
    private let health: Health
    private let logger: Logger
    private let make: @Sendable (_ onListening: @escaping @Sendable (Int?) -> Void) throws -> HTTPService
    /// Rung when it listens, and when it has failed to.
    let settled = Alarm()

    fileprivate init(
        name: String, daemon: Daemon, _ make: @escaping @Sendable (@escaping @Sendable (Int?) -> Void) throws -> HTTPService
    ) {
        self.name = name
        part = .sink(name)
        health = daemon.health
        logger = daemon.logger
        self.make = make
    }

    func run() async throws {
        // A daemon that is told to stop before it listens does not wait for that.
        defer { settled.ring() }
        let retry = Alarm()
        await withGracefulShutdownHandler {
            while !Task.isShuttingDownGracefully, !Task.isCancelled {
                do {
                    try await make { _ in
                        health.clear(part)
                        settled.ring()
                    }.run()
                } catch {
                    health.report(part, "\(error)")
                    logger.error("an interface does not listen; it is tried again", metadata: [LogKey.reason: "\(name): \(error)"])
                    settled.ring()
                    await retry.wait(until: .now + Self.pause)
                }
            }
        } onGracefulShutdown: {
            retry.ring()
        }
    }
}

extension Daemon: DaemonFacts {
    /// A part that finishes no step for so long does not get on: as long as the watchdog of the unit waits.
    private static let stallLimit = Duration.seconds(60)

    package func status() throws -> StateStatus { try state.status(of: DaemonStatus(pid: getpid(), problem: trouble)) }

    package func figures() async -> DaemonFigures {
        var known: [DaemonFigures.Sink] = []
        for sink in sinks {
            // No sample is better than a wrong one: it would say at each start that all changes are missing.
            guard let confirmed = await sink.confirmed else { continue }
            known.append(DaemonFigures.Sink(name: sink.name, confirmed: confirmed))
        }
        return DaemonFigures(
            version: programVersion, sinks: known, commits: commits.value, publishes: publishes.value,
            stuckParts: progressRegistry.stuck(for: Self.stallLimit), trouble: health.hindrance)
    }
}

extension Daemon: DaemonControl {
    package func carryOut(_ request: ControlRequest, progress: @escaping @Sendable (String) -> Void) async -> ControlReply {
        switch request {
        case .reload: return await reload()
        case .rotate: return await rotate()
        case .health: return ControlReply(.done, trouble ?? "")
        case .reingest(let names, let acceptsRemovals):
            let known = await sourceNames
            if let unknown = names.first(where: { !known.contains($0) }) {
                let list = known.joined(separator: ", ")
                return ControlReply(.badRequest, "no source is named '\(unknown)'; the sources are: \(list)")
            }
            let results = await reingest(names, acceptsRemovals: acceptsRemovals) { name, result in
                progress("\(name): \(result.message)")
            }
            let failed = results.filter { !$0.result.isDone }
            if failed.isEmpty { return ControlReply(.done, "read again: \(results.map(\.name).joined(separator: ", "))") }
            return ControlReply(.failed, failed.map { "\($0.name): \($0.result.message)" }.joined(separator: "\n"))
        }
    }
}
