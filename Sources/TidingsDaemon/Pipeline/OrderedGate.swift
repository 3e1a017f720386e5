import Synchronization

/// Lets tasks that work in parallel hand in their results in the order in which the work was given out.
///
/// Which of two files with the same text is the article, and which its duplicate, follows from the order of the commits. It must
/// not depend on which reader was faster: the same folder gives the same articles at every start, on every machine.
final class OrderedGate: Sendable {
    /// The turn of one piece of work.
    struct Turn: Sendable {
        fileprivate let gate: OrderedGate
        fileprivate let number: Int

        /// Returns when all earlier turns have ended.
        /// - Throws: `CancellationError`, also when a task that waits for an earlier turn was cancelled: its turn never ends.
        func wait() async throws { try await gate.wait(for: number) }

        /// The next turn begins. To be called in one's own turn.
        func end() { gate.end(number) }
    }

    private struct State {
        var next = 0
        var isGivenUp = false
        var waiting: [Int: CheckedContinuation<Void, Never>] = [:]
    }
    private let state = Mutex(State())

    /// The turn with this number, from 0.
    func turn(_ number: Int) -> Turn { Turn(gate: self, number: number) }

    private func wait(for number: Int) async throws {
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

    private func end(_ number: Int) {
        let waiter = state.withLock { state in
            state.next = number + 1
            return state.waiting.removeValue(forKey: number + 1)
        }
        waiter?.resume()
    }
}
