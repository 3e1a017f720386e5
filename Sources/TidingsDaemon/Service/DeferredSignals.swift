import Synchronization

/// What signals have asked for and takes its time, on its way to the one who does it: level-triggered as `SignalInbox` is.
final class DeferredSignals: Sendable {
    private let pending = Mutex<SignalRequests>([])
    private let alarm = Alarm()

    func add(_ requests: SignalRequests) {
        guard !requests.isEmpty else { return }
        pending.withLock { $0.formUnion(requests) }
        alarm.ring()
    }

    /// All that was asked for since the last call; waits until there is something. Nil when the task is cancelled.
    func next() async -> SignalRequests? {
        while !Task.isCancelled {
            let requests = pending.withLock { pending in
                defer { pending = [] }
                return pending
            }
            if !requests.isEmpty { return requests }
            await alarm.wait()
        }
        return nil
    }
}
