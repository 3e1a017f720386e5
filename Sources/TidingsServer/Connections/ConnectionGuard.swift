import CLinux
import Glibc
import NIOCore
import NIOHTTPTypes

/// Closes the connection of a client that takes nothing for a minute, so that a stalled reader costs memory for a limited time; a
/// follower comes back and goes on after the last change that it has.
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
    }

    private let limits: Limits
    private let traffic: HTTPTraffic
    private var isEnding = false
    private var closing: Scheduled<Void>?

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

    func channelInactive(context: ChannelHandlerContext) {
        traffic.connections.subtract(1, ordering: .relaxed)
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
        }
        context.fireUserInboundEventTriggered(event)
    }

    func handlerRemoved(context: ChannelHandlerContext) { closing?.cancel() }

    private func watch(_ context: ChannelHandlerContext) {
        closing?.cancel()
        closing = nil
        if context.channel.isWritable { return }
        let channel = context.channel
        closing = context.eventLoop.scheduleTask(in: isEnding ? limits.stallAtEnd : limits.stall) { channel.close(promise: nil) }
    }
}
