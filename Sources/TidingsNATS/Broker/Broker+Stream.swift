import CNATS
import TidingsCore

/// A JetStream stream that is made where it is missing.
package struct StreamPlan: Equatable, Sendable {
    package var name: String
    package var subject: String
    /// Servers that each keep a copy: 1, 3 or 5.
    package var replicas: Int

    package init(name: String, subject: String, replicas: Int) {
        self.name = name
        self.subject = subject
        self.replicas = replicas
    }
}

extension Broker {
    /// Makes the stream of the changes, unless there is one of that name, which stays as it is.
    /// - Returns: whether it was made.
    func makeStream(_ plan: StreamPlan) throws(BrokerError) -> Bool {
        if try hasStream(plan.name) { return false }
        // Not by libnats, whose configuration of a stream does not have all of this. A server that does not know a member leaves it out.
        var json = JSONWriter()
        json.object { json in
            json.field("name", plan.name)
            json.array("subjects", [plan.subject]) { $0.string($1) }
            json.field("retention", "limits")
            json.field("storage", "file")
            json.field("num_replicas", plan.replicas)
            for limit: StaticString in ["max_consumers", "max_msgs", "max_bytes"] { json.field(limit, -1) }
            // Nothing is dropped that a consumer may not have: a stream that is full refuses, and the daemon waits.
            json.field("discard", "new")
            json.field("allow_atomic", true)
        }
        _ = try ask("make the stream \(plan.name)", "STREAM.CREATE.\(plan.name)", json.bytes)
        return true
    }

    func hasStream(_ name: String) throws(BrokerError) -> Bool {
        do throws(BrokerError) {
            _ = try information(of: name)
            return true
        } catch {
            guard error.isNotFound else { throw error }
            return false
        }
    }

    /// Whether the stream stores several messages whole or not at all: since nats-server 2.12, where it was made so.
    func takesBatches(_ stream: String) throws(BrokerError) -> Bool {
        try information(of: stream)["config"]?["allow_atomic"]?.bool ?? false
    }

    /// Configuration and state of a stream (`io.nats.jetstream.api.v1.stream_info_response`).
    private func information(of stream: String) throws(BrokerError) -> JSONTree {
        try ask("read the state of the stream \(stream)", "STREAM.INFO.\(stream)", [])
    }

    /// A question to JetStream (NATS ADR-1).
    private func ask(_ action: String, _ path: String, _ bytes: [UInt8]) throws(BrokerError) -> JSONTree {
        let answer = try request(action, "$JS.API.\(path)", bytes)
        guard let json = JSONTree(answer.bytes) else { throw BrokerError(action: action, message: "the answer is no JSON") }
        if let error = json["error"] { throw BrokerError(action, answer: error) }
        return json
    }

    /// How the stream ends. If a message comes between the two questions, the first answer is too old, and whoever goes on from it is
    /// refused and asks again.
    func tail(of plan: StreamPlan) throws(BrokerError) -> StreamTail {
        let stream = plan.name
        let position = try information(of: stream)["state"]?["last_seq"]?.integer.map(UInt64.init) ?? 0
        var last: OpaquePointer?
        do throws(BrokerError) {
            try callJetStream("read the last message of the stream \(stream)") { code in
                unsafe js_GetLastMsg(&last, jetStream, stream, plan.subject, nil, &code)
            }
        } catch {
            guard error.isNotFound else { throw error }
            return StreamTail(position: position, lastPosition: 0, last: nil, publisher: nil)
        }
        defer { unsafe natsMsg_Destroy(last) }
        let message = unsafe BrokerMessage(last)
        let id = message?.headers[HeaderName.id]
        guard let id = id.flatMap(MessageID.init) else {
            throw BrokerError(
                action: "go on after the last message of the stream \(stream)",
                message: "its \(HeaderName.id) is \(id.map { "'\($0)'" } ?? "missing"), so that it is none of a change; name another stream")
        }
        return StreamTail(
            position: position, lastPosition: unsafe natsMsg_GetSequence(last), last: id, publisher: message?.headers[HeaderName.publisher])
    }

    func callJetStream(_ action: String, _ body: (inout jsErrCode) -> natsStatus) throws(BrokerError) {
        var code = jsErrCode(0)
        let status = body(&code)
        guard status == NATS_OK else { throw BrokerError(action, status, code) }
    }
}
