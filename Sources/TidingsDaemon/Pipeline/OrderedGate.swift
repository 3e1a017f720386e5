import Synchronization

/// Lets tasks that work in parallel hand in their results in the order in which the work was given out.
///
/// Which of two files with the same text is the article, and which its duplicate, follows from the order of the commits. It must
/// not depend on which reader was faster: the same folder gives the same articles at every start, on every machine.
final class OrderedGate: Sendable {
    private struct State {
        var next = 0
        var isGivenUp = false
        var waiting: [Int: CheckedContinuation<Void, Never>] = [:]
    }
    private let state = Mutex(State())

    /// Returns when all numbers below `number` are handed in.
    /// - Throws: `CancellationError`, also when another task that waits was cancelled: its number will never come.
    func reach(_ number: Int) async throws {
        await withTaskCancellationHandler {
            await withCheckedContinuation { waiter in
                let isFree = state.withLock { state in
                    if state.isGivenUp || state.next == number { return true }
                    state.waiting[number] = waiter
                    return false
                }
                if isFree { waiter.resume() }
            }
        } onCancel: {
            let waiters = state.withLock { state in
                defer { state.waiting = [:] }
                state.isGivenUp = true
                return state.waiting.values
            }
            for waiter in waiters { waiter.resume() }
        }
        if state.withLock({ $0.isGivenUp }) { throw CancellationError() }
    }

    /// `number`, whose turn it is, is handed in.
    func pass(_ number: Int) {
        let waiter = state.withLock { state in
            state.next = number + 1
            return state.waiting.removeValue(forKey: number + 1)
        }
        waiter?.resume()
    }
}
