import Logging
import ServiceLifecycle
import TidingsCore
import TidingsFetch
import TidingsStore
import TidingsWatch

/// The configured sources at work: starts them, stops them, asks them to look.
package actor SourceSet: Service {
    private enum Running {
        case folder(FolderSource)
        case feed(FeedSource)

        func run() async {
            switch self {
            case .folder(let folder): await folder.run()
            case .feed(let feed): await feed.run()
            }
        }

        var requests: LookRequests {
            switch self {
            case .folder(let folder): folder.requests
            case .feed(let feed): feed.requests
            }
        }

        /// One full look without watching.
        func lookOnce() async -> PassResult {
            switch self {
            case .folder(let folder):
                let result = await folder.pass(readsEverything: false)
                guard case .done(let summary) = result else { return result }
                return await folder.settle(after: summary)
            case .feed(let feed): return await feed.poll(readsEverything: false)
            }
        }
    }

    private let ledger: Ledger
    private let committer: Committer
    private let readers: [FileReader]
    private let ingest: Ingest
    private let fetcher: Fetcher
    private let watchdog: Watchdog?
    private let environment: [String: String]
    private let onProgress: @Sendable (String, Double) -> Void
    private let logger: Logger

    private var settings: Settings
    private var sources: [String: Running] = [:]
    private var tasks: [String: Task<Void, Never>] = [:]
    private var isStopping = false

    package init(
        settings: Settings, ledger: Ledger, committer: Committer, watchdog: Watchdog?,
        environment: [String: String], onProgress: @escaping @Sendable (String, Double) -> Void, logger: Logger
    ) {
        self.settings = settings
        self.ledger = ledger
        self.committer = committer
        self.watchdog = watchdog
        self.environment = environment
        self.onProgress = onProgress
        self.logger = logger
        var ingest = Ingest()
        ingest.itemLimit = settings.limits.maxItems
        ingest.itemLimitBytes = settings.limits.maxItemBytes
        self.ingest = ingest
        // One more than there are cores: while the committer writes what one has read, the others read.
        readers = (0..<3).map { FileReader(number: $0, ingest: ingest) }
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
        for folder in settings.folders where folder.isEnabled && sources[folder.name] == nil {
            guard let row = byName[folder.name] else { continue }
            sources[folder.name] = .folder(
                try FolderSource(settings: folder, id: row.id, road: road(for: folder.name), logger: logger))
        }
        for feed in settings.feeds where feed.isEnabled && sources[feed.name] == nil {
            guard let row = byName[feed.name] else { continue }
            sources[feed.name] = .feed(
                FeedSource(
                    settings: feed, common: settings, row: before[feed.name] ?? row, feeds: settings.feeds.count,
                    road: road(for: feed.name), fetcher: fetcher, environment: environment, logger: logger))
        }
    }

    /// Lets the sources work until the daemon stops.
    package func run() async throws {
        startAll()
        try? await gracefulShutdown()
        isStopping = true
        for task in tasks.values { task.cancel() }
        fetcher.shutdown()
        await committer.stop()
        for task in tasks.values { await task.value }
    }

    /// One full pass over all sources.
    /// - Returns: how each ended, by name.
    package func lookOnce() async -> [(name: String, result: PassResult)] {
        await withTaskGroup(of: (String, PassResult).self) { group in
            for (name, source) in sources { group.addTask { (name, await source.lookOnce()) } }
            var results: [(name: String, result: PassResult)] = []
            for await (name, result) in group { results.append((name: name, result: result)) }
            return results.sorted { $0.name < $1.name }
        }
    }

    /// Ends what a single pass has used.
    package func close() { fetcher.shutdown() }

    /// Has the sources look again, and waits for the end of a pass that starts after this call.
    /// - Parameter names: which; all if it is empty.
    package func reingest(
        _ names: [String], acceptsRemovals: Bool, onEach: @Sendable (String, PassResult) -> Void
    ) async -> [(name: String, result: PassResult)] {
        await withTaskGroup(of: (String, PassResult).self) { group in
            for (name, source) in sources where names.isEmpty || names.contains(name) {
                group.addTask {
                    (name, await source.requests.ask(readsEverything: true, acceptsRemovals: acceptsRemovals))
                }
            }
            var results: [(name: String, result: PassResult)] = []
            for await (name, result) in group {
                onEach(name, result)
                results.append((name: name, result: result))
            }
            return results.sorted { $0.name < $1.name }
        }
    }

    package var names: [String] { sources.keys.sorted() }

    /// Puts new settings into effect: sources that are new or changed start, those that are not configured any more stop.
    /// - Returns: settings whose change needs a restart.
    package func reload(_ new: Settings) async throws -> [String] {
        let diff = SettingsDiff(from: settings, to: new)
        let stopped =
            diff.folders.removed.map(\.name) + diff.folders.changed.map(\.name) + diff.feeds.removed.map(\.name)
            + diff.feeds.changed.map(\.name) + diff.disabled
        for name in stopped {
            tasks[name]?.cancel()
            await tasks.removeValue(forKey: name)?.value
            sources[name] = nil
        }
        settings = new
        try await prepare()
        startAll()
        return diff.needsRestart
    }

    private func startAll() {
        guard !isStopping else { return }
        for (name, source) in sources where tasks[name] == nil { tasks[name] = Task { await source.run() } }
    }

    private func road(for name: String) -> Road {
        Road(
            ledger: ledger, committer: committer, ingest: ingest, readers: readers,
            progress: watchdog?.part(name) ?? Progress(name: name), onProgress: onProgress)
    }
}
