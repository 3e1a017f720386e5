import Glibc
import NIOCore
import NIOHTTPTypes

/// Closes the connection of a client that takes nothing for a minute, so that a stalled reader costs memory for a limited time; a
/// follower comes back and goes on after the last change that it has.
///
/// Closes it, too, when the server has nothing more to say and the client does not go.
///
/// What waits to be sent is limited by the channel's high-water mark and one part of an answer.
final class ConnectionGuard: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    struct Limits: Equatable, Sendable {
        /// How long a client may take nothing.
        var stall = TimeAmount.seconds(60)
        /// The same when the daemon stops.
        var stallAtEnd = TimeAmount.seconds(1)
        /// How long a client may take to close its half after the server has closed the other. Less, and what is on its way to the
        /// client could be lost (RFC 9112 §9.6).
        var linger = TimeAmount.seconds(2)
    }

    private let limits: Limits
    private let traffic: HTTPTraffic
    private var isEnding = false
    private var hasClientClosed = false
    /// Of the request that is being answered, if it wants to know.
    private weak var presence: ClientPresence?
    private var closing: Scheduled<Void>?
    private var ending: Scheduled<Void>?

    init(_ limits: Limits, _ traffic: HTTPTraffic) {
        self.limits = limits
        self.traffic = traffic
    }

    func channelActive(context: ChannelHandlerContext) {
        traffic.connections.add(1, ordering: .relaxed)
        // A client that has vanished without a word does not take what TCP sends again and again (tcp(7), TCP_USER_TIMEOUT).
        if context.channel.localAddress?.protocol != .unix {
            let option = ChannelOptions.socket(SocketOptionLevel(IPPROTO_TCP), SocketOptionName(TCP_USER_TIMEOUT))
            context.channel.setOption(option, value: SocketOptionValue(limits.stall.nanoseconds / 1_000_000)).whenFailure { _ in }
        }
        context.fireChannelActive()
    }

    /// Has `presence` told when the client closes its side, or has closed it.
    func tell(_ presence: ClientPresence) {
        self.presence = presence
        if hasClientClosed { presence.depart() }
    }

    private func noteDeparture() {
        hasClientClosed = true
        presence?.depart()
    }

    func channelInactive(context: ChannelHandlerContext) {
        traffic.connections.subtract(1, ordering: .relaxed)
        noteDeparture()
        context.fireChannelInactive()
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        watch(context)
        context.fireChannelWritabilityChanged()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event is ChannelShouldQuiesceEvent {
            isEnding = true
            watch(context)
            // The server has closed its half already.
            if ending != nil { context.close(promise: nil) }
        }
        if event as? ChannelEvent == .inputClosed { noteDeparture() }
        context.fireUserInboundEventTriggered(event)
    }

    func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
        // The framework would wait for the client for ever, and the daemon's stop with it.
        if mode == .output {
            let channel = context.channel
            ending = context.eventLoop.scheduleTask(in: isEnding ? limits.stallAtEnd : limits.linger) { channel.close(promise: nil) }
        }
        context.close(mode: mode, promise: promise)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        closing?.cancel()
        ending?.cancel()
    }

    private func watch(_ context: ChannelHandlerContext) {
        closing?.cancel()
        closing = nil
        if context.channel.isWritable { return }
        let channel = context.channel
        closing = context.eventLoop.scheduleTask(in: isEnding ? limits.stallAtEnd : limits.stall) { channel.close(promise: nil) }
    }
}
