import Glibc
import Synchronization
import TidingsSystem

/// One thread that runs all fetches of one kind.
///
/// Orders come in through the inbox, a locked list, of which the runner of the hops is woken. Their closures are called on the thread.
/// All else – transfers, queue, hops – is local to the thread's `run`.
final class TransferLoop: Sendable {
    private let inbox = Mutex(Inbox())
    private let limits: FetcherLimits
    private let hops: HopRunnerMaker

    private struct Inbox {
        var messages: [Message] = []
        var isClosed = false
        /// What the thread sleeps through. It looks in here before it sleeps, and while it is busy nobody has to wake it: each
        /// wake-up is two calls of the system, and a look at all transfers.
        var sleep = Sleep.awake
    }

    private enum Sleep {
        case awake
        /// Nobody waits for a place that is given back.
        case light
        /// All places are taken, and somebody waits for one already: an order cannot start before one is given back.
        case deep
        /// The same, and all are taken by transfers, whose ends wake the thread by themselves.
        case deepest
    }

    fileprivate enum Message: Sendable {
        case start(FetchOrder, id: UInt64)
        case cancel(id: UInt64)
        case release(id: UInt64)
    }

    init(limits: FetcherLimits, _ hops: HopRunnerMaker) {
        self.limits = limits
        self.hops = hops
    }

    /// Starts the thread. It ends after `close`, and only then.
    func start() {
        do {
            // Nobody joins the thread.
            _ = try SystemThread(name: "fetch", run)
        } catch {
            preconditionFailure("no thread for fetching: \(error.message)")
        }
    }

    func submit(_ order: FetchOrder, id: UInt64) {
        if !post(.start(order, id: id)) { order.giveUp() }
    }

    func cancel(id: UInt64) { _ = post(.cancel(id: id)) }

    func release(id: UInt64) { _ = post(.release(id: id)) }

    /// Ends the thread. What it has not finished is cancelled, and so is what comes later.
    func close() {
        inbox.withLock { $0.isClosed = true }
        hops.wakeUp()
    }

    /// False if the loop is closed.
    private func post(_ message: Message) -> Bool {
        let (isOpen, wakes) = inbox.withLock { inbox in
            guard !inbox.isClosed else { return (false, false) }
            inbox.messages.append(message)
            switch (inbox.sleep, message) {
            case (.awake, _), (.light, .release), (.deep, .start), (.deepest, .start), (.deepest, .release):
                return (true, false)
            case (.light, _), (.deep, _), (.deepest, _):
                inbox.sleep = .awake
                return (true, true)
            }
        }
        if wakes { hops.wakeUp() }
        return isOpen
    }

    private func run() {
        blockAllSignals()
        // libcurl resolves names by this thread's locale.
        withUTF8Names(runUntilClosed)
    }

    private func runUntilClosed() {
        let hops = hops.make()
        let desk = TransferDesk(hops, limits: limits)
        while true {
            let (messages, isClosed) = inbox.withLock { inbox in
                inbox.sleep = .awake
                defer { inbox.messages = [] }
                return (inbox.messages, inbox.isClosed)
            }
            for message in messages {
                switch message {
                case .start(let order, let id): desk.accept(order, id: id)
                case .cancel(let id): desk.cancel(id: id)
                case .release(let id): desk.release(id: id)
                }
            }
            if isClosed { return desk.cancelAll() }
            desk.advance()
            let sleeps = inbox.withLock { inbox in
                guard inbox.messages.isEmpty, !inbox.isClosed else { return false }
                inbox.sleep = !desk.isCrowded ? .light : desk.answersHoldPlaces ? .deep : .deepest
                return true
            }
            if sleeps { hops.wait(until: desk.nextStart) }
        }
    }
}

/// Signals belong to the main thread. SIGPIPE must be kept off too, for OpenSSL writes without MSG_NOSIGNAL: "Setting CURLOPT_NOSIGNAL
/// to 1 makes libcurl NOT ask the system to ignore SIGPIPE signals" (CURLOPT_NOSIGNAL(3)).
func blockAllSignals() {
    var all = sigset_t()
    unsafe sigfillset(&all)
    unsafe pthread_sigmask(SIG_BLOCK, &all, nil)
}
