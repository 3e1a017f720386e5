import Glibc
import Synchronization
import TidingsSystem

/// What the signals that came in ask for. A set, because signals are level-triggered: a thousand of one kind that arrive
/// while the daemon is busy ask for no more than one does.
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

/// Blocks all signals that the daemon handles, in this thread and in those that it starts. To be called in the first line
/// of `main`: a signal that comes before somebody reads it then waits, where it would otherwise end the process.
package func blockSignals() {
    var set = handledSignals()
    // pthread_sigmask(3) fails for a wrong first argument only.
    unsafe pthread_sigmask(SIG_BLOCK, &set, nil)
    // A reader that goes away is an EPIPE where we write, not the end of the process.
    signal(SIGPIPE, SIG_IGN)
}

private func handledSignals() -> sigset_t {
    var set = sigset_t()
    unsafe sigemptyset(&set)
    for number in [SIGUSR1, SIGUSR2, SIGHUP, SIGTERM, SIGINT] { unsafe sigaddset(&set, number) }
    return set
}

/// Receives the daemon's signals, on a thread of its own, and hands them to the one who iterates.
///
/// A request that arrives is set in `pending`; whoever iterates takes all that is set and begins to act. What arrives after
/// that is set again and comes with the next element, so that after the last signal at least one full pass *starts*.
/// There is one consumer: a second one would take requests from the first.
package final class SignalInbox: AsyncSequence, Sendable {
    package typealias Element = SignalRequests
    package typealias Failure = Never

    private let pending = Mutex<SignalRequests>([])
    private let isStopping = Mutex(false)
    private let doorbell: AsyncStream<Void>
    private let bell: AsyncStream<Void>.Continuation
    private let exitNow: @Sendable (Int32) -> Void

    /// Begins to receive. `blockSignals()` must have been called before any thread was started.
    /// - Parameter exitNow: called on the signal thread with 128 + the signal's number, as shells report it, when a second
    ///   TERM or INT arrives: what runs did not end after the first, so that nothing is waited for. The ledger survives it.
    package init(exitNow: @escaping @Sendable (Int32) -> Void = { _exit($0) }) throws(SignalError) {
        // One waiting ring is enough: what it means stands in `pending`.
        (doorbell, bell) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
        self.exitNow = exitNow
        do {
            // The thread lives as long as the process, which is what the inbox is for: nobody ever joins it.
            let thread = try SystemThread(name: "signals", stackBytes: 256 << 10) { [self] in receive() }
            self.thread.withLock { $0 = thread.handle }
        } catch {
            throw SignalError(message: "pthread_create: \(error.message)")
        }
    }

    package struct Iterator: AsyncIteratorProtocol {
        fileprivate let inbox: SignalInbox
        fileprivate var doorbell: AsyncStream<Void>.Iterator

        /// All that was asked for since the last element; waits until there is something. Nil when the task is cancelled.
        package mutating func next() async -> SignalRequests? {
            while await doorbell.next(isolation: #isolation) != nil {
                let requests = inbox.take()
                if !requests.isEmpty { return requests }
            }
            return nil
        }
    }

    package func makeAsyncIterator() -> Iterator { Iterator(inbox: self, doorbell: doorbell.makeAsyncIterator()) }

    /// Asks for something as its signal would.
    package func raise(_ requests: SignalRequests) {
        pending.withLock { $0.formUnion(requests) }
        bell.yield()
    }

    private func take() -> SignalRequests {
        pending.withLock { pending in
            defer { pending = [] }
            return pending
        }
    }

    /// Takes one signal after the other for ever.
    private func receive() {
        var set = handledSignals()
        while true {
            var number: Int32 = 0
            // "sigwait() suspends execution of the calling thread until one of the signals specified in the signal set
            // becomes pending"; the only error is EINVAL, for a set that ours is not (sigwait(3)).
            let code = unsafe sigwait(&set, &number)
            precondition(code == 0, "sigwait refuses the signals that we handle")
            received(number)
        }
    }

    /// What one signal leads to.
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

    /// The receiving thread: tests send their signals to it alone, since the threads of their process were started by
    /// others and block nothing.
    var receiver: pthread_t { thread.withLock { $0 } }
    private let thread = Mutex(pthread_t())
}

/// Why signals cannot be received.
package struct SignalError: Error, Equatable, Sendable, CustomStringConvertible {
    let message: String
    package var description: String { "cannot receive signals: \(message)" }
}
