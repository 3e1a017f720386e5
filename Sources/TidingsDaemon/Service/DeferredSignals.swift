import Synchronization
import TidingsSystem

/// Holds slow requests of signals until the task that carries them out asks for them. Level-triggered like `SignalInbox`.
final class DeferredSignals: Sendable {
    private let pending = Mutex<SignalRequests>([])
    private let alarm = Alarm()

    func add(_ requests: SignalRequests) {
        guard !requests.isEmpty else { return }
        pending.withLock { $0.formUnion(requests) }
        alarm.ring()
    }

    /// All requests since the last call; waits until there is one. Nil when the task is cancelled.
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
