import Logging
import TidingsCore
import TidingsStore
import TidingsSystem
import TidingsWatch

/// Looks at one folder and takes what it finds down the pipeline.
///
/// Three things make it look: the watcher's hints, timers (the rescan; files and removals that have to settle), and requests (a
/// signal, a command). Each takes its turn. What is read then says what is so.
///
/// It has a thread of its own, because walking a folder blocks.
package actor FolderSource: Source {
    /// Files that one reader takes at a time, and how many bytes it holds before they are committed.
    static let chunkFiles = 512
    static let chunkBytes = 2 << 20
    /// While the kernel gives no events, and while the root is missing, a look this often finds what changed.
    private static let pollingRescan = Duration.seconds(30)
    private static let failingRetry = Duration.seconds(5)
    private static let firstPassDelay = Duration.seconds(10)

    private let executor: BlockingExecutor
    nonisolated package var unownedExecutor: UnownedSerialExecutor { unsafe executor.asUnownedSerialExecutor() }

    package nonisolated let name: String
    package nonisolated let id: SourceID
    let settings: FolderSettings
    let pipeline: Pipeline
    let logger: Logger
    package nonisolated let requests = PassRequests()
    /// Rung when the first watches are set, or will not be.
    nonisolated let hasWatches = Alarm()
    private var turn = Turn()

    let scan: FolderScan
    /// What the files looked like when they were read last; loaded from the ledger by the first pass.
    var table: FileTable?
    /// Where the root was; another device under the same path is another mount.
    private var device: UInt64?
    /// Paths that must be looked at again, and when: files that had not settled, and absences that are not believed yet.
    var unsettled: [RawPath: ContinuousClock.Instant] = [:]
    /// Known files that are missing at present. Until they have been so for the settle time they may turn up elsewhere.
    var missing: Set<RawPath> = []
    /// What of the first complete scan is still to be read; nil before that scan.
    var unread: Set<RawPath>?
    private var isImported = false
    private var nextRescan = ContinuousClock.now
    private var watcher: FolderWatcher?
    private var isFailing = false
    private var work: Task<Void, Never>?

    package init(
        settings: FolderSettings, id: SourceID, pipeline: Pipeline, logger: Logger
    ) throws(GlobError) {
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
        if work == nil { work = Task { await run() } }
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
        // Watches first, then the scan: what changes in between is hinted at.
        do {
            watcher = try FolderWatcher(path: settings.path, rules: scan.rules, settle: settings.settle)
            // The watcher's first hint asks for the first pass; should setting the watches take long, it starts without.
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

    /// On this actor, so that a hint comes from the watcher's thread straight to this one.
    private func followHints() async {
        guard let hints = watcher?.hints else { return }
        for await hint in hints {
            hasWatches.ring()
            await handle(hint)
        }
    }

    private func handle(_ hint: FolderHint) async {
        await take { await follow(hint) }
        // It may have left something to settle.
        requests.alarm.ring()
    }

    /// Requests, the rescan, and what has to settle.
    private func keepTime() async {
        while !Task.isCancelled {
            await take { await actOnTime() }
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

    /// The paths whose time has come, in the order of their bytes.
    private func takeSettled() -> [RawPath] {
        let now = ContinuousClock.now
        let paths = unsettled.filter { $0.value <= now }.map(\.key)
        for path in paths { unsettled[path] = nil }
        return paths.sorted { $0.lexicographicallyPrecedes($1) }
    }

    /// Runs `body` when it is its turn.
    private func take(_ body: () async -> Void) async {
        if !turn.takeIfFree() { await withCheckedContinuation { turn.wait($0) } }
        await body()
        turn.giveUp()
    }

    // MARK: one full pass

    /// One full pass without watching, to the end: also of what had to settle first.
    func lookOnce() async -> PassResult {
        let result = await pass(readsEverything: false)
        guard case .done(let summary) = result else { return result }
        return await settle(after: summary)
    }

    /// One complete look at the folder.
    package func pass(readsEverything: Bool, acceptsRemovals: Bool = false) async -> PassResult {
        pipeline.progress.begin()
        defer { pipeline.progress.end() }
        var result = PassResult.stopped
        do {
            let summary = try await lookAtAll(readsEverything: readsEverything, acceptsRemovals: acceptsRemovals)
            // The watches were lost with the root.
            if isFailing { watcher?.retry() }
            isFailing = false
            nextRescan = .now + (isWatchedWhole ? settings.rescan : min(settings.rescan, Self.pollingRescan))
            let detail = [summary.message, unwatched].compactMap(\.self).joined(separator: "; ")
            await report(SourceLook(state: .ok, detail: detail))
            result = .done(summary)
        } catch let error as FolderError where error.reason == .cancelled {
            // Stopping is no news of the folder.
        } catch is CancellationError {
        } catch {
            pipeline.committer.noteFailure(error)
            nextRescan = .now + min(settings.rescan, Self.failingRetry)
            if !isFailing { logger.warning("folder not read", metadata: [LogKey.reason: "\(error)"]) }
            isFailing = true
            if !(error is StoreError) {
                await report(SourceLook(state: .failing, detail: "\(error)", succeeded: false))
            }
            result = .failed("\(error)")
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

        // What is gone must be known before anything new is decided: a file under a new name may be one that moved.
        let gone = report.unmarkedCount > 0 ? try confirmedGone(report, root) : []
        missing = gone
        summary.changed = try await read(Array(report.changed), in: root)
        for path in report.young { unsettled[path] = .now + report.youngSettleIn }
        if report.young.isEmpty || acceptsRemovals {
            // A root that is found empty at the start may be a mount point without its file system.
            let isSuspicious = isFirst && report.folderCount == 1 && summary.files == 0
            summary.heldRemovals = try await remove(
                Array(gone), pass: acceptsRemovals ? .confirmed : isSuspicious ? .suspicious : .usual)
            missing = []
        } else {
            // A file that has not settled may be a missing one under a new name: it is read before that one is given up.
            for path in gone { unsettled[path] = .now + report.youngSettleIn }
        }
        if report.isComplete, unread == nil { unread = Set(report.young) }
        try await closeImport()
        return summary
    }

    /// The first import is complete when all is read that the first complete scan has seen.
    func closeImport() async throws {
        guard !isImported, unread?.isEmpty == true else { return }
        var report = Report(source: id, finding: .nothing)
        report.completesImport = true
        _ = try await pipeline.committer.commit([report], progress: pipeline.progress)
        isImported = true
    }

    /// Scans the root, or what lies below `folder`.
    func walk(_ root: FolderRoot, with scan: FolderScan, below folder: RawPath? = nil) throws(FolderError) -> ScanReport {
        // Taken out while it is worked on, so that it is changed in place.
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

    /// Longest that a single pass waits for files that are being written.
    private static let settleLimit = Duration.seconds(30)

    /// Looks at what had to settle until nothing has to: the end of a single pass.
    /// - Returns: the summary `pass`, with what was read since.
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

    /// The paths that the ledger knows files at, as far as they are `wanted`: the table itself keeps no names.
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

    /// Why scans alone find what changes here, for `status`; nil while hints do.
    private var unwatched: String? {
        switch watcher?.state {
        case .degraded(let message), .polling(let message):
            "\(message); until then it is scanned every \(Int(min(settings.rescan, Self.pollingRescan).components.seconds)) s"
        case nil, .starting, .watching, .rootLost, .stopped: nil
        }
    }

    /// Sees to it that a full pass comes soon.
    func requestRescan() {
        nextRescan = min(nextRescan, .now + Self.failingRetry)
        requests.alarm.ring()
    }

    /// Tells the ledger how a look at the whole folder went.
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
