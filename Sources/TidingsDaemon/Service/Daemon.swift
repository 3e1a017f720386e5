import FoundationEssentials
import Glibc
import Logging
import ServiceLifecycle
import Synchronization
import TidingsCore
import TidingsStore
import TidingsStream
import TidingsSystem

/// Runs the daemon, or one full pass. Call `blockSignals()` first.
/// - Parameters:
///   - settingsFile: the argument of `--config`.
///   - onProgress: called with a message and the fraction that is done, 0…1, while one full pass reads.
/// - Returns: the exit status, and messages for the person who started it.
package func runDaemon(
    settingsFile: String?, once: Bool, onProgress: @escaping @Sendable (String, Double) -> Void = { _, _ in }
) async -> (status: Int32, message: [String]) {
    do {
        let daemon = try await Daemon(settingsFile: settingsFile, onProgress: onProgress)
        do {
            if once { return try await daemon.runOnce() }
            return (try await daemon.run(), [])
        } catch {
            IntegrityMarker.note(error, in: daemon.state)
            // A sink may have been the first to see that the log is gone; only the writer can save what it holds.
            try? await daemon.committer.checkPlace()
            throw error
        }
    } catch {
        return (exitCode(for: error), ["\(error)"])
    }
}

/// The daemon with all its parts. It has the state folder's lock for its whole life.
package final class Daemon: Sendable {
    private let settingsFile: String
    private let settings: Settings
    private let environment: [String: String]
    private let lock: StateLock
    private let changeFile: SinkLoop<ChangeFileSink>
    /// Everything that copies committed changes, the change file among them.
    private let sinks: [any SinkService]
    fileprivate let committer: Committer
    private let sources: SourceSet
    /// Nil if the settings keep everything.
    private let retention: Retention?
    private let health: Health
    private let inbox: SignalInbox
    private let notifier: Notifier?
    private let watchdog: Watchdog?
    private let timeoutExtension: TimeoutExtension?
    private let quarantine: Quarantine
    private let stage = Mutex(Stage.starting)
    private let logger: Logger
    fileprivate let state: StateFolder

    private enum Stage { case starting, ready, stopping }
    /// How long READY=1 waits for the folders' watches.
    private static let watchLimit = Duration.seconds(10)

    /// Reads the settings, locks the state folder, opens ledger and change file, and prepares the sources.
    package init(
        settingsFile argument: String?, onProgress: @escaping @Sendable (String, Double) -> Void = { _, _ in }
    ) async throws {
        inbox = try SignalInbox()
        environment = ProcessInfo.processInfo.environment
        settingsFile = try SettingsFile.find(
            argument: argument, environment: environment,
            workingFolder: FileManager.default.currentDirectoryPath)
        settings = try SettingsFile.load(settingsFile, environment: environment)
        let isForJournal = ServiceLog.isJournal(environment: environment)
        var logger = Logger(label: "tidings", factory: { _ in ServiceLog(isForJournal: isForJournal) })
        logger.logLevel = Logger.Level(rawValue: settings.logLevel.rawValue) ?? .info
        self.logger = logger

        state = StateFolder(path: settings.stateFolder)
        try state.prepare()
        lock = try StateLock(state)
        notifier = Notifier(environment: environment)
        watchdog = Watchdog(environment: environment, notifier: notifier)
        let timeoutExtension = TimeoutExtension(notifier: notifier)
        self.timeoutExtension = timeoutExtension
        let progressRegistry = ProgressRegistry(watchdog: watchdog, timeoutExtension: timeoutExtension)
        let inbox = inbox
        let notifier = notifier
        health = Health(onChange: { message in
            notifier?.send(.status(message.map { "degraded: \($0)" } ?? "all is well again"))
        }, onFailure: { [logger, state] error in
            logger.critical("cannot go on", metadata: [LogKey.reason: "\(error)"])
            IntegrityMarker.note(error, in: state)
            inbox.raise(.stop)
        })
        // A large migration or change file needs some time. The status tells a person what goes on.
        notifier?.send(.status("starting: opening the ledger"))
        try IntegrityMarker.settle(state, logger: logger, onProgress: { timeoutExtension?.mark() })
        let sealed = Alarm()
        let ledger: Ledger
        do {
            ledger = try Ledger(path: state.database, onProgress: { timeoutExtension?.mark() })
            if let kept = ledger.setAsideLog {
                logger.error("the database is gone, a new one begins; its log is kept", metadata: [LogKey.path: "\(kept)"])
            }
            notifier?.send(.status("starting: comparing the change file with the ledger"))
            changeFile = try await SinkLoop(
                state: state, ledger: ledger, limits: ChangeFile.Limits(settings.stream), sealed: sealed,
                progress: progressRegistry.register("change file"), health: health, logger: logger)
            sinks = [changeFile]
        } catch {
            IntegrityMarker.note(error, in: state)
            throw error
        }
        let names = Dictionary(uniqueKeysWithValues: try LedgerReader(path: state.database).sources().map { ($0.id, $0.name) })
        quarantine = Quarantine(path: state.readingFile, progressRegistry: progressRegistry) { [logger] death in
            logger.warning(
                "the daemon died while it read this", metadata: [
                    LogKey.source: "\(names[death.document.source] ?? "?")", LogKey.path: "\(death.document.locator)",
                    LogKey.count: "\(death.deaths)",
                ])
        }
        await ledger.reportFatalErrors { [health] error in health.fail(error) }
        let signal = CommitSignal()
        for sink in sinks { signal.subscribe(sink.wake) }
        committer = Committer(ledger: ledger, signal: signal, health: health, logger: logger)
        retention =
            settings.retention.isOff
            ? nil
            : Retention(
                settings: settings.retention, state: state, committer: committer, changeFile: changeFile, sinks: sinks, wake: sealed,
                progress: progressRegistry.register("retention"), health: health, logger: logger)
        sources = SourceSet(
            settings: settings, database: state.database, committer: committer, quarantine: quarantine, progressRegistry: progressRegistry,
            environment: environment, onProgress: onProgress, logger: logger)
        try await sources.prepare()
    }

    // MARK: the daemon

    /// Runs until a signal or a fatal error stops it.
    /// - Returns: the exit status.
    /// - Throws: the fatal error.
    package func run() async throws -> Int32 {
        logger.notice(
            "started", metadata: [LogKey.pid: "\(getpid())", LogKey.path: "\(settingsFile)", LogKey.state: "\(state.path)"])
        var configuration = ServiceGroupConfiguration(
            // They stop in the reverse order: first nobody asks for anything more, then the sources finish, and the sinks copy what
            // they have committed.
            services: sinks.map { .init(service: $0) } + [
                .init(service: sources),
                .init(service: ControlService(server: try ControlServer(state), daemon: self)),
            ] + (retention.map { [.init(service: $0)] } ?? []), logger: logger)
        configuration.maximumGracefulShutdownDuration = .seconds(9)
        let group = ServiceGroup(configuration: configuration)
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            tasks.addTask { await self.obeySignals(group) }
            if let watchdog {
                let logger = logger
                tasks.addTask {
                    await watchdog.run(clock: .continuous) { stuck in
                        logger.error("no progress", metadata: [LogKey.reason: "\(stuck.joined(separator: ", "))"])
                    }
                }
            }
            await sources.waitForWatches(limit: Self.watchLimit)
            await tellReady()
            retention?.ring()
            try await tasks.next()
            tasks.cancelAll()
        }
        timeoutExtension?.end()
        quarantine.close()
        if let error = health.fatalError { throw error }
        // Somebody may have moved the files after the last commit.
        try await committer.checkPlace()
        logger.notice("stopped")
        return EXIT_SUCCESS
    }

    private func tellReady() async {
        let line = await statusLine()
        // The lock orders the messages, so that the status of a stop at the same time is the last one.
        stage.withLock { stage in
            guard stage != .stopping else { return }
            stage = .ready
            timeoutExtension?.end()
            notifier?.send(.ready, .status(line))
        }
    }

    private func tellStopping() {
        stage.withLock { stage in
            stage = .stopping
            timeoutExtension?.begin()
            notifier?.send(.stopping, .status("stopping"))
        }
    }

    private func obeySignals(_ group: ServiceGroup) async {
        let orders = DeferredSignals()
        await withDiscardingTaskGroup { tasks in
            // These requests run one after the other, beside the loop that reads signals: a reload waits for sources, which may
            // wait for space on the disk, and the daemon must be able to stop meanwhile.
            tasks.addTask {
                while let requests = await orders.next() {
                    if requests.contains(.reload) { _ = await self.reload() }
                    if requests.contains(.rotate) { _ = await self.rotate() }
                }
            }
            for await requests in inbox {
                if requests.contains(.stop) {
                    tellStopping()
                    await group.triggerGracefulShutdown()
                }
                orders.add(requests.intersection([.reload, .rotate]))
                if requests.contains(.reingest) {
                    // The loop does not wait for it, because a later signal must reach the sources while they work on this one.
                    tasks.addTask { _ = await self.reingest([], acceptsRemovals: false) }
                }
            }
            tasks.cancelAll()
        }
    }

    // MARK: requests of signals and commands

    /// Reads the settings again and applies them. Bad settings change nothing.
    /// - Returns: nil, or why they were not applied.
    package func reload() async -> String? {
        // Before READY=1 the service manager still waits for the start, and a reload is a part of the start.
        let isReady = stage.withLock { $0 == .ready }
        if isReady { notifier?.send(.reloading(monotonicMicroseconds: monotonicMicroseconds())) }
        var problem: String?
        do {
            let new = try SettingsFile.load(settingsFile, environment: environment)
            let needRestart = try await sources.reload(new)
            health.clear(.settings)
            logger.notice("settings reloaded", metadata: [LogKey.path: "\(settingsFile)"])
            if !needRestart.isEmpty {
                let keys = needRestart.joined(separator: ", ")
                logger.warning("some settings take effect at the next start", metadata: [LogKey.reason: "\(keys)"])
            }
        } catch is CancellationError {
            problem = "the daemon stops; the settings take effect at its next start"
        } catch {
            problem = "\(error)"
            health.report(.settings, "the old settings stay in effect: \(error)")
            logger.error("settings not reloaded; the old ones stay", metadata: [LogKey.reason: "\(error)"])
        }
        if isReady { await tellReady() }
        return problem
    }

    /// Begins a new change file.
    /// - Returns: a message about the result.
    package func rotate() async -> Result<String, StreamError> {
        do {
            switch try await changeFile.rotate() {
            case .sealed(let name): return .success("sealed \(name)")
            case .tooSoon(let wait):
                return .success("the last new change file is too young (stream.rotate_spacing); the next one comes in \((wait + 999) / 1000) s")
            case .nothingToSeal, .notDue: return .success("nothing to seal: the change file has no changes yet")
            }
        } catch let error as StreamError {
            logger.error("change file not rotated", metadata: [LogKey.reason: "\(error)"])
            if error.reason == .syncFailed { health.fail(error) }
            return .failure(error)
        } catch {
            health.fail(error)
            return .success("\(error)")
        }
    }

    /// Makes sources read everything again, and waits for them.
    /// - Parameter names: the sources; all if it is empty.
    /// - Returns: the results, sorted by name.
    package func reingest(
        _ names: [String], acceptsRemovals: Bool,
        onEach: @escaping @Sendable (String, PassResult) -> Void = { _, _ in }
    ) async -> [(name: String, result: PassResult)] {
        let results = await sources.reingest(names, acceptsRemovals: acceptsRemovals, onEach: onEach)
        notifier?.send(.status(await statusLine()))
        return results
    }

    /// The present problems, for people; nil if there are none.
    package var trouble: String? { health.message }

    package var sourceNames: [String] { get async { await sources.names } }

    private func statusLine() async -> String {
        let names = await sources.names
        let line = "\(names.count) sources, \(await committer.lastSequence) changes"
        return health.message.map { "degraded: \($0); \(line)" } ?? line
    }

    // MARK: one pass

    /// Makes one full pass over all sources.
    /// - Returns: 0, or 1 if a source failed or a signal stopped the pass; and a summary for people.
    package func runOnce() async throws -> (status: Int32, message: [String]) {
        // Copies committed changes while the sources still look. `publish()` below writes the rest.
        async let _ = runSinks()
        let results = await withTaskGroup(of: [(name: String, result: PassResult)]?.self) { group in
            group.addTask { await self.sources.lookOnce() }
            group.addTask {
                for await requests in self.inbox where requests.contains(.stop) { return nil }
                return nil
            }
            let first = await group.next() ?? nil
            group.cancelAll()
            return first
        }
        await sources.close()
        quarantine.close()
        for sink in sinks { try await sink.deliverAll() }
        await retention?.tidy()
        if let error = health.fatalError { throw error }

        guard let results else {
            return (EXIT_FAILURE, ["stopped by a signal; the next run goes on"])
        }
        let total = await committer.announced
        let counts = ChangeType.allCases.compactMap { type in total[type].map { "\($0) \(type.rawValue)" } }
        let count = total.values.reduce(0, +)
        let summary =
            "\(count == 1 ? "1 change" : "\(count) changes") in \(state.streamFolder)/changes.ndjson"
            + (counts.isEmpty ? "" : ": \(counts.joined(separator: ", "))")
        return (
            results.allSatisfy(\.result.isDone) ? EXIT_SUCCESS : EXIT_FAILURE,
            results.map { "\($0.name): \($0.result.message)" } + [summary]
        )
    }

    /// Each until it fails, or the task is cancelled.
    private func runSinks() async {
        await withTaskGroup(of: Void.self) { group in
            for sink in sinks { group.addTask { try? await sink.run() } }
        }
    }
}

extension ChangeFile.Limits {
    fileprivate init(_ settings: StreamSettings) {
        self.init()
        segmentBytes = Int64(settings.rotateBytes)
        segmentAgeSeconds = settings.rotateAge.components.seconds
        rotationSpacingSeconds = settings.rotateSpacing.components.seconds
    }
}

/// The exit status of the process after `error` (sysexits.h).
package func exitCode(for error: any Error) -> Int32 {
    switch error {
    case is SettingsError: EX_CONFIG
    case is StateLockError: EX_TEMPFAIL
    case let error as StoreError:
        switch error.reason {
        case .corrupt: EX_DATAERR
        case .newerSchema: EX_CONFIG
        case .busy, .full: EX_TEMPFAIL
        case .other: EX_SOFTWARE
        case .readOnly, .cannotOpen, .inputOutput, .moved: EX_IOERR
        }
    case let error as StreamError:
        switch error.reason {
        // The files are copies of the rows. If a row is missing, the ledger is damaged.
        case .hole: EX_DATAERR
        case .noSpace: EX_TEMPFAIL
        default: EX_IOERR
        }
    default: EX_IOERR
    }
}
