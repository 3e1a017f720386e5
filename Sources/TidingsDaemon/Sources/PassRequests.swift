import Synchronization
import TidingsSystem

/// Requests for a pass over one source. All requests that arrive during a pass are answered by one pass that starts after the last
/// of them.
package final class PassRequests: Sendable {
    /// Called with the result of a pass.
    typealias Waiter = @Sendable (PassResult) -> Void

    /// The requests since the last pass began.
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

    /// Each request rings it, for a source that waits for its own requests.
    let alarm = Alarm()
    private let bell: (@Sendable () -> Void)?
    private let state = Mutex(State())

    /// - Parameter bell: called at each request, for a source whose passes a schedule starts.
    init(bell: (@Sendable () -> Void)? = nil) { self.bell = bell }

    /// Whether there is a request since the last `take`.
    var isWanted: Bool { state.withLock { $0.asked.isWanted } }

    /// Requests a pass that starts after this call.
    /// - Parameter waiter: called once, at the end of the pass or when the source stops. It is a closure, because with waiting
    ///   tasks each of ten thousand sources would need one.
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

    /// Removes and returns the present requests. Call it before the pass starts, so that a request during the pass gets another
    /// one.
    func take() -> Asked {
        state.withLock { state in
            defer { state.asked = Asked() }
            return state.asked
        }
    }

    /// Answers all present and later requests with `stopped`, because the source stops.
    func close() {
        let asked = state.withLock { state in
            defer { state = State(isClosed: true) }
            return state.asked
        }
        asked.answer(.stopped)
    }
}
