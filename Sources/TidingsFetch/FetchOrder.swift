/// A fetch whose request is made when its turn comes: thousands may wait, and what there is to ask may change meanwhile.
///
/// Exactly one of the two closures is called, once, on a thread that must not be held up.
package struct FetchOrder: Sendable {
    private let url: String
    /// `url`; nil if it is no URL, which is said when its turn comes.
    private let expected: CurlURL?
    let allowsPrivateNetwork: Bool
    let begin: @Sendable () -> BegunFetch?
    let giveUp: @Sendable () -> Void

    /// - Parameters:
    ///   - url: what will be asked for, as far as that is known. If the request is for another host after all, it waits for
    ///     the turn of that one as well.
    ///   - allowsPrivateNetwork: as in the request.
    ///   - begin: called when the turn has come. Nil: the host is not to be asked, and nothing more is called.
    ///   - giveUp: called when the order is cancelled, or the fetcher shut down, before its turn.
    package init(
        url: String, allowsPrivateNetwork: Bool, begin: @escaping @Sendable () -> BegunFetch?,
        giveUp: @escaping @Sendable () -> Void
    ) {
        self.url = url
        expected = try? CurlURL(url)
        self.allowsPrivateNetwork = allowsPrivateNetwork
        self.begin = begin
        self.giveUp = giveUp
    }

    /// Whose turn it waits for.
    var host: String { expected?.host ?? "" }

    func target(of request: FetchRequest) throws(FetchError) -> CurlURL {
        if let expected, request.url == url { return expected }
        return try CurlURL(request.url)
    }
}

/// What an order comes to when its turn has come.
package struct BegunFetch: Sendable {
    let request: FetchRequest
    let end: @Sendable (Result<FetchResponse, FetchError>) -> Void

    /// - Parameter end: called once, as `Fetcher.fetch` would return or throw, on a thread that must not be held up.
    package init(_ request: FetchRequest, end: @escaping @Sendable (Result<FetchResponse, FetchError>) -> Void) {
        self.request = request
        self.end = end
    }
}

/// An order that a fetcher has.
package struct QueuedFetch: Sendable {
    let id: UInt64
    let loop: TransferLoop

    /// Ends the fetch soon, wherever it is. One that has ended stays as it is.
    package func cancel() { loop.cancel(id: id) }

    /// Gives back the place among `FetcherLimits.concurrentFetches`: to be called when what came is dealt with, also if
    /// `begin` has returned nil. While answers are not dealt with, no more are fetched. Answers without a body give their
    /// place back by themselves, but for a crowd of them; they are to be released as well.
    package func release() { loop.release(id: id) }
}
