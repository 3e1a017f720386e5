import Logging
import TidingsCore
import TidingsStore

/// The one door to the ledger for what was seen. While a commit runs, what arrives waits and is committed together (group
/// commit); when idle a report is committed at once.
///
/// Who hands in reports waits until they are committed, so that no more is in memory than the readers hold.
package actor Committer {
    /// Reports of one transaction; past it the rest waits for the next.
    private static let batchLimit = 1_024
    /// Pauses between tries while the database is busy, full or read-only.
    private static let retryPauses: [Duration] = [.milliseconds(200), .seconds(1), .seconds(5), .seconds(15)]

    private struct Waiting {
        let reports: [Report]
        /// Of the part that waits: while the ledger makes it wait it is not stuck.
        let progress: Progress
        let done: CheckedContinuation<Result<Void, StoreError>, Never>
    }

    private let ledger: Ledger
    private let publisher: Publisher
    private let health: Health
    private let logger: Logger
    private var waiting: [Waiting] = []
    private var isCommitting = false
    private var isStopping = false
    private let alarm = Alarm()
    /// What all commits of this process did together.
    package private(set) var total = CommitSummary()

    package init(ledger: Ledger, publisher: Publisher, health: Health, logger: Logger) {
        self.ledger = ledger
        self.publisher = publisher
        self.health = health
        self.logger = logger
    }

    /// Commits `reports`, whole, and returns when they are durable.
    /// - Parameter onQueued: called as soon as the reports have their place: whatever is handed in later is committed later.
    /// - Throws: `StoreError` when the ledger cannot go on. Conditions that pass (a full disk, another program's lock) are
    ///   waited for.
    package func commit(
        _ reports: [Report], progress: Progress, onQueued: @Sendable () -> Void = {}
    ) async throws {
        // `throws(StoreError)` would say more: thrown across actors in a loop it crashes the optimizer of Swift 6.3
        // (coroutine splitting, swifterror).
        guard !reports.isEmpty else { return onQueued() }
        let result = await withCheckedContinuation { done in
            waiting.append(Waiting(reports: reports, progress: progress, done: done))
            onQueued()
            if !isCommitting {
                isCommitting = true
                Task { await self.drain() }
            }
        }
        try result.get()
    }

    private func drain() async {
        while !waiting.isEmpty {
            var batch: [Report] = []
            var count = 0
            while count < waiting.count, count == 0 || batch.count + waiting[count].reports.count <= Self.batchLimit {
                batch += waiting[count].reports
                count += 1
            }
            let group = waiting.prefix(count)
            waiting.removeFirst(count)
            let parts = group.map(\.progress)
            let result = await commitPatiently(batch) { for part in parts { part.mark() } }
            for member in group { member.done.resume(returning: result) }
        }
        isCommitting = false
    }

    private func commitPatiently(_ batch: [Report], mark: () -> Void) async -> Result<Void, StoreError> {
        var tries = 0
        while true {
            do throws(StoreError) {
                let summary = try await ledger.commit(batch, at: wallClockMilliseconds())
                mark()
                note(summary)
                if tries > 0 {
                    // An error may have come after the commit, whose changes are then nobody's.
                    publisher.ring()
                    logger.notice("the ledger can be written again")
                    health.clear(.ledger)
                }
                return .success(())
            } catch {
                guard error.isTransient, !isStopping else {
                    if !error.isTransient { health.fail(error) }
                    return .failure(error)
                }
                mark()
                // Nothing is acknowledged and nothing lost: the same reports are tried again.
                if tries == 0 { logger.warning("ingest waits", metadata: [LogKey.reason: "\(error)"]) }
                health.report(.ledger, "\(error)")
                let pause = Self.retryPauses[min(tries, Self.retryPauses.count - 1)]
                tries += 1
                await alarm.wait(until: .now + pause)
            }
        }
    }

    /// Counts what was committed, also by others than the committer, and has it published.
    package func note(_ summary: CommitSummary) {
        total.add(summary)
        if !summary.changes.isEmpty { publisher.ring() }
    }

    /// A source has met `error`, perhaps in the ledger. One there that will not pass by itself ends the daemon, as it does in a
    /// commit: a look that fails is tried again and again.
    nonisolated package func noteFailure(_ error: any Error) {
        if let error = error as? StoreError, !error.isTransient { health.fail(error) }
    }

    /// From now on nothing is waited for: what cannot be committed at once is read again at the next start.
    package func stop() {
        isStopping = true
        alarm.ring()
    }
}
