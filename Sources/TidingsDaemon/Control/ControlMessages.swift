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

// The protocol of the control socket: one JSON object per line.
//
//     → {"request":"reingest","sources":["seeds"],"accept_removals":true,"wait":true}
//     ← {"progress":"seeds: 1200 of 4000 files"}          any number of these
//     ← {"ok":true,"outcome":"done","message":"…"}        one of these, and the end
//
// A connection has one request. With `"wait":false` the reply only says that the request was accepted.

/// The request line as a command sends it.
struct ControlCall: Equatable, Sendable {
    /// Enough for almost 1,000 source names of 64 letters.
    static let limitBytes = 64 << 10

    var request: ControlRequest
    var waits: Bool

    init(_ request: ControlRequest, waits: Bool) {
        self.request = request
        self.waits = waits
    }

    /// Nil if `line` does not follow the protocol.
    init?(line: [UInt8]) {
        guard let fields = JSONTree(line), let call = try? Self(fields) else { return nil }
        self = call
    }

    private init?(_ fields: JSONTree) throws(JSONTree.WrongType) {
        let sources = try fields.field("sources", \.strings) ?? []
        let acceptsRemovals = try fields.field("accept_removals", \.bool) ?? false
        waits = try fields.field("wait", \.bool) ?? true
        switch try fields.field("request", \.string) {
        case "reload": request = .reload
        case "rotate": request = .rotate
        case "health": request = .health
        case "reingest": request = .reingest(sources: sources, acceptsRemovals: acceptsRemovals)
        default: return nil
        }
    }

    var line: [UInt8] {
        var json = JSONWriter(capacity: 128)
        json.object { json in
            switch request {
            case .reload: json.field("request", "reload")
            case .rotate: json.field("request", "rotate")
            case .health: json.field("request", "health")
            case .reingest(let sources, let acceptsRemovals):
                json.field("request", "reingest")
                json.array("sources", sources) { json, source in json.string(source) }
                json.field("accept_removals", acceptsRemovals)
            }
            json.field("wait", waits)
        }
        return json.bytes + [UInt8(ascii: "\n")]
    }
}

/// One line of the daemon's answer.
enum ControlAnswer: Equatable, Sendable {
    /// The sender cuts a message that would not fit.
    static let limitBytes = 64 << 10

    case progress(String)
    case reply(ControlReply)

    init?(line: [UInt8]) {
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
