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

    private struct Books {
        var record: SinkRecord
        var saved: SinkRecord
        var hold: ConfirmationHold?
    }

    private let books: Mutex<Books>
    private let changed = Alarm()
    private let hasFailed = Atomic(false)
    private let save: Save
    private let onTurn: @Sendable () -> Void
    private let logger: Logger

    /// - Parameters:
    ///   - record: as it is in the ledger.
    ///   - onTurn: called when the sink stands otherwise than before.
    init(_ record: SinkRecord, save: @escaping Save, onTurn: @escaping @Sendable () -> Void, logger: Logger) {
        books = Mutex(Books(record: record, saved: record))
        self.save = save
        self.onTurn = onTurn
        self.logger = logger
    }

    var record: SinkRecord { books.withLock(\.record) }

    /// The newest change that the sink is known to have after any crash, and need not be given again: retention may remove what is
    /// before.
    /// - Parameter now: milliseconds since 1970.
    func savedPassed(now: Int64) -> Int64 {
        // Time passes, though nothing is confirmed.
        update { _ in } at: { now }
        return books.withLock { $0.saved.state.passed ?? $0.saved.confirmed }
    }

    /// Has changes kept for so long after they were confirmed; 0 or nil for no longer than that.
    func hold(milliseconds: Int64?) {
        books.withLock { books in
            guard let milliseconds, milliseconds > 0 else {
                books.hold = nil
                books.record.state.passed = nil
                return
            }
            let passed = books.record.state.passed ?? books.record.begin
            books.hold = ConfirmationHold(milliseconds: milliseconds, passed: passed)
            books.record.state.passed = passed
        }
        changed.ring()
    }

    func update(_ change: (inout SinkRecord) -> Void, at now: () -> Int64 = wallClockMilliseconds) {
        let (isNew, hasTurned) = books.withLock { books in
            let before = books.record
            change(&books.record)
            if books.hold != nil { books.record.state.passed = books.hold?.pass(books.record.confirmed, at: now()) }
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
        let (record, saved) = books.withLock { ($0.record, $0.saved) }
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
