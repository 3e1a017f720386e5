import CNATS
import TidingsCore

/// A call of the NATS client that failed.
package struct BrokerError: Error, Equatable, Sendable, CustomStringConvertible {
    /// What was to be done, for people: "read the stream's state".
    package let action: String
    /// Status of libnats (`natsStatus`).
    let status: UInt32
    /// JetStream's own number of the error, 0 for none (`jsErrCode`).
    let code: UInt32
    package let message: String

    init(_ action: String, _ status: natsStatus, _ code: jsErrCode = jsErrCode(0)) {
        self.action = action
        self.status = status.rawValue
        self.code = code.rawValue
        // The client's last error is of this thread, and says more than the status.
        let detail = unsafe nats_GetLastError(nil).map { unsafe String(cString: $0) } ?? ""
        let text = unsafe natsStatus_GetText(status).map { unsafe String(cString: $0) } ?? "status \(status.rawValue)"
        message = detail.isEmpty ? text : detail
    }

    /// An error that the client itself does not see.
    init(action: String, message: String) {
        self.action = action
        self.message = message
        status = NATS_ERR.rawValue
        code = 0
    }

    /// JetStream's own error: its number, code and description.
    init(_ action: String, answer: JSONTree) {
        self.action = action
        message = answer["description"]?.string ?? "an error without a description"
        code = answer["err_code"]?.integer.flatMap(UInt32.init(exactly:)) ?? 0
        status = (answer["code"]?.integer == 404 ? NATS_NOT_FOUND : NATS_ERR).rawValue
    }

    package var description: String { "cannot \(action): \(message)" }

    var isNotFound: Bool { status == NATS_NOT_FOUND.rawValue }

    /// Whether the same call can succeed later although nobody changes anything: servers are away, or elect a leader.
    var mayPass: Bool {
        let unreachable = [
            NATS_TIMEOUT, NATS_NO_RESPONDERS, NATS_CONNECTION_DISCONNECTED, NATS_NO_SERVER, NATS_IO_ERROR,
            NATS_STALE_CONNECTION, NATS_DRAINING,
        ]
        let leaderless: [jsErrCode] = [JSClusterNotAvailErr, JSClusterNoPeersErr, JSInsufficientResourcesErr, JSStreamOfflineErr]
        return unreachable.contains { $0.rawValue == status } || leaderless.contains { $0.rawValue == code }
    }
}

/// Calls a function of libnats.
/// - Throws: unless it returns `NATS_OK`.
func call(_ action: String, _ body: () -> natsStatus) throws(BrokerError) {
    let status = body()
    guard status == NATS_OK else { throw BrokerError(action, status) }
}
