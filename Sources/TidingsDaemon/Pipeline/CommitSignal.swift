import Synchronization
import TidingsSystem

/// Tells any number of followers that something was committed: rings the alarm of each.
package final class CommitSignal: Sendable {
    private let alarms = Mutex<[Alarm]>([])

    package init() {}

    /// Has `alarm` rung from now on.
    package func subscribe(_ alarm: Alarm) { alarms.withLock { $0.append(alarm) } }

    package func ring() {
        for alarm in alarms.withLock({ $0 }) { alarm.ring() }
    }
}
