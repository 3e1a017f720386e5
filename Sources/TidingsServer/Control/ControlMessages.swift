import TidingsCore

/// A request of a command to the running daemon.
package enum ControlRequest: Equatable, Sendable {
    /// Read the settings again.
    case reload
    /// Read everything again from the named sources, or from all sources if the list is empty.
    case reingest(sources: [String], acceptsRemovals: Bool)
    /// Begin a new change file.
    case rotate
    /// Say what keeps the daemon from its work; an empty message if nothing does.
    case health
}

/// The daemon's reply to a request.
package struct ControlReply: Equatable, Sendable {
    package enum Outcome: String, Equatable, Sendable {
        case done
        /// The settings file is wrong; the old settings stay.
        case badSettings = "bad_settings"
        /// The request names a source that is not configured, or does not follow the protocol.
        case badRequest = "bad_request"
        /// The same request may succeed later: there are too many commands at once, or the daemon is stopping.
        case notNow = "not_now"
        case failed
    }
    package var outcome: Outcome
    /// For people: what was done, or why it failed and the next step.
    package var message: String

    package init(_ outcome: Outcome, _ message: String) {
        self.outcome = outcome
        self.message = message
    }

    /// One JSON object, as in the protocol.
    package var json: [UInt8] {
        var json = JSONWriter(capacity: 128)
        json.object { json in
            json.field("ok", outcome == .done)
            json.field("outcome", outcome.rawValue)
            json.field("message", message)
        }
        return json.bytes
    }
}

// Over HTTP, on a socket that only the daemon's owner can open:
//
//     POST /v1/reingest?source=seeds&accept_removals=true&wait=true
//     ← {"progress":"seeds: 1200 of 4000 files"}          any number of these
//     ← {"ok":true,"outcome":"done","message":"…"}        one of these, and the end
//
// With `wait=false` the answer only says that the daemon has been told.

extension ControlRequest {
    /// `POST` for what does something.
    package var method: String { self == .health ? "GET" : "POST" }

    /// The path and query of the request.
    /// - Parameter waits: whether the answer comes when the work is done.
    package func target(waits: Bool) -> String {
        switch self {
        case .health: return "/v1/health"
        case .reload: return "/v1/reload?wait=\(waits)"
        case .rotate: return "/v1/rotate?wait=\(waits)"
        case .reingest(let sources, let acceptsRemovals):
            let names = sources.map { "source=\(percentEncoded($0))&" }.joined()
            return "/v1/reingest?\(names)accept_removals=\(acceptsRemovals)&wait=\(waits)"
        }
    }
}

/// As a value in a query, or a segment of a path: all but unreserved characters (RFC 3986 §2.3) as their bytes' `%XX`.
package func percentEncoded(_ text: String) -> String {
    var encoded = ""
    for byte in text.utf8 {
        if byte.isASCIILetter || byte.isASCIIDigit || "-._~".utf8.contains(byte) {
            encoded.unicodeScalars.append(Unicode.Scalar(byte))
        } else {
            encoded += "%" + hex([byte]).uppercased()
        }
    }
    return encoded
}

/// One line of the daemon's answer.
package enum ControlAnswer: Equatable, Sendable {
    /// The sender cuts a message that would not fit.
    package static let limitBytes = 64 << 10

    case progress(String)
    case reply(ControlReply)

    package init?(line: [UInt8]) {
        guard let fields = JSONTree(line), let answer = try? Self(fields) else { return nil }
        self = answer
    }

    private init?(_ fields: JSONTree) throws(JSONTree.WrongType) {
        if let progress = try fields.field("progress", \.string) {
            self = .progress(progress)
        } else {
            guard let ok = try fields.field("ok", \.bool) else { return nil }
            let outcome = try fields.field("outcome", \.string).flatMap(ControlReply.Outcome.init)
            self = .reply(ControlReply(outcome ?? (ok ? .done : .failed), try fields.field("message", \.string) ?? ""))
        }
    }

    var line: [UInt8] {
        switch self {
        case .progress(let message):
            var json = JSONWriter(capacity: 128)
            json.object { json in json.field("progress", Self.cut(message)) }
            return json.bytes + [UInt8(ascii: "\n")]
        case .reply(let reply): return ControlReply(reply.outcome, Self.cut(reply.message)).json + [UInt8(ascii: "\n")]
        }
    }

    /// Cuts the message to an eighth of the limit, because JSON may escape a byte with six.
    private static func cut(_ message: String) -> String {
        message.utf8.count <= limitBytes / 8 ? message : String(decoding: message.utf8.prefix(limitBytes / 8), as: UTF8.self) + " …"
    }
}
