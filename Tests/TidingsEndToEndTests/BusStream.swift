import CNATS
import Foundation
import TestSupport

@testable import TidingsNATS

/// A JetStream stream as an operator has it: its messages are read, some are deleted, its limits changed.
struct BusStream {
    let name: String
    private let broker: Broker

    init(_ name: String, _ cluster: NATSCluster) throws {
        self.name = name
        let servers = cluster.addresses.split(separator: ",").map(String.init)
        broker = try Broker(BrokerSettings(servers: servers, name: "test"), inbox: BrokerInbox()) { _ in }
    }

    /// What is in it, with gaps left out; nil while the servers do not answer.
    func messages() throws -> [BrokerMessage]? {
        guard let state = try unsafe information({ unsafe ($0.State.FirstSeq, $0.State.LastSeq, $0.State.Msgs) }) else { return nil }
        let (first, last, count) = state
        guard count > 0 else { return [] }
        var messages: [BrokerMessage] = []
        for position in first...last {
            var message: OpaquePointer?
            let status = unsafe js_GetMsg(&message, broker.jetStream, name, position, nil, nil)
            if status == NATS_NOT_FOUND { continue }
            guard status == NATS_OK, let copy = unsafe BrokerMessage(message) else { return nil }
            unsafe natsMsg_Destroy(message)
            messages.append(copy)
        }
        return messages
    }

    /// The server that leads it.
    func leader() throws -> String? {
        try unsafe information { info in unsafe info.Cluster.flatMap { unsafe $0.pointee.Leader }.map { unsafe String(cString: $0) } } ?? nil
    }

    /// Deletes its last messages, as somebody does who wants to undo something.
    func delete(last count: Int) throws {
        guard let last = try unsafe information({ unsafe $0.State.LastSeq }) else { return }
        for position in (0..<UInt64(count)).map({ last - $0 }) where position > 0 {
            unsafe js_DeleteMsg(broker.jetStream, name, position, nil, nil)
        }
    }

    /// Has it refuse what is above `count` messages; -1 for no limit.
    func limit(_ count: Int64) throws {
        try broker.patiently({ _ in }) { (broker) throws(BrokerError) in try limit(count, broker) }
    }

    private func limit(_ count: Int64, _ broker: Broker) throws(BrokerError) {
        try broker.callJetStream("limit the stream") { code in
            var info: UnsafeMutablePointer<jsStreamInfo>?
            let status = unsafe js_GetStreamInfo(&info, broker.jetStream, name, nil, &code)
            guard status == NATS_OK, let found = unsafe info, let configuration = unsafe found.pointee.Config else { return status }
            defer { unsafe jsStreamInfo_Destroy(info) }
            unsafe configuration.pointee.MaxMsgs = count < 0 ? -1 : Int64(found.pointee.State.Msgs) + count
            return unsafe js_UpdateStream(nil, broker.jetStream, configuration, nil, &code)
        }
    }

    /// Nil while the servers do not answer, or have no such stream.
    private func information<Value>(_ read: (jsStreamInfo) -> Value) throws -> Value? {
        var info: UnsafeMutablePointer<jsStreamInfo>?
        guard unsafe js_GetStreamInfo(&info, broker.jetStream, name, nil, nil) == NATS_OK, let info = unsafe info else { return nil }
        defer { unsafe jsStreamInfo_Destroy(info) }
        return unsafe read(info.pointee)
    }
}
