import Glibc
import Synchronization
import TidingsSystem

/// The requests of received signals. They are a set, because signals are level-triggered: a thousand of one kind that arrive while
/// the daemon is busy mean the same as one.
package struct SignalRequests: OptionSet, Hashable, Sendable {
    package let rawValue: UInt8
    package init(rawValue: UInt8) { self.rawValue = rawValue }

    /// USR1: look at every source and read everything again.
    package static let reingest = SignalRequests(rawValue: 1 << 0)
    /// HUP: reload the settings.
    package static let reload = SignalRequests(rawValue: 1 << 1)
    /// USR2: rotate the change file.
    package static let rotate = SignalRequests(rawValue: 1 << 2)
    /// TERM, INT: finish and exit.
    package static let stop = SignalRequests(rawValue: 1 << 3)

    init(signal: Int32) {
        self = [SIGUSR1: .reingest, SIGHUP: .reload, SIGUSR2: .rotate, SIGTERM: .stop, SIGINT: .stop][signal] ?? []
    }
}

/// Blocks all signals that the daemon handles, in this thread and in those that it starts. Call it first in `main`: a signal that
/// arrives before its reader is ready then stays pending instead of ending the process.
package func blockSignals() {
    var set = handledSignals()
    // pthread_sigmask(3) fails only for a wrong first argument.
    unsafe pthread_sigmask(SIG_BLOCK, &set, nil)
    // If a reader goes away, our write fails with EPIPE instead of ending the process.
    signal(SIGPIPE, SIG_IGN)
}

private func handledSignals() -> sigset_t {
    var set = sigset_t()
    unsafe sigemptyset(&set)
    for number in [SIGUSR1, SIGUSR2, SIGHUP, SIGTERM, SIGINT] { unsafe sigaddset(&set, number) }
    return set
}

/// Receives the daemon's signals on its own thread, and gives their requests to its one consumer.
///
/// A signal sets its request in `pending`. The consumer takes all requests that are set, and acts. A signal that arrives later sets
/// its request again for the next element, so that after the last signal at least one full pass *starts*. A second consumer would
/// take requests from the first.
package final class SignalInbox: AsyncSequence, Sendable {
    package typealias Element = SignalRequests
    package typealias Failure = Never

    private let pending = Mutex<SignalRequests>([])
    private let isStopping = Mutex(false)
    private let doorbell: AsyncStream<Void>
    private let bell: AsyncStream<Void>.Continuation
    private let exitNow: @Sendable (Int32) -> Void

    /// Begins to receive. `blockSignals()` must have been called before any thread was started.
    /// - Parameter exitNow: called on the signal thread when a second TERM or INT arrives, with 128 + the signal's number, as
    ///   shells report it. It ends the process without waiting for work that did not end after the first. The ledger survives this.
    package init(exitNow: @escaping @Sendable (Int32) -> Void = { _exit($0) }) throws(SignalError) {
        // One buffered element is enough, because `pending` has the requests.
        (doorbell, bell) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
        self.exitNow = exitNow
        do {
            // The thread lives as long as the process, so nobody joins it.
            let thread = try SystemThread(name: "signals", stackBytes: 256 << 10) { [self] in receive() }
            self.thread.withLock { $0 = thread.handle }
        } catch {
            throw SignalError(message: "pthread_create: \(error.message)")
        }
    }

    package struct Iterator: AsyncIteratorProtocol {
        fileprivate let inbox: SignalInbox
        fileprivate var doorbell: AsyncStream<Void>.Iterator

        /// All requests since the last element; waits until there is one. Nil when the task is cancelled.
        package mutating func next() async -> SignalRequests? {
            while await doorbell.next(isolation: #isolation) != nil {
                let requests = inbox.take()
                if !requests.isEmpty { return requests }
            }
            return nil
        }
    }

    package func makeAsyncIterator() -> Iterator { Iterator(inbox: self, doorbell: doorbell.makeAsyncIterator()) }

    /// Makes `requests` as their signals would.
    package func raise(_ requests: SignalRequests) {
        pending.withLock { $0.formUnion(requests) }
        bell.yield()
    }

    /// Whether a stop is among the requests that the consumer will get next.
    var isStopRequested: Bool { pending.withLock { $0.contains(.stop) } }

    private func take() -> SignalRequests {
        pending.withLock { pending in
            defer { pending = [] }
            return pending
        }
    }

    /// Receives one signal after the other for ever.
    private func receive() {
        var set = handledSignals()
        while true {
            var number: Int32 = 0
            // "sigwait() suspends execution of the calling thread until one of the signals specified in the signal set
            // becomes pending". The only error is EINVAL, for an invalid signal number in the set (sigwait(3)).
            let code = unsafe sigwait(&set, &number)
            precondition(code == 0, "sigwait refuses the signals that we handle")
            received(number)
        }
    }

    /// Handles one signal.
    func received(_ signal: Int32) {
        let requests = SignalRequests(signal: signal)
        if requests == .stop {
            let isSecond = isStopping.withLock { isStopping in
                defer { isStopping = true }
                return isStopping
            }
            if isSecond { exitNow(128 + signal) }
        }
        raise(requests)
    }

    /// The receiving thread. Tests send signals to it directly, because the other threads of a test process do not block them.
    var receiver: pthread_t { thread.withLock { $0 } }
    private let thread = Mutex(pthread_t())
}

/// Why signals cannot be received.
package struct SignalError: Error, Equatable, Sendable, CustomStringConvertible {
    let message: String
    package var description: String { "cannot receive signals: \(message)" }
}
