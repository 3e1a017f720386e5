import Synchronization

/// Requests to look at one source now. Any number that come while it works are one: a look that starts after the last of
/// them answers them all.
package final class PassRequests: Sendable {
    /// Told how a look ended.
    typealias Waiter = @Sendable (PassResult) -> Void

    /// What was asked for since the last look began.
    struct Asked: Sendable {
        var isWanted = false
        var wish = PassWish()
        fileprivate var waiters: [Waiter] = []

        func answer(_ result: PassResult) {
            for waiter in waiters { waiter(result) }
        }
    }
    private struct State {
        var asked = Asked()
        var isClosed = false
    }

    /// Rung by each request, where whoever looks waits on it.
    let alarm = Alarm()
    private let bell: (@Sendable () -> Void)?
    private let state = Mutex(State())

    /// - Parameter bell: called with each request, where a schedule decides who looks.
    init(bell: (@Sendable () -> Void)? = nil) { self.bell = bell }

    /// Whether somebody has asked since the last `take`.
    var isWanted: Bool { state.withLock { $0.asked.isWanted } }

    /// Asks for a look that starts after this call.
    /// - Parameter waiter: called once, at the end of the look, or when nobody looks any more. Not a task that waits: of ten
    ///   thousand sources each would have one.
    func ask(_ wish: PassWish, _ waiter: @escaping Waiter) {
        let isClosed = state.withLock { state in
            if state.isClosed { return true }
            state.asked.isWanted = true
            state.asked.wish.formUnion(wish)
            state.asked.waiters.append(waiter)
            return false
        }
        if isClosed { return waiter(.stopped) }
        alarm.ring()
        bell?()
    }

    /// Takes what was asked for. To be called before the look starts, so that what comes during it gets one of its own.
    func take() -> Asked {
        state.withLock { state in
            defer { state.asked = Asked() }
            return state.asked
        }
    }

    /// Nobody looks any more: whoever waits is told.
    func close() {
        let asked = state.withLock { state in
            defer { state = State(isClosed: true) }
            return state.asked
        }
        asked.answer(.stopped)
    }
}
