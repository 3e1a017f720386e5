import Glibc
import Synchronization
import TidingsSystem

/// One thread that runs all fetches of one kind over libcurl's multi interface.
///
/// Requests come in through the inbox, a locked list; `MultiHandle.wakeUp` says that there is something in it.
/// Results go back by resuming continuations. All else – transfers, queue, libcurl's handles – is local to the
/// thread's `run`.
final class TransferLoop: Sendable {
    private let inbox = Mutex(Inbox())
    private let multi: MultiHandle
    private let limits: FetcherLimits
    private let isPublic: AddressRule

    private struct Inbox {
        var messages: [Message] = []
        var isClosed = false
        /// What the thread sleeps through. It looks in here before it sleeps, and while it is busy nobody has to wake it: each
        /// wake-up is two calls of the system, and a look at all transfers.
        var sleep = Sleep.awake
    }

    private enum Sleep {
        case awake, light
        /// All places are taken, so that an order cannot start before a transfer ends, which wakes the thread by itself.
        case deep
    }

    fileprivate enum Message: Sendable {
        case start(Order)
        case cancel(id: UInt64)
    }

    /// A fetch that somebody waits for.
    struct Order: Sendable {
        let id: UInt64
        let request: FetchRequest
        let url: CurlURL
        let resume: @Sendable (Result<FetchResponse, FetchError>) -> Void
    }

    init(limits: FetcherLimits, isPublic: @escaping AddressRule) {
        self.limits = limits
        self.isPublic = isPublic
        multi = MultiHandle(limits: limits)
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

    /// Takes an order; its `resume` is called once, from now on or at once.
    func submit(_ order: Order) {
        if !post(.start(order)) {
            order.resume(.failure(FetchError(url: order.url.text, reason: .cancelled, detail: "fetching has ended")))
        }
    }

    func cancel(id: UInt64) { _ = post(.cancel(id: id)) }

    /// Ends the thread. What it has not finished is cancelled, and so is what comes later.
    func close() {
        inbox.withLock { $0.isClosed = true }
        multi.wakeUp()
    }

    /// False if the loop is closed.
    private func post(_ message: Message) -> Bool {
        let (isOpen, wakes) = inbox.withLock { inbox in
            guard !inbox.isClosed else { return (false, false) }
            inbox.messages.append(message)
            switch (inbox.sleep, message) {
            case (.awake, _), (.deep, .start): return (true, false)
            case (.light, _), (.deep, .cancel):
                inbox.sleep = .awake
                return (true, true)
            }
        }
        if wakes { multi.wakeUp() }
        return isOpen
    }

    private func run() {
        // Signals belong to the main thread. SIGPIPE must be kept off too, for OpenSSL writes without MSG_NOSIGNAL:
        // "Setting CURLOPT_NOSIGNAL to 1 makes libcurl NOT ask the system to ignore SIGPIPE signals"
        // (CURLOPT_NOSIGNAL(3)).
        var all = sigset_t()
        unsafe sigfillset(&all)
        unsafe pthread_sigmask(SIG_BLOCK, &all, nil)

        // libcurl resolves names by this thread's locale.
        withUTF8Names(runUntilClosed)
    }

    private func runUntilClosed() {
        let desk = TransferDesk(multi: multi, limits: limits, isPublic: isPublic)
        while true {
            let (messages, isClosed) = inbox.withLock { inbox in
                inbox.sleep = .awake
                defer { inbox.messages = [] }
                return (inbox.messages, inbox.isClosed)
            }
            for message in messages {
                switch message {
                case .start(let order): desk.accept(order)
                case .cancel(let id): desk.cancel(id: id)
                }
            }
            if isClosed { return desk.cancelAll() }
            desk.advance()
            let sleeps = inbox.withLock { inbox in
                guard inbox.messages.isEmpty, !inbox.isClosed else { return false }
                inbox.sleep = desk.isFull ? .deep : .light
                return true
            }
            if sleeps { multi.wait(until: desk.nextStart) }
        }
    }
}
