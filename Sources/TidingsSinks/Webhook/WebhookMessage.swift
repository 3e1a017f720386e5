import Crypto
import FoundationEssentials
import TidingsFetch
import TidingsStream

/// One request of a webhook: CloudEvents over HTTP in structured or batched mode (CloudEvents HTTP Protocol Binding 1.0.2 §3.2, §3.3),
/// signed as Standard Webhooks says.
struct WebhookMessage: Equatable {
    let body: [UInt8]
    private let contentType: String
    /// The same for the same changes, however often they are sent.
    private let id: String

    /// - Parameters:
    ///   - lines: at least one; in mode `single` exactly one.
    ///   - stream: the id of their stream.
    init(_ lines: [CommittedLine], stream: String, mode: WebhookSettings.Mode) {
        precondition(!lines.isEmpty && (mode == .batch || lines.count == 1), "a message without changes, or with too many")
        var body: [UInt8] = []
        for line in lines {
            body.append(UInt8(ascii: body.isEmpty ? "[" : ","))
            body.append(contentsOf: line.bytes)
            // The line's end is not part of the event.
            body.removeLast()
        }
        switch mode {
        case .single:
            body.removeFirst()
            contentType = "application/cloudevents+json; charset=utf-8"
        case .batch:
            body.append(UInt8(ascii: "]"))
            contentType = "application/cloudevents-batch+json; charset=utf-8"
        }
        self.body = body
        id = "tidings_\(stream)_\(lines[0].sequence)_\(lines[lines.count - 1].sequence)"
    }

    /// The header fields of a request.
    /// - Parameters:
    ///   - key: of the signature; nil for none.
    ///   - seconds: when it is sent, in seconds since 1970.
    func headers(signedWith key: [UInt8]?, at seconds: Int64) -> [HeaderField] {
        var fields = [HeaderField("Content-Type", contentType), HeaderField("webhook-id", id), HeaderField("webhook-timestamp", "\(seconds)")]
        if let key { fields.append(HeaderField("webhook-signature", signature(key: key, at: seconds))) }
        return fields
    }

    /// "v1" is HMAC-SHA256, in base64, over `id.timestamp.body` (Standard Webhooks 1.0, Signature scheme). The time is signed so that
    /// a request that was caught cannot be used later.
    func signature(key: [UInt8], at seconds: Int64) -> String {
        var signed = Array("\(id).\(seconds).".utf8)
        signed.append(contentsOf: body)
        let code = HMAC<SHA256>.authenticationCode(for: signed, using: SymmetricKey(data: key))
        return "v1," + Data(code).base64EncodedString()
    }
}
