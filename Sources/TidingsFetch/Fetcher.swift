import Synchronization

/// How many fetches run at once; the others wait, hosts in turn.
package struct FetcherLimits: Equatable, Sendable {
    package var concurrentFetches = 64
    /// A host sees no more connections of ours at a time than this.
    package var fetchesPerHost = 2
    /// Between two requests to one host, those of redirects too.
    package var hostDelayMilliseconds = 250

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

    init(limits: FetcherLimits, isPublic: @escaping AddressRule) {
        publicLoop = TransferLoop(limits: limits, isPublic: isPublic)
        privateLoop = TransferLoop(limits: limits, isPublic: isPublic)
        publicLoop.start()
        privateLoop.start()
    }

    deinit { shutdown() }

    /// Ends the threads. Fetches that have not finished throw `cancelled`, and so do all later ones.
    package func shutdown() {
        publicLoop.close()
        privateLoop.close()
    }

    /// The answer to `request`, after its redirects; of any status. Cancelling the task ends the transfer.
    ///
    /// Throws when there is no complete answer, or when getting it would break a rule or a limit of the request.
    package func fetch(_ request: FetchRequest) async throws(FetchError) -> FetchResponse {
        let url = try CurlURL(request.url)
        try request.checkHeaders(url: url)
        let loop = request.allowsPrivateNetwork ? privateLoop : publicLoop
        let id = lastID.add(1, ordering: .relaxed).newValue
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                loop.submit(
                    TransferLoop.Order(id: id, request: request, url: url) { continuation.resume(returning: $0) })
                // The handler below may have run before there was anything to cancel.
                if Task.isCancelled { loop.cancel(id: id) }
            }
        } onCancel: {
            loop.cancel(id: id)
        }
        return try result.get()
    }
}

extension FetchRequest {
    /// A line break within a field would start another field.
    fileprivate func checkHeaders(url: CurlURL) throws(FetchError) {
        let own = [("User-Agent", userAgent), ("If-None-Match", etag), ("If-Modified-Since", lastModified)]
        for (name, value) in own + headers.map({ ($0.name, $0.value) }) {
            let isName = !name.isEmpty && name.utf8.allSatisfy { (0x21...0x7E).contains($0) && $0 != UInt8(ascii: ":") }
            guard isName, isFieldValue(value ?? "") else { throw FetchError(url: url.text, reason: .badHeader(name: name)) }
        }
    }
}

/// Whether `text` may stand in a header field: no control characters but the tab (RFC 9110 §5.5).
func isFieldValue(_ text: String) -> Bool { text.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 } }
