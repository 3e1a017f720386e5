import FoundationEssentials
import Logging
import Synchronization
import TidingsCore
import TidingsStore
import TidingsStream
import TidingsSystem

/// The change file as a sink. Besides the copying: rotation, the removal of old files, and a watch that has external edits repaired
/// at once instead of with the next change.
package final class ChangeFileSink: Sink {
    package let name = "change file"
    package let healthPart = Health.Part.stream

    private var file: ChangeFile
    /// What the file has, for followers in this process.
    private let recent: RecentChanges
    private let folder: String
    /// The file that holds `ChangeFile.left` from a stop to the next start.
    private let leftFile: String
    private let wake: Alarm
    private let sealed: Alarm
    private let logger: Logger
    /// When a rotation is due that was requested too soon after the one before.
    private var rotationTime: ContinuousClock.Instant?
    /// When the newest lines are put on the disk. Not at once: each sync would hold up the next line, and the disk's next commit.
    private var syncTime: ContinuousClock.Instant?
    private static let syncDelay = Duration.milliseconds(100)
    private let externalEdits: ExternalEdits
    private var watch: StreamWatch?
    /// Whether the watched folder was moved or deleted, so that the folder that is written to now has no watch.
    private var hasLostFolder = false

    /// What others did to the stream folder, as the watch reports it.
    private final class ExternalEdits: Sendable {
        private let wake: Alarm
        private let events = Mutex<StreamWatch.Events>([])

        init(wake: Alarm) { self.wake = wake }

        func note(_ new: StreamWatch.Events) {
            events.withLock { $0.formUnion(new) }
            wake.ring()
        }

        func take() -> StreamWatch.Events {
            events.withLock { events in
                defer { events = [] }
                return events
            }
        }
    }

    /// Opens the change file and recovers it from the ledger. If the files are ahead of the ledger or of a stream that it has never
    /// been, the ledger was lost or restored, and a new stream begins.
    /// - Parameters:
    ///   - recent: is told what is in the file.
    ///   - wake: rung when the sink needs a look.
    ///   - sealed: rung when a segment was sealed.
    init(
        state: StateFolder, ledger: Ledger, limits: ChangeFile.Limits, nowMilliseconds: @escaping @Sendable () -> Int64,
        recent: RecentChanges, wake: Alarm, sealed: Alarm, progress: Progress, logger: Logger
    ) async throws {
        self.recent = recent
        let rows = try LedgerReader(path: state.database)
        folder = state.streamFolder
        leftFile = state.databaseFolder + "/stream-left"
        self.wake = wake
        self.sealed = sealed
        self.logger = logger
        let externalEdits = ExternalEdits(wake: wake)
        self.externalEdits = externalEdits
        watch = Self.watch(state.streamFolder, externalEdits, logger)
        let left = try? String(contentsOfFile: leftFile, encoding: .utf8)
        progress.begin()
        defer { progress.end() }
        do {
            file = try ChangeFile(
                folder: folder, stream: await ledger.stream, superseded: await ledger.superseded, left: left, committed: rows,
                nowMilliseconds: nowMilliseconds, limits: limits, onProgress: { progress.mark() })
        } catch let error as StreamError {
            switch error.reason {
            case .aheadOfLedger(let highest, _): try await ledger.resetStream(after: highest, now: nowMilliseconds())
            case .otherStream(let id, let highest): try await ledger.resetStream(after: highest, of: id, now: nowMilliseconds())
            default: throw error
            }
            logger.error("a new stream begins", metadata: [LogKey.reason: "\(error)"])
            file = try ChangeFile(
                folder: folder, stream: await ledger.stream, superseded: await ledger.superseded, committed: rows,
                nowMilliseconds: nowMilliseconds, limits: limits, onProgress: { progress.mark() })
        }
        recent.begin(stream: file.stream, newest: file.last)
    }

    /// Without a watch, external edits are found before the next batch.
    private static func watch(_ folder: String, _ externalEdits: ExternalEdits, _ logger: Logger) -> StreamWatch? {
        do {
            return try StreamWatch(folder: folder) { externalEdits.note($0) }
        } catch {
            logger.warning("what others do to the change file is found with the next change", metadata: [LogKey.reason: "\(error)"])
            return nil
        }
    }

    package var rows: any CommittedLines { file.committed }
    package var confirmed: Int64 { file.last }
    package var wakeTime: ContinuousClock.Instant? { [rotationTime, syncTime].compactMap(\.self).min() }
    var liveFirst: Int64? { file.liveFirst }

    /// Repairs external edits, and syncs and rotates if that is due.
    package func reconcile() throws {
        if let syncTime, syncTime <= .now { try sync() }
        let events = externalEdits.take()
        if events.contains(.sealed) { file.doubtSealed() }
        if events.contains(.folder) { hasLostFolder = true }
        // The request stays until it is met: the rotation may fail on a full disk.
        let isRequested = rotationTime.map { $0 <= .now } ?? false
        _ = try rotate(isRequested ? .requested : .due)
        try file.reconcile()
        if hasLostFolder {
            hasLostFolder = false
            watch = Self.watch(folder, externalEdits, logger)
            // What happened in the folder before the watch does not come as an event.
            try file.reconcile()
        }
        // A file that was made anew may have changes that were never delivered to it.
        recent.begin(stream: file.stream, newest: file.last)
    }

    package func deliver(_ batch: [CommittedLine]) throws {
        // On a full disk a part of the batch may be in the file.
        defer {
            recent.add(batch.prefix { $0.sequence <= file.last })
            if syncTime == nil { syncTime = .now + Self.syncDelay }
        }
        try file.deliver(batch)
    }

    package func sync() throws {
        syncTime = nil
        try file.sync()
    }

    /// Notes the file's status. Without the note, or with a part of it, the next start only compares more.
    package func close() { try? (file.left ?? "").write(toFile: leftFile, atomically: false, encoding: .utf8) }

    func rotate(_ cause: ChangeFile.Cause) throws -> ChangeFile.Rotation {
        let outcome = try file.rotate(cause)
        switch outcome {
        case .sealed(let name):
            rotationTime = nil
            logger.notice("change file rotated", metadata: [LogKey.path: "\(name)"])
            sealed.ring()
        case .nothingToSeal: rotationTime = nil
        case .tooSoon(let wait) where cause == .requested:
            rotationTime = .now + .milliseconds(wait)
            wake.ring()
        case .tooSoon, .notDue: break
        }
        return outcome
    }

    func removeOld(keeping limit: RetentionLimit, onStep: () -> Void) throws -> ChangeFile.Removal {
        try file.removeOld(keeping: limit, onStep: onStep)
    }
}

extension SinkLoop<ChangeFileSink> {
    /// Opens and recovers the change file.
    /// - Parameters:
    ///   - recent: is told what is in the file.
    ///   - sealed: rung when a segment was sealed.
    package init(
        state: StateFolder, ledger: Ledger, limits: ChangeFile.Limits,
        nowMilliseconds: @escaping @Sendable () -> Int64 = wallClockMilliseconds, recent: RecentChanges = RecentChanges(),
        sealed: Alarm = Alarm(), progress: Progress,
        health: Health, durations: SharedHistogram = SharedHistogram(), logger: Logger
    ) async throws {
        let wake = Alarm()
        let sink = try await ChangeFileSink(
            state: state, ledger: ledger, limits: limits, nowMilliseconds: nowMilliseconds, recent: recent, wake: wake,
            sealed: sealed, progress: progress, logger: logger)
        self.init(sink, wake: wake, progress: progress, health: health, durations: durations, logger: logger)
    }

    /// Begins a new segment now, unless the live one has no changes; or as soon as followers can keep up, if the rotation before is
    /// recent.
    package func rotate() throws -> ChangeFile.Rotation {
        _ = try deliverBatch()
        return try sink.rotate(.requested)
    }

    /// Removes the oldest change files that `limit` does not keep.
    package func removeOld(keeping limit: RetentionLimit) throws -> ChangeFile.Removal {
        progress.begin()
        defer { progress.end() }
        return try sink.removeOld(keeping: limit) { progress.mark() }
    }

    /// The first change of the live segment; nil while the change file has to be recovered.
    package var liveFirst: Int64? { sink.liveFirst }
}
