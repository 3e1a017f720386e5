import Glibc
import Synchronization
import TidingsSystem

/// Hops that workers run, wherever they are.
final class RemoteHops: HopRunner, Sendable {
    private let dispatcher: FetchDispatcher
    private let pauseMilliseconds: Int
    private let state = Mutex((ended: [(id: UInt64, end: HopEnd)](), jobs: [UInt64: UInt64]()))
    private let event: EventDescriptor

    init(_ dispatcher: FetchDispatcher, pauseMilliseconds: Int) throws(SystemError) {
        self.dispatcher = dispatcher
        self.pauseMilliseconds = pauseMilliseconds
        event = try EventDescriptor()
    }

    func start(_ hop: HopRequest, id: UInt64, host: String) {
        precondition(hop.post == nil, "a POST is not for workers")
        let job = dispatcher.submit(hop, host: host, pauseMilliseconds: pauseMilliseconds) { [self] end in
            let isWanted = state.withLock { state in
                guard state.jobs.removeValue(forKey: id) != nil else { return false }
                state.ended.append((id, end))
                return true
            }
            if isWanted { event.signal() }
        }
        state.withLock { $0.jobs[id] = job }
        dispatcher.send(job)
    }

    func cancel(id: UInt64) {
        let job = state.withLock { state in
            state.ended.removeAll { $0.id == id }
            return state.jobs.removeValue(forKey: id)
        }
        if let job { dispatcher.withdraw(job) }
    }

    func advance() {}

    func nextEnded() -> (id: UInt64, end: HopEnd)? { state.withLock { $0.ended.popLast() } }

    func wait(until time: ContinuousClock.Instant?) {
        let milliseconds = time.map { max(0, (ContinuousClock.now.duration(to: $0) / .milliseconds(1)).rounded(.up)) }
        var polled = [pollfd(fd: event.descriptor.raw, events: Int16(POLLIN), revents: 0)]
        _ = unsafe poll(&polled, 1, milliseconds.map { Int32(min($0, 3_600_000)) } ?? -1)
        event.reset()
    }

    func wakeUp() { event.signal() }
}
