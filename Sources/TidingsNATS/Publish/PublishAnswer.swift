import TidingsCore

/// JetStream's answer to one message (NATS ADR-1, `io.nats.jetstream.api.v1.pub_ack_response`).
enum PublishAnswer: Equatable {
    /// It belongs to a batch that has not ended (ADR-50).
    case taken
    /// The last message has this number in the stream now.
    case stored(position: UInt64)
    /// The server knows its id, or one of the batch, from a message that may be there or not.
    case duplicate
    /// It was not stored: the server's own words.
    case refused(String)

    /// JSAtomicPublishContainsDuplicateMessageErr.
    private static let batchContainsDuplicate = 10_201

    init(_ message: BrokerMessage) {
        if message.saysNoResponders {
            self = .refused("no stream takes this subject, or the stream has no leader now")
            return
        }
        if message.bytes.isEmpty {
            self = .taken
            return
        }
        guard let json = JSONTree(message.bytes), json.isObject else {
            self = .refused("the answer is no JSON")
            return
        }
        if let error = json["error"] {
            let isKnown = error["err_code"]?.integer == Self.batchContainsDuplicate
            self = isKnown ? .duplicate : .refused(error["description"]?.string ?? "an error without a description")
        } else if json["duplicate"]?.bool == true {
            self = .duplicate
        } else if let position = json["seq"]?.text.flatMap({ decimalNumber($0.utf8) }) {
            self = .stored(position: UInt64(position))
        } else {
            self = .refused("the answer has no sequence number")
        }
    }
}
