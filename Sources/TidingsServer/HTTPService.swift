import Glibc
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP1
import NIOPosix
import ServiceLifecycle
import TidingsCore
import TidingsSystem

/// Where a server listens.
package enum ListenAddress: Equatable, Sendable {
    /// A Unix socket at `path`, with `mode` and for `group`.
    case socket(folder: String, name: String, mode: mode_t)
    /// An IP address or `localhost`, and a port; 0 for any that is free.
    case port(host: String, port: Int)
}

/// What a client sends while it is being answered is no HTTP.
private struct BrokenRequest: Error {}

/// A server on one address.
package struct HTTPService: Service {
    package struct Limits: Equatable, Sendable {
        /// Others wait until one of these has gone (listen(2), "backlog").
        package var connections = 2048
        /// Bytes of all header fields of a request.
        package var headerBytes = 16 << 10
        /// How long a connection may take to send a request, and be idle between two.
        package var idleSeconds: Int64 = 30

        package init() {}
    }

    private let address: ListenAddress
    private let responder: RouterResponder<ServerContext>
    private let traffic: HTTPTraffic
    private let limits: Limits
    private let logger: Logger
    private let onListening: @Sendable (Int?) -> Void

    /// Answers what reads.
    /// - Parameters:
    ///   - hubs: gets what hubs say; nil where none can reach this server.
    ///   - onListening: called when connections are accepted, with the port if there is one.
    package init(
        reading state: ServerState, at address: ListenAddress, access: AccessRules = AccessRules(), hubs: (any HubCallbacks)? = nil,
        limits: Limits = Limits(), logger: Logger, onListening: @escaping @Sendable (Int?) -> Void = { _ in }
    ) {
        let routes = ServerPaths.reading(state, access: access, hubs: hubs, logger: logger)
        self.init(routes, state.traffic, at: address, limits, logger, onListening)
    }

    /// Answers the daemon's owner, who can command it too.
    package init(
        owner state: ServerState, control: any DaemonControl, at address: ListenAddress, limits: Limits = Limits(), logger: Logger,
        onListening: @escaping @Sendable (Int?) -> Void = { _ in }
    ) {
        self.init(ServerPaths.owner(state, control: control, logger: logger), state.traffic, at: address, limits, logger, onListening)
    }

    private init(
        _ routes: Routes, _ traffic: HTTPTraffic, at address: ListenAddress, _ limits: Limits, _ logger: Logger,
        _ onListening: @escaping @Sendable (Int?) -> Void
    ) {
        self.address = address
        responder = routes.buildResponder()
        self.traffic = traffic
        self.limits = limits
        self.logger = logger
        self.onListening = onListening
    }

    /// One thread is enough: it only moves bytes.
    static let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)

    /// - Throws: `ListenError` if the address cannot be had.
    package func run() async throws {
        switch address {
        case .port(let host, let port):
            try await serve(.hostname(host, port: port), name: "\(host):\(port)") { onListening($0.localAddress?.port) }
        case .socket(let folder, let name, let mode):
            let place = try SocketPlace(folder: folder, name: name)
            try await serve(.unixDomainSocket(path: place.shortPath), name: "\(folder)/\(name)") { _ in
                place.setMode(mode)
                onListening(nil)
            }
            place.remove()
        }
    }

    /// The work is a task of its own: what its many calls took of memory would else stay with the connection, which may follow for days.
    private static func answer(
        _ request: Request, _ context: ServerContext, by responder: RouterResponder<ServerContext>
    ) async throws -> Response {
        let answer = Task { try await responder.respond(to: request, context: context) }
        return try await withTaskCancellationHandler {
            try await answer.value
        } onCancel: {
            answer.cancel()
        }
    }

    private func serve(
        _ bind: BindAddress, name: String, onRunning: @escaping @Sendable (any Channel) async -> Void
    ) async throws {
        // The framework tells much of what is normal.
        var logger = logger
        logger.logLevel = max(logger.logLevel, .notice)
        var configuration = HTTP1Channel.Configuration(
            additionalChannelHandlers: [ConnectionGuard(ConnectionGuard.Limits(), traffic)], idleTimeout: .seconds(limits.idleSeconds))
        configuration.httpDecoder = .init(
            maxHeaderFieldSize: limits.headerBytes, maxHeaderListSize: limits.headerBytes, maxHeaderFieldCount: 100)
        // Not as an `Application`: its cache of the date wakes up every second, also when nobody asks for anything.
        let server = try HTTPServerBuilder.http1(configuration: configuration).buildServer(
            configuration: ServerConfiguration(
                address: bind, backlog: 256, availableConnectionsDelegate: .maximum(limits.connections, logger: logger)),
            eventLoopGroup: Self.group, logger: logger,
            responder: { [responder, logger] request, writer, channel in
                let context = ServerContext(source: ApplicationRequestContextSource(channel: channel, logger: logger))
                var response = try await Self.answer(request, context, by: responder)
                response.headers[.date] = httpDate(milliseconds: wallClockMilliseconds())
                do {
                    try await writer.write(response: response.head, body: response.body)
                } catch is HTTPParserError {
                    // As a parser's error it would have a second answer sent.
                    throw BrokenRequest()
                }
            }, onServerRunning: onRunning)
        do {
            try await server.run()
        } catch let error as IOError {
            throw ListenError(address: name, code: error.errnoCode)
        }
    }
}
