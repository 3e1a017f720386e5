import Logging
import ServiceLifecycle
import Synchronization
import TidingsStore
import TidingsSystem

/// The search index as a sink: after each commit it reads what was announced, and adds it to `db/search.db`. Nothing waits for it. It
/// works on a thread of low priority, in small parts, and pauses between them while others commit, so that it lags instead of
/// making them slower.
///
/// The index is a copy. If it is missing, damaged, of another ledger or of another version of this program, it is built from the
/// versions of the ledger, from where it stopped if the daemon ended meanwhile; then it follows the changes.
package actor SearchIndexer: SinkService {
    /// The pauses between tries while the index cannot be written; the last one repeats.
    private static let retryPauses: [Duration] = [.seconds(2), .seconds(8), .seconds(30), .seconds(60)]
    /// While others commit, it works for one part of so many of the time.
    private static let shareOfTime = 50
    private static let longestPause = Duration.seconds(2)
    /// Of the time of one full pass, what is added at its end, and the least of it.
    private static let finishingShare = 50
    private static let leastFinishing = Duration.milliseconds(100)

    private let executor: LowPriorityExecutor
    nonisolated package var unownedExecutor: UnownedSerialExecutor { unsafe executor.asUnownedSerialExecutor() }

    package let name = "search index"
    package nonisolated let wake = Alarm()
    /// Ends the pauses.
    private nonisolated let hurry = Alarm()
    private let caughtUp: Alarm

    private let path: String
    private let ledger: LedgerReader
    private let watch: SearchFileWatch?
    private let progress: Progress
    private let health: Health
    private let logger: Logger
    private let started = ContinuousClock.now

    private var index: SearchIndexWriter?
    /// The newest change in `index` after the last part; nil before the first part. It is not isolated to the actor: a caller would
    /// wait for the part that the thread of low priority is at.
    private nonisolated let position = Mutex<Int64?>(nil)
    /// Whether the file is to be made anew, whatever it says.
    private var isDamaged = false
    /// Whether the log was told that it is built.
    private var isBuildTold = false
    /// Whether the ledger could not be read.
    private var hasGivenUp = false
    /// Whether it cannot be written now, which was told.
    private var isWaiting = false
    /// The tries that have failed, one after the other.
    private var failures = 0

    /// - Parameter caughtUp: rung each time that `run` has added what was missing, and has freed the memory that this took.
    package init(state: StateFolder, caughtUp: Alarm = Alarm(), progress: Progress, health: Health, logger: Logger) throws {
        self.caughtUp = caughtUp
        executor = try LowPriorityExecutor(name: "tidings.search")
        path = state.searchIndex
        ledger = try LedgerReader(path: state.database)
        do throws(SystemError) {
            watch = try SearchFileWatch(folder: state.databaseFolder, name: StateFolder.searchIndexName, alarm: wake)
        } catch {
            logger.warning("a search index that is removed is made anew with the next change", metadata: [LogKey.reason: "\(error)"])
            watch = nil
        }
        self.progress = progress
        self.health = health
        self.logger = logger
    }

    package nonisolated var confirmed: Int64? { position.withLock(\.self) }

    /// Follows the ledger until the daemon stops; what is missing then is added after the next start.
    package func run() async throws {
        wake.ring()
        let failure: (any Error)? = await withGracefulShutdownHandler {
            while !isStopping {
                await wake.wait()
                do {
                    try await work { !isStopping }
                    releaseMemory()
                } catch {
                    return error
                }
            }
            return nil
        } onGracefulShutdown: { [wake, hurry] in
            wake.ring()
            hurry.ring()
        }
        index = nil
        if let failure { throw failure }
    }

    private func releaseMemory() {
        // What fails here fails again when the next part is added, where errors are handled.
        try? ledger.releaseMemory()
        try? index?.releaseMemory()
        caughtUp.ring()
    }

    private var isStopping: Bool { Task.isShuttingDownGracefully || Task.isCancelled }

    /// Adds what is missing at the end of one full pass, as far as that takes next to nothing of the pass's time.
    package func deliverAll() async throws {
        let end = ContinuousClock.now + max(Self.leastFinishing, (ContinuousClock.now - started) / Self.finishingShare)
        try await work(pauses: false) { ContinuousClock.now < end }
        let missing = try countMissing()
        if missing > 0 { logger.notice("the search index lacks changes; the daemon, or the next run, goes on", metadata: [LogKey.count: "\(missing)"]) }
        index = nil
    }

    /// How many committed changes it lacks: all of them until it is built.
    private func countMissing() throws -> Int64 {
        let last = try ledger.lastSequence()
        guard let state = index?.state, state.built == nil else { return last }
        return max(0, last - state.confirmed)
    }

    /// Adds part after part until nothing is missing, or `goesOn` says no.
    /// - Throws: `moved` if the ledger is not in its place any more. Other errors are tried again; a ledger that is damaged is left to
    ///   those who need it, and the index stays as it is.
    private func work(pauses: Bool = true, while goesOn: () -> Bool) async throws {
        while goesOn(), !hasGivenUp {
            let begin = ContinuousClock.now
            do {
                let before = try ledger.lastSequence()
                if let hasMore = try addPart() {
                    if !hasMore { return }
                    // `deliverAll` may wait for the actor.
                    await Task.yield()
                    guard pauses, try ledger.lastSequence() != before else { continue }
                    let pause = (ContinuousClock.now - begin) * (Self.shareOfTime - 1)
                    await hurry.wait(until: .now + min(pause, Self.longestPause))
                    continue
                }
            } catch let error as StoreError where error.reason != .moved {
                if !error.isTransient {
                    hasGivenUp = true
                    health.report(.sink(name), "\(error)")
                    logger.error("the search index stays as it is", metadata: [LogKey.reason: "\(error)"])
                    return
                }
            }
            let pause = Self.retryPauses[min(failures, Self.retryPauses.count - 1)]
            failures += 1
            // A file that was removed, or is damaged, is made anew at once.
            if failures == 1 { continue }
            guard pauses else { return }
            await hurry.wait(until: .now + pause)
        }
    }

    /// - Returns: whether there may be more; nil if the index cannot be written now.
    private func addPart() throws -> Bool? {
        progress.begin()
        defer {
            position.withLock { [index] in $0 = index?.state.confirmed ?? 0 }
            progress.end()
        }
        do {
            let index = try openIndex()
            let isBuilding = index.state.built != nil
            let part = try ledger.indexablePart(after: index.state)
            // Nothing new, as many wakes find.
            if part.state != index.state { try onIndex { () throws(StoreError) in try index.add(part.versions, part.state) } }
            failures = 0
            if isWaiting {
                isWaiting = false
                health.clear(.sink(name))
                logger.notice("the search index can be written again")
            }
            if isBuilding, part.state.built == nil, isBuildTold {
                isBuildTold = false
                logger.notice("the search index is built")
            }
            return part.hasMore
        } catch let failure as IndexFailure {
            note(failure.error)
            return nil
        }
    }

    // MARK: the file

    /// An error of the index; all others are the ledger's.
    private struct IndexFailure: Error {
        let error: StoreError
    }

    private func onIndex<Result>(_ body: () throws(StoreError) -> Result) throws -> Result {
        do throws(StoreError) {
            return try body()
        } catch {
            throw IndexFailure(error: error)
        }
    }

    private func openIndex() throws -> SearchIndexWriter {
        if let index {
            try onIndex { () throws(StoreError) in try index.checkPlace() }
            // Retention may have taken changes that it lacks.
            if try ledger.canContinue(index.state) { return index }
        }
        let found = try isDamaged ? nil : onIndex { () throws(StoreError) in try SearchIndexWriter.open(path: path) }
        if let found, try ledger.canContinue(found.state) {
            index = found
            return found
        }
        let empty = try ledger.emptyIndexState()
        // At the first start there is nothing to build it from.
        isBuildTold = try ledger.hasVersions()
        if isBuildTold { logger.notice("building the search index from the database", metadata: [LogKey.path: "\(path)"]) }
        let made = try onIndex { () throws(StoreError) in try SearchIndexWriter.make(path: path, empty) }
        isDamaged = false
        index = made
        return made
    }

    private func note(_ error: StoreError) {
        index = nil
        switch error.reason {
        case .moved: logger.notice("the search index is gone", metadata: [LogKey.path: "\(path)"])
        case .busy, .full, .readOnly, .cannotOpen:
            if !isWaiting { logger.warning("the search index waits", metadata: [LogKey.reason: "\(error)"]) }
            isWaiting = true
            health.report(.sink(name), "\(error)")
        case .corrupt, .inputOutput, .newerSchema, .other:
            isDamaged = true
            logger.warning("the search index is damaged", metadata: [LogKey.reason: "\(error.detail)"])
        }
    }
}
