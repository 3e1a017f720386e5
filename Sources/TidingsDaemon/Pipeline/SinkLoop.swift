import Logging
import ServiceLifecycle
import TidingsCore
import TidingsStore
import TidingsStream
import TidingsSystem

/// A sink that runs, of whatever kind.
package protocol SinkService: Service, Actor {
    /// To be rung when there may be something to deliver.
    nonisolated var wake: Alarm { get }
    nonisolated var name: String { get }
    /// The newest change that the sink has and keeps; nil before it has looked. READY=1, each status and the metrics ask for it.
    nonisolated var confirmed: Int64? { get async }
    /// Delivers everything that is committed now, and returns when it survives a power loss.
    func deliverAll() async throws
}

/// Bytes of one batch; one line may be larger.
private let batchBytes = 1 << 20

/// Drives one sink, on a thread of its own: waits to be woken, then delivers the rows after the last confirmed one until there
/// are no more. While the sink fails, changes wait in the ledger, health says so, and delivery is tried again after a pause.
package actor SinkLoop<S: Sink>: SinkService {
    private let executor: BlockingExecutor
    nonisolated package var unownedExecutor: UnownedSerialExecutor { unsafe executor.asUnownedSerialExecutor() }

    package nonisolated let wake: Alarm
    package nonisolated let name: String
    var sink: S
    let progress: Progress
    private let health: Health
    private let logger: Logger
    private let retryPauses: [Duration]
    private let durations: SharedHistogram

    /// - Parameters:
    ///   - wake: rung by the sink itself, too, if it has the same alarm.
    ///   - durations: gets the time that each batch takes.
    ///   - retryPauses: the pauses between tries while the sink fails; the last one repeats.
    package init(
        _ sink: sending S, wake: Alarm = Alarm(), progress: Progress, health: Health, durations: SharedHistogram = SharedHistogram(),
        logger: Logger,
        retryPauses: [Duration] = [.seconds(2), .seconds(4), .seconds(8), .seconds(16), .seconds(30)]
    ) {
        executor = BlockingExecutor(label: "tidings.sink.\(sink.name)")
        name = sink.name
        self.wake = wake
        self.progress = progress
        self.health = health
        self.logger = logger
        self.retryPauses = retryPauses
        self.durations = durations
        self.sink = sink
    }

    package var confirmed: Int64? { sink.confirmed }

    /// Delivers whenever it is woken, until the daemon stops; then what is committed by then.
    package func run() async throws {
        wake.ring()
        try await withTaskExecutorPreference(executor) { try await deliverUntilStopped() }
    }

    private func deliverUntilStopped() async throws {
        let failure: (any Error)? = await withGracefulShutdownHandler {
            while !isStopping {
                await wake.wait(until: sink.wakeTime)
                do {
                    try await deliverPatiently()
                } catch {
                    return error
                }
            }
            return nil
        } onGracefulShutdown: { [wake] in
            wake.ring()
        }
        if let failure { throw failure }
        do {
            try await deliverAll()
        } catch where Self.isTransient(error) {
            logger.warning("the \(name) lacks changes; the next start adds them", metadata: [LogKey.reason: "\(error)"])
        }
        sink.close()
    }

    private var isStopping: Bool { Task.isShuttingDownGracefully || Task.isCancelled }

    package func deliverAll() async throws {
        try await deliverCommitted()
        try sink.sync()
    }

    private func deliverCommitted() async throws {
        // Others may use the sink between two batches: a request to rotate, and whoever asks how far it is.
        while try deliverBatch(), !Task.isCancelled { await Task.yield() }
    }

    /// - Returns: whether there may be more to deliver.
    func deliverBatch() throws -> Bool {
        progress.begin()
        defer { progress.end() }
        try sink.reconcile()
        let start = ContinuousClock.now
        let batch = try sink.rows.lines(after: sink.confirmed, limitBytes: batchBytes)
        if batch.isEmpty { return false }
        try sink.deliver(batch)
        durations.add(.now - start)
        return true
    }

    /// Delivers everything; pauses and tries again for as long as errors are transient.
    private func deliverPatiently() async throws {
        var tries = 0
        while true {
            do {
                try await deliverCommitted()
                if tries > 0 {
                    logger.notice("the \(name) can be written again")
                    health.clear(sink.healthPart)
                }
                return
            } catch where Self.isTransient(error) {
                if tries == 0 { logger.warning("publishing waits", metadata: [LogKey.reason: "\(error)"]) }
                health.report(sink.healthPart, "\(error)")
                let end = ContinuousClock.now + retryPauses[min(tries, retryPauses.count - 1)]
                tries += 1
                // A ring does not end the pause, unless it comes because the daemon stops.
                while ContinuousClock.now < end, !isStopping { await wake.wait(until: end) }
                if isStopping { return }
            }
        }
    }

    private static func isTransient(_ error: any Error) -> Bool { (error as? any RetryableError)?.isTransient ?? false }
}
