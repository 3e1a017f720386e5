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
        try publish()
        await withGracefulShutdownHandler {
            while !Task.isShuttingDownGracefully, !Task.isCancelled {
                await alarm.wait()
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
        try publish()
    }
    private var failure: (any Error)?

    /// Publishes everything that is committed now.
    package func publish() throws {
        progress.begin()
        defer { progress.end() }
        try publishOnce()
    }

    /// Begins a new segment now, unless the present one is empty.
    /// - Returns: the sealed segment's name; nil if there was nothing to seal.
    package func rotate() throws -> String? {
        try publishOnce()
        switch try file.rotate(.requested, from: rows, nowMilliseconds: wallClockMilliseconds()) {
        case .sealed(let name): return name
        default: return nil
        }
    }

    /// Newest change in the file.
    package var last: Int64 { file.last }

    private func publishOnce() throws {
        let now = wallClockMilliseconds()
        _ = try file.rotate(.due, from: rows, nowMilliseconds: now)
        _ = try file.publish(from: rows, nowMilliseconds: now)
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
            } catch let error as StreamError where error.reason == .noSpace {
                // Committed changes wait in the ledger; only the missing suffix is written later.
                if !isWaiting { logger.warning("publishing waits", metadata: [LogKey.reason: "\(error)"]) }
                isWaiting = true
                health.report(.stream, "\(error)")
                try await Task.sleep(for: Self.retryPause)
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
