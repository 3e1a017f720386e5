import Synchronization
import TidingsSystem

/// The newest changes that are in the change files, in memory: what followers within the daemon's process read, however many they
/// are, without a look at the disk. Who needs older ones reads the files.
///
/// The sink of the change file tells it what it has written. It then rings every follower that waits; there is no queue of any of
/// them.
package final class RecentChanges: Sendable {
    private struct State {
        var stream = ""
        /// The newest change in the files; 0 before the first.
        var newest: Int64 = 0
        /// The last of them, without holes: the last has the number `newest`. Those before `start` are dropped.
        var lines: [[UInt8]] = []
        var start = 0
        var bytes = 0
        var followers: [ObjectIdentifier: Alarm] = [:]

        mutating func forget() {
            lines = []
            start = 0
            bytes = 0
        }
    }

    private let limitBytes: Int
    private let state = Mutex(State())

    /// - Parameter limitBytes: how many bytes of lines to keep; the newest line is kept whatever its size.
    package init(limitBytes: Int = 1 << 20) { self.limitBytes = limitBytes }

    /// The stream's id and its newest change in the files.
    package var cursor: StreamCursor { state.withLock { StreamCursor(stream: $0.stream, sequence: $0.newest) } }

    /// The files are of `stream` and go up to `newest`. What is more than is known already is not in memory.
    package func begin(stream: String, newest: Int64) {
        let followers: [Alarm] = state.withLock { state in
            if state.stream == stream, state.newest >= newest { return [] }
            state.forget()
            state.stream = stream
            state.newest = newest
            return Array(state.followers.values)
        }
        for follower in followers { follower.ring() }
    }

    /// `lines` are in the files now, behind those that were there.
    package func add(_ lines: some Collection<CommittedLine>) {
        if lines.isEmpty { return }
        let followers = state.withLock { state in
            // After a failed write the next call begins with lines that are here already.
            for line in lines where line.sequence > state.newest {
                if line.sequence != state.newest + 1 { state.forget() }
                state.lines.append(line.bytes)
                state.bytes += line.bytes.count
                state.newest = line.sequence
            }
            while state.bytes > limitBytes, state.start < state.lines.count - 1 {
                state.bytes -= state.lines[state.start].count
                state.lines[state.start] = []
                state.start += 1
            }
            // Moving the rest costs as much as it frees: amortized nothing.
            if state.start > state.lines.count / 2 {
                state.lines.removeFirst(state.start)
                state.start = 0
            }
            return Array(state.followers.values)
        }
        for follower in followers { follower.ring() }
    }

    /// The lines after `sequence`, as many as fit in `limitBytes` but at least one; empty if there is none yet; nil if they are not
    /// all in memory.
    func lines(after sequence: Int64, limitBytes: Int) -> ArraySlice<[UInt8]>? {
        state.withLock { state in
            guard sequence < state.newest else { return [] }
            let first = state.newest - Int64(state.lines.count - state.start) + 1
            guard sequence >= first - 1 else { return nil }
            let from = state.start + Int(sequence + 1 - first)
            var end = from
            var bytes = 0
            while end < state.lines.count, end == from || bytes + state.lines[end].count <= limitBytes {
                bytes += state.lines[end].count
                end += 1
            }
            return state.lines[from..<end]
        }
    }

    /// Has `alarm` rung with each addition, until `unsubscribe`.
    package func subscribe(_ alarm: Alarm) { state.withLock { $0.followers[ObjectIdentifier(alarm)] = alarm } }

    package func unsubscribe(_ alarm: Alarm) { state.withLock { _ = $0.followers.removeValue(forKey: ObjectIdentifier(alarm)) } }

    /// Rings every follower, although nothing may have come.
    package func ring() {
        let followers = state.withLock { Array($0.followers.values) }
        for follower in followers { follower.ring() }
    }

    /// How many followers there are.
    package var followers: Int { state.withLock { $0.followers.count } }
}
