import TidingsCore

/// Names of header fields of a message.
enum HeaderName {
    /// By which the server knows a message that it has had already.
    static let id = "Nats-Msg-Id"
    /// Which message this one must follow; it is refused otherwise.
    static let expected = "Nats-Expected-Last-Sequence"
    /// Which message must be the newest one of the subject that was not deleted.
    static let expectedOfSubject = "Nats-Expected-Last-Subject-Sequence"
    /// Of a batch that is stored whole or not at all (NATS ADR-50): its id, the message's place in it from 1, and the mark of the last.
    static let batch = "Nats-Batch-Id"
    static let place = "Nats-Batch-Sequence"
    static let commit = "Nats-Batch-Commit"
    /// Ours: marks what one process has published.
    static let publisher = "Tidings-Publisher"
}

/// A change on its way: its line, which is the message's body, and what is read from that to make the header.
struct ChangeMessage {
    let line: [UInt8]
    let id: MessageID
    /// The event in structured mode, and its attributes as header fields, which that mode allows beside it (CloudEvents NATS protocol
    /// binding 1.0.2, §3.2 and §3.1.3.1).
    let headers: [(name: String, value: String)]

    private static let attributes = ["specversion", "id", "source", "type", "subject", "time"]
    private static let streamStart = "urn:uuid:"

    /// - Parameter line: without its line end.
    /// - Returns: nil if it is no change.
    init?(_ line: [UInt8]) {
        guard let json = JSONTree(line), let number = json["id"]?.text.flatMap({ decimalNumber($0.utf8) }),
            let source = json["source"]?.string, source.hasPrefix(Self.streamStart)
        else { return nil }
        self.line = line
        id = MessageID(stream: String(source.dropFirst(Self.streamStart.count)), number: Int64(number))
        headers =
            [("content-type", "application/cloudevents+json; charset=utf-8")]
            + Self.attributes.compactMap { name in json[name]?.text.map { ("ce-\(name)", headerEncoded($0)) } }
    }
}

/// As header values of CloudEvents have it: all but printable ASCII, and the space, `"` and `%`, as `%XX` (CloudEvents NATS protocol
/// binding 1.0.2, §3.1.3.2).
private func headerEncoded(_ text: String) -> String {
    var encoded: [UInt8] = []
    for byte in text.utf8 {
        if (0x21...0x7E).contains(byte), byte != UInt8(ascii: "\""), byte != UInt8(ascii: "%") {
            encoded.append(byte)
        } else {
            encoded += [UInt8(ascii: "%")] + hex([byte]).uppercased().utf8
        }
    }
    return String(decoding: encoded, as: UTF8.self)
}
