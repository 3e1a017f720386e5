import Logging
import ServiceLifecycle
import TidingsCore
import TidingsFetch
import TidingsStore
import TidingsWatch

/// The configured sources at work: starts them, stops them, asks them to look.
package actor SourceSet: Service {
    private let ledger: Ledger
    private let committer: Committer
    private let readers: [FileReader]
    private let ingest: Ingest
    private let fetcher: Fetcher
    private let progressRegistry: ProgressRegistry
    private let quarantine: Quarantine
    private let environment: [String: String]
    private let onProgress: @Sendable (String, Double) -> Void
    private let logger: Logger

    private var settings: Settings
    private var folders: [String: FolderSource] = [:]
    private var feeds: [String: FeedSource] = [:]
    private let schedule = FeedSchedule()
    private let registry = FeedRegistry()
    private lazy var feedPipeline = pipeline(for: "feeds")
    private var tasks: [String: Task<Void, Never>] = [:]
    private var isStopping = false

    package init(
        settings: Settings, ledger: Ledger, committer: Committer, quarantine: Quarantine, progressRegistry: ProgressRegistry,
        environment: [String: String], onProgress: @escaping @Sendable (String, Double) -> Void, logger: Logger
    ) {
        self.settings = settings
        self.ledger = ledger
        self.committer = committer
        self.quarantine = quarantine
        self.progressRegistry = progressRegistry
        self.environment = environment
        self.onProgress = onProgress
        self.logger = logger
        var ingest = Ingest()
        ingest.itemLimit = settings.limits.maxItems
        ingest.itemLimitBytes = settings.limits.maxItemBytes
        self.ingest = ingest
        // One more than there are cores: while the committer writes what one has read, the others read.
        readers = (0..<3).map { FileReader(number: $0, ingest: ingest, quarantine: quarantine) }
        var limits = FetcherLimits()
        limits.concurrentFetches = settings.fetch.concurrency
        limits.fetchesPerHost = settings.fetch.perHost
        limits.hostDelayMilliseconds = Int(settings.fetch.hostDelay / .milliseconds(1))
        fetcher = Fetcher(limits: limits)
    }

    /// Brings the ledger's sources in line with the settings and makes what looks at them.
    package func prepare() async throws {
        // As the ledger knew them before it takes new addresses: a feed whose address changed is told by the old one.
        let before = Dictionary(uniqueKeysWithValues: try await ledger.allSources().map { ($0.name, $0) })
        // One that is switched off is paused if it is known, and not there yet if it is not.
        let configured =
            settings.folders.filter { $0.isEnabled || before[$0.name] != nil }
            .map { ConfiguredSource(name: $0.name, kind: .folder, locator: $0.path) }
            + settings.feeds.filter { $0.isEnabled || before[$0.name] != nil }
            .map { ConfiguredSource(name: $0.name, kind: .feed, locator: $0.url) }
        let (rows, summary) = try await ledger.configure(configured, at: wallClockMilliseconds())
        await committer.note(summary)
        let byName = Dictionary(uniqueKeysWithValues: rows.map { ($0.name, $0) })
        for folder in settings.folders where folder.isEnabled && folders[folder.name] == nil {
            guard let row = byName[folder.name] else { continue }
            folders[folder.name] = try FolderSource(
                settings: folder, id: row.id, pipeline: pipeline(for: folder.name), logger: logger)
        }
        registry.configure(settings.feeds.filter(\.isEnabled))
        let context = FeedContext(
            settings: settings, environment: environment, pipeline: feedPipeline, fetcher: fetcher, registry: registry,
            logger: logger)
        for wanted in settings.feeds where wanted.isEnabled && feeds[wanted.name] == nil {
            guard let row = byName[wanted.name] else { continue }
            let feed = FeedSource(
                settings: wanted, row: before[wanted.name] ?? row, feeds: settings.feeds.count, context: context,
                bell: schedule.bell(for: wanted.name))
            feeds[wanted.name] = feed
            await schedule.add(feed)
        }
    }

    /// Lets the sources work until the daemon stops.
    package func run() async throws {
        startFolders()
        let polling = Task { await schedule.run() }
        try? await gracefulShutdown()
        isStopping = true
        polling.cancel()
        for task in tasks.values { task.cancel() }
        fetcher.shutdown()
        await committer.stop()
        await polling.value
        for task in tasks.values { await task.value }
    }

    /// Returns when every folder is watched, as far as it can be; after `limit` at the latest, for a folder may be on a disk that
    /// does not answer, and the others are not to wait for it.
    package func waitForWatches(limit: Duration) async {
        let deadline = ContinuousClock.now + limit
        for folder in folders.values { await folder.hasWatches.wait(until: deadline) }
    }

    /// One full pass over all sources.
    /// - Returns: how each ended, by name; not all of them if the task is cancelled.
    package func lookOnce() async -> [(name: String, result: PassResult)] {
        let polling = Task { await schedule.run(onlyWhenAsked: true) }
        let (results, tell) = AsyncStream.makeStream(of: Result.self)
        let list = await withTaskGroup { group in
            for (name, folder) in folders { group.addTask { tell.yield((name, await folder.lookOnce())) } }
            let polled = inOrder(feeds.mapValues(\.requests))
            ask(polled, readsEverything: false, acceptsRemovals: false, tell)
            return await gather(results, count: folders.count + polled.count)
        }
        polling.cancel()
        await polling.value
        return list
    }

    /// Ends what a single pass has used.
    package func close() { fetcher.shutdown() }

    /// Has the sources look again, and waits for the end of a pass that starts after this call.
    /// - Parameter names: which; all if it is empty.
    package func reingest(
        _ names: [String], acceptsRemovals: Bool, onEach: @Sendable (String, PassResult) -> Void
    ) async -> [(name: String, result: PassResult)] {
        let all = folders.mapValues(\.requests).merging(feeds.mapValues(\.requests)) { folder, _ in folder }
        let wanted = inOrder(names.isEmpty ? all : all.filter { names.contains($0.key) })
        quarantine.giveAnotherTry(to: Set(wanted.compactMap { folders[$0.name]?.id ?? feeds[$0.name]?.id }))
        let (results, tell) = AsyncStream.makeStream(of: Result.self)
        ask(wanted, readsEverything: true, acceptsRemovals: acceptsRemovals, tell)
        return await gather(results, count: wanted.count, onEach: onEach)
    }

    private typealias Result = (name: String, result: PassResult)

    /// As they are configured: neighbours in the ledger's table then look together, and are written into one page of it.
    private func inOrder(_ requests: [String: PassRequests]) -> [(name: String, requests: PassRequests)] {
        (settings.folders.map(\.name) + settings.feeds.map(\.name)).compactMap { name in requests[name].map { (name, $0) } }
    }

    private func ask(
        _ sources: [(name: String, requests: PassRequests)], readsEverything: Bool, acceptsRemovals: Bool,
        _ tell: AsyncStream<Result>.Continuation
    ) {
        for (name, requests) in sources {
            requests.ask(readsEverything: readsEverything, acceptsRemovals: acceptsRemovals) { tell.yield((name, $0)) }
        }
    }

    /// The results of looks that run side by side, by name.
    private func gather(
        _ results: AsyncStream<Result>, count: Int, onEach: (String, PassResult) -> Void = { _, _ in }
    ) async -> [Result] {
        var list: [Result] = []
        guard count > 0 else { return list }
        for await (name, result) in results.prefix(count) {
            onEach(name, result)
            list.append((name: name, result: result))
        }
        return list.sorted { $0.name < $1.name }
    }

    package var names: [String] { (Array(folders.keys) + feeds.keys).sorted() }

    /// Puts new settings into effect: sources that are new or changed start, those that are not configured any more stop.
    /// - Returns: settings whose change needs a restart.
    /// - Throws: `CancellationError` if the daemon stops meanwhile; the ledger's errors.
    package func reload(_ new: Settings) async throws -> [String] {
        let diff = SettingsDiff(from: settings, to: new)
        let stopped =
            diff.folders.removed.map(\.name) + diff.folders.changed.map(\.name) + diff.feeds.removed.map(\.name)
            + diff.feeds.changed.map(\.name) + diff.disabled
        for name in stopped {
            tasks[name]?.cancel()
            await tasks.removeValue(forKey: name)?.value
            await schedule.remove(name)
            folders[name] = nil
            feeds[name] = nil
        }
        if isStopping { throw CancellationError() }
        settings = new
        try await prepare()
        startFolders()
        return diff.needsRestart
    }

    private func startFolders() {
        guard !isStopping else { return }
        for (name, folder) in folders where tasks[name] == nil { tasks[name] = Task { await folder.run() } }
    }

    private func pipeline(for name: String) -> Pipeline {
        Pipeline(
            ledger: ledger, committer: committer, ingest: ingest, quarantine: quarantine, readers: readers,
            progress: progressRegistry.register(name), onProgress: onProgress)
    }
}
