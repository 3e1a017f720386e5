import FoundationEssentials
import Logging
import ServiceLifecycle
import Synchronization
import TidingsCore
import TidingsStore
import TidingsStream
import TidingsSystem

/// Copies committed change rows into the change file, on a thread of its own. It may lag behind the ledger; it never leads,
/// skips, repeats or reorders.
package actor Publisher: Service {
    /// Pauses between tries while the change file cannot be written.
    private static let retryPauses: [Duration] = [.seconds(2), .seconds(4), .seconds(8), .seconds(16), .seconds(30)]

    private let executor = BlockingExecutor(label: "tidings.publisher")
    nonisolated package var unownedExecutor: UnownedSerialExecutor { unsafe executor.asUnownedSerialExecutor() }

    private var file: ChangeFile
    private let folder: String
    private let progress: Progress
    private let health: Health
    private let logger: Logger
    private let externalEdits: ExternalEdits
    /// Where it is noted in which state the change file was left.
    private let leftFile: String
    /// Rung when a change file was sealed.
    package nonisolated let sealed = Alarm()
    /// What ended the work of `run`.
    private var failure: (any Error)?
    /// When a rotation comes that was asked for too soon after the last one.
    private var rotationDue: ContinuousClock.Instant?
    private nonisolated var alarm: Alarm { externalEdits.alarm }

    /// What others did to the stream folder, as the watch tells it.
    private final class ExternalEdits: Sendable {
        let alarm = Alarm()
        private let events = Mutex<StreamWatch.Events>([])

        func note(_ new: StreamWatch.Events) {
            events.withLock { $0.formUnion(new) }
            alarm.ring()
        }

        func take() -> StreamWatch.Events {
            events.withLock { events in
                defer { events = [] }
                return events
            }
        }
    }
    private var watch: StreamWatch?
    /// Whether the folder that is watched is not the one that is written to any more.
    private var hasLostFolder = false

    /// Opens and recovers the change file from the ledger. When the files are ahead of the ledger, or of a stream that it has
    /// never been, the ledger was lost or restored: a new stream begins.
    package init(
        state: StateFolder, ledger: Ledger, limits: ChangeFile.Limits,
        nowMilliseconds: @escaping @Sendable () -> Int64 = wallClockMilliseconds, progress: Progress, health: Health, logger: Logger
    ) async throws {
        let rows = try LedgerReader(path: state.database)
        folder = state.streamFolder
        leftFile = state.databaseFolder + "/stream-left"
        self.progress = progress
        self.health = health
        self.logger = logger
        let externalEdits = ExternalEdits()
        self.externalEdits = externalEdits
        watch = Self.watch(state.streamFolder, externalEdits, logger)
        let left = try? String(contentsOfFile: leftFile, encoding: .utf8)
        progress.begin()
        defer { progress.end() }
        do {
            file = try ChangeFile(
                folder: folder, stream: await ledger.stream, superseded: await ledger.superseded, left: left, committed: rows,
                nowMilliseconds: nowMilliseconds, limits: limits, onProgress: { progress.mark() })
        } catch let error as StreamError {
            switch error.reason {
            case .aheadOfLedger(let highest, _): try await ledger.resetStream(after: highest, now: nowMilliseconds())
            case .otherStream(let id, let highest):
                try await ledger.resetStream(after: highest, of: id, now: nowMilliseconds())
            default: throw error
            }
            logger.error("a new stream begins", metadata: [LogKey.reason: "\(error)"])
            file = try ChangeFile(
                folder: folder, stream: await ledger.stream, superseded: await ledger.superseded, committed: rows,
                nowMilliseconds: nowMilliseconds, limits: limits, onProgress: { progress.mark() })
        }
    }

    /// Without a watch the files are looked at before each append all the same.
    private static func watch(_ folder: String, _ externalEdits: ExternalEdits, _ logger: Logger) -> StreamWatch? {
        do {
            return try StreamWatch(folder: folder) { externalEdits.note($0) }
        } catch {
            logger.warning("what others do to the change file is found with the next change", metadata: [LogKey.reason: "\(error)"])
            return nil
        }
    }

    /// Says that there may be something to publish. Any number of calls lead to one look.
    nonisolated package func ring() { alarm.ring() }

    /// Publishes whenever it is rung, until the daemon stops; then what is committed by then.
    package func run() async throws {
        ring()
        await withGracefulShutdownHandler {
            while !isStopping {
                await alarm.wait(until: rotationDue)
                do {
                    try await publishPatiently()
                } catch {
                    failure = error
                    return
                }
            }
        } onGracefulShutdown: {
            self.alarm.ring()
        }
        if let failure { throw failure }
        do {
            try await publish()
        } catch where Self.isTransient(error) {
            logger.warning("the change file lacks changes; the next start adds them", metadata: [LogKey.reason: "\(error)"])
        }
        // Only to spare the next start a comparison: without it, or with half of it, there is one.
        try? (file.left ?? "").write(toFile: leftFile, atomically: false, encoding: .utf8)
    }

    private var isStopping: Bool { Task.isShuttingDownGracefully || Task.isCancelled }

    /// Publishes everything that is committed now.
    package func publish() async throws {
        // Others have their turn between batches: a request to rotate, and whoever waits for it.
        while try publishBatch(), !Task.isCancelled { await Task.yield() }
    }

    /// Begins a new segment now, unless the present one is empty; or as soon as followers can keep up, if the last one is recent.
    package func rotate() throws -> ChangeFile.Rotation {
        _ = try publishBatch()
        return try rotate(.requested)
    }

    private func rotate(_ cause: ChangeFile.Cause) throws -> ChangeFile.Rotation {
        let outcome = try file.rotate(cause)
        switch outcome {
        case .sealed(let name):
            rotationDue = nil
            logger.notice("change file rotated", metadata: [LogKey.path: "\(name)"])
            sealed.ring()
        case .nothingToSeal: rotationDue = nil
        case .tooSoon(let wait) where cause == .requested:
            rotationDue = .now + .milliseconds(wait)
            ring()
        case .tooSoon, .notDue: break
        }
        return outcome
    }

    /// Removes the oldest change files that `limit` does not keep.
    package func removeOld(keeping limit: RetentionLimit) throws -> ChangeFile.Removal {
        progress.begin()
        defer { progress.end() }
        return try file.removeOld(keeping: limit) { progress.mark() }
    }

    /// The first change of the live segment; nil while there is none that is right.
    package var liveFirst: Int64? { file.liveFirst }

    /// - Returns: whether there may be more to publish.
    private func publishBatch() throws -> Bool {
        progress.begin()
        defer { progress.end() }
        let events = externalEdits.take()
        if events.contains(.sealed) { file.doubtSealed() }
        if events.contains(.folder) { hasLostFolder = true }
        // A request that fails, on a full disk, is still to be met.
        let isAsked = rotationDue.map { $0 <= .now } ?? false
        _ = try rotate(isAsked ? .requested : .due)
        let hasMore = try file.publishBatch()
        if hasLostFolder {
            hasLostFolder = false
            // There is one again. What happened in it before the watch does not come as an event.
            watch = Self.watch(folder, externalEdits, logger)
            return true
        }
        return hasMore
    }

    /// Waits while the disk is full, read-only or failing, and says so: committed changes wait in the ledger, and only what is
    /// missing is written later.
    private func publishPatiently() async throws {
        var tries = 0
        while true {
            do {
                try await publish()
                if tries > 0 {
                    logger.notice("the change file can be written again")
                    health.clear(.stream)
                }
                return
            } catch where Self.isTransient(error) {
                if tries == 0 { logger.warning("publishing waits", metadata: [LogKey.reason: "\(error)"]) }
                health.report(.stream, "\(error)")
                let end = ContinuousClock.now + Self.retryPauses[min(tries, Self.retryPauses.count - 1)]
                tries += 1
                // Rings do not shorten it, but for the one that ends everything.
                while ContinuousClock.now < end, !isStopping { await alarm.wait(until: end) }
                if isStopping { return }
            }
        }
    }

    private static func isTransient(_ error: any Error) -> Bool {
        switch error {
        case let error as StreamError: error.isTransient
        case let error as StoreError: error.isTransient
        default: false
        }
    }
}

extension LedgerReader: CommittedLines {
    package func last() throws -> Int64 { try lastSequence() }

    package func first() throws -> Int64 { try firstSequence() }

    package func lines(after sequence: Int64, limitBytes: Int) throws -> [CommittedLine] {
        let rows: [(sequence: Int64, bytes: [UInt8])] = try lines(after: sequence, limitBytes: limitBytes)
        return rows.map { CommittedLine(sequence: $0.sequence, bytes: $0.bytes) }
    }
}
