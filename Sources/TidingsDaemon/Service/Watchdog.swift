import Glibc
import Synchronization

/// Counts the progress of one long-running part: a scan, the committer, a sink. Cheap enough for every article.
package final class Progress: Sendable {
    package let name: String
    private let marks = Atomic<UInt64>(0)
    private let busy = Atomic<Int>(0)
    private let timeoutExtension: TimeoutExtension?

    init(name: String, timeoutExtension: TimeoutExtension? = nil) {
        self.name = name
        self.timeoutExtension = timeoutExtension
    }

    /// One step is done: a file read, a batch committed, a batch written.
    package func mark() {
        marks.add(1, ordering: .relaxed)
        timeoutExtension?.mark()
    }

    /// From here to its `end` this part must mark progress; outside of it the part is idle and owes none.
    package func begin() {
        mark()
        busy.add(1, ordering: .relaxed)
    }

    package func end() {
        busy.subtract(1, ordering: .relaxed)
        mark()
    }

    fileprivate var sample: (marks: UInt64, isBusy: Bool) {
        (marks.load(ordering: .relaxed), busy.load(ordering: .relaxed) > 0)
    }
}

/// Who is told that the parts of the daemon get on: the watchdog while it runs, whoever waits for the end of a start or a stop.
package struct ProgressRegistry: Sendable {
    package var watchdog: Watchdog?
    package var timeoutExtension: TimeoutExtension?

    package init(watchdog: Watchdog? = nil, timeoutExtension: TimeoutExtension? = nil) {
        self.watchdog = watchdog
        self.timeoutExtension = timeoutExtension
    }

    /// A new part, idle at first.
    package func register(_ name: String) -> Progress {
        watchdog?.register(name, timeoutExtension: timeoutExtension) ?? Progress(name: name, timeoutExtension: timeoutExtension)
    }
}

/// Keeps systemd's watchdog quiet for as long as work goes on, and only then: a ping from a timer would go on while the
/// daemon hangs, which is what the watchdog is there to notice.
///
/// Twice an interval each part is looked at. One that is busy and has marked nothing since the last look is stuck; while
/// any is, nothing is sent. A part that goes on in time makes up for it with the next look; if none comes within the
/// interval, the service manager ends the process (systemd.service(5), WatchdogSec=). So that no single step may take
/// longer than half the interval.
package final class Watchdog: Sendable {
    /// The time within which the service manager wants to hear of us.
    package let interval: Duration
    private let notifier: Notifier
    private let parts = Mutex<[(progress: Progress, seen: UInt64)]>([])

    /// Nil if no watchdog waits for this process: `$WATCHDOG_USEC` is not set, or `$WATCHDOG_PID` names another
    /// (sd_watchdog_enabled(3)).
    package init?(environment: [String: String], notifier: Notifier?, pid: Int32 = getpid()) {
        guard let notifier, let microseconds = environment["WATCHDOG_USEC"].flatMap({ Int64($0) }), microseconds > 0
        else { return nil }
        if let meant = environment["WATCHDOG_PID"], meant != String(pid) { return nil }
        interval = .microseconds(microseconds)
        self.notifier = notifier
    }

    /// A new part to be watched, idle at first.
    package func register(_ name: String, timeoutExtension: TimeoutExtension? = nil) -> Progress {
        let progress = Progress(name: name, timeoutExtension: timeoutExtension)
        parts.withLock { $0.append((progress, 0)) }
        return progress
    }

    /// Looks and pings twice an interval until the task is cancelled.
    /// - Parameter onStall: called with the names of the parts that are stuck, each time that they keep a ping back.
    package func run(clock: some Clock<Duration>, onStall: @Sendable ([String]) -> Void) async {
        while !Task.isCancelled {
            let stuck = look()
            if !stuck.isEmpty { onStall(stuck) }
            // Nothing but cancellation ends a sleep early, and that ends the loop.
            try? await clock.sleep(for: interval / 2)
        }
    }

    /// Sends a ping unless a part is stuck. Returns the names of those that are.
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
