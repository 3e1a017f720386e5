import CNATS
import TidingsSystem

/// A connection to NATS servers. While they are away it comes back by itself, for as long as it takes; `BrokerInbox` is told.
///
/// It is Sendable because libnats locks each of its objects ("The NATS C client is thread-safe"), and this one's own properties never
/// change. The connection and the inbox are released when the process ends, and not before: the client's threads use them.
@safe package final class Broker: @unchecked Sendable {
    private let connection: OpaquePointer
    let jetStream: OpaquePointer
    private let inbox: BrokerInbox
    /// Begins the subjects of the answers to this connection alone.
    package let replies: String

    /// How long one call waits for an answer.
    static let waitMilliseconds: Int64 = 5_000

    /// Connects, however long the servers are away.
    /// - Parameter say: takes messages for people; each new trouble is said once.
    /// - Throws: what no waiting mends.
    package init(_ settings: BrokerSettings, inbox: BrokerInbox, say: (String) -> Void) throws(BrokerError) {
        var options: OpaquePointer?
        try call("prepare the connection") { unsafe natsOptions_Create(&options) }
        defer { unsafe natsOptions_Destroy(options) }
        let context = unsafe Unmanaged.passRetained(inbox).toOpaque()
        try unsafe Self.set(options, settings, context)
        let connection = try unsafe TidingsNATS.patiently(say) { () throws(BrokerError) in
            var connection: OpaquePointer?
            // No server's address is said: it may have a password in it.
            try call("connect to the NATS servers") { unsafe natsConnection_Connect(&connection, options) }
            guard let connection = unsafe connection else { throw BrokerError("connect to the NATS servers", NATS_ERR) }
            return unsafe connection
        }
        var jetStream: OpaquePointer?
        var wait = unsafe jsOptions()
        unsafe jsOptions_Init(&wait)
        unsafe wait.Wait = Self.waitMilliseconds
        try call("use JetStream") { unsafe natsConnection_JetStream(&jetStream, connection, &wait) }
        guard let jetStream = unsafe jetStream else { throw BrokerError("use JetStream", NATS_ERR) }
        var name: UnsafeMutablePointer<CChar>?
        try call("make an inbox") { unsafe natsInbox_Create(&name) }
        replies = unsafe name.map { unsafe String(cString: $0) } ?? ""
        unsafe natsInbox_Destroy(name)
        unsafe self.connection = connection
        unsafe self.jetStream = jetStream
        self.inbox = inbox
    }

    private static func set(
        _ options: OpaquePointer?, _ settings: BrokerSettings, _ context: UnsafeMutableRawPointer
    ) throws(BrokerError) {
        for server in settings.servers {
            // Each is checked by itself, so that the message names it.
            try call("use the server address \(server)") { unsafe natsOptions_SetURL(options, server) }
        }
        try call("use the servers") { unsafe natsOptions_SetURL(options, nil) }
        var strings = CStrings()
        let servers = unsafe strings.keep(settings.servers)
        try call("use the servers") { unsafe natsOptions_SetServers(options, servers, Int32(settings.servers.count)) }
        withExtendedLifetime(strings) {}
        try call("name the connection") { unsafe natsOptions_SetName(options, settings.name) }
        if let file = settings.credentialsFile {
            try call("use the credentials \(file)") { unsafe natsOptions_SetUserCredentialsFromFiles(options, file, nil) }
        }
        if let file = settings.caFile {
            try call("use the authorities \(file)") { unsafe natsOptions_LoadCATrustedCertificates(options, file) }
        }
        try call("set the limits of the connection") {
            // Without end: what is to be delivered stays with the daemon until the servers are back.
            var status = unsafe natsOptions_SetMaxReconnect(options, -1)
            if status == NATS_OK { status = unsafe natsOptions_SetReconnectWait(options, 250) }
            if status == NATS_OK { status = unsafe natsOptions_SetReconnectJitter(options, 250, 250) }
            // A server that hangs is left after three of these.
            if status == NATS_OK { status = unsafe natsOptions_SetPingInterval(options, 2_000) }
            if status == NATS_OK { status = unsafe natsOptions_SetMaxPingsOut(options, 2) }
            if status == NATS_OK { status = unsafe natsOptions_SetWriteDeadline(options, 5_000) }
            if status == NATS_OK { status = unsafe natsOptions_SetFailRequestsOnDisconnect(options, true) }
            if status == NATS_OK { status = unsafe natsOptions_SetReconnectedCB(options, tellConnected, context) }
            if status == NATS_OK { status = unsafe natsOptions_SetDisconnectedCB(options, tellDisconnected, context) }
            return status
        }
    }

    /// The largest message that the server takes, in bytes with its headers; 0 before the first connection.
    package var maxPayload: Int { unsafe Int(natsConnection_GetMaxPayload(connection)) }

    /// Has all messages on `subject` put into the inbox.
    package func subscribe(_ subject: String) throws(BrokerError) {
        var subscription: OpaquePointer?
        try call("subscribe to \(subject)") {
            // Retained once more than it is released: the subscription lives as long as the process.
            unsafe natsConnection_Subscribe(
                &subscription, connection, subject, tellMessage, Unmanaged.passRetained(inbox).toOpaque())
        }
        // The client would drop what is above its limits. What comes in here is bounded by what was asked for.
        try call("subscribe to \(subject)") { unsafe natsSubscription_SetPendingLimits(subscription, -1, -1) }
    }

    /// Sends one message; not yet through the socket when it returns.
    package func publish(
        _ subject: String, reply: String? = nil, headers: [(name: String, value: String)] = [], _ bytes: [UInt8]
    ) throws(BrokerError) {
        var message: OpaquePointer?
        try call("make a message") {
            unsafe bytes.withUnsafeBytes { bytes in
                unsafe natsMsg_Create(
                    &message, subject, reply, bytes.baseAddress?.assumingMemoryBound(to: CChar.self), Int32(bytes.count))
            }
        }
        defer { unsafe natsMsg_Destroy(message) }
        for (name, value) in headers { try call("make a message") { unsafe natsMsgHeader_Set(message, name, value) } }
        try call("send to \(subject)") { unsafe natsConnection_PublishMsg(connection, message) }
    }

    /// Asks, and waits for the answer.
    func request(_ action: String, _ subject: String, _ bytes: [UInt8]) throws(BrokerError) -> BrokerMessage {
        var answer: OpaquePointer?
        try call(action) {
            unsafe bytes.withUnsafeBytes { bytes in
                unsafe natsConnection_Request(
                    &answer, connection, subject, bytes.baseAddress?.assumingMemoryBound(to: CChar.self), Int32(bytes.count),
                    Self.waitMilliseconds)
            }
        }
        defer { unsafe natsMsg_Destroy(answer) }
        guard let message = unsafe BrokerMessage(answer) else { throw BrokerError(action: action, message: "there is no answer") }
        return message
    }

    /// Sends what is waiting, and waits until the server has it.
    package func flush() throws(BrokerError) {
        try call("reach the server") { unsafe natsConnection_FlushTimeout(connection, Self.waitMilliseconds) }
    }
}

extension BrokerMessage {
    /// Copies the message; nil without one.
    init?(_ message: OpaquePointer?) {
        guard let message = unsafe message else { return nil }
        subject = unsafe natsMsg_GetSubject(message).map { unsafe String(cString: $0) } ?? ""
        reply = unsafe natsMsg_GetReply(message).map { unsafe String(cString: $0) }
        let count = unsafe Int(natsMsg_GetDataLength(message))
        bytes = unsafe natsMsg_GetData(message).map { start in
            unsafe start.withMemoryRebound(to: UInt8.self, capacity: count) { unsafe Array(UnsafeBufferPointer(start: $0, count: count)) }
        } ?? []
        saysNoResponders = unsafe natsMsg_IsNoResponders(message)
        headers = unsafe Self.headers(message)
    }

    private static func headers(_ message: OpaquePointer) -> [String: String] {
        var keys: UnsafeMutablePointer<UnsafePointer<CChar>?>?
        var count: Int32 = 0
        guard unsafe natsMsgHeader_Keys(message, &keys, &count) == NATS_OK, let keys = unsafe keys else { return [:] }
        // "The returned array should be freed"; the strings belong to the message.
        defer { unsafe free(keys) }
        var found: [String: String] = [:]
        for index in 0..<Int(count) {
            var value: UnsafePointer<CChar>?
            guard let key = unsafe keys[index], unsafe natsMsgHeader_Get(message, key, &value) == NATS_OK,
                let value = unsafe value
            else { continue }
            unsafe found[String(cString: key)] = unsafe String(cString: value)
        }
        return found
    }
}

// The client's callbacks, on its own threads. `context` is the inbox.

private func inbox(_ context: UnsafeMutableRawPointer?) -> BrokerInbox? {
    unsafe context.map { unsafe Unmanaged<BrokerInbox>.fromOpaque($0).takeUnretainedValue() }
}

private let tellConnected: natsConnectionHandler = { _, context in unsafe inbox(context)?.put(.connected) }

private let tellDisconnected: natsConnectionHandler = { _, context in unsafe inbox(context)?.put(.disconnected) }

private let tellMessage: natsMsgHandler = { _, _, message, context in
    if let copy = unsafe BrokerMessage(message) { unsafe inbox(context)?.put(.message(copy)) }
    unsafe natsMsg_Destroy(message)
}
