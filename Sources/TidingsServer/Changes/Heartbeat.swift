import NIOCore
import Synchronization
import TidingsStream

/// One clock for all streams of events: while there is one, it beats every 15 seconds and wakes whoever follows. A clock of its own
/// would cost each of a thousand idle followers a task that sleeps.
final class Heartbeat: Sendable {
    static let interval = TimeAmount.seconds(15)

    private struct State {
        var streams = 0
        var isScheduled = false
        var beats = 0
    }

    private let state = Mutex(State())
    private let recent: RecentChanges
    private let loop: any EventLoop

    init(recent: RecentChanges, loop: any EventLoop) {
        self.recent = recent
        self.loop = loop
    }

    /// How often it has beaten.
    var beats: Int { state.withLock(\.beats) }

    /// One more stream, until `leave`.
    func join() {
        let isFirst = state.withLock { state in
            state.streams += 1
            defer { state.isScheduled = true }
            return !state.isScheduled
        }
        if isFirst { schedule() }
    }

    func leave() { state.withLock { $0.streams -= 1 } }

    private func schedule() { loop.scheduleTask(in: Self.interval) { self.beat() } }

    private func beat() {
        let goesOn = state.withLock { state in
            state.beats += 1
            state.isScheduled = state.streams > 0
            return state.isScheduled
        }
        guard goesOn else { return }
        recent.ring()
        schedule()
    }
}
