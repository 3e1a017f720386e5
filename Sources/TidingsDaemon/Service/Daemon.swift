import FoundationEssentials
import Glibc
import Logging
import ServiceLifecycle
import Synchronization
import TidingsCore
import TidingsSinks
import TidingsStore
import TidingsStream
import TidingsSystem

/// Runs the daemon, or one full pass. Call `blockSignals()` first.
/// - Parameters:
///   - settingsFile: the argument of `--config`.
///   - onProgress: called with a message and the fraction that is done, 0…1, while one full pass reads.
///   - say: called with what the person who starts it must know before anything else happens.
package func runDaemon(
    settingsFile: String?, once: Bool, onProgress: @escaping @Sendable (String, Double) -> Void = { _, _ in },
    say: (String) -> Void = { _ in }
) async -> RunEnd {
    raiseDescriptorLimit()
    limitArenas()
    do {
        let daemon = try await Daemon(settingsFile: settingsFile, once: once, onProgress: onProgress, say: say)
        do {
            if once { return try await daemon.runOnce() }
            return RunEnd(try await daemon.run())
        } catch {
            IntegrityMarker.note(error, in: daemon.state)
            // A sink may have been the first to see that the log is gone; only the writer can save what it holds.
            try? await daemon.committer.checkPlace()
            throw error
        }
    } catch is StopRequested {
        return RunEnd(EXIT_SUCCESS)
    } catch {
        return RunEnd(exitCode(for: error), ["\(error)"])
    }
}

/// The daemon with all its parts. It has the state folder's lock for its whole life.
package final class Daemon: Sendable {
    let settingsFile: String
    let settings: Settings
    let environment: [String: String]
    private let lock: StateLock
    let changeFile: SinkLoop<ChangeFileSink>
    /// What is newest in the change file.
    let recent = RecentChanges()
    /// Everything that copies committed changes, the change file among them.
    let sinks: [any SinkService]
    let committer: Committer
    /// The webhooks and commands.
    let sinkSet: SinkSet
    let sources: SourceSet
    /// Nil if the settings keep everything.
    let retention: Retention?
    private let memoryRelief: MemoryRelief
    let health: Health
    let inbox: SignalInbox
    let notifier: Notifier?
    private let watchdog: Watchdog?
    let timeoutExtension: TimeoutExtension?
    let quarantine: Quarantine
    let statusBoard = StatusBoard()
    let progressRegistry: ProgressRegistry
    /// How long commits take, and batches of them into the change file.
    let commits = SharedHistogram()
    let publishes = SharedHistogram()
    /// How far the daemon is, and the last `STATUS=`. The lock orders the messages, so that the status of a stop is the last one.
    let stage = Mutex((stage: Stage.starting, status: ""))
    let logger: Logger
    let state: StateFolder

    enum Stage { case starting, ready, stopping }
    /// How long READY=1 waits for the folders' watches.
    private static let watchLimit = Duration.seconds(10)

    /// Reads the settings, locks the state folder, opens ledger and change file, and prepares the sources.
    init(
        settingsFile argument: String?, once: Bool, onProgress: @escaping @Sendable (String, Double) -> Void, say: (String) -> Void
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
        if let owner = StateOwner(of: state) { say(try owner.become(of: state)) }
        try state.prepare()
        notifier = Notifier(environment: environment)
        watchdog = Watchdog(environment: environment, notifier: notifier)
        let timeoutExtension = TimeoutExtension(notifier: notifier)
        self.timeoutExtension = timeoutExtension
        let start = StartWait(notifier: once ? nil : notifier, timeoutExtension: timeoutExtension, inbox: inbox, logger: logger)
        lock = try await start.lock(state)
        let progressRegistry = ProgressRegistry(watchdog: watchdog, timeoutExtension: timeoutExtension)
        health = Health(onChange: { [statusBoard] _ in statusBoard.noteTrouble() }, onFailure: { [logger, state, inbox] error in
            logger.critical("cannot go on", metadata: [LogKey.reason: "\(error)"])
            IntegrityMarker.note(error, in: state)
            inbox.raise(.stop)
        })
        // A large migration or change file needs some time. The status tells a person what goes on.
        notifier?.send(.status("starting: opening the ledger"))
        try await start.whileLocked(state) { [state] in
            try IntegrityMarker.settle(state, logger: logger, onProgress: { timeoutExtension?.mark() })
        }
        let sealed = Alarm()
        let progress = progressRegistry.register("change file")
        let ledger: Ledger
        do {
            (ledger, changeFile) = try await start.whileLocked(state) { [state, settings, notifier, health, recent, publishes] in
                let ledger = try Ledger(path: state.database, onProgress: { timeoutExtension?.mark() })
                if let kept = ledger.setAsideLog {
                    logger.error("the database is gone, a new one begins; its log is kept", metadata: [LogKey.path: "\(kept)"])
                }
                notifier?.send(.status("starting: comparing the change file with the ledger"))
                let changeFile = try await SinkLoop(
                    state: state, ledger: ledger, limits: ChangeFile.Limits(settings.stream), recent: recent, sealed: sealed,
                    progress: progress, health: health, durations: publishes, logger: logger)
                return (ledger, changeFile)
            }
        } catch {
            IntegrityMarker.note(error, in: state)
            throw error
        }
        self.progressRegistry = progressRegistry
        var sinks: [any SinkService] = [changeFile]
        let worked = Alarm()
        if settings.search.isEnabled {
            sinks.append(
                try SearchIndexer(
                    state: state, caughtUp: worked, progress: progressRegistry.register("search index"), health: health, logger: logger))
        }
        self.sinks = sinks
        let known = try await start.whileLocked(state) { [state] in try LedgerReader(path: state.database).sources() }
        let names = Dictionary(uniqueKeysWithValues: known.map { ($0.id, $0.name) })
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
        signal.subscribe(statusBoard.changed)
        committer = Committer(ledger: ledger, signal: signal, health: health, durations: commits, logger: logger)
        sinkSet = SinkSet(
            settings, state: state, committer: committer, environment: environment,
            onTurn: { [statusBoard] in statusBoard.noteTrouble() }, logger: logger)
        signal.subscribe(sinkSet.wake)
        memoryRelief = MemoryRelief(worked: worked) { [committer] in
            do {
                try await committer.maintain { try $0.releaseMemory() }
            } catch {
                committer.noteFailure(error)
            }
            returnFreeMemory()
        }
        signal.subscribe(worked)
        retention =
            settings.retention.isOff
            ? nil
            : Retention(
                settings: settings.retention, state: state, committer: committer, changeFile: changeFile,
                // Not for the search index: it can be built without them.
                sinks: [changeFile], sinkSet: sinkSet, wake: sealed, progress: progressRegistry.register("retention"), health: health, logger: logger)
        sources = SourceSet(
            settings: settings, database: state.database, committer: committer, quarantine: quarantine, progressRegistry: progressRegistry,
            environment: environment, onProgress: onProgress, logger: logger)
        try await start.whileLocked(state) { [sources, sinkSet] in
            try await sinkSet.prepare()
            try await sources.prepare()
        }
    }

    // MARK: the daemon

    /// Runs until a signal or a fatal error stops it.
    /// - Returns: the exit status.
    /// - Throws: the fatal error.
    package func run() async throws -> Int32 {
        logger.notice(
            "started", metadata: [LogKey.pid: "\(getpid())", LogKey.path: "\(settingsFile)", LogKey.state: "\(state.path)"])
        let interfaces = Interfaces(self, settings: settings.http)
        var configuration = ServiceGroupConfiguration(
            // They stop in the reverse order: first nobody asks for anything more, then the sources finish, and the sinks copy what
            // they have committed.
            services: sinks.map { .init(service: $0) } + [.init(service: sinkSet), .init(service: sources), .init(service: memoryRelief)]
                + interfaces.services.map { .init(service: $0) }
                + (retention.map { [.init(service: $0)] } ?? []), logger: logger)
        configuration.maximumGracefulShutdownDuration = .seconds(9)
        let group = ServiceGroup(configuration: configuration)
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            tasks.addTask { await self.obeySignals(group) }
            if notifier != nil { tasks.addTask { await self.renewStatus() } }
            if let watchdog {
                let logger = logger
                tasks.addTask {
                    await watchdog.run(clock: .continuous) { stuck in
                        logger.error("no progress", metadata: [LogKey.reason: "\(stuck.joined(separator: ", "))"])
                    }
                }
            }
            await interfaces.wait(limit: Self.watchLimit)
            sources.hubs?.begin()
            await sources.waitForWatches(limit: Self.watchLimit)
            await tellReady()
            retention?.ring()
            try await tasks.next()
            tasks.cancelAll()
        }
        quarantine.close()
        if let error = health.fatalError { throw error }
        // Somebody may have moved the files after the last commit.
        try await committer.checkPlace()
        await emptyLog()
        timeoutExtension?.end()
        logger.notice("stopped")
        return EXIT_SUCCESS
    }

    /// Leaves everything in the database itself: who copies that one file has all. A log that cannot be emptied is read at the next
    /// start.
    func emptyLog() async {
        timeoutExtension?.mark()
        do {
            if try await committer.maintain({ try $0.emptyLog() }) { return }
            logger.notice("another program reads the database; a part of it stays in its log")
        } catch {
            logger.notice("the database's log was not emptied", metadata: [LogKey.reason: "\(error)"])
        }
    }

    // MARK: signals

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
}

extension ChangeFile.Limits {
    fileprivate init(_ settings: StreamSettings) {
        self.init()
        segmentBytes = Int64(settings.rotateBytes)
        segmentAgeSeconds = settings.rotateAge.components.seconds
        rotationSpacingSeconds = settings.rotateSpacing.components.seconds
    }
}
