import Synchronization
import TidingsStream
import TidingsSystem

/// The threads that read the change files for all followers over HTTP.
final class StreamThreads: Sendable {
    /// Two, so that one who reads from the beginning does not hold up those who wait for what is new.
    private static let threads = 2

    private let folder: String
    private let recent: RecentChanges
    private let executors: [BlockingExecutor]
    private let turn = Atomic<Int>(0)

    init(folder: String, recent: RecentChanges) {
        self.folder = folder
        self.recent = recent
        executors = (1...Self.threads).map { BlockingExecutor(label: "tidings.http-stream-\($0)") }
    }

    /// A follower that begins as `LiveFollower.init` says.
    func follower(after: Int64?, stream: String?, filter: ChangeFilter) async throws -> HTTPFollower {
        let number = turn.wrappingAdd(1, ordering: .relaxed).oldValue
        let follower = HTTPFollower(recent: recent, executor: executors[Int(number.magnitude % UInt(executors.count))])
        try await follower.begin(folder: folder, after: after, stream: stream, filter: filter)
        return follower
    }

    /// The extent of what the files have, for who asked for something else.
    func oldest() async throws -> Int64 {
        try await ExtentReader(executor: executors[0]).oldest(in: folder) ?? recent.cursor.sequence + 1
    }
}

/// One consumer over HTTP: a cursor on a thread that it shares with others.
actor HTTPFollower {
    private let executor: BlockingExecutor
    nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe executor.asUnownedSerialExecutor() }

    private let recent: RecentChanges
    private var follower: LiveFollower?
    /// Rung when there may be more.
    private nonisolated let alarm = Alarm()

    init(recent: RecentChanges, executor: BlockingExecutor) {
        self.recent = recent
        self.executor = executor
        recent.subscribe(alarm)
    }

    deinit { recent.unsubscribe(alarm) }

    fileprivate func begin(folder: String, after: Int64?, stream: String?, filter: ChangeFilter) throws {
        follower = try LiveFollower(folder: folder, after: after, stream: stream, filter: filter, recent: recent)
    }

    func next(limit: Int, limitBytes: Int) throws -> LiveFollower.Batch {
        guard let batch = try follower?.next(limit: limit, limitBytes: limitBytes) else {
            preconditionFailure("a follower has begun before it is asked")
        }
        return batch
    }

    /// Ends a wait.
    nonisolated func ring() { alarm.ring() }

    /// Returns when there may be more, at `deadline` if there is one, or when the task is cancelled.
    nonisolated func wait(until deadline: ContinuousClock.Instant? = nil) async { await alarm.wait(until: deadline) }
}

private actor ExtentReader {
    private let executor: BlockingExecutor
    nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe executor.asUnownedSerialExecutor() }

    init(executor: BlockingExecutor) { self.executor = executor }

    func oldest(in folder: String) throws -> Int64? { try ChangeReader.oldest(in: folder) }
}
