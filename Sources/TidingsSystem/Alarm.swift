import Synchronization

/// Wakes one waiting task: when it is rung, or at a set time. Rings that come while nobody waits are remembered as one.
package final class Alarm: Sendable {
    private enum State {
        case quiet
        case rung
        case waiting(CheckedContinuation<Void, Never>)
    }
    private let state = Mutex(State.quiet)

    package init() {}

    package func ring() {
        let waiter: CheckedContinuation<Void, Never>? = state.withLock { state in
            if case .waiting(let waiter) = state {
                state = .quiet
                return waiter
            }
            state = .rung
            return nil
        }
        waiter?.resume()
    }

    /// Returns when the alarm is rung, at `deadline` if there is one, or when the task is cancelled.
    package func wait(
        until deadline: ContinuousClock.Instant? = nil, isolation: isolated (any Actor)? = #isolation
    ) async {
        guard let deadline else { return await rung(isolation) }
        // Not a child task: the caller would have to wait until it has ended, and two more threads would wake up for that.
        let timer = Task {
            if (try? await Task.sleep(until: deadline, clock: .continuous)) != nil { self.ring() }
        }
        await rung(isolation)
        timer.cancel()
    }

    private func rung(_ isolation: isolated (any Actor)?) async {
        await withTaskCancellationHandler {
            await withCheckedContinuation(isolation: isolation) { continuation in
                let isRung = state.withLock { state in
                    if case .rung = state {
                        state = .quiet
                        return true
                    }
                    if Task.isCancelled { return true }
                    state = .waiting(continuation)
                    return false
                }
                if isRung { continuation.resume() }
            }
        } onCancel: {
            ring()
        }
    }
}
