import Synchronization
import TidingsStore
import TidingsSystem

/// Reads the ledger for the routes, on threads of its own. Each has one reader, which is opened when it is first needed.
package final class LedgerPool: Sendable {
    /// Two, so that one long query does not hold up all others.
    private static let threads = 2

    private let database: String
    private let readers: [LedgerThread]
    private let turn = Atomic<Int>(0)

    init(database: String) {
        self.database = database
        readers = (1...Self.threads).map { LedgerThread(database: database, label: "tidings.http-ledger-\($0)") }
    }

    /// Runs `body` with a reader that nobody else uses meanwhile.
    /// - Throws: what `body` throws; `StoreError` if the ledger cannot be opened.
    package func read<Value: Sendable>(_ body: @escaping @Sendable (LedgerReader) throws -> Value) async throws -> Value {
        let number = turn.wrappingAdd(1, ordering: .relaxed).oldValue
        return try await readers[Int(number.magnitude % UInt(readers.count))].read(body)
    }

    /// A reader and a thread of its own, for what lasts long.
    package func own() -> LedgerThread { LedgerThread(database: database, label: "tidings.http-snapshot") }
}

/// One reader of the ledger, on a thread of its own.
package actor LedgerThread {
    private let executor: BlockingExecutor
    nonisolated package var unownedExecutor: UnownedSerialExecutor { unsafe executor.asUnownedSerialExecutor() }

    private let database: String
    private var reader: LedgerReader?

    init(database: String, label: String) {
        self.database = database
        executor = BlockingExecutor(label: label)
    }

    func read<Value: Sendable>(_ body: @Sendable (LedgerReader) throws -> Value) throws -> Value {
        let reader = try reader ?? LedgerReader(path: database)
        self.reader = reader
        return try body(reader)
    }
}
