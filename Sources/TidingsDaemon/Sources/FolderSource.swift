import Logging
import TidingsCore
import TidingsStore
import TidingsSystem
import TidingsWatch

/// Looks at one folder and sends its files through the pipeline.
///
/// Three things cause a look: hints of the watcher, timers (the rescan; files and removals that must settle), and requests (a
/// signal, a command). They run one at a time. A cause only starts a look; what the look reads is the truth.
///
/// It has its own executor, because walking a folder blocks.
package actor FolderSource: Source {
    /// The bytes that a reader reads before it commits.
    static let chunkBytes = 2 << 20
    /// The most files that one reader gets at a time, and how many as long as nobody knows how large they are.
    static let chunkFiles = 512
    static let firstChunkFiles = 128
    /// The interval of scans while the kernel sends no events or the root is missing.
    private static let pollingRescan = Duration.seconds(30)
    private static let failingRetry = Duration.seconds(5)
    private static let firstPassDelay = Duration.seconds(10)

    private let executor: BlockingExecutor
    nonisolated package var unownedExecutor: UnownedSerialExecutor { unsafe executor.asUnownedSerialExecutor() }

    package nonisolated let name: String
    package nonisolated let id: SourceID
    let settings: FolderSettings
    let pipeline: Pipeline
    /// What may hide the folder; nil outside of a service.
    private let sandbox: UnitSandbox?
    let logger: Logger
    package nonisolated let requests = PassRequests()
    /// Rung when the first watches are set, or cannot be set.
    nonisolated let hasWatches = Alarm()
    private var lock = AsyncLock()

    let scan: FolderScan
    /// The fingerprints of the files when they were last read. The first pass loads them from the ledger.
    var table: FileTable?
    /// The device of the root at the last pass. Another device under the same path is another mount.
    private var device: UInt64?
    /// Paths to look at again, and when: files that have not settled, and absences that are not yet trusted.
    var unsettled: [RawPath: ContinuousClock.Instant] = [:]
    /// Known files that are missing now. Within the settle time they may appear under another name.
    var missing: Set<RawPath> = []
    /// The recent renames that inotify reported.
    var renames = Renames()
    /// Files of the first complete scan that are not read yet; nil before that scan.
    var unread: Set<RawPath>?
    var isImported = false
    private var nextRescan = ContinuousClock.now
    private(set) var watcher: FolderWatcher?
    private var isFailing = false
    private var work: Task<Void, Never>?

    package init(
        settings: FolderSettings, id: SourceID, pipeline: Pipeline, sandbox: UnitSandbox? = nil, logger: Logger
    ) throws(GlobError) {
        self.sandbox = sandbox
        self.settings = settings
        name = settings.name
        self.id = id
        self.pipeline = pipeline
        var logger = logger
        logger[metadataKey: LogKey.source] = "\(settings.name)"
        self.logger = logger
        executor = BlockingExecutor(label: "tidings.folder.\(settings.name)")
        scan = FolderScan(
            rules: try PathRules(include: settings.include, exclude: settings.exclude), settle: settings.settle,
            sizeLimitBytes: settings.maxFileBytes)
    }

    // MARK: running

    package func start() {
        if work == nil { work = Task(executorPreference: executor) { await self.run() } }
    }

    package func cancel() { work?.cancel() }

    package func stop() async {
        work?.cancel()
        await work?.value
        work = nil
    }

    package nonisolated func request(_ wish: PassWish, onEnd: @escaping @Sendable (PassResult) -> Void) {
        requests.ask(wish, onEnd)
    }

    package nonisolated func lookOnce(onEnd: @escaping @Sendable (PassResult) -> Void) async { onEnd(await lookOnce()) }

    package nonisolated func waitForWatches(until deadline: ContinuousClock.Instant) async {
        await hasWatches.wait(until: deadline)
    }

    /// Watches until the task is cancelled.
    package func run() async {
        // The watches are set before the scan, so that a change in between causes a hint.
        do {
            watcher = try FolderWatcher(path: settings.path, rules: scan.rules, settle: settings.settle)
            // The watcher's first hint starts the first pass. If setting the watches lasts long, this timer starts it.
            nextRescan = .now + Self.firstPassDelay
        } catch {
            logger.warning("folder is scanned, not watched", metadata: [LogKey.reason: "\(error)"])
            hasWatches.ring()
        }
        defer { hasWatches.ring() }
        await withTaskCancellationHandler {
            async let hints: Void = followHints()
            await keepTime()
            await hints
        } onCancel: { [watcher] in
            watcher?.stop()
        }
    }

    /// Runs on this actor, and its task prefers the actor's executor: a hint goes directly from the watcher's thread to it.
    private func followHints() async {
        guard let hints = watcher?.hints else { return }
        for await hint in hints {
            hasWatches.ring()
            await handle(hint)
        }
    }

    private func handle(_ hint: FolderHint) async {
        await alone { await follow(hint) }
        // There may be new paths that must settle.
        requests.alarm.ring()
    }

    /// Handles requests, the rescan, and paths that must settle.
    private func keepTime() async {
        while !Task.isCancelled {
            await alone { await actOnTime() }
            let due = unsettled.values.min().map { min($0, nextRescan) } ?? nextRescan
            await requests.alarm.wait(until: due)
        }
        requests.close()
    }

    private func actOnTime() async {
        let asked = requests.take()
        if asked.isWanted || ContinuousClock.now >= nextRescan {
            asked.answer(
                await pass(readsEverything: asked.wish.readsEverything, acceptsRemovals: asked.wish.acceptsRemovals))
        }
        let settled = takeSettled()
        if !settled.isEmpty { await attempt { _ = try await self.lookAgain(at: settled) } }
    }

    /// Removes the paths from `unsettled` whose time has come. Returns them in the order of their bytes.
    private func takeSettled() -> [RawPath] {
        let now = ContinuousClock.now
        let paths = unsettled.filter { $0.value <= now }.map(\.key)
        for path in paths { unsettled[path] = nil }
        return paths.sorted { $0.lexicographicallyPrecedes($1) }
    }

    /// Runs `body` alone, after the causes that came earlier.
    private func alone(_ body: () async -> Void) async {
        if !lock.lockIfFree() { await withCheckedContinuation { lock.lock(resuming: $0) } }
        await body()
        lock.unlock()
    }

    // MARK: one full pass

    /// Makes one full pass without watching. It also waits for files that must settle.
    func lookOnce() async -> PassResult {
        let result = await pass(readsEverything: false, isReported: true)
        guard case .done(let summary) = result else { return result }
        return await settle(after: summary)
    }

    /// Makes one full pass.
    /// - Parameter isReported: whether the caller says that it failed, so that the log need not.
    package func pass(readsEverything: Bool, acceptsRemovals: Bool = false, isReported: Bool = false) async -> PassResult {
        pipeline.progress.begin()
        defer { pipeline.progress.end() }
        var result = PassResult.stopped
        do {
            let summary = try await lookAtAll(readsEverything: readsEverything, acceptsRemovals: acceptsRemovals)
            // The root was missing, and its watches were lost with it.
            if isFailing { watcher?.retry() }
            isFailing = false
            nextRescan = .now + (isWatchedWhole ? settings.rescan : min(settings.rescan, Self.pollingRescan))
            let detail = [summary.message, unwatched].compactMap(\.self).joined(separator: "; ")
            await report(SourceLook(state: .ok, detail: detail))
            result = .done(summary)
        } catch let error as FolderError where error.reason == .cancelled {
            // The source stops. The state of the folder has not changed.
        } catch is CancellationError {
        } catch {
            pipeline.committer.noteFailure(error)
            nextRescan = .now + min(settings.rescan, Self.failingRetry)
            let reason = (error as? FolderError).flatMap { sandbox?.message($0) } ?? "\(error)"
            if !isFailing, !isReported { logger.warning("folder not read", metadata: [LogKey.reason: "\(reason)"]) }
            isFailing = true
            if !(error is StoreError) {
                await report(SourceLook(state: .failing, detail: reason, succeeded: false))
            }
            result = .failed(reason)
        }
        return result
    }

    private func lookAtAll(readsEverything: Bool, acceptsRemovals: Bool) async throws -> PassSummary {
        let root = try FolderRoot(path: settings.path, expectedDevice: device)
        try loadTable()
        var scan = scan
        scan.readsEverything = readsEverything
        let report = try walk(root, with: scan)
        let isFirst = device == nil
        device = root.device
        var summary = PassSummary(report)

        // Missing files must be found before new files are read: a new file may be a missing one that moved.
        let gone = report.unmarkedCount > 0 ? try confirmedGone(report, root) : []
        missing = gone
        summary.changed = try await read(report.changed, in: root)
        for path in report.young { unsettled[path] = .now + report.youngSettleIn }
        if report.young.isEmpty || acceptsRemovals {
            // A root that is empty at the start may be a mount point whose file system is not mounted.
            let isSuspicious = isFirst && report.folderCount == 1 && summary.files == 0
            summary.heldRemovals = try await remove(
                Array(gone), pass: acceptsRemovals ? .confirmed : isSuspicious ? .suspicious : .usual)
            missing = []
        } else {
            // A file that has not settled may be a missing one under a new name. So it is read before the missing one is removed.
            for path in gone { unsettled[path] = .now + report.youngSettleIn }
        }
        if report.isComplete, unread == nil { unread = Set(report.young) }
        try await closeImport()
        return summary
    }

    /// Completes the first import once all files of the first complete scan are read.
    func closeImport() async throws {
        guard !isImported, unread?.isEmpty == true else { return }
        var report = Report(source: id, finding: .nothing)
        report.completesImport = true
        _ = try await pipeline.committer.commit([report], progress: pipeline.progress)
        isImported = true
    }

    /// Scans the whole root, or the part below `folder`.
    func walk(_ root: FolderRoot, with scan: FolderScan, below folder: RawPath? = nil) throws(FolderError) -> ScanReport {
        // Moved out of the property, so that the scan changes it without a copy.
        var table = self.table ?? FileTable()
        self.table = nil
        defer { self.table = table }
        let progress = pipeline.progress
        func proceed(_ count: Int) -> Bool {
            progress.mark()
            return !Task.isCancelled
        }
        if let folder { return try scan.run(root, subtree: folder, &table, proceed: proceed) }
        return try scan.run(root, &table, proceed: proceed)
    }

    /// How long a single pass waits for files that are being written.
    private static let settleLimit = Duration.seconds(30)

    /// Looks at unsettled paths until all have settled or the limit is reached. It ends a single pass.
    /// - Returns: the summary `pass`, with the files that were read since.
    package func settle(after pass: PassSummary) async -> PassResult {
        var summary = pass
        let end = ContinuousClock.now + Self.settleLimit
        while let next = unsettled.values.min(), next < end {
            try? await Task.sleep(until: next, clock: .continuous)
            if Task.isCancelled { return .stopped }
            do {
                summary.changed += try await lookAgain(at: takeSettled())
            } catch {
                return .failed("\(error)")
            }
        }
        return .done(summary)
    }

    private func confirmedGone(_ report: ScanReport, _ root: FolderRoot) throws -> Set<RawPath> {
        let table = table ?? FileTable()
        var gone = Set<RawPath>()
        for path in try knownPaths(where: { report.suggestsGone($0, in: table) })
        where try scan.look(at: path, in: root, table) == .missing {
            gone.insert(path)
        }
        return gone
    }

    /// The known paths that are `wanted`. They come from the ledger, because the table has no names.
    func knownPaths(where wanted: (RawPath) -> Bool) throws(StoreError) -> [RawPath] {
        var paths: [RawPath] = []
        try LedgerReader(path: pipeline.database).eachCapture(of: id) { locator, _ in
            guard let path = pathBytes(ofKey: locator), wanted(path) else { return }
            paths.append(path)
        }
        return paths
    }

    private func loadTable() throws(StoreError) {
        guard table == nil else { return }
        var loaded = FileTable()
        try LedgerReader(path: pipeline.database).eachCapture(of: id) { locator, stamp in
            guard let path = pathBytes(ofKey: locator) else { return }
            loaded.set(path, fingerprint: stamp ?? FileTable.unknown)
        }
        table = loaded
    }

    private var isWatchedWhole: Bool {
        switch watcher?.state {
        case .starting, .watching: true
        case nil, .degraded, .polling, .rootLost, .stopped: false
        }
    }

    /// For `status`: why only scans find changes; nil while the watcher does.
    private var unwatched: String? {
        switch watcher?.state {
        case .degraded(let message), .polling(let message):
            "\(message); until then it is scanned every \(Int(min(settings.rescan, Self.pollingRescan).components.seconds)) s"
        case nil, .starting, .watching, .rootLost, .stopped: nil
        }
    }

    /// Makes the next full pass start soon.
    func requestRescan() {
        nextRescan = min(nextRescan, .now + Self.failingRetry)
        requests.alarm.ring()
    }

    /// Commits the result of a look at the whole folder.
    private func report(_ look: SourceLook) async {
        do {
            let report = Report(source: id, finding: .nothing, look: look)
            _ = try await pipeline.committer.commit([report], progress: pipeline.progress)
        } catch {
            pipeline.committer.noteFailure(error)
            logger.error("state of the folder not recorded", metadata: [LogKey.reason: "\(error)"])
        }
    }
}
