import Synchronization
import TidingsSystem

/// Gathers the results of passes that run side by side. Only the last result wakes the task that waits: with ten thousand feeds, one
/// wake-up for each costs more than the polls.
final class PassResults: Sendable {
    typealias Result = (name: String, result: PassResult)

    private let expected: Int
    private let list = Mutex<[Result]>([])
    private let last = Alarm()
    private let onEach: @Sendable (String, PassResult) -> Void

    /// - Parameters:
    ///   - count: how many results are to come.
    ///   - onEach: called with each as it comes, on a thread that must not be held up.
    init(count: Int, onEach: @escaping @Sendable (String, PassResult) -> Void = { _, _ in }) {
        expected = count
        self.onEach = onEach
    }

    func add(_ name: String, _ result: PassResult) {
        onEach(name, result)
        let isLast = list.withLock { list in
            list.append((name, result))
            return list.count == expected
        }
        if isLast { last.ring() }
    }

    /// Returns when all results have come, or the task is cancelled.
    /// - Returns: what has come, sorted by name.
    func all() async -> [Result] {
        while list.withLock({ $0.count < expected }), !Task.isCancelled { await last.wait() }
        return list.withLock(\.self).sorted { $0.name < $1.name }
    }
}
