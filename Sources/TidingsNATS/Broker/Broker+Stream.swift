import CNATS

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
        var strings = CStrings()
        var configuration = unsafe jsStreamConfig()
        unsafe jsStreamConfig_Init(&configuration)
        unsafe configuration.Name = strings.keep(plan.name)
        unsafe configuration.Subjects = strings.keep([plan.subject])
        unsafe configuration.SubjectsLen = 1
        unsafe configuration.Replicas = Int64(plan.replicas)
        // Nothing is dropped that a consumer may not have: a stream that is full refuses, and the daemon waits.
        unsafe configuration.Discard = js_DiscardNew
        try callJetStream("make the stream \(plan.name)") { code in
            unsafe js_AddStream(nil, jetStream, &configuration, nil, &code)
        }
        withExtendedLifetime(strings) {}
        return true
    }

    func hasStream(_ name: String) throws(BrokerError) -> Bool {
        do throws(BrokerError) {
            _ = try position(of: name)
            return true
        } catch {
            guard error.isNotFound else { throw error }
            return false
        }
    }

    /// The number of the last message that the stream has taken.
    private func position(of stream: String) throws(BrokerError) -> UInt64 {
        var info: UnsafeMutablePointer<jsStreamInfo>?
        try callJetStream("read the state of the stream \(stream)") { code in
            unsafe js_GetStreamInfo(&info, jetStream, stream, nil, &code)
        }
        defer { unsafe jsStreamInfo_Destroy(info) }
        return unsafe info.map { unsafe $0.pointee.State.LastSeq } ?? 0
    }

    /// How the stream ends. If a message comes between the two questions, the first answer is too old, and whoever goes on from it is
    /// refused and asks again.
    func tail(of plan: StreamPlan) throws(BrokerError) -> StreamTail {
        let stream = plan.name
        let position = try position(of: stream)
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
