import Logging
import ServiceLifecycle
import TidingsCore
import TidingsFetch
import TidingsStore
import TidingsSystem
import TidingsWatch

/// The configured sources. It starts and stops them, and requests passes.
package actor SourceSet: Service {
    private let committer: Committer
    private let database: String
    private let readers: [Ingest]
    private let fetcher: Fetcher
    private let progressRegistry: ProgressRegistry
    private let quarantine: Quarantine
    private let environment: [String: String]
    private let onProgress: @Sendable (String, Double) -> Void
    private let logger: Logger

    private var settings: Settings
    private var sources: [String: any Source] = [:]
    private let schedule = FeedSchedule()
    private let registry = FeedRegistry()
    private lazy var feedPipeline = pipeline(for: "feeds")
    private let pageFetcher: Fetcher
    /// Has workers run what the fetchers are asked for; nil where the daemon does.
    private let dispatcher: FetchDispatcher?
    /// Nil where hubs cannot reach the daemon.
    package nonisolated let hubs: HubSubscriber?
    private lazy var pages = PageSchedule(
        looker: PageLooker(
            fetcher: pageFetcher, fetch: settings.fetch, maxBodyBytes: settings.limits.maxBodyBytes,
            pipeline: pipeline(for: "pages"), registry: registry,
            robots: settings.pageFetch.robots == .obey
                ? RobotsFiles(fetcher: pageFetcher, fetch: settings.fetch, committer: committer, database: database) : nil,
            logger: logger),
        settings: settings.pageFetch, concurrency: settings.fetch.concurrency)
    /// Whether `run` was called, so that new sources are started.
    private var isRunning = false
    private var isStopping = false

    package init(
        settings: Settings, database: String, committer: Committer, quarantine: Quarantine,
        progressRegistry: ProgressRegistry, environment: [String: String],
        onProgress: @escaping @Sendable (String, Double) -> Void, logger: Logger
    ) {
        self.settings = settings
        self.committer = committer
        self.database = database
        self.quarantine = quarantine
        self.progressRegistry = progressRegistry
        self.environment = environment
        self.onProgress = onProgress
        self.logger = logger
        var documents = DocumentReader()
        documents.itemLimit = settings.limits.maxItems
        documents.itemLimitBytes = settings.limits.maxItemBytes
        // While the committer writes the documents of one reader, the others read.
        readers = (0..<4).map { number in
            Ingest(
                number: number, documents: documents, quarantine: quarantine, committer: committer, database: database)
        }
        var limits = FetcherLimits()
        limits.concurrentFetches = settings.fetch.concurrency
        limits.fetchesPerHost = settings.fetch.perHost
        limits.hostDelayMilliseconds = Int(settings.fetch.hostDelay / .milliseconds(1))
        let dispatcher = settings.fetch.command.isEmpty ? nil : FetchDispatcher(command: settings.fetch.command, environment: environment) {
            logger.warning("\(settings.fetch.command[0]) (fetch.command)", metadata: [LogKey.reason: "\($0)"])
        }
        self.dispatcher = dispatcher
        func makeFetcher() -> Fetcher { dispatcher.map { Fetcher(limits: limits, dispatcher: $0) } ?? Fetcher(limits: limits) }
        fetcher = makeFetcher()
        // Apart from the feeds': the pause between two requests to a host is another, and redirects obey it, too.
        limits.fetchesPerHost = settings.pageFetch.perHost
        limits.hostDelayMilliseconds = Int(settings.pageFetch.hostDelay / .milliseconds(1))
        pageFetcher = makeFetcher()
        // Workers do not POST.
        let hubFetcher = dispatcher == nil || settings.http.publicURL == nil ? fetcher : Fetcher(limits: limits)
        hubs = settings.http.publicURL.map { url in
            HubSubscriber(
                publicURL: url, fetcher: hubFetcher, fetch: settings.fetch, committer: committer, database: database, logger: logger)
        }
    }

    // MARK: making sources

    /// Makes the ledger's sources match the settings, and creates the source objects that are missing.
    package func prepare() async throws {
        // A disabled source is paused if the ledger has it, and ignored if not.
        let known = Set(try LedgerReader(path: database).sources().map(\.name))
        let folders = settings.folders.filter { $0.isEnabled || known.contains($0.name) }
        let feeds = settings.feeds.filter { $0.isEnabled || known.contains($0.name) }
        let lists = settings.pages.filter { $0.isEnabled || known.contains($0.name) }
        let rows = try await committer.configure(
            folders.map { ConfiguredSource(name: $0.name, kind: .folder, locator: $0.path) }
                + feeds.map {
                    ConfiguredSource(name: $0.name, kind: .feed, locator: $0.url, host: FeedSource.host(of: $0))
                }
                + lists.map { ConfiguredSource(name: $0.name, kind: .page, locator: "", pages: $0.urls) })
        registry.configure(settings.feeds.filter(\.isEnabled))
        let context = FeedContext(
            settings: settings, environment: environment, pipeline: feedPipeline, fetcher: fetcher, pageFetcher: pageFetcher,
            schedule: schedule, registry: registry, hubs: hubs, logger: logger)
        let ids = Dictionary(uniqueKeysWithValues: rows.map { ($0.name, $0.id) })
        for folder in settings.folders where folder.isEnabled && sources[folder.name] == nil {
            guard let id = ids[folder.name] else { continue }
            sources[folder.name] = try FolderSource(
                settings: folder, id: id, pipeline: pipeline(for: folder.name), sandbox: UnitSandbox(environment), logger: logger)
        }
        for feed in settings.feeds where feed.isEnabled && sources[feed.name] == nil {
            guard let id = ids[feed.name] else { continue }
            sources[feed.name] = FeedSource(settings: feed, id: id, context: context)
        }
        if let hubs {
            try await hubs.configure(sources.values.compactMap { $0 as? FeedSource })
        } else {
            try await committer.maintain { ledger in try ledger.removeHubSubscriptions() }
        }
        // Also the feeds of an earlier reload that has failed before it came so far.
        let newFeeds = await schedule.missing(of: inOrder(sources).compactMap { $0.source as? FeedSource })
        await schedule.add(startingStates(of: newFeeds))
        try await preparePages(ids, userAgent: context.userAgent)
    }

    /// Reads what is remembered of the polls of all feeds at once: one by one, ten thousand feeds would take longer to start than to
    /// poll.
    private func startingStates(of feeds: [FeedSource]) -> [(FeedSource, PollState)] {
        guard !feeds.isEmpty else { return [] }
        var states: [SourceID: PollState] = [:]
        let byID = Dictionary(uniqueKeysWithValues: feeds.map { ($0.id, $0) })
        do {
            try LedgerReader(path: database).eachPoll { id, poll in
                guard let feed = byID[id], feed.settings.url == poll.locator else { return }
                states[id] = feed.startingState(poll)
            }
        } catch {
            // Without it a feed is polled like a new one.
            committer.noteFailure(error)
        }
        return feeds.map { ($0, states[$0.id] ?? $0.startingState(nil)) }
    }

    /// Has the pages of lists watched, and of feeds that want it.
    private func preparePages(_ ids: [String: SourceID], userAgent: String) async throws {
        var watchers: [SourceID: PageWatcher] = [:]
        for feed in settings.feeds where feed.isEnabled && (feed.fullText ?? settings.pageFetch.fullText) != .never {
            guard let id = ids[feed.name] else { continue }
            watchers[id] = PageWatcher(feed: feed, id: id, settings: settings, userAgent: userAgent)
        }
        for list in settings.pages where list.isEnabled {
            guard let id = ids[list.name] else { continue }
            watchers[id] = PageWatcher(list: list, id: id, settings: settings, userAgent: userAgent)
            if sources[list.name] == nil { sources[list.name] = PageListSource(settings: list, id: id, schedule: pages) }
        }
        let pages = pages
        await committer.tellPages { pages.note($0) }
        let reader = try LedgerReader(path: database)
        var due: [PageDue] = []
        let now = wallClockMilliseconds()
        for (id, watcher) in watchers {
            // A list may have other addresses than before.
            let isNew = await !pages.watches(id)
            if isNew || watcher.kind == .page { due += try reader.pages(of: id, now: now) }
        }
        await pages.watch(watchers, pages: due)
    }

    private func pipeline(for name: String) -> Pipeline {
        Pipeline(
            committer: committer, database: database, readers: readers, progress: progressRegistry.register(name),
            onProgress: onProgress)
    }

    // MARK: running

    /// Runs the sources until the daemon stops.
    package func run() async throws {
        isRunning = true
        await start()
        let polling = Task { await schedule.run() }
        let looking = Task { await pages.run() }
        let subscribing = Task { [hubs] in await hubs?.run() }
        try? await gracefulShutdown()
        isStopping = true
        subscribing.cancel()
        polling.cancel()
        looking.cancel()
        for source in sources.values { await source.cancel() }
        close()
        await committer.stop()
        await polling.value
        await looking.value
        await subscribing.value
        for source in sources.values { await source.stop() }
    }

    private func start() async {
        guard isRunning, !isStopping else { return }
        for (_, source) in inOrder(sources) { await source.start() }
    }

    /// Returns when every folder is watched as far as possible, but after `limit` at the latest: a folder may be on a disk that
    /// does not respond, and the others must not wait for it.
    package func waitForWatches(limit: Duration) async {
        let deadline = ContinuousClock.now + limit
        for source in sources.values { await source.waitForWatches(until: deadline) }
    }

    /// Makes one full pass over all sources.
    /// - Returns: the results, sorted by name; not all of them if the task is cancelled.
    package func lookOnce() async -> [(name: String, result: PassResult)] {
        // Nothing is tried twice in a single pass: each failure counts.
        _ = registry.noteNetwork()
        let polling = Task { await schedule.run(onlyWhenAsked: true) }
        let looking = Task { await pages.run() }
        let results = PassResults(count: sources.count)
        let list = await withDiscardingTaskGroup { group in
            for (name, source) in inOrder(sources) {
                group.addTask { await source.lookOnce { results.add(name, $0) } }
            }
            return await results.all()
        }
        // The feeds have told which pages there are.
        await pages.passOverDue { [onProgress] done, total in
            onProgress("pages: \(done) of \(total) looked at", Double(done) / Double(total))
        }
        polling.cancel()
        looking.cancel()
        await polling.value
        await looking.value
        return list
    }

    /// Shuts down the fetchers after a single pass.
    package func close() {
        fetcher.shutdown()
        pageFetcher.shutdown()
        dispatcher?.shutdown()
    }

    /// Requests a full pass of each source that starts after this call and reads everything, and waits for the end of all.
    /// - Parameter names: the sources; all if it is empty.
    /// - Returns: the results, sorted by name.
    package func reingest(
        _ names: [String], acceptsRemovals: Bool, onEach: @escaping @Sendable (String, PassResult) -> Void
    ) async -> [(name: String, result: PassResult)] {
        let wanted = inOrder(names.isEmpty ? sources : sources.filter { names.contains($0.key) })
        quarantine.giveAnotherTry(to: Set(wanted.map(\.source.id)))
        let results = PassResults(count: wanted.count, onEach: onEach)
        let wish = PassWish(readsEverything: true, acceptsRemovals: acceptsRemovals)
        for (name, source) in wanted { source.request(wish) { results.add(name, $0) } }
        // The pages of feeds are looked at within their budgets, which may take hours: nobody waits for them.
        await pages.hurry(Set(wanted.filter { $0.source is FeedSource }.map(\.source.id)))
        return await results.all()
    }

    /// In the order of the settings. Sources whose rows are next to each other in the ledger then look at about the same time, and
    /// their commits share database pages.
    private func inOrder(_ sources: [String: any Source]) -> [(name: String, source: any Source)] {
        settings.sourceNames.compactMap { name in sources[name].map { (name, $0) } }
    }

    package var names: [String] { sources.keys.sorted() }

    /// Applies new settings: starts new sources, restarts changed ones, and stops those that are disabled or no longer configured.
    /// - Returns: the changed settings that need a restart.
    /// - Throws: `CancellationError` if the daemon stops meanwhile; errors of the ledger.
    package func reload(_ new: Settings) async throws -> [String] {
        let diff = SettingsDiff(from: settings, to: new)
        let stopped =
            diff.folders.removed.map(\.name) + diff.folders.changed.map(\.name) + diff.feeds.removed.map(\.name)
            + diff.feeds.changed.map(\.name) + diff.pages.removed.map(\.name) + diff.pages.changed.map(\.name) + diff.disabled
        for name in stopped { await sources.removeValue(forKey: name)?.stop() }
        if isStopping { throw CancellationError() }
        settings = new
        try await prepare()
        await start()
        // Who has given what was missing asks for a reload.
        await schedule.tryAgain()
        return diff.needsRestart
    }
}
