import Logging
import Synchronization
import TidingsCore
import TidingsStore
import TidingsSystem

/// The one door to the ledger: everything that is written goes through here. Reports that arrive while a commit runs wait and are
/// committed together (group commit). An idle committer commits a report at once.
///
/// Callers wait until their reports are committed, so memory holds no more reports than the readers have made. The committer runs
/// on the ledger's own thread: between a reader's thread and the disk there is one crossing.
package actor Committer {
    /// Reports in one transaction. The others wait for the next one.
    private static let batchLimit = 1_024
    /// Pauses between tries while the database is busy, full or read-only.
    private static let retryPauses: [Duration] = [.milliseconds(200), .seconds(1), .seconds(5), .seconds(15)]

    private struct Submission: Sendable {
        let reports: [Report]
        /// The progress of the caller, which is not stuck while it waits for the ledger.
        let progress: Progress
        let done: CheckedContinuation<Result<ArraySlice<ReportOutcome>, StoreError>, Never>
    }

    private struct Queue {
        var waiting: [Submission] = []
        /// Whether `drain` runs; it sees what is added.
        var isDrained = false

        /// The next batch, at least one submission; none when nothing waits, and `drain` ends.
        mutating func next() -> ArraySlice<Submission> {
            var reports = 0
            let batch = waiting.prefix { submission in
                reports += submission.reports.count
                return reports == submission.reports.count || reports <= Committer.batchLimit
            }
            waiting.removeFirst(batch.count)
            isDrained = !batch.isEmpty
            return batch
        }
    }

    nonisolated package var unownedExecutor: UnownedSerialExecutor { unsafe ledger.unownedExecutor }
    private nonisolated let ledger: Ledger
    private let signal: CommitSignal
    private let health: Health
    private let logger: Logger
    /// The reports that wait, in the order of arrival. A lock protects them, not the actor: while a commit runs, the actor's thread is
    /// in SQLite, and that is when more reports arrive.
    private nonisolated let queue = Mutex(Queue())
    private var isStopping = false
    private let alarm = Alarm()
    /// How many changes of each type all commits of this process have announced.
    package private(set) var announced: [ChangeType: Int] = [:]

    /// Called with the pages that a commit has made due at another time.
    private var onPages: (@Sendable ([PageDue]) -> Void)?

    /// How long the commits took that succeeded.
    private let durations: SharedHistogram

    /// - Parameter durations: gets the time of each commit.
    package init(
        ledger: Ledger, signal: CommitSignal, health: Health, durations: SharedHistogram = SharedHistogram(), logger: Logger
    ) {
        self.durations = durations
        self.ledger = ledger
        self.signal = signal
        self.health = health
        self.logger = logger
    }

    /// Commits `reports`, whole, and returns when they are durable.
    /// - Parameter onQueued: called when the reports stand in the queue. Reports that are given after that are committed later.
    /// - Returns: what became of each report.
    /// - Throws: `StoreError` when the ledger cannot go on. Conditions that pass (a full disk, another program's lock) are
    ///   waited for.
    package nonisolated(nonsending) func commit(
        _ reports: [Report], progress: Progress, onQueued: @Sendable () -> Void = {}
    ) async throws -> [ReportOutcome] {
        // `throws(StoreError)` would say more: thrown across actors in a loop it crashes the optimizer of Swift 6.3
        // (coroutine splitting, swifterror).
        guard !reports.isEmpty else {
            onQueued()
            return []
        }
        let result = await withCheckedContinuation { done in
            let starts = queue.withLock { queue in
                queue.waiting.append(Submission(reports: reports, progress: progress, done: done))
                defer { queue.isDrained = true }
                return !queue.isDrained
            }
            onQueued()
            if starts { Task(executorPreference: ledger.executor) { await self.drain() } }
        }
        return Array(try result.get())
    }

    private func drain() async {
        while true {
            let group = queue.withLock { $0.next() }
            if group.isEmpty { return }
            var result = await commitPatiently(group.flatMap(\.reports)) { for member in group { member.progress.mark() } }
            for member in group {
                member.done.resume(returning: result.map { $0.prefix(member.reports.count) })
                result = result.map { $0.dropFirst(member.reports.count) }
            }
        }
    }

    private func commitPatiently(
        _ batch: [Report], mark: () -> Void
    ) async -> Result<ArraySlice<ReportOutcome>, StoreError> {
        var tries = 0
        while true {
            do throws(StoreError) {
                let start = ContinuousClock.now
                let commit = try await ledger.commit(batch, at: wallClockMilliseconds())
                durations.add(.now - start)
                mark()
                note(commit.changes)
                if !commit.pages.isEmpty { onPages?(commit.pages) }
                if tries > 0 {
                    // An error may have come after the commit, whose changes are then nobody's.
                    signal.ring()
                    logger.notice("the ledger can be written again")
                    health.clear(.ledger)
                }
                return .success(commit.outcomes[...])
            } catch {
                guard error.isTransient, !isStopping else {
                    if !error.isTransient { health.fail(error) }
                    return .failure(error)
                }
                mark()
                // Nothing was committed, and nothing is lost: the same reports are tried again.
                if tries == 0 { logger.warning("ingest waits", metadata: [LogKey.reason: "\(error)"]) }
                health.report(.ledger, "\(error)")
                let pause = Self.retryPauses[min(tries, Self.retryPauses.count - 1)]
                tries += 1
                await alarm.wait(until: .now + pause)
            }
        }
    }

    private func note(_ changes: [ChangeType: Int]) {
        announced.merge(changes, uniquingKeysWith: +)
        if !changes.isEmpty { signal.ring() }
    }

    // MARK: what is written at the daemon's own wish

    /// From now on `tell` is called with the pages that a commit has made due at another time. It must not wait.
    package func tellPages(to tell: @escaping @Sendable ([PageDue]) -> Void) { onPages = tell }

    /// Brings the table of sources in line with the settings.
    /// - Returns: the configured sources' rows, in the order given.
    /// - Throws: `StoreError`, at once: a start, or a reload, says what is wrong instead of waiting.
    package func configure(_ sources: [ConfiguredSource]) async throws -> [SourceRow] {
        let (rows, changes) = try await ledger.configure(sources, at: wallClockMilliseconds())
        note(changes)
        return rows
    }

    /// Runs one step of maintenance on the ledger, between two commits. The step announces nothing.
    package func maintain<Value: Sendable>(
        _ step: @Sendable (isolated Ledger) throws -> Value
    ) async throws -> Value {
        try await step(ledger)
    }

    /// Sequence number of the newest committed change.
    package var lastSequence: Int64 { get async { await ledger.lastSequence } }

    /// Whether the ledger's files are still those that were opened; to be asked at the end, when nothing is written any more.
    package func checkPlace() async throws { try await ledger.checkPlace() }

    /// Ends the daemon if `error`, which a source has met, is a permanent error of the ledger. Other failures of a look are tried again.
    nonisolated package func noteFailure(_ error: any Error) {
        if let error = error as? StoreError, !error.isTransient { health.fail(error) }
    }

    /// From now on a commit that fails is not tried again. Its sources are read again at the next start.
    package func stop() {
        isStopping = true
        alarm.ring()
    }
}
