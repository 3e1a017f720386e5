import Glibc
import Synchronization
import TidingsSystem

/// Counts the progress of one long-running part: a scan, the committer, a sink. Cheap enough for every article.
package final class Progress: Sendable {
    package let name: String
    private let marks = Atomic<UInt64>(0)
    private let busy = Atomic<Int>(0)
    /// When the last step was finished, by the monotonic clock at its last tick: to the millisecond, and cheap.
    private let markedNanoseconds = Atomic<Int64>(0)
    private let timeoutExtension: TimeoutExtension?

    init(name: String, timeoutExtension: TimeoutExtension? = nil) {
        self.name = name
        self.timeoutExtension = timeoutExtension
    }

    /// Counts one finished step: a file was read, a batch was committed or written.
    package func mark() {
        marks.add(1, ordering: .relaxed)
        markedNanoseconds.store(monotonicTickNanoseconds(), ordering: .relaxed)
        timeoutExtension?.mark()
    }

    /// Begins work. Until the matching `end` this part must mark progress; outside of it the part is idle and need not.
    package func begin() {
        mark()
        busy.add(1, ordering: .relaxed)
    }

    package func end() {
        busy.subtract(1, ordering: .relaxed)
        mark()
    }

    /// Whether this part works and has finished no step for so long.
    fileprivate func isStuck(for limit: Duration) -> Bool {
        busy.load(ordering: .relaxed) > 0
            && monotonicTickNanoseconds() - markedNanoseconds.load(ordering: .relaxed) > limit.nanoseconds
    }

    fileprivate var sample: (marks: UInt64, isBusy: Bool) {
        (marks.load(ordering: .relaxed), busy.load(ordering: .relaxed) > 0)
    }
}

/// Creates the progress counters of the daemon's parts. They report to the watchdog, if there is one, and to the timeout extension
/// of a start or a stop.
package struct ProgressRegistry: Sendable {
    package var watchdog: Watchdog?
    package var timeoutExtension: TimeoutExtension?
    /// All copies of a registry have the same.
    private let parts = ProgressParts()

    private final class ProgressParts: Sendable {
        let list = Mutex<[Progress]>([])
    }

    /// The names of the parts that work and have finished no step for so long.
    package func stuck(for limit: Duration) -> [String] {
        parts.list.withLock { $0.filter { $0.isStuck(for: limit) }.map(\.name) }
    }

    package init(watchdog: Watchdog? = nil, timeoutExtension: TimeoutExtension? = nil) {
        self.watchdog = watchdog
        self.timeoutExtension = timeoutExtension
    }

    /// Registers a new part, which is idle at first.
    package func register(_ name: String) -> Progress {
        let progress =
            watchdog?.register(name, timeoutExtension: timeoutExtension) ?? Progress(name: name, timeoutExtension: timeoutExtension)
        parts.list.withLock { $0.append(progress) }
        return progress
    }
}

/// Pings systemd's watchdog, but only while the daemon makes progress. Pings from a plain timer would go on when the daemon hangs,
/// and the watchdog exists to detect that.
///
/// Twice per interval it checks each part. A busy part that has marked nothing since the last check is stuck. While a part is
/// stuck, no ping is sent. If it goes on, the next check pings again; if no ping comes within the interval, the service manager
/// ends the process (systemd.service(5), WatchdogSec=). So no single step may last longer than half the interval.
package final class Watchdog: Sendable {
    /// The time within which the service manager expects a ping.
    package let interval: Duration
    private let notifier: Notifier
    private let parts = Mutex<[(progress: Progress, seen: UInt64)]>([])

    /// Nil if no watchdog waits for this process: `$WATCHDOG_USEC` is not set, or `$WATCHDOG_PID` names another process
    /// (sd_watchdog_enabled(3)).
    package init?(environment: [String: String], notifier: Notifier?, pid: Int32 = getpid()) {
        guard let notifier, let microseconds = environment["WATCHDOG_USEC"].flatMap({ Int64($0) }), microseconds > 0
        else { return nil }
        if let meant = environment["WATCHDOG_PID"], meant != String(pid) { return nil }
        interval = .microseconds(microseconds)
        self.notifier = notifier
    }

    /// Registers a new part to watch, which is idle at first.
    package func register(_ name: String, timeoutExtension: TimeoutExtension? = nil) -> Progress {
        let progress = Progress(name: name, timeoutExtension: timeoutExtension)
        parts.withLock { $0.append((progress, 0)) }
        return progress
    }

    /// Checks twice per interval until the task is cancelled.
    /// - Parameter onStall: called with the names of the stuck parts, each time that no ping is sent because of them.
    package func run(clock: some Clock<Duration>, onStall: @Sendable ([String]) -> Void) async {
        while !Task.isCancelled {
            let stuck = look()
            if !stuck.isEmpty { onStall(stuck) }
            // Only cancellation makes a sleep throw, and it ends the loop.
            try? await clock.sleep(for: interval / 2)
        }
    }

    /// Sends a ping unless a part is stuck. Returns the names of the stuck parts.
    package func look() -> [String] {
        let stuck = parts.withLock { parts in
            var stuck: [String] = []
            for index in parts.indices {
                let (marks, isBusy) = parts[index].progress.sample
                if isBusy, marks == parts[index].seen { stuck.append(parts[index].progress.name) }
                parts[index].seen = marks
            }
            return stuck
        }
        if stuck.isEmpty { notifier.send(.watchdog) }
        return stuck
    }
}
