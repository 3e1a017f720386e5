import Foundation
import TestSupport
import Testing
import TidingsCore

@testable import TidingsStore

@Suite("The rows of sinks")
struct SinkRowsTests {
    @Test("a sink keeps its place while it is away, for a month; another kind is another sink")
    func memory() async throws {
        let path = temporaryFolder + "/tidings-sinks-\(UUID().uuidString).db"
        defer { for end in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path + end) } }
        let ledger = try Ledger(path: path)
        let reader = try LedgerReader(path: path)
        let day: Int64 = 86_400_000
        var record = try #require(try await ledger.configureSinks([("hook", .webhook, 7)], at: 0).first)
        #expect(record == SinkRecord(name: "hook", kind: .webhook, stream: await ledger.stream, begin: 7))
        record.confirmed = 42
        record.state.turn(.ok, at: 5)
        try await ledger.putSink(record)
        #expect(try await ledger.configureSinks([], at: day).isEmpty)
        #expect(try reader.sinks() == [SinkStatus(record: record, isConfigured: false, lacksSince: nil)])
        #expect(try await ledger.configureSinks([("hook", .webhook, 99)], at: 30 * day) == [record])
        #expect(try reader.sinks().map(\.isConfigured) == [true])
        #expect(try await ledger.configureSinks([("hook", .command, 99)], at: 31 * day).map(\.confirmed) == [99])
        _ = try await ledger.configureSinks([], at: 32 * day)
        _ = try await ledger.configureSinks([], at: 63 * day)
        #expect(try reader.sinks().isEmpty)
    }
}
