import Logging
import ServiceLifecycle
import TidingsCore
import TidingsStore
import TidingsStream

/// Copies committed change rows into the change file, on a thread of its own. It may lag behind the ledger; it never leads,
/// skips, repeats or reorders.
package actor Publisher: Service {
    /// Pauses between tries while the disk is full.
    private static let retryPause = Duration.seconds(2)

    private let executor = BlockingExecutor(label: "tidings.publisher")
    nonisolated package var unownedExecutor: UnownedSerialExecutor { unsafe executor.asUnownedSerialExecutor() }

    private let rows: LedgerReader
    private var file: ChangeFile
    private let progress: Progress
    private let health: Health
    private let logger: Logger
    private nonisolated let alarm = Alarm()
    /// What ended the work of `run`.
    private var failure: (any Error)?
    /// When a rotation comes that was asked for too soon after the last one.
    private var rotationDue: ContinuousClock.Instant?

    /// Opens and recovers the change file from the ledger. When the file is ahead of the ledger, the ledger was lost or restored:
    /// a new stream begins.
    package init(
        state: StateFolder, ledger: Ledger, limits: ChangeFile.Limits, progress: Progress, health: Health, logger: Logger
    ) async throws {
        rows = try LedgerReader(path: state.database)
        let folder = state.streamFolder
        self.progress = progress
        self.health = health
        self.logger = logger
        do {
            file = try ChangeFile(
                folder: folder, stream: await ledger.stream, committed: rows, nowMilliseconds: wallClockMilliseconds(),
                limits: limits)
        } catch let error as StreamError {
            guard case .aheadOfLedger(let highest, _) = error.reason else { throw error }
            logger.error("a new stream begins", metadata: [LogKey.reason: "\(error)"])
            try await ledger.resetStream(after: highest, now: wallClockMilliseconds())
            file = try ChangeFile(
                folder: folder, stream: await ledger.stream, committed: rows, nowMilliseconds: wallClockMilliseconds(),
                limits: limits)
        }
    }

    /// Says that there may be something to publish. Any number of calls lead to one look.
    nonisolated package func ring() { alarm.ring() }

    /// Publishes whenever it is rung, until the daemon stops; then what is committed by then.
    package func run() async throws {
        ring()
        await withGracefulShutdownHandler {
            while !Task.isShuttingDownGracefully, !Task.isCancelled {
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
            try publish()
        } catch let error as StreamError where error.isTransient {
            logger.warning("the change file lacks changes; the next start adds them", metadata: [LogKey.reason: "\(error)"])
        }
    }

    private var isStopping: Bool { Task.isShuttingDownGracefully || Task.isCancelled }

    /// Publishes everything that is committed now.
    package func publish() throws {
        progress.begin()
        defer { progress.end() }
        try publishOnce()
    }

    /// Begins a new segment now, unless the present one is empty; or as soon as followers can keep up, if the last one is recent.
    package func rotate() throws -> ChangeFile.Rotation {
        try publishOnce()
        return try rotate(.requested)
    }

    private func rotate(_ cause: ChangeFile.Cause) throws -> ChangeFile.Rotation {
        let outcome = try file.rotate(cause, from: rows, nowMilliseconds: wallClockMilliseconds())
        switch outcome {
        case .sealed(let name):
            rotationDue = nil
            logger.notice("change file rotated", metadata: [LogKey.path: "\(name)"])
        case .tooSoon(let wait) where cause == .requested:
            rotationDue = .now + .milliseconds(wait)
            ring()
        case .tooSoon, .nothingToSeal, .notDue: break
        }
        return outcome
    }

    private func publishOnce() throws {
        let isAsked = rotationDue.map { $0 <= .now } ?? false
        if isAsked { rotationDue = nil }
        _ = try rotate(isAsked ? .requested : .due)
        _ = try file.publish(from: rows, nowMilliseconds: wallClockMilliseconds())
        progress.mark()
    }

    private func publishPatiently() async throws {
        var isWaiting = false
        while true {
            do {
                try publish()
                if isWaiting {
                    logger.notice("the change file can be written again")
                    health.clear(.stream)
                }
                return
            } catch let error as StreamError where error.isTransient {
                // Committed changes wait in the ledger; only the missing suffix is written later.
                if !isWaiting { logger.warning("publishing waits", metadata: [LogKey.reason: "\(error)"]) }
                isWaiting = true
                health.report(.stream, "\(error)")
                let end = ContinuousClock.now + Self.retryPause
                // Rings do not shorten it, but for the one that ends everything.
                while ContinuousClock.now < end, !isStopping { await alarm.wait(until: end) }
                if isStopping { return }
            }
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
