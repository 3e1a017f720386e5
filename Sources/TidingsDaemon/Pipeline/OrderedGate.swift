import Synchronization

/// Makes tasks that work in parallel commit their results in the order of the work.
///
/// Of two files with the same text, the one that is committed first becomes the article and the other its duplicate. This must not
/// depend on which reader is faster: the same folder gives the same articles at every start and on every machine.
final class OrderedGate: Sendable {
    /// The turn of one part of the work.
    struct Turn: Sendable {
        fileprivate let gate: OrderedGate
        fileprivate let number: Int

        /// Returns when all earlier turns have ended.
        /// - Throws: `CancellationError` if this task, or any other that waits at the gate, is cancelled: a cancelled turn never
        ///   ends.
        nonisolated(nonsending) func wait() async throws { try await gate.wait(for: number) }

        /// Ends this turn, so that the next one begins. Call it only after `wait`.
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

    private nonisolated(nonsending) func wait(for number: Int) async throws {
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
