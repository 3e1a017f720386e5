import FoundationEssentials
import TidingsCore

/// What a command asks the running daemon for.
package enum ControlRequest: Equatable, Sendable {
    /// Read the settings again.
    case reload
    /// Read everything again: of the named sources, of all if none is named.
    case reingest(sources: [String], acceptsRemovals: Bool)
    /// Begin a new change file.
    case rotate
    /// Say what keeps the daemon from its work; no words if nothing does.
    case health
}

/// What became of a request.
package struct ControlReply: Equatable, Sendable {
    package enum Outcome: String, Equatable, Sendable {
        case done
        /// The settings file is wrong; the old settings stay.
        case badSettings = "bad_settings"
        /// The request names a source that is not configured, or is no request at all.
        case badRequest = "bad_request"
        /// Not now, but the same may succeed later: too many commands at once, the daemon is stopping.
        case notNow = "not_now"
        case failed
    }
    package var outcome: Outcome
    /// For people: what was done, or why not and what to do next.
    package var message: String

    package init(_ outcome: Outcome, _ message: String) {
        self.outcome = outcome
        self.message = message
    }
}

// The protocol of the control socket: JSON, one object a line.
//
//     → {"request":"reingest","sources":["seeds"],"accept_removals":true,"wait":true}
//     ← {"progress":"seeds: 1200 of 4000 files"}          any number of these
//     ← {"ok":true,"outcome":"done","message":"…"}        one of these, and the end
//
// A connection carries one request. With `"wait":false` the reply says only that the request was taken.

/// The request line as a command sends it.
struct ControlCall: Equatable, Sendable {
    /// 1,000 source names of 64 letters fit.
    static let limitBytes = 64 << 10

    var request: ControlRequest
    var waits: Bool

    init(_ request: ControlRequest, waits: Bool) {
        self.request = request
        self.waits = waits
    }

    /// Nil if `line` is no request of ours.
    init?(line: [UInt8]) {
        guard let fields = try? JSONDecoder().decode(Fields.self, from: Data(line)) else { return nil }
        switch fields.request {
        case "reload": request = .reload
        case "rotate": request = .rotate
        case "health": request = .health
        case "reingest":
            request = .reingest(sources: fields.sources ?? [], acceptsRemovals: fields.accept_removals ?? false)
        default: return nil
        }
        waits = fields.wait ?? true
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

    private struct Fields: Decodable {
        var request: String
        var sources: [String]?
        var accept_removals: Bool?
        var wait: Bool?
    }
}

/// One line of the daemon's answer.
enum ControlAnswer: Equatable, Sendable {
    /// Longer words are cut by whoever sends them.
    static let limitBytes = 64 << 10

    case progress(String)
    case reply(ControlReply)

    init?(line: [UInt8]) {
        guard let fields = try? JSONDecoder().decode(Fields.self, from: Data(line)) else { return nil }
        if let progress = fields.progress {
            self = .progress(progress)
        } else {
            guard let ok = fields.ok else { return nil }
            let outcome = fields.outcome.flatMap(ControlReply.Outcome.init) ?? (ok ? .done : .failed)
            self = .reply(ControlReply(outcome, fields.message ?? ""))
        }
    }

    var line: [UInt8] {
        var json = JSONWriter(capacity: 128)
        json.object { json in
            switch self {
            case .progress(let message): json.field("progress", Self.cut(message))
            case .reply(let reply):
                json.field("ok", reply.outcome == .done)
                json.field("outcome", reply.outcome.rawValue)
                json.field("message", Self.cut(reply.message))
            }
        }
        return json.bytes + [UInt8(ascii: "\n")]
    }

    /// An eighth of the limit, for a byte may take six when it is escaped.
    private static func cut(_ message: String) -> String {
        message.utf8.count <= limitBytes / 8 ? message : String(decoding: message.utf8.prefix(limitBytes / 8), as: UTF8.self) + " …"
    }

    private struct Fields: Decodable {
        var progress: String?
        var ok: Bool?
        var outcome: String?
        var message: String?
    }
}
