import Synchronization

/// How many fetches run at once; the others wait, hosts in turn.
package struct FetcherLimits: Equatable, Sendable {
    /// Those whose answer has come, but is not dealt with, count too.
    package var concurrentFetches = 64
    /// A host sees no more connections of ours at a time than this.
    package var fetchesPerHost = 2
    /// Between two requests to one host, those of redirects too.
    package var hostDelayMilliseconds = 250
    /// Whether the delay begins with the end of a request.
    var delaysAfterEnd = false

    package init() {}
}

/// Gets bytes over HTTP, for any number of callers at once.
///
/// Fetches with and without `allowsPrivateNetwork` run in two loops that share nothing: a connection to a private
/// address is kept open for the next fetch of the same host, and that one is not checked again. Were both in one
/// loop, a feed from outside could be redirected onto it.
package final class Fetcher: Sendable {
    private let publicLoop: TransferLoop
    private let privateLoop: TransferLoop
    private let lastID = Atomic<UInt64>(0)

    package convenience init(limits: FetcherLimits = FetcherLimits()) { self.init(limits: limits) { $0.isPublic } }

    convenience init(limits: FetcherLimits, isPublic: @escaping AddressRule) {
        self.init(limits: limits) { .curl(limits, isPublic: isPublic) }
    }

    /// Has workers run the requests. A host gets one at a time, and the delay begins with the end of a request, because a job may wait for
    /// a worker.
    package convenience init(limits: FetcherLimits, dispatcher: FetchDispatcher) {
        var limits = limits
        limits.fetchesPerHost = 1
        limits.delaysAfterEnd = true
        self.init(limits: limits) { dispatcher.maker(limits) }
    }

    private init(limits: FetcherLimits, hops: () -> HopRunnerMaker) {
        publicLoop = TransferLoop(limits: limits, hops())
        privateLoop = TransferLoop(limits: limits, hops())
        publicLoop.start()
        privateLoop.start()
    }

    deinit { shutdown() }

    /// Ends the threads. Fetches that have not finished throw `cancelled`, and so do all later ones.
    package func shutdown() {
        publicLoop.close()
        privateLoop.close()
    }

    /// Has `order` wait for its turn.
    package func enqueue(_ order: FetchOrder) -> QueuedFetch {
        let queued = queuedFetch(allowsPrivateNetwork: order.allowsPrivateNetwork)
        queued.loop.submit(order, id: queued.id)
        return queued
    }

    private func queuedFetch(allowsPrivateNetwork: Bool) -> QueuedFetch {
        QueuedFetch(
            id: lastID.add(1, ordering: .relaxed).newValue, loop: allowsPrivateNetwork ? privateLoop : publicLoop)
    }

    /// The answer to `request`, after its redirects; of any status. Cancelling the task ends the transfer.
    ///
    /// Throws when there is no complete answer, or when getting it would break a rule or a limit of the request.
    package func fetch(_ request: FetchRequest) async throws(FetchError) -> FetchResponse {
        let url = try CurlURL(request.url)
        let queued = queuedFetch(allowsPrivateNetwork: request.allowsPrivateNetwork)
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let order = FetchOrder(url: url.text, allowsPrivateNetwork: request.allowsPrivateNetwork) {
                    BegunFetch(request) { result in
                        queued.release()
                        continuation.resume(returning: result)
                    }
                } giveUp: {
                    continuation.resume(returning: .failure(FetchError(url: url.text, reason: .cancelled)))
                }
                queued.loop.submit(order, id: queued.id)
                // The handler below may have run before there was anything to cancel.
                if Task.isCancelled { queued.cancel() }
            }
        } onCancel: {
            queued.cancel()
        }
        return try result.get()
    }
}

/// Whether `text` may stand in a header field: no control characters but the tab (RFC 9110 §5.5).
func isFieldValue(_ text: String) -> Bool { text.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 } }
