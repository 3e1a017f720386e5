import Hummingbird
import NIOCore
import Synchronization

/// What a route knows of its request besides what was sent: its connection.
struct ServerContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    private let channel: any Channel

    init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        channel = source.channel
    }

    /// Watches the client of this request, for as long as the result is kept: a request that waits would else learn that its client has
    /// gone only when it sends something.
    /// - Parameter onDeparture: called when the client has closed its side, at most once.
    func presence(onDeparture: @escaping @Sendable () -> Void) -> ClientPresence {
        let presence = ClientPresence(onDeparture)
        channel.eventLoop.execute { [channel] in
            switch Result(catching: { try channel.pipeline.syncOperations.handler(type: ConnectionGuard.self) }) {
            case .success(let connection): connection.tell(presence)
            // The connection has been torn down already.
            case .failure: presence.depart()
            }
        }
        return presence
    }
}

/// Whether the client of a request is still there.
final class ClientPresence: Sendable {
    private let hasDeparted = Atomic(false)
    private let onDeparture: @Sendable () -> Void

    fileprivate init(_ onDeparture: @escaping @Sendable () -> Void) { self.onDeparture = onDeparture }

    var isGone: Bool { hasDeparted.load(ordering: .acquiring) }

    func depart() {
        if !hasDeparted.exchange(true, ordering: .acquiringAndReleasing) { onDeparture() }
    }
}
