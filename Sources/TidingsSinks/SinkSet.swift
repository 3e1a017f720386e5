import Logging
import ServiceLifecycle
import Synchronization
import TidingsCore
import TidingsSystem

/// The webhooks and commands of the settings. It starts and stops them, and tells them of commits. Each runs on its own, and nobody
/// waits for any of them, but the stop for a few seconds.
package actor SinkSet: Service {
    /// How long sinks have to end what is under way; then it is given up, and comes again at the next start.
    private static let stopLimit = Duration.seconds(6)

    private struct Entry {
        let sink: any RunningSink
        let running: Task<Void, Never>
        let saving: Task<Void, Never>
    }

    /// What the set needs from the ledger. All that is written goes through its one writer.
    package struct Ledger: Sendable {
        package var surroundings: SinkSurroundings
        /// Notes which sinks there are: makes records of new ones, which begin as their settings say, and forgets others after a time.
        /// - Returns: the records, in the order given.
        package var configure: @Sendable ([SinkSettings]) async throws -> [SinkRecord]
        package var save: SinkBookkeeper.Save
        /// Called when a sink stands otherwise than before.
        package var onTurn: @Sendable () -> Void

        package init(
            surroundings: SinkSurroundings, configure: @escaping @Sendable ([SinkSettings]) async throws -> [SinkRecord],
            save: @escaping SinkBookkeeper.Save, onTurn: @escaping @Sendable () -> Void = {}
        ) {
            self.surroundings = surroundings
            self.configure = configure
            self.save = save
            self.onTurn = onTurn
        }
    }

    private let ledger: Ledger
    private let makeClient: @Sendable () -> WebhookClient
    private let environment: [String: String]
    private let logger: Logger
    /// Rung when something was committed.
    package nonisolated let wake = Alarm()
    private lazy var client = makeClient()

    private var settings: [SinkSettings]
    /// How far each sink of the settings was when they were read last.
    private var configured: [String: Int64] = [:]
    private var entries: [String: Entry] = [:]
    /// The sinks to be told of commits, beside the actor: to tell them waits for nothing.
    private nonisolated let listeners = Mutex<[any RunningSink]>([])
    private var isStopping = false
    private var isRunning = false

    /// - Parameter makeClient: called once, if there is a webhook.
    package init(
        _ settings: [SinkSettings], ledger: Ledger, makeClient: @escaping @Sendable () -> WebhookClient, environment: [String: String],
        logger: Logger
    ) {
        self.settings = settings
        self.ledger = ledger
        self.makeClient = makeClient
        self.environment = environment
        self.logger = logger
    }

    /// Writes down where new sinks begin. Called before the sources look, so that a sink of the first start misses nothing.
    package func prepare() async throws { _ = try await configure() }

    private func configure() async throws -> [SinkRecord] {
        let records = try await ledger.configure(settings)
        configured = Dictionary(uniqueKeysWithValues: records.map { ($0.name, $0.state.passed ?? $0.confirmed) })
        return records
    }

    /// Runs the sinks until the daemon stops.
    package func run() async throws {
        isRunning = true
        do {
            try await start()
        } catch {
            ledger.surroundings.noteFailure(error)
            logger.error("the sinks wait for `tidings reload`", metadata: [SinkLogKey.reason: "\(error)"])
        }
        let telling = Task { await self.tell() }
        try? await gracefulShutdown()
        isStopping = true
        telling.cancel()
        await stop(Array(entries.keys))
    }

    /// Passes on what the daemon tells of commits, until the task is cancelled.
    private nonisolated func tell() async {
        while !Task.isCancelled {
            await wake.wait()
            for sink in listeners.withLock({ $0 }) { sink.ring() }
        }
    }

    /// After which change all are still needed: the least that a sink is known to have after any crash, and need not be given again. Nil
    /// without sinks.
    package var leastSaved: Int64? {
        let now = ledger.surroundings.now()
        return configured.map { name, passed in entries[name]?.sink.bookkeeper.savedPassed(now: now) ?? passed }.min()
    }

    /// Those that a person should look at, as "NAME STANDING", or that have missed changes; by name.
    package var troubled: [String] {
        let now = ledger.surroundings.now()
        return entries.sorted { $0.key < $1.key }.compactMap { name, entry in
            let state = entry.sink.bookkeeper.record.state
            guard state.needsAttention(now: now) else { return nil }
            return "\(name) \(state.standing == .ok || state.standing == .new ? "has missed changes" : state.standing.rawValue)"
        }
    }

    /// Applies new settings: starts new sinks, and starts again changed ones and those that do not go on.
    package func reload(_ new: [SinkSettings]) async throws {
        let kept = Dictionary(new.map { ($0.name, $0) }) { first, _ in first }
        let ended = entries.filter { name, entry in
            kept[name] != entry.sink.settings || ![.ok, .new].contains(entry.sink.bookkeeper.record.state.standing)
        }
        await stop(Array(ended.keys))
        if isStopping { throw CancellationError() }
        settings = new
        try await start()
    }

    private func start() async throws {
        guard isRunning, !isStopping else { return }
        let records = try await configure()
        for (settings, record) in zip(settings, records) where entries[settings.name] == nil && !isStopping {
            do {
                entries[settings.name] = try entry(settings, record)
            } catch {
                logger.error("a sink cannot be run", metadata: [SinkLogKey.sink: "\(settings.name)", SinkLogKey.reason: "\(error.message)"])
            }
        }
        let running = entries.values.map(\.sink)
        listeners.withLock { $0 = running }
        // What was committed before they were told of commits.
        wake.ring()
    }

    private func entry(_ settings: SinkSettings, _ record: SinkRecord) throws(SystemError) -> Entry {
        let bookkeeper = SinkBookkeeper(record, save: ledger.save, onTurn: ledger.onTurn, logger: logger)
        // It is tried at once, whatever kept it from going on before.
        bookkeeper.update { $0.state.failures = 0 }
        let sink: any RunningSink
        switch settings.target {
        case .webhook(let webhook):
            sink = WebhookSink(
                settings, webhook, client: client, bookkeeper: bookkeeper, surroundings: ledger.surroundings, logger: logger)
        case .command(let command):
            sink = try CommandSink(
                settings, command, environment: environment, bookkeeper: bookkeeper, surroundings: ledger.surroundings, logger: logger)
        }
        return Entry(sink: sink, running: Task { await sink.run() }, saving: Task { await bookkeeper.run() })
    }

    /// Stops these sinks, and saves how far they are.
    private func stop(_ names: [String]) async {
        let stopped = names.compactMap { entries[$0] }
        for entry in stopped { entry.sink.stop() }
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                try? await Task.sleep(for: Self.stopLimit)
                for entry in stopped { entry.running.cancel() }
            }
            for entry in stopped { await entry.running.value }
            group.cancelAll()
        }
        for entry in stopped {
            entry.saving.cancel()
            await entry.saving.value
            await entry.sink.bookkeeper.saveNow()
        }
        for name in names { entries[name] = nil }
        let running = entries.values.map(\.sink)
        listeners.withLock { $0 = running }
    }
}
