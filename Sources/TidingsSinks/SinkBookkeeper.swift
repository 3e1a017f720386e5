import Logging
import Synchronization
import TidingsCore
import TidingsSystem

/// Holds the record of one sink, and brings it into the ledger: at once when it is idle, and once a second while it is busy. What a
/// crash keeps from being saved is delivered again.
package final class SinkBookkeeper: Sendable {
    /// Stores a record; returns when it is durable.
    package typealias Save = @Sendable (SinkRecord) async throws -> Void

    /// The shortest time between two saves.
    private static let spacing = Duration.seconds(1)

    private let books: Mutex<(record: SinkRecord, saved: SinkRecord)>
    private let changed = Alarm()
    private let hasFailed = Atomic(false)
    private let save: Save
    private let onTurn: @Sendable () -> Void
    private let logger: Logger

    /// - Parameters:
    ///   - record: as it is in the ledger.
    ///   - onTurn: called when the sink stands otherwise than before.
    init(_ record: SinkRecord, save: @escaping Save, onTurn: @escaping @Sendable () -> Void, logger: Logger) {
        books = Mutex((record, record))
        self.save = save
        self.onTurn = onTurn
        self.logger = logger
    }

    var record: SinkRecord { books.withLock(\.record) }

    /// The newest change that the sink is known to have after any crash: retention may remove what is before.
    var savedConfirmed: Int64 { books.withLock(\.saved.confirmed) }

    func update(_ change: (inout SinkRecord) -> Void) {
        let (isNew, hasTurned) = books.withLock { books in
            let before = books.record
            change(&books.record)
            return (books.record != before, books.record.state.standing != before.state.standing)
        }
        if isNew { changed.ring() }
        if hasTurned { onTurn() }
    }

    /// Saves what changes, until the task is cancelled; then the rest.
    func run() async {
        while !Task.isCancelled {
            await changed.wait()
            await saveNow()
            try? await Task.sleep(for: Self.spacing)
        }
    }

    /// Saves what is not saved. If that fails, `run` tries it again.
    func saveNow() async {
        let (record, saved) = books.withLock { $0 }
        guard record != saved else { return }
        do {
            try await save(record)
            books.withLock { $0.saved = record }
            hasFailed.store(false, ordering: .relaxed)
        } catch {
            if !hasFailed.exchange(true, ordering: .relaxed) {
                logger.warning(
                    "how far a sink is cannot be saved; after a crash it would get changes again",
                    metadata: [SinkLogKey.sink: "\(record.name)", SinkLogKey.reason: "\(error)"])
            }
            changed.ring()
        }
    }
}
