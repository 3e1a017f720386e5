import TidingsCore

/// How a JetStream stream ends: what tells a publisher where to go on.
struct StreamTail: Equatable, Sendable {
    /// The stream's number of the last message that it has taken, whether that is still there or not; 0 for none. The next one is
    /// expected to follow it.
    let position: UInt64
    /// The number of the newest message that is still there; 0 for none.
    let lastPosition: UInt64
    /// What the newest message that is still there says of itself; nil if there is none.
    let last: MessageID?
    /// Which publisher sent it: the header field of that name; nil for none.
    let publisher: String?
}

/// What the header field `Nats-Msg-Id` of a change says: `<stream id>:<number>`, and for a change that is sent again, because the
/// broker has lost it and still knows its id, `:<times>` more.
struct MessageID: Equatable, Sendable, CustomStringConvertible {
    /// The id of the change stream, without `urn:uuid:`.
    let stream: String
    /// The change's number.
    let number: Int64
    /// How many times the broker has taken the change for one that it has, while it had not.
    var repeats = 0

    init(stream: String, number: Int64, repeats: Int = 0) {
        self.stream = stream
        self.number = number
        self.repeats = repeats
    }

    /// Nil if it is no such id.
    init?(_ text: String) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard (2...3).contains(parts.count), !parts[0].isEmpty, let number = decimalNumber(parts[1].utf8).map(Int64.init) else { return nil }
        stream = String(parts[0])
        self.number = number
        guard parts.count == 3 else { return }
        guard let repeats = decimalNumber(parts[2].utf8) else { return nil }
        self.repeats = Int(repeats)
    }

    var description: String { repeats == 0 ? "\(stream):\(number)" : "\(stream):\(number):\(repeats)" }
}
