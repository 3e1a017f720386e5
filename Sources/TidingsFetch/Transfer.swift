import CCurl

/// One fetch on its way: over all its hops, from the queue to the answer. Lives on the transfer thread.
///
/// Redirects are followed here and not by libcurl, so that each hop is checked, recorded, and waits in its own host's
/// line.
final class Transfer {
    /// What to do when a hop has ended.
    enum Step {
        case finish(Result<FetchResponse, FetchError>)
        /// Queue again, for `target`.
        case follow
    }

    let id: UInt64
    /// Where the current hop goes.
    private(set) var target: WebURL
    private let origin: WebURL
    private let request: FetchRequest
    private let resume: @Sendable (Result<FetchResponse, FetchError>) -> Void
    private let collector: ResponseCollector
    private var hops: [Hop] = []
    private var spentMilliseconds = 0
    /// Made when the first hop starts: one that waits costs little memory.
    private(set) var handle: EasyHandle?

    init(_ order: TransferLoop.Order) {
        id = order.id
        request = order.request
        resume = order.resume
        origin = order.url
        target = order.url
        collector = ResponseCollector(
            limits: request.limits, allowsPrivateNetwork: request.allowsPrivateNetwork)
    }

    /// Hands the result to whoever asked; once, and last.
    func finish(_ result: Result<FetchResponse, FetchError>) { resume(result) }

    func fail(_ reason: FetchError.Reason, _ detail: String = "") {
        finish(.failure(FetchError(url: target.text, reason: reason, detail: detail)))
    }

    /// The handle of the next hop, ready to run; nil if there is no memory for one.
    func prepareHop() -> EasyHandle? {
        if handle == nil {
            handle = EasyHandle()
            handle?.configure(request, collector: collector)
        }
        let remaining = request.limits.totalSeconds * 1000 - spentMilliseconds
        // Not 0, "which means it never times out during transfer" (CURLOPT_TIMEOUT_MS(3)).
        handle?.aim(at: target.text, headers: headersOfHop, timeoutMilliseconds: max(remaining, 1))
        return handle
    }

    /// Judges a hop that libcurl has ended with `code`.
    func endHop(_ code: CURLcode) -> Step {
        guard let handle else { preconditionFailure("a hop ended that never began") }
        spentMilliseconds += handle.totalMilliseconds
        guard code == CURLE_OK else { return .finish(.failure(error(code, words: handle.words(code)))) }
        guard [301, 302, 303, 307, 308].contains(handle.status), let location = handle.redirectURL else {
            return .finish(.success(response(status: handle.status)))
        }
        do {
            try follow(location, status: handle.status)
            return .follow
        } catch {
            return .finish(.failure(error))
        }
    }

    private func follow(_ location: String, status: Int) throws(FetchError) {
        guard hops.count < request.limits.maxRedirects else {
            let reason = FetchError.Reason.tooManyRedirects(limit: request.limits.maxRedirects)
            throw FetchError(url: request.url, reason: reason, detail: location)
        }
        let next = try WebURL(location)
        if target.scheme == "https", next.scheme == "http" {
            throw FetchError(url: target.text, reason: .downgrade, detail: location)
        }
        hops.append(Hop(status: status, from: target.text, to: next.text))
        target = next
        collector.clear()
    }

    /// Validators go along on each hop, for it was the last one that gave them; other fields only to the host they were
    /// written for.
    private var headersOfHop: [HeaderField] {
        var fields: [HeaderField] = []
        if let etag = request.etag { fields.append(HeaderField("If-None-Match", etag)) }
        if let lastModified = request.lastModified { fields.append(HeaderField("If-Modified-Since", lastModified)) }
        return target.hasOrigin(of: origin) ? fields + request.headers : fields
    }

    private func response(status: Int) -> FetchResponse {
        FetchResponse(
            status: status, body: collector.body, finalURL: target.text, hops: hops, headers: collector.headers)
    }

    private func error(_ code: CURLcode, words: String) -> FetchError {
        let reason = collector.refusal(isConnected: code != CURLE_COULDNT_CONNECT)
            ?? FetchError.Reason(code, elapsedSeconds: (spentMilliseconds + 500) / 1000, limits: request.limits)
        return FetchError(url: target.text, reason: reason, detail: words)
    }
}
