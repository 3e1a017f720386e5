import Synchronization
import TidingsSystem

/// What the client's threads tell the one thread that works with it.
package enum BrokerEvent: Sendable {
    case connected
    case disconnected
    case message(BrokerMessage)
}

/// One message that came for a subscription.
package struct BrokerMessage: Sendable {
    package let subject: String
    package let reply: String?
    package let bytes: [UInt8]
    /// Whether it is the server's word that nobody listens to what was sent.
    package let saysNoResponders: Bool
    package let headers: [String: String]
}

/// Takes events from any thread. Its reader waits for `descriptor` in poll(2).
package final class BrokerInbox: Sendable {
    private let events = Mutex<[BrokerEvent]>([])
    private let event: EventDescriptor

    package init() throws(SystemError) { event = try EventDescriptor() }

    /// Readable while there may be events.
    package var descriptor: Int32 { event.descriptor.raw }

    package func put(_ new: BrokerEvent) {
        events.withLock { $0.append(new) }
        event.signal()
    }

    /// Wakes its reader for something that is not in here.
    func wake() { event.signal() }

    package func take() -> [BrokerEvent] {
        event.reset()
        return events.withLock { events in
            defer { events = [] }
            return events
        }
    }
}
