import Logging
import ServiceLifecycle
import TidingsCore
import TidingsSinks
import TidingsStore
import TidingsStream
import TidingsSystem

/// Removes the data that the settings no longer keep: when the daemon is ready, when a change file is sealed, and every hour. If
/// the settings keep everything, this service does not exist.
///
/// It has its own executor, because the search through the ledger lasts long. The change file's sink deletes files and the
/// committer deletes rows, like all other writes, in steps so small that they hardly delay a commit.
package actor Retention: Service {
    private static let pause = Duration.seconds(3600)

    private let executor = BlockingExecutor(label: "tidings.retention")
    nonisolated package var unownedExecutor: UnownedSerialExecutor { unsafe executor.asUnownedSerialExecutor() }

    private let settings: RetentionSettings
    private let state: StateFolder
    private let committer: Committer
    private let changeFile: SinkLoop<ChangeFileSink>
    /// All sinks, the change file among them.
    private let sinks: [any SinkService]
    private let sinkSet: SinkSet?
    private let wake: Alarm
    private let progress: Progress
    private let health: Health
    private let logger: Logger
    /// The stored bytes of the kept change rows through the row `through`. The rows are summed once; later rounds add the new ones.
    private var counted: (bytes: Int64, through: Int64) = (0, 0)

    /// - Parameters:
    ///   - sinks: all sinks, the change file among them: rows that one of them lacks are kept.
    ///   - sinkSet: the webhooks and commands, which it waits for within their limit.
    ///   - wake: rung when a segment was sealed.
    package init(
        settings: RetentionSettings, state: StateFolder, committer: Committer, changeFile: SinkLoop<ChangeFileSink>,
        sinks: [any SinkService], sinkSet: SinkSet? = nil, wake: Alarm = Alarm(), progress: Progress, health: Health, logger: Logger
    ) {
        self.settings = settings
        self.state = state
        self.committer = committer
        self.changeFile = changeFile
        self.sinks = sinks
        self.sinkSet = sinkSet
        self.wake = wake
        self.progress = progress
        self.health = health
        self.logger = logger
    }

    /// How much one round removed.
    package struct Removed: Equatable, Sendable {
        package var files = 0
        package var changes = 0
        package var versions = 0
        package var captures = 0
        package var pageBodies = 0

        var message: String? {
            let parts = [
                (files, "change files"), (changes, "change rows"), (versions, "old versions"), (captures, "captures"),
                (pageBodies, "bodies of pages"),
            ]
            let list = parts.filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }
            return list.isEmpty ? nil : list.joined(separator: ", ")
        }
    }

    /// Starts the first round, because the daemon is ready.
    nonisolated package func ring() { wake.ring() }

    package func run() async {
        await withGracefulShutdownHandler {
            await wake.wait()
            while !isStopping {
                await tidy()
                if isStopping { return }
                await wake.wait(until: .now + Self.pause)
            }
        } onGracefulShutdown: {
            self.ring()
        }
    }

    /// Makes one round. The next round tries again what could not be removed.
    package func tidy() async {
        progress.begin()
        defer { progress.end() }
        do {
            let removed = try await prune(at: wallClockMilliseconds())
            if let message = removed.message { logger.notice("no longer kept", metadata: [LogKey.count: "\(message)"]) }
        } catch let error as StoreError where error.isTransient {
            logger.warning("retention waits", metadata: [LogKey.reason: "\(error)"])
        } catch let error as StreamError where error.reason != .syncFailed {
            logger.warning("retention waits", metadata: [LogKey.reason: "\(error)"])
        } catch {
            health.fail(error)
        }
    }

    /// Removes the data that the settings do not keep at `now`, in milliseconds since 1970. Files come first, because they free the
    /// most space on a full disk.
    package func prune(at now: Int64) async throws -> Removed {
        var removed = Removed()
        if !settings.changeFiles.isOff {
            removed.files = try await changeFile.removeOld(keeping: settings.changeFiles).files
            progress.mark()
        }
        let reader = try LedgerReader(path: state.database)
        removed.changes = try await pruneChanges(reader, at: now)
        removed.versions = try await pruneVersions(reader, at: now)
        removed.captures = try await pruneCaptures(reader, at: now)
        removed.pageBodies = try await prunePageBodies(reader, at: now)
        guard removed.changes + removed.versions + removed.captures + removed.pageBodies > 0 else { return removed }
        while !isStopping, try await committer.maintain({ try $0.reclaim() }) { progress.mark() }
        try await committer.maintain { try $0.checkpoint() }
        return removed
    }

    private var isStopping: Bool { Task.isShuttingDownGracefully || Task.isCancelled }

    private func pruneChanges(_ reader: LedgerReader, at now: Int64) async throws -> Int {
        guard !settings.changes.isOff, let floor = try await firstNeeded(reader, at: now) else { return 0 }
        if settings.changes.bytes != nil {
            while !isStopping, let more = try reader.changeBytes(after: counted.through) {
                counted = (counted.bytes + more.bytes, more.through)
                progress.mark()
            }
        }
        var rows = 0
        while !isStopping {
            let step = try await committer.maintain { [settings, total = counted.bytes] ledger in
                try ledger.pruneChanges(keeping: settings.changes, total: total, before: floor, at: now)
            }
            counted.bytes = max(0, counted.bytes - step.bytes)
            rows += step.rows
            progress.mark()
            if !step.hasMore { break }
        }
        return rows
    }

    /// The first change row that is still needed: to repair the live segment, or by a sink that has not confirmed it. Nil if that
    /// is unknown. A webhook or a command is waited for up to its limit.
    private func firstNeeded(_ reader: LedgerReader, at now: Int64) async throws -> Int64? {
        guard var first = await changeFile.liveFirst else { return nil }
        for sink in sinks {
            guard let confirmed = await sink.confirmed else { return nil }
            first = min(first, confirmed + 1)
        }
        guard let least = await sinkSet?.leastSaved else { return first }
        var limit: Int64 = 0
        if let age = settings.sinkAgeMilliseconds { limit = try reader.firstChange(since: now - age) }
        if let count = settings.sinkCount { limit = max(limit, try reader.lastSequence() - Int64(count) + 1) }
        return min(first, max(least + 1, limit))
    }

    private func pruneVersions(_ reader: LedgerReader, at now: Int64) async throws -> Int {
        guard !settings.versions.isOff else { return 0 }
        try await committer.maintain { try $0.indexVersions() }
        progress.mark()
        var rule = VersionRule(settings.versions, now: now)
        if let limit = settings.versions.bytes {
            var bytes = BytesBySequence(through: try reader.lastSequence())
            var position: Int64? = 0
            while !isStopping, let article = position {
                position = try reader.eachOldVersion(after: article, withBytes: true) { version in
                    if !rule.removes(version) { bytes.add(version) }
                    return true
                }
                progress.mark()
            }
            if isStopping { return 0 }
            rule.firstKeptSequence = bytes.firstKept(in: limit)
        }
        var count = 0
        var position: Int64? = 0
        while !isStopping, let article = position {
            let (versions, next) = try reader.oldVersions(after: article, removedBy: rule)
            count += try await inSteps(versions) { versions in try await self.committer.maintain { try $0.pruneVersions(versions) } }
            position = next
            progress.mark()
        }
        return count
    }

    private func pruneCaptures(_ reader: LedgerReader, at now: Int64) async throws -> Int {
        guard let age = settings.captureAgeMilliseconds else { return 0 }
        var count = 0
        var position: CaptureKey? = CaptureKey.start
        while !isStopping, let key = position {
            let (captures, next) = try reader.goneCaptures(after: key, before: now - age)
            count += try await inSteps(captures) { captures in
                try await self.committer.maintain { try $0.pruneCaptures(captures, before: now - age) }
             }
            position = next
            progress.mark()
        }
        return count
    }

    private func prunePageBodies(_ reader: LedgerReader, at now: Int64) async throws -> Int {
        guard !settings.pageBodies.isOff else { return 0 }
        var total = settings.pageBodies.bytes == nil ? 0 : try reader.pageBodyBytes()
        var count = 0
        while !isStopping {
            let step = try await committer.maintain { [settings, total] ledger in
                try ledger.prunePageBodies(keeping: settings.pageBodies, total: total, at: now)
            }
            total -= step.bytes
            count += step.rows
            progress.mark()
            if !step.hasMore { break }
        }
        return count
    }

    private func inSteps<Key: Sendable>(_ keys: [Key], _ remove: (ArraySlice<Key>) async throws -> Int) async throws -> Int {
        var count = 0
        for start in stride(from: 0, to: keys.count, by: Ledger.pruneLimit) where !isStopping {
            count += try await remove(keys[start..<min(start + Ledger.pruneLimit, keys.count)])
            progress.mark()
        }
        return count
    }
}
